using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>
/// What is minimised when one parameter of a linear mixed model is held: the maximum-likelihood deviance over all others, with exact gradients.
/// </summary>
/// <remarks>
/// <para>d(θ, σ²) = log |M| + n log 2πσ² + r²/σ², β minimised out: Bates, Mächler, Bolker and Walker (2015), section 5.1, whose profiles (of REML fits too) are of this deviance. Held are, with free θ:
/// σ = c, as it stands; sd_a = c, by scaling row T_a with c/s and σ = s/|row|, s a fixed reference, which is smooth down to c = 0; a correlation, by <see cref="HeldCorrelation"/>, σ profiled out; β_j = c, by
/// the constrained least squares of <see cref="ProfiledDeviance.Constrain"/>, σ profiled out.</para>
/// <para>Gradient in θ: that of the profiled deviance is 2t − 2(n/r²)L, so with σ given 2t − 2L/σ² = 2t − (2t − ∂d)r²/(nσ²), t being <see cref="ProfiledDeviance.Traces"/>. Check: ProfileLikelihoodTests (lme4;
/// brute force; finite differences).</para>
/// </remarks>
internal sealed class LinearProfile : ProfileCriterion
{
    private readonly MixedModelFit _fit;
    private readonly JointPrecision _joint;
    private readonly RandomTermScaling? _scaling;
    private readonly ModelParameters _parameters;
    private readonly ProfiledDeviance _deviance;
    private double _sigma;

    /// <summary>Sets up a profile of <paramref name="fit"/>, which is by maximum likelihood.</summary>
    public LinearProfile(MixedModelFit fit) : this(fit, fit.Joint, null)
    {
    }

    private LinearProfile(MixedModelFit fit, JointPrecision joint, RandomTermScaling? scaling)
        : base(joint.Layout, [.. fit.Theta], CriterionCurvature.ScalesOf(joint))
    {
        (_fit, _joint, _scaling, _parameters) = (fit, joint, scaling, ModelParameters.Of(fit));
        _deviance = new ProfiledDeviance(_joint.Product, _joint.Rows, 0, 0, 0, reml: false);
    }

    /// <summary>
    /// The same on orthonormal covariates, for σ and fixed effects, or null where no covariate lies so far from zero (<see cref="RandomTermScaling.IsFar"/>) that it is needed.
    /// </summary>
    public static Func<LinearProfile>? Orthonormal(MixedModelFit fit, FittedData data)
    {
        var observations = Observations.Resolve(data.Rows, fit.Family);
        var cells = new MixedModelCells(data.Rows.Design, fit.Joint.Basis, fit.Joint.Factorisation);
        var scaling = new RandomTermScaling(cells, observations.Weight);
        if (!scaling.IsFar) return null;
        cells = new MixedModelCells(scaling.Orthonormal(data.Rows.Design), cells.Basis, fit.Joint.Factorisation);
        double[] response = LinearMixedModel.Centre(cells, observations, out double[] centre), theta = [.. fit.Theta];
        BlockedCrossProduct product = LinearMixedModel.CrossProduct(cells, observations, response);
        product.SumOfSquares += observations.WithinSquares.Sum();
        scaling.FromTheta(theta);
        var joint = new JointPrecision(product, cells.Basis, centre, theta, fit.Sigma, true, observations.WeightedRows, observations.WeightSum);
        return () => new LinearProfile(fit, joint, scaling);
    }

    private double Rows => _deviance.Degrees;

    /// <inheritdoc/>
    public override double Minimum() => _deviance.Evaluate(_joint.Theta, []);

    protected override ProfileTarget StandardDeviation(ModelParameter parameter)
    {
        var term = _joint.Layout.Terms[parameter.TermIndex];
        int row = parameter.Row, last = term.ThetaIndex(row, row);
        double length = Math.Sqrt(ModelParameters.Product(term, row, row, _fit.Theta)), estimate = _fit.Sigma * length, reference = estimate, value = estimate;
        double[] start = Start();
        if (length < 1e-6 * Units[last])
        {
            start[last] = Units[last];
            reference = _fit.Sigma * Units[last];
        }
        double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
        {
            double squares = ModelParameters.Product(term, row, row, point), sigma = reference / Math.Sqrt(squares);
            point.CopyTo(Point);
            for (int c = 0; c <= row; c++) Point[term.ThetaIndex(row, c)] *= value / reference;
            double deviance = WithSigma(sigma, gradient);
            if (gradient.IsEmpty) return deviance;
            double inLogSigma = 2 * Rows - 2 * _deviance.PenalisedSumOfSquares / (sigma * sigma);
            for (int c = 0; c <= row; c++)
            {
                int k = term.ThetaIndex(row, c);
                gradient[k] = gradient[k] * value / reference - inLogSigma * point[k] / squares;
            }
            return deviance;
        }

        double scale = Math.Max(estimate, 0.3 * _fit.Sigma * Units[last]);
        return Create(parameter, estimate, 0.5 * scale / Math.Sqrt(2 * term.Levels.Count), c => value = c, Evaluate, start, Diagonals().Where(k => k != last)) with { Lower = 0 };
    }

    protected override ProfileTarget ResidualStandardDeviation(ModelParameter parameter)
    {
        double value = _fit.Sigma;
        double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
        {
            point.CopyTo(Point);
            return WithSigma(value, gradient);
        }

        return Create(parameter, _fit.Sigma, 0.5 * _fit.Sigma / Math.Sqrt(2 * Rows), c => value = c, Evaluate, Start(), Diagonals()) with { Lower = 0 };
    }

    protected override ProfileTarget Coefficient(ModelParameter parameter)
    {
        int j = _fit.Estimated.ToList().IndexOf(parameter.Coefficient);
        double[] combination = _joint.Basis.RowOfInverse(j);
        double centre = 0;
        for (int k = 0; k < combination.Length; k++) centre += combination[k] * _joint.Centre[k];
        double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
        {
            point.CopyTo(Point);
            return AtPoint(gradient);
        }

        double error = Math.Sqrt(_fit.BetaCovariance[j, j]);
        return Create(parameter, _fit.Beta[parameter.Coefficient], 0.5 * error, c => _deviance.Constrain(combination, c - centre), Evaluate, Start(), Diagonals());
    }

    protected override double[] Start() => [.. _joint.Theta];

    /// <summary>d at <see cref="ProfileCriterion.Point"/>, σ profiled out.</summary>
    protected override double AtPoint(Span<double> gradient)
    {
        double deviance = _deviance.Evaluate(Point, gradient);
        _sigma = Math.Sqrt(_deviance.PenalisedSumOfSquares / Rows);
        return deviance;
    }

    /// <summary>d at <see cref="ProfileCriterion.Point"/> with σ given.</summary>
    private double WithSigma(double sigma, Span<double> gradient)
    {
        double profiled = _deviance.Evaluate(Point, gradient), squares = _deviance.PenalisedSumOfSquares, variance = sigma * sigma;
        _sigma = sigma;
        for (int k = 0; k < gradient.Length; k++) gradient[k] = 2 * _deviance.Traces[k] - (2 * _deviance.Traces[k] - gradient[k]) * squares / (Rows * variance);
        return profiled - Rows - Rows * Math.Log(squares / Rows) + Rows * Math.Log(variance) + squares / variance;
    }

    protected override double[] Values()
    {
        double[] gamma = _deviance.Spherical[_joint.Layout.Columns..];
        for (int k = 0; k < gamma.Length; k++) gamma[k] += _joint.Centre[k];
        double[] theta = [.. Point];
        _scaling?.ToTheta(theta);
        return _parameters.Values(theta, _sigma, _joint.Basis.ToColumns(gamma, 0));
    }
}
