namespace Terrace.Predictions;

/// <summary>Predictions for the rows of a table, in its order; NaN where a row lacks a value that the model needs, or asks for a combination of aliased
/// columns that the fit knows nothing about.</summary>
public sealed class RowPredictions
{
    internal RowPredictions(int rows, PredictionInterval interval)
    {
        Interval = interval;
        Estimates = Undefined(rows);
        Sds = Undefined(rows);
        Lower = Undefined(rows);
        Upper = Undefined(rows);
    }

    /// <summary>What the intervals are about.</summary>
    public PredictionInterval Interval { get; }

    /// <summary>The point predictions.</summary>
    public double[] Estimates { get; }

    /// <summary>Their standard deviations: of the mean, of the mean in a new group, or of a new outcome.</summary>
    public double[] Sds { get; }

    /// <summary>The lower bounds.</summary>
    public double[] Lower { get; }

    /// <summary>The upper bounds.</summary>
    public double[] Upper { get; }

    /// <summary>The levels of grouping factors that the fit has not seen; their effects are predicted as 0 with the variance of the group.</summary>
    public IReadOnlyList<UnseenLevels> Unseen { get; internal init; } = [];

    /// <summary>The number of rows without a prediction.</summary>
    public int Omitted => Estimates.Count(double.IsNaN);

    internal void Set(int row, Prediction prediction)
    {
        Estimates[row] = prediction.Estimate;
        Sds[row] = prediction.Sd;
        Lower[row] = prediction.Lower;
        Upper[row] = prediction.Upper;
    }

    private static double[] Undefined(int rows)
    {
        var values = new double[rows];
        Array.Fill(values, double.NaN);
        return values;
    }
}

/// <summary>Levels of a grouping factor that the fit has not seen.</summary>
/// <param name="Group">The grouping factor.</param>
/// <param name="Levels">The levels.</param>
public sealed record UnseenLevels(string Group, IReadOnlyList<string> Levels);

/// <summary>One prediction.</summary>
internal readonly record struct Prediction(double Estimate, double Sd, double Lower, double Upper)
{
    /// <summary>Stands for a prediction that cannot be made.</summary>
    public static Prediction None => new(double.NaN, double.NaN, double.NaN, double.NaN);
}
