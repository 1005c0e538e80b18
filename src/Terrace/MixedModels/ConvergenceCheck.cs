namespace Terrace.MixedModels;

/// <summary>
/// What shows whether a search for the estimates ended at an optimum: the gradient and the Hessian of −2 log likelihood (or of the REML criterion) there, both measured on the scale that matters,
/// the standard errors of the estimates.
/// </summary>
/// <remarks>
/// <para>With gradient g and Hessian H the Newton step to the optimum is −H⁻¹g, the covariance of the estimates 2H⁻¹, and √(½ g'H⁻¹g) is the largest number of standard errors by which that step
/// moves any parameter or any linear combination of parameters (by the Cauchy–Schwarz inequality); ½ g'H⁻¹g is how far the deviance would still fall. H must have no negative eigenvalue. A standard deviation of 0 need
/// not have a zero slope: along it the deviance must not fall.</para>
/// <para>Nocedal and Wright (2006), <em>Numerical Optimization</em>, section 3.3, for the Newton decrement. lme4 scales the gradient by the Hessian's Cholesky factor for the same reason, and takes 0.002 as its limit.
/// Check: ConvergenceCheckTests.</para>
/// </remarks>
public sealed record ConvergenceCheck
{
    /// <summary>The distance from the optimum, in standard errors, up to which a search counts as converged.</summary>
    public const double Tolerance = 0.01;

    /// <summary>√(½ g'H⁻¹g): no estimate, nor a linear combination of estimates, is further from the optimum than so many of its standard errors.</summary>
    public required double StandardErrorsFromOptimum { get; init; }

    /// <summary>½ g'H⁻¹g: how far −2 log likelihood would still fall.</summary>
    public required double PromisedFall { get; init; }

    /// <summary>The largest absolute component of the gradient in the coordinates of the search.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>The eigenvalues of the Hessian of the parameters inside their range, scaled to a unit diagonal, largest first: all 1 where the estimates are independent; a last one near 0 means that some combination of parameters is hardly determined.</summary>
    public required IReadOnlyList<double> Eigenvalues { get; init; }

    /// <summary>The parameters of the search, one by one.</summary>
    public required IReadOnlyList<ParameterConvergence> Parameters { get; init; }

    /// <summary>Whether the Hessian was computed by differences of the exact gradient; otherwise it is the quasi-Newton one of the search, which is always positive definite.</summary>
    public required bool HessianIsExact { get; init; }

    /// <summary>Whether the Hessian shows a minimum: no direction in which −2 log likelihood is curved downwards.</summary>
    public required bool IsMinimum { get; init; }

    /// <summary>Whether the estimates are at an optimum for all purposes: a minimum, at most <see cref="Tolerance"/> standard errors away.</summary>
    public bool Converged => IsMinimum && StandardErrorsFromOptimum <= Tolerance;

    /// <summary>The parameter that is furthest from the optimum, or along which there is none.</summary>
    public ParameterConvergence? Worst => IsMinimum
        ? Parameters.MaxBy(p => Math.Abs(p.StandardErrorsFromOptimum))
        : Parameters.Where(p => p.Curvature < 0).MinBy(p => p.Curvature) ?? Parameters.MaxBy(p => Math.Abs(p.DownwardShare));

    /// <summary>The result in a sentence that names the parameter.</summary>
    public string Verdict
    {
        get
        {
            if (Parameters.Count == 0) return "There was nothing to search for.";
            if (double.IsNaN(StandardErrorsFromOptimum)) return "The search ended where the criterion cannot be differentiated.";
            if (!IsMinimum && Worst!.OnBoundary) return $"{Capital(Worst.Name)} is estimated as 0, but the likelihood grows when it does.";
            if (!IsMinimum) return $"The estimates are no maximum of the likelihood: along {Worst!.Name} it is curved upwards.";
            string distance = FormattableString.Invariant($"{StandardErrorsFromOptimum:G2}");
            if (!Converged) return FormattableString.Invariant($"The search stopped {distance} standard errors from the optimum, furthest in {Worst!.Name} (gradient {Worst.Gradient:G3}).");
            string place = StandardErrorsFromOptimum == 0 ? "at the optimum" : $"within {distance} standard errors of the optimum";
            return $"The estimates are {place}, and the Hessian {(HessianIsExact ? "confirms" : "of the search does not contradict")} that it is one.";
        }
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}

/// <summary>One parameter of the search at its end.</summary>
/// <param name="Name">What it stands for: <c>the standard deviation of Days by Subject</c>.</param>
/// <param name="Gradient">The derivative of −2 log likelihood in the coordinates of the search.</param>
/// <param name="StandardErrorsFromOptimum">The Newton step in standard errors.</param>
/// <param name="Curvature">The second derivative; on the boundary twice the slope in the variance.</param>
/// <param name="OnBoundary">Whether it is (or belongs to) a standard deviation of 0.</param>
/// <param name="DownwardShare">Its weight in the direction of most negative curvature; 0 at a minimum.</param>
public sealed record ParameterConvergence(string Name, double Gradient, double StandardErrorsFromOptimum, double Curvature, bool OnBoundary, double DownwardShare = 0);
