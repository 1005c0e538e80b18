using Terrace.Numerics.LinearAlgebra;

namespace Terrace.DistributionalModels;

/// <summary>The coefficients of one linear predictor of a distributional model. Immutable.</summary>
public sealed class ComponentFit
{
    internal ComponentFit(string component, IReadOnlyList<string> names, double[] estimates, int[] estimated, int first, bool hasFormula)
    {
        Component = component;
        Names = names;
        Estimates = estimates;
        Estimated = estimated;
        First = first;
        HasFormula = hasFormula;
    }

    /// <summary>What the predictor is for: <c>conditional</c>, <c>dispersion</c>, <c>zero-inflation</c>, <c>nu</c>, or the name of a threshold.</summary>
    public string Component { get; }

    /// <summary>The columns of its design, aliased ones included.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The coefficients, NaN where aliased.</summary>
    public double[] Estimates { get; }

    /// <summary>The columns that are not aliased, ascending.</summary>
    public IReadOnlyList<int> Estimated { get; }

    /// <summary>Where its coefficients begin in <see cref="DistributionalModelFit.Covariance"/>.</summary>
    public int First { get; }

    /// <summary>Whether a formula was given; the conditional predictor always has one.</summary>
    public bool HasFormula { get; }

    /// <summary>The standard error of each coefficient from the covariance of all of them; NaN where aliased or not finite.</summary>
    public double[] StandardErrors(Matrix covariance)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        var errors = new double[Estimates.Length];
        Array.Fill(errors, double.NaN);
        for (int j = 0; j < Estimated.Count; j++) errors[Estimated[j]] = Math.Sqrt(covariance[First + j, First + j]);
        return errors;
    }
}

/// <summary>A parameter of the distribution that is one number for all rows, on its own scale.</summary>
/// <param name="Name"><c>phi</c>, <c>sigma</c>, <c>nu</c>, <c>zi</c> (the probability of a structural zero), or a threshold such as <c>low|high</c>.</param>
/// <param name="Estimate">The estimate.</param>
/// <param name="StdError">Its standard error by the delta method; NaN where the estimate runs to a boundary.</param>
public sealed record DistributionParameter(string Name, double Estimate, double StdError);
