using Terrace.Design;
using Terrace.Families;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.LinearModels;

/// <summary>
/// Estimated coefficients with their covariance matrix: all that predictions, intervals and tests need. Aliased columns have NaN for a value and are absent from
/// <see cref="Covariance"/>.
/// <code>
/// η̂ = x'β + offset, se = √(x'Vx);  on the response's scale μ = g⁻¹(η̂), se·|dμ/dη|;  Wald tests β/se by t, or z where the dispersion is known
/// </code>
/// McCullagh and Nelder (1989), sections 2.5 and 4.4; Searle (1971), Linear Models, section 5.4, for what can be estimated with aliased columns. Checked against R in
/// <c>LinearModelFixtureTests</c>.
/// </summary>
public sealed record CoefficientEstimates
{
    private const double DependencyTolerance = 1e-7;

    /// <summary>The columns of the model matrix, named as R names them.</summary>
    public required IReadOnlyList<string> Terms { get; init; }

    /// <summary>The coefficient of each column, NaN where it is aliased.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>The covariance matrix of the coefficients that are not aliased, in the order of <see cref="EstimableColumns"/>.</summary>
    public required Matrix Covariance { get; init; }

    /// <summary>The columns that are not aliased, ascending.</summary>
    public required IReadOnlyList<int> EstimableColumns { get; init; }

    /// <summary>Each aliased column of the model matrix as a combination of the others: columns × aliased columns, both ascending.</summary>
    public required Matrix Dependencies { get; init; }

    /// <summary>The degrees of freedom of t tests and intervals, or infinity where they are normal because the dispersion is known.</summary>
    public required double DegreesOfFreedom { get; init; }

    /// <summary>The standard error of each coefficient, NaN where it is aliased.</summary>
    public double[] StandardErrors()
    {
        double[] errors = [.. Values.Select(_ => double.NaN)];
        for (int k = 0; k < EstimableColumns.Count; k++) errors[EstimableColumns[k]] = Math.Sqrt(Covariance[k, k]);
        return errors;
    }

    /// <summary>One line for each coefficient: estimate, standard error, test.</summary>
    public IReadOnlyList<Coefficient> Table()
    {
        double[] errors = StandardErrors();
        var table = new Coefficient[errors.Length];
        for (int j = 0; j < table.Length; j++)
        {
            double statistic = Values[j] / errors[j];
            table[j] = new Coefficient(Terms[j], Values[j], errors[j], statistic, DegreesOfFreedom, PValue(statistic));
        }
        return table;
    }

    /// <summary>How many standard errors a two-sided interval of coverage <paramref name="level"/> reaches to each side.</summary>
    public double CriticalValue(double level)
    {
        if (level is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "A level lies between 0 and 1.");
        double upper = 0.5 * (1 + level);
        return double.IsPositiveInfinity(DegreesOfFreedom) ? Normal.Quantile(upper) : DegreesOfFreedom > 0 ? StudentT.Quantile(upper, DegreesOfFreedom) : double.NaN;
    }

    /// <summary>
    /// Predictions for every row of a design with the same columns: x'β + offset, its standard error √(x'Vx), and both on the scale of the response (by the
    /// delta method, as R's <c>predict.glm</c>).
    /// </summary>
    public LinearPredictions Predict(DesignMatrices design, Link link)
    {
        if (design.X.Columns != Terms.Count) throw new ArgumentException($"The design has {design.X.Columns} columns, the fit {Terms.Count}.", nameof(design));
        double[] beta = [.. Values.Select(v => double.IsNaN(v) ? 0 : v)];
        double[] eta = WeightedLeastSquares.LinearPredictor(design.X, beta, design.Offset);
        double[] error = LinearStandardErrors(design.X), mean = new double[eta.Length], meanError = new double[eta.Length];
        for (int i = 0; i < eta.Length; i++)
        {
            mean[i] = link.Mean(eta[i]);
            meanError[i] = error[i] * Math.Abs(link.Slope(eta[i]));
        }
        return new LinearPredictions(eta, error, mean, meanError, Estimable(design.X));
    }

    private double[] LinearStandardErrors(Matrix x)
    {
        int p = EstimableColumns.Count;
        var errors = new double[x.Rows];
        var row = new double[p];
        for (int i = 0; i < errors.Length; i++)
        {
            for (int k = 0; k < p; k++) row[k] = x[i, EstimableColumns[k]];
            errors[i] = Math.Sqrt(Math.Max(0, QuadraticForm(row)));
        }
        return errors;
    }

    private double QuadraticForm(ReadOnlySpan<double> row)
    {
        double sum = 0;
        for (int k = 0; k < row.Length; k++)
        {
            if (row[k] == 0) continue;
            ReadOnlySpan<double> column = Covariance.Column(k);
            double product = 0;
            for (int l = 0; l < row.Length; l++) product += column[l] * row[l];
            sum += row[k] * product;
        }
        return sum;
    }

    // A row can be predicted where its aliased columns depend on the others as they did in the training data.
    private bool[] Estimable(Matrix x)
    {
        bool[] estimable = [.. Enumerable.Repeat(true, x.Rows)];
        int k = 0;
        for (int j = 0; j < x.Columns; j++)
        {
            if (!double.IsNaN(Values[j])) continue;
            for (int i = 0; i < x.Rows; i++)
            {
                double expected = 0, size = 1 + Math.Abs(x[i, j]);
                for (int l = 0; l < x.Columns; l++)
                {
                    expected += Dependencies[l, k] * x[i, l];
                    size += Math.Abs(Dependencies[l, k] * x[i, l]);
                }
                estimable[i] &= Math.Abs(expected - x[i, j]) <= DependencyTolerance * size;
            }
            k++;
        }
        return estimable;
    }

    private double PValue(double statistic)
    {
        if (double.IsNaN(statistic) || DegreesOfFreedom <= 0) return double.NaN;
        return double.IsPositiveInfinity(DegreesOfFreedom) ? 2 * Normal.UpperTail(Math.Abs(statistic)) : StudentT.TwoSided(statistic, DegreesOfFreedom);
    }
}

/// <summary>A coefficient with its Wald test.</summary>
/// <param name="Term">The column, as R names it.</param>
/// <param name="Estimate">The coefficient; NaN where aliased, and all that follows too.</param>
/// <param name="StdError">Its standard error.</param>
/// <param name="Statistic">Their ratio: z, or t.</param>
/// <param name="Df">The degrees of freedom of t; infinity for z.</param>
/// <param name="PValue">The two-sided p-value.</param>
public sealed record Coefficient(string Term, double Estimate, double StdError, double Statistic, double Df, double PValue);

/// <summary>Predictions for rows of a design.</summary>
/// <param name="Link">The linear predictor, offset included.</param>
/// <param name="LinkStdError">Its standard error.</param>
/// <param name="Response">The mean.</param>
/// <param name="ResponseStdError">The standard error of the mean, by the delta method.</param>
/// <param name="IsEstimable">False where a row asks for a combination of aliased columns that the training data say nothing about.</param>
public sealed record LinearPredictions(double[] Link, double[] LinkStdError, double[] Response, double[] ResponseStdError, bool[] IsEstimable);
