using Terrace.Design;

namespace Terrace.Families;

/// <summary>
/// What a fit needs of the responses of a set of <see cref="ModelRows"/>: per cell the weighted mean response and the summed weight, and the constants that turn
/// a deviance of cells into the deviance, log likelihood and Pearson statistic of the original rows.
/// <code>
/// Y_c = Σ w_i y_i / W_c,  W_c = Σ w_i
/// deviance of the rows  = Σ_c W_c d(Y_c, μ_c) + Σ_i w_i d(y_i, Y_c)          (WithinDeviance)
/// Pearson of the rows   = Σ_c [W_c (Y_c − μ_c)² + Σ_i w_i (y_i − Y_c)²] / V(μ_c)   (WithinSquares)
/// </code>
/// Both hold for every exponential dispersion model because its deviance is linear in y where μ enters (Jørgensen, 1987, section 2). Checked row by row in
/// <c>ObservationsTests</c>.
/// </summary>
internal sealed class Observations
{
    private Observations(Family family, ModelRows rows, RowResponses responses)
    {
        Family = family;
        RowToCell = rows.RowToCell;
        RowY = responses.Y;
        RowWeight = responses.Weight;
        RowTrials = responses.Trials;
        Y = new double[rows.Cells];
        Weight = new double[rows.Cells];
        WithinSquares = new double[rows.Cells];
        Aggregate();
        SumUp();
        KernelConstant = family.Kernel.DevianceConstant(Y, Weight);
    }

    private Observations(Observations model)
    {
        Family = model.Family;
        RowToCell = model.RowToCell;
        RowWeight = model.RowWeight;
        RowTrials = model.RowTrials;
        RowY = [.. model.RowY];
        Y = [.. model.Y];
        Weight = [.. model.Weight];
        WithinSquares = [.. model.WithinSquares];
        ReplaceRows(model.RowY);
    }

    /// <summary>The family.</summary>
    public Family Family { get; }

    /// <summary>The mean response of each cell, weighted by the prior weights (of a binomial, the proportion of successes).</summary>
    public double[] Y { get; }

    /// <summary>The sum of the prior weights of each cell (of a binomial, its trials).</summary>
    public double[] Weight { get; }

    /// <summary>Σ w (y − Y)² within each cell.</summary>
    public double[] WithinSquares { get; }

    /// <summary>Σ w d(y, Y) over all rows: what the deviance of the rows has more than that of the cells.</summary>
    public double WithinDeviance { get; private set; }

    /// <summary>The part of the cells' deviance that the family's kernel leaves out: deviance of the rows = kernel value + this + <see cref="WithinDeviance"/>.</summary>
    public double KernelConstant { get; private set; }

    /// <summary>The log likelihood of the rows at μ = y, constants included; for families with known dispersion.</summary>
    public double SaturatedLogLikelihood { get; private set; }

    /// <summary>The response of each row (of a binomial, its proportion).</summary>
    public double[] RowY { get; }

    /// <summary>The prior weight of each row (of a binomial, trials included).</summary>
    public double[] RowWeight { get; }

    /// <summary>The binomial trials of each row that its log density counts with; elsewhere 1.</summary>
    public double[] RowTrials { get; }

    /// <summary>The cell of each row.</summary>
    public int[] RowToCell { get; }

    /// <summary>The number of rows, those of weight 0 included.</summary>
    public int Rows => RowToCell.Length;

    /// <summary>The number of rows of positive weight: those that count for degrees of freedom.</summary>
    public int WeightedRows { get; private set; }

    /// <summary>The sum of the prior weights.</summary>
    public double WeightSum { get; private set; }

    /// <summary>Σ log w over the rows of positive weight.</summary>
    public double SumLogWeight { get; private set; }

    /// <summary>Σ w log y, where the response is positive by definition.</summary>
    public double SumWeightLogY { get; private set; }

    /// <summary>Gives the response of <paramref name="rows"/> the meaning that <paramref name="family"/> has for it, and sums it up by cell.</summary>
    /// <exception cref="ModelException">There is no response, or it or the weights do not suit the family; the message says why and what to do.</exception>
    public static Observations Resolve(ModelRows rows, Family family) => new(family, rows, RowResponses.Resolve(rows, family));

    /// <summary>A copy whose responses may be replaced: a workspace of one thread.</summary>
    public Observations ForReplacement() => new(this);

    /// <summary>Takes a new response for each row (of a binomial, its proportion), with the old weights.</summary>
    public void ReplaceRows(ReadOnlySpan<double> y)
    {
        y.CopyTo(RowY);
        Array.Clear(Y);
        Array.Clear(Weight);
        Array.Clear(WithinSquares);
        (WithinDeviance, SaturatedLogLikelihood, WeightSum, SumLogWeight, SumWeightLogY, WeightedRows) = (0, 0, 0, 0, 0, 0);
        Aggregate();
        SumUp();
        KernelConstant = Family.Kernel.DevianceConstant(Y, Weight);
    }

    /// <summary>Takes a new proportion of successes for each cell, where every row is one trial; the order of successes within a cell is not told, as no quantity depends on it.</summary>
    public void ReplaceCells(ReadOnlySpan<double> proportions)
    {
        proportions.CopyTo(Y);
        KernelConstant = Family.Kernel.DevianceConstant(Y, Weight);
        double within = 0;
        for (int c = 0; c < Y.Length; c++)
        {
            WithinSquares[c] = Weight[c] * Y[c] * (1 - Y[c]);
            if (Y[c] is > 0 and < 1) within -= 2 * Weight[c] * (Y[c] * Math.Log(Y[c]) + (1 - Y[c]) * Math.Log(1 - Y[c]));
        }
        WithinDeviance = within;
    }

    /// <summary><paramref name="rows"/> with the response <paramref name="y"/>, in the units of <see cref="RowY"/>.</summary>
    public ModelRows WithResponse(ModelRows rows, double[] y)
    {
        if (!Family.IsBinomial) return rows with { Response = rows.Response! with { Values = y } };
        double[] successes = new double[y.Length], failures = new double[y.Length];
        for (int i = 0; i < y.Length; i++)
        {
            successes[i] = Math.Round(y[i] * RowWeight[i]);
            failures[i] = RowWeight[i] - successes[i];
        }
        var response = new ResponseValues { Name = rows.Response!.Name, Kind = ResponseKind.SuccessesAndFailures, Values = successes, Failures = failures };
        return rows with { Response = response, Weights = null, Trials = null };
    }

    /// <summary>The deviance of the rows, given that of the cells Σ W d(Y, μ).</summary>
    public double DevianceOfRows(double devianceOfCells) => devianceOfCells + WithinDeviance;

    /// <summary>
    /// The log likelihood of the rows, constants included, given their deviance and, where the family does not know it, the dispersion φ. NaN for quasi families.
    /// </summary>
    public double LogLikelihood(double deviance, double dispersion = 1) => !Family.HasLikelihood ? double.NaN : Family.Distribution switch
    {
        Distribution.Binomial or Distribution.Poisson => SaturatedLogLikelihood - 0.5 * deviance,
        Distribution.Gaussian => -0.5 * (WeightedRows * Math.Log(2 * Math.PI * dispersion) - SumLogWeight + deviance / dispersion),
        Distribution.Gamma => WeightSum * RowLikelihood.LogDensity(Distribution.Gamma, 1, 1, 1, 1, dispersion) - SumWeightLogY - 0.5 * deviance / dispersion,
        _ => -0.5 * (WeightSum * Math.Log(2 * Math.PI * dispersion) + 3 * SumWeightLogY + deviance / dispersion),
    };

    private void Aggregate()
    {
        for (int i = 0; i < Rows; i++)
        {
            int c = RowToCell[i];
            Weight[c] += RowWeight[i];
            Y[c] += RowWeight[i] * RowY[i];
        }
        for (int c = 0; c < Y.Length; c++)
            if (Weight[c] > 0) Y[c] /= Weight[c];
        for (int i = 0; i < Rows; i++)
        {
            int c = RowToCell[i];
            if (Weight[c] == 0) Y[c] = RowY[i];
        }
    }

    private void SumUp()
    {
        bool positive = Family.Distribution is Distribution.Gamma or Distribution.InverseGaussian;
        bool saturated = Family.Distribution is Distribution.Binomial or Distribution.Poisson && Family.HasLikelihood;
        for (int i = 0; i < Rows; i++)
        {
            double w = RowWeight[i], y = RowY[i], mean = Y[RowToCell[i]];
            if (w == 0) continue;
            WeightedRows++;
            WeightSum += w;
            SumLogWeight += Math.Log(w);
            if (positive) SumWeightLogY += w * Math.Log(y);
            if (saturated) SaturatedLogLikelihood += RowLikelihood.Saturated(Family.Distribution, y, w, RowTrials[i]);
            WithinSquares[RowToCell[i]] += w * (y - mean) * (y - mean);
            if (y != mean) WithinDeviance += w * Family.UnitDeviance(y, mean);
        }
    }
}
