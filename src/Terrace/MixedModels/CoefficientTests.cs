using Terrace.Numerics.Distributions;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>The t tests and intervals of a linear mixed model's fixed effects, with degrees of freedom by a stated method.</summary>
/// <remarks>t = estimate / standard error on the method's degrees of freedom; two-sided p-values. Check: SatterthwaiteTests, KenwardRogerTests.</remarks>
public sealed class CoefficientTests
{
    private readonly MixedModelFit _fit;
    private readonly double[] _errors;

    private CoefficientTests(MixedModelFit fit, DegreesOfFreedomMethod method, IReadOnlyList<double> degrees, Matrix covariance)
    {
        _fit = fit;
        Method = method;
        DegreesOfFreedom = degrees;
        Covariance = covariance;
        _errors = new double[fit.Beta.Length];
        Array.Fill(_errors, double.NaN);
        for (int j = 0; j < fit.Estimated.Count; j++) _errors[fit.Estimated[j]] = Math.Sqrt(covariance[j, j]);
    }

    /// <summary>The method.</summary>
    public DegreesOfFreedomMethod Method { get; }

    /// <summary>The degrees of freedom of each column of the model matrix, NaN where aliased.</summary>
    public IReadOnlyList<double> DegreesOfFreedom { get; }

    /// <summary>The covariance of the estimated fixed effects that the tests use.</summary>
    public Matrix Covariance { get; }

    /// <summary>The standard error of each column of the model matrix, NaN where aliased.</summary>
    public IReadOnlyList<double> StandardErrors => _errors;

    /// <summary>The tests of <paramref name="fit"/>, or null for <see cref="DegreesOfFreedomMethod.None"/>.</summary>
    /// <exception cref="ModelException">The method is not defined for the fit.</exception>
    public static CoefficientTests? Of(MixedModelFit fit, DegreesOfFreedomMethod method, CancellationToken cancellation = default) => method switch
    {
        DegreesOfFreedomMethod.Satterthwaite => new CoefficientTests(fit, method, SatterthwaiteDegreesOfFreedom.Of(fit, cancellation).OfCoefficients, fit.BetaCovariance),
        DegreesOfFreedomMethod.KenwardRoger => OfKenwardRoger(fit, cancellation),
        _ => null,
    };

    /// <summary>Satterthwaite's tests where nobody asked for others: of a linear mixed model for which they take a fraction of a second; null for larger ones and generalised models.</summary>
    public static CoefficientTests? ByDefault(MixedModelFit fit, CancellationToken cancellation = default)
    {
        if (fit.Engine is not ("reml" or "ml") || !SatterthwaiteDegreesOfFreedom.IsCheap(fit)) return null;
        try
        {
            return Of(fit, DegreesOfFreedomMethod.Satterthwaite, cancellation);
        }
        catch (ModelException)
        {
            return null;
        }
    }

    private static CoefficientTests OfKenwardRoger(MixedModelFit fit, CancellationToken cancellation)
    {
        var adjusted = KenwardRoger.Of(fit, cancellation);
        return new CoefficientTests(fit, DegreesOfFreedomMethod.KenwardRoger, adjusted.OfCoefficients, adjusted.Covariance);
    }

    /// <summary>The t statistic of a column of the model matrix.</summary>
    public double Statistic(int column) => _fit.Beta[column] / _errors[column];

    /// <summary>The two-sided p-value of a column of the model matrix, NaN where aliased.</summary>
    public double PValue(int column) => double.IsNaN(_errors[column]) ? double.NaN : StudentT.TwoSided(Statistic(column), DegreesOfFreedom[column]);

    /// <summary>The ends of the t interval of probability <paramref name="level"/>, NaN where aliased.</summary>
    public (double Lower, double Upper) Interval(int column, double level)
    {
        if (double.IsNaN(_errors[column])) return (double.NaN, double.NaN);
        double half = StudentT.Quantile(0.5 + 0.5 * level, DegreesOfFreedom[column]) * _errors[column];
        return (_fit.Beta[column] - half, _fit.Beta[column] + half);
    }
}
