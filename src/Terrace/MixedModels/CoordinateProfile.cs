namespace Terrace.MixedModels;

/// <summary>
/// What is minimised when one parameter is held of a model whose criterion is a function of the factors θ and of coordinates ξ of all its coefficients, in which the Hessian is near 2I.
/// </summary>
/// <remarks>
/// Held are: sd_a = c, by T_a = c v/|v| with free v; a correlation, by <see cref="HeldCorrelation"/>; a coefficient, or what a parameter of the distribution has on the scale of its predictor, v(ξ) = v̂ + k'(ξ − ξ̂) = c, by
/// ξ = x − k(k'(x − ξ̂) − (c − v̂))/|k|². One coordinate is idle in each. The profile is that of Bates, Mächler, Bolker and Walker (2015), section 5.1; the coordinates are our own. Check: ProfileLikelihoodTests,
/// DistributionalProfileTests.
/// </remarks>
internal abstract class CoordinateProfile(RandomEffectsLayout layout, double[] theta, double[] units) : ProfileCriterion(layout, theta, units)
{
    /// <inheritdoc/>
    public override int? FirstFixed => Thetas;

    protected int Thetas => Layout.ThetaCount;

    /// <summary>The held parameter's value on the scale of its predictor at the estimates, and k.</summary>
    protected abstract HeldCombination Combination(ModelParameter parameter);

    protected override ProfileTarget StandardDeviation(ModelParameter parameter)
    {
        var term = Layout.Terms[parameter.TermIndex];
        int row = parameter.Row, last = term.ThetaIndex(row, row);
        double estimate = Math.Sqrt(ModelParameters.Product(term, row, row, Theta)), value = estimate;
        double[] start = Start();
        if (estimate < 1e-6 * Units[last]) start[last] = Units[last];
        double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
        {
            double length = Math.Sqrt(ModelParameters.Product(term, row, row, point)), along = 0;
            point.CopyTo(Point);
            for (int c = 0; c <= row; c++) Point[term.ThetaIndex(row, c)] *= value / length;
            double deviance = AtPoint(gradient);
            if (gradient.IsEmpty) return deviance;
            for (int c = 0; c <= row; c++) along += gradient[term.ThetaIndex(row, c)] * point[term.ThetaIndex(row, c)] / length;
            for (int c = 0; c <= row; c++)
            {
                int k = term.ThetaIndex(row, c);
                gradient[k] = value / length * (gradient[k] - along * point[k] / length);
            }
            return deviance;
        }

        double scale = Math.Max(estimate, 0.3 * Units[last]);
        return Create(parameter, estimate, 0.5 * scale / Math.Sqrt(2 * term.Levels.Count), c => value = c, Evaluate, start, Diagonals().Where(k => k != last)) with { Lower = 0 };
    }

    protected override ProfileTarget Coefficient(ModelParameter parameter)
    {
        (double estimate, double[] combination) = Combination(parameter);
        double[] start = Start();
        double value = estimate, squares = 0, centre = 0;
        for (int i = 0; i < combination.Length; i++)
        {
            squares += combination[i] * combination[i];
            centre += combination[i] * start[Thetas + i];
        }
        double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
        {
            point.CopyTo(Point);
            Project(combination, squares, centre + value - estimate, Point.AsSpan(Thetas));
            double deviance = AtPoint(gradient);
            if (!gradient.IsEmpty) Project(combination, squares, 0, gradient[Thetas..]);
            return deviance;
        }

        return Create(parameter, estimate, 0.5 * Math.Sqrt(squares), c => value = c, Evaluate, start, Diagonals());
    }

    /// <summary>x becomes x − k(k'x − total)/|k|², whose k'x is the total.</summary>
    private static void Project(double[] k, double squares, double total, Span<double> x)
    {
        double along = -total;
        for (int i = 0; i < k.Length; i++) along += k[i] * x[i];
        for (int i = 0; i < k.Length; i++) x[i] -= k[i] * along / squares;
    }
}

/// <summary>A parameter as a linear function of the coordinates ξ.</summary>
/// <param name="Estimate">v̂, on the scale of its predictor.</param>
/// <param name="Weights">k with v = v̂ + k'(ξ − ξ̂).</param>
internal sealed record HeldCombination(double Estimate, double[] Weights);
