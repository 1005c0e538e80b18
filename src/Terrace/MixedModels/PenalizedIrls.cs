using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>
/// Penalised iteratively reweighted least squares: the conditional modes u of the spherical random effects given (θ, γ), or the joint mode of (u, γ) given θ.
/// </summary>
/// <remarks>
/// <para>A <see cref="ModeSearch"/> on the deviance of the rows, with the observed W (the expected one where H is not positive definite).</para>
/// <para>Symbols: ℓ' -> <see cref="Score"/>; offset + Xγ, which stays while only u moves -> <c>_fixedPart</c>.</para>
/// <para>Bates (2011), <em>Computational methods for mixed models</em>, section 5. Deviations: Newton instead of Fisher scoring, and a far smaller tolerance than lme4's 1e-7, so
/// that the criterion is smooth. Check: LaplaceDevianceTests (stationarity by finite differences).</para>
/// </remarks>
internal sealed class PenalizedIrls : ModeSearch
{
    private const int MaximumSteps = 100;
    private readonly Observations _observations;
    private readonly double[] _fixedPart;

    /// <summary>Sets up the search; with <paramref name="joint"/> the fixed effects move too.</summary>
    public PenalizedIrls(MixedModelCells cells, Observations observations, bool joint)
        : base(cells, joint, MaximumSteps)
    {
        _observations = observations;
        Score = new double[cells.Count];
        _fixedPart = new double[joint ? 0 : cells.Count];
    }

    /// <summary>What bounds the decrement relative to D where the search is not told; as the step after it is still taken, the error is of the order of its square.</summary>
    public double Tolerance { get; set; } = 1e-12;

    /// <summary>∂ℓ/∂η per cell at the mode.</summary>
    public double[] Score { get; }

    /// <summary>The deviance of the rows at the mode.</summary>
    public double Deviance { get; private set; }

    protected override ReadOnlySpan<double> Scores => Score;

    /// <summary>Searches at θ with <see cref="Tolerance"/>.</summary>
    public bool Solve(ReadOnlySpan<double> theta) => Solve(theta, Tolerance);

    protected override void Prepare()
    {
        if (Joint) return;
        Cells.Offset.CopyTo(_fixedPart, 0);
        Cells.AddFixedProduct(Spherical.AsSpan(Cells.Layout.Columns), _fixedPart);
    }

    protected override void SetPredictor(ReadOnlySpan<double> coefficients)
    {
        if (Joint)
        {
            Cells.LinearPredictor(coefficients, Eta);
            return;
        }
        _fixedPart.CopyTo(Eta, 0);
        Cells.AddRandomProduct(coefficients, Eta);
    }

    protected override double EvaluateRows()
    {
        double kernel = _observations.Family.Kernel.Evaluate(Eta, _observations.Y, _observations.Weight, Information.Observed, Score, ObservedWeights, []);
        Deviance = _observations.DevianceOfRows(kernel + _observations.KernelConstant);
        return kernel;
    }

    protected override ReadOnlySpan<double> PositiveWeights()
    {
        var score = new double[Score.Length];
        var expected = new double[Score.Length];
        _observations.Family.Kernel.Evaluate(Eta, _observations.Y, _observations.Weight, Information.Expected, score, expected, []);
        return expected;
    }
}
