using Terrace.Design;
using Terrace.MixedModels;

namespace Terrace.CompareLme4;

/// <summary>Where the CPU of a linear mixed model goes: what is done once (cells, pattern of the tail, cross-products), what is done at each point of the search, and all of it.</summary>
internal sealed class FitPhases
{
    public FitPhases(ModelRows rows, LinearMixedModelOptions options)
    {
        Evaluations = LinearMixedModel.Fit(rows, options).Evaluations;
        Whole = CpuTime.Least(() => LinearMixedModel.Fit(rows, options), 2);
        SetUp = CpuTime.Least(() => LinearMixedModel.CrossProducts(rows, options.Factorisation, out _, out _, out _), 1.5);
        LinearCrossProducts sums = LinearMixedModel.CrossProducts(rows, options.Factorisation, out MixedModelCells cells, out _, out _);
        var deviance = new ProfiledDeviance(sums.Product, sums.Rows, sums.WithinSquares, sums.SumLogWeight, sums.Basis.LogDeterminant, options.Reml);
        double[] theta = [.. cells.Layout.IdentityTheta().Select(t => 0.4 * t)], gradient = new double[theta.Length];
        Evaluation = CpuTime.Least(() =>
        {
            theta[0] = 0.9 - theta[0];
            deviance.Evaluate(theta, gradient);
        }, 1.5);
        (Cells, Meetings, TailColumns) = (cells.Count, cells.Pattern.Columns.Length, cells.Layout.TailColumns);
        Sparse = cells.Pattern.Sparse is not null;
        Multiplications = cells.Pattern.Sparse?.Multiplications ?? Math.Pow(TailColumns, 3) / 3;
    }

    /// <summary>Points of the search.</summary>
    public int Evaluations { get; }

    /// <summary>CPU seconds of the fit, from the model matrices on.</summary>
    public double Whole { get; }

    /// <summary>CPU seconds before the search.</summary>
    public double SetUp { get; }

    /// <summary>CPU seconds of one criterion with its gradient, at a point that differs from the one before.</summary>
    public double Evaluation { get; }

    /// <summary>Rows with different covariates.</summary>
    public int Cells { get; }

    /// <summary>Pairs of a lead level and a tail column that occur together.</summary>
    public int Meetings { get; }

    /// <summary>Random effects beside those of the lead factor.</summary>
    public int TailColumns { get; }

    /// <summary>Whether the tail is sparse.</summary>
    public bool Sparse { get; }

    /// <summary>Multiplications that one factor of the tail takes.</summary>
    public double Multiplications { get; }
}
