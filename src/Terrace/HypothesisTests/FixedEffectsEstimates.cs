using Terrace.Design;
using Terrace.DistributionalModels;
using Terrace.Families;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.HypothesisTests;

/// <summary>
/// The fixed effects of a fit with all that hypotheses about them need: covariance, degrees of freedom, and what can be estimated at all. The same for every kind of model: t and F on
/// residual degrees of freedom (linear models, and generalised ones with an estimated dispersion) or on those of Satterthwaite or of Kenward and Roger (linear mixed models); z and χ² otherwise. Immutable.
/// </summary>
/// <remarks>A combination of the columns is estimable if its aliased columns depend on the others as in the data (Searle (1971), Linear Models, section 5.4). Tests: TermTestsTests, MarginalMeansTests.</remarks>
public sealed class FixedEffectsEstimates
{
    private const double EstimableTolerance = 1e-7;
    private readonly Func<double[], double> _degrees;
    private readonly Func<Matrix, HypothesisTest> _test;
    private readonly int[] _aliased;
    private readonly Matrix _dependencies;

    private FixedEffectsEstimates(ModelFrame frame, ModelRows rows, Link link, string method, IReadOnlyList<double> beta, IReadOnlyList<int> estimated, Matrix covariance,
        Func<double[], double> degrees, Func<Matrix, HypothesisTest>? test)
    {
        if (frame.ColumnNames.Count != beta.Count) throw new ArgumentException($"The model frame has {frame.ColumnNames.Count} columns, the fit {beta.Count}.", nameof(frame));
        (Frame, Rows, Link, Method, Beta, Estimated, Covariance) = (frame, rows, link, method, beta, estimated, covariance);
        _degrees = degrees;
        _test = test ?? ChiSquareTest;
        _aliased = [.. Enumerable.Range(0, beta.Count).Except(estimated)];
        _dependencies = DependenciesIn(rows.Design.X);
    }

    /// <summary>The coding of the data.</summary>
    public ModelFrame Frame { get; }

    /// <summary>The rows that the model was fitted to.</summary>
    public ModelRows Rows { get; }

    /// <summary>The link between the linear predictor and the mean.</summary>
    public Link Link { get; }

    /// <summary>Where the degrees of freedom come from: <c>residual</c>, <c>satterthwaite</c>, <c>kenward-roger</c>, or <c>asymptotic</c> for z and χ².</summary>
    public string Method { get; }

    /// <summary>The coefficient of each column of the model matrix, NaN where aliased.</summary>
    public IReadOnlyList<double> Beta { get; }

    /// <summary>The columns that are not aliased, ascending: rows and columns of <see cref="Covariance"/>.</summary>
    public IReadOnlyList<int> Estimated { get; }

    /// <summary>The covariance of the estimated coefficients, adjusted where the method adjusts it.</summary>
    public Matrix Covariance { get; }

    /// <summary>The fixed effects of a mixed model; <paramref name="method"/> is for linear ones, whose tests are of z and χ² without one.</summary>
    /// <exception cref="ModelException">The method is not defined for the fit.</exception>
    public static FixedEffectsEstimates Of(MixedModelFit fit, ModelFrame frame, ModelRows rows, DegreesOfFreedomMethod method = DegreesOfFreedomMethod.None, CancellationToken cancellation = default)
    {
        switch (method)
        {
            case DegreesOfFreedomMethod.Satterthwaite:
                var satterthwaite = SatterthwaiteDegreesOfFreedom.Of(fit, cancellation);
                return new FixedEffectsEstimates(frame, rows, fit.Family.Link, "satterthwaite", fit.Beta, fit.Estimated, fit.BetaCovariance, c => satterthwaite.OfContrast(c), l => FTest(satterthwaite.Test(l)));
            case DegreesOfFreedomMethod.KenwardRoger:
                var adjusted = KenwardRoger.Of(fit, cancellation);
                return new FixedEffectsEstimates(frame, rows, fit.Family.Link, "kenward-roger", fit.Beta, fit.Estimated, adjusted.Covariance, c => adjusted.OfContrast(c), l => FTest(adjusted.Test(l)));
            default:
                return new FixedEffectsEstimates(frame, rows, fit.Family.Link, "asymptotic", fit.Beta, fit.Estimated, fit.BetaCovariance, _ => double.PositiveInfinity, null);
        }
    }

    /// <summary>The coefficients of a linear or generalised linear model.</summary>
    public static FixedEffectsEstimates Of(GeneralizedLinearModelFit fit, ModelFrame frame, ModelRows rows)
    {
        CoefficientEstimates estimates = fit.Estimates;
        double df = estimates.DegreesOfFreedom;
        double[] beta = [.. estimates.EstimableColumns.Select(j => estimates.Values[j])];
        Func<Matrix, HypothesisTest>? test = double.IsPositiveInfinity(df) ? null : l => ResidualFTest(new HypothesisDecomposition(KeptColumns(l, estimates.EstimableColumns), beta, estimates.Covariance), df);
        return new FixedEffectsEstimates(frame, rows, fit.Family.Link, test is null ? "asymptotic" : "residual", estimates.Values, estimates.EstimableColumns, estimates.Covariance, _ => df, test);
    }

    /// <summary>The conditional coefficients of a model with parameters beside the mean: tests of z and χ². Means of a zero-inflated or truncated response are those of its conditional part.</summary>
    /// <exception cref="ModelException">The response is ordinal, or standard errors are not finite.</exception>
    public static FixedEffectsEstimates Of(DistributionalModelFit fit, ModelFrame frame, ModelRows rows)
    {
        ComponentFit conditional = fit.Conditional;
        if (fit.Categories.Count > 0) throw new ModelException("Tests of terms and marginal means are not there for ordinal responses; compare fits by their likelihoods ('terrace compare').");
        int p = conditional.Estimated.Count;
        var covariance = new Matrix(p, p);
        for (int j = 0; j < p; j++) fit.Covariance.Column(conditional.First + j).Slice(conditional.First, p).CopyTo(covariance.Column(j));
        if (covariance.Values.Any(value => !double.IsFinite(value))) throw new ModelException("Some coefficients have no finite standard error, so terms and means cannot be tested; simplify the model.");
        return Of(frame, rows, fit.Family.Link, conditional.Estimates, covariance);
    }

    /// <summary>The coefficients of any other model with their asymptotic covariance: tests of z and χ².</summary>
    /// <param name="frame">The coding of the data.</param>
    /// <param name="rows">The rows that the model was fitted to.</param>
    /// <param name="link">The link of the mean.</param>
    /// <param name="beta">The coefficient of each column of the model matrix, NaN where aliased.</param>
    /// <param name="covariance">The covariance of those that are not aliased.</param>
    /// <exception cref="ArgumentException">The numbers of columns differ.</exception>
    public static FixedEffectsEstimates Of(ModelFrame frame, ModelRows rows, Link link, IReadOnlyList<double> beta, Matrix covariance)
    {
        int[] estimated = [.. Enumerable.Range(0, beta.Count).Where(j => !double.IsNaN(beta[j]))];
        if (covariance.Rows != estimated.Length || covariance.Columns != estimated.Length) throw new ArgumentException($"The covariance is {covariance.Rows} x {covariance.Columns} for {estimated.Length} estimated coefficients.", nameof(covariance));
        return new FixedEffectsEstimates(frame, rows, link, "asymptotic", beta, estimated, covariance, _ => double.PositiveInfinity, null);
    }

    /// <summary>The test of Lβ = 0, with a row for each equation and a weight for each column of the model matrix; weights of aliased columns do not count.</summary>
    public HypothesisTest Test(Matrix hypotheses) => _test(hypotheses);

    /// <summary>Σ c_j β_j over the estimated columns.</summary>
    public double Value(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        foreach (int j in Estimated) sum += weights[j] * Beta[j];
        return sum;
    }

    /// <summary>The standard error of Σ c_j β_j.</summary>
    public double StandardError(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        for (int j = 0; j < Estimated.Count; j++)
        {
            for (int i = 0; i < Estimated.Count; i++) sum += weights[Estimated[i]] * Covariance[i, j] * weights[Estimated[j]];
        }
        return Math.Sqrt(Math.Max(0, sum));
    }

    /// <summary>The degrees of freedom of Σ c_j β_j, infinite where its test is of z.</summary>
    public double DegreesOfFreedom(double[] weights) => _degrees(weights);

    /// <summary>Whether the data say anything about Σ c_j β_j: always without aliased columns.</summary>
    public bool IsEstimable(ReadOnlySpan<double> weights)
    {
        for (int k = 0; k < _aliased.Length; k++)
        {
            double expected = 0, size = 1 + Math.Abs(weights[_aliased[k]]);
            for (int j = 0; j < Estimated.Count; j++)
            {
                expected += _dependencies[j, k] * weights[Estimated[j]];
                size += Math.Abs(_dependencies[j, k] * weights[Estimated[j]]);
            }
            if (Math.Abs(expected - weights[_aliased[k]]) > EstimableTolerance * size) return false;
        }
        return true;
    }

    private HypothesisTest ChiSquareTest(Matrix hypotheses)
    {
        var equations = new HypothesisDecomposition(KeptColumns(hypotheses, Estimated), [.. Estimated.Select(j => Beta[j])], Covariance);
        return equations.Rank == 0 ? new HypothesisTest("Chisq", double.NaN, 0, null, double.NaN)
            : new HypothesisTest("Chisq", equations.ChiSquare, equations.Rank, null, ChiSquared.UpperTail(equations.ChiSquare, equations.Rank));
    }

    private static HypothesisTest ResidualFTest(HypothesisDecomposition equations, double df)
    {
        if (equations.Rank == 0 || !(df > 0)) return new HypothesisTest("F", double.NaN, equations.Rank, df, double.NaN);
        double statistic = equations.ChiSquare / equations.Rank;
        return new HypothesisTest("F", statistic, equations.Rank, df, FisherF.UpperTail(statistic, equations.Rank, df));
    }

    private static HypothesisTest FTest(FixedEffectsFTest test) => new("F", test.Statistic, test.NumeratorDf, test.DenominatorDf, test.PValue, test.Scale);

    private static Matrix KeptColumns(Matrix hypotheses, IReadOnlyList<int> kept)
    {
        var rows = new Matrix(hypotheses.Rows, kept.Count);
        for (int j = 0; j < kept.Count; j++) hypotheses.Column(kept[j]).CopyTo(rows.Column(j));
        return rows;
    }

    /// <summary>Each aliased column as a combination of the estimated ones: estimated × aliased.</summary>
    private Matrix DependenciesIn(Matrix x)
    {
        var dependencies = new Matrix(Estimated.Count, _aliased.Length);
        if (_aliased.Length == 0 || Estimated.Count == 0) return dependencies;
        PivotedQr qr = PivotedQr.Factor(KeptColumns(x, Estimated));
        for (int k = 0; k < _aliased.Length; k++) qr.Solve(x.Column(_aliased[k])).CopyTo(dependencies.Column(k));
        return dependencies;
    }
}
