namespace Terrace.Numerics.Distributions;

/// <summary>
/// The root of a distribution function: u with tail(u) = target, for a tail that rises or falls throughout.
/// <para>Formula: Newton's iteration on log tail(u) - log target, halving a bracket whenever a step leaves it.</para>
/// <para>Source: Press et al. (2007), Numerical Recipes, section 9.4 (safeguarded Newton); the logarithm keeps far tails well scaled. Tests: those of each quantile.</para>
/// </summary>
internal static class QuantileSearch
{
    /// <summary>Solves tail(u) = target.</summary>
    /// <param name="tail">The tail probability at u and the log of |d tail / d u|.</param>
    /// <param name="target">The probability sought, in (0, 1).</param>
    /// <param name="rising">True for a lower tail, false for an upper one.</param>
    /// <param name="start">A first guess.</param>
    public static double Solve(Func<double, (double Tail, double LogSlope)> tail, double target, bool rising, double start)
    {
        double low = double.NegativeInfinity, high = double.PositiveInfinity, u = start, width = 1, logTarget = Math.Log(target);
        for (int i = 0; i < 400; i++)
        {
            (double value, double logSlope) = tail(u);
            double error = Math.Log(value) - logTarget;
            if (error == 0) return u;
            bool tooHigh = error > 0 == rising;
            if (tooHigh) high = u;
            else low = u;
            double step = -error * Math.Exp(Math.Log(value) - logSlope) * (rising ? 1 : -1);
            double next = u + step;
            if (!(next > low && next < high) || Math.Abs(step) > 2 * width)
            {
                next = double.IsInfinity(low) ? high - width : double.IsInfinity(high) ? low + width : low + 0.5 * (high - low);
                width *= 2;
            }

            if (Math.Abs(next - u) <= 4e-16 * Math.Max(Math.Abs(u), 1e-290)) return next;
            u = next;
        }

        return u;
    }
}
