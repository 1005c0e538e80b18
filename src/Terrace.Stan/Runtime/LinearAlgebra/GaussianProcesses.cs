namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>
/// Covariance functions of Gaussian processes between points x (arrays of reals or of vectors), with standard deviation σ and length scale ℓ, one for all coordinates or one for each. With r² = Σ ((xᵢ − yᵢ) / ℓᵢ)²:
/// exponentiated quadratic σ² exp(−r²/2), exponential σ² exp(−r), Matérn 3/2 σ² (1 + √3 r) exp(−√3 r), Matérn 5/2 σ² (1 + √5 r + 5r²/3) exp(−√5 r), periodic σ² exp(−2 Σ sin²(π |xᵢ − yᵢ| / p) / ℓ²), dot product σ² + Σ xᵢ yᵢ.
/// Sources: Rasmussen and Williams (2006), Gaussian Processes for Machine Learning, sections 4.2.1 and 4.2.2; Stan functions reference, "Gaussian process covariance functions".
/// </summary>
internal static class GaussianProcesses
{
    private const int Quadratic = 0, Matern3 = 1, Matern5 = 2, Laplacian = 3, Circular = 4, Linear = 5;
    private static readonly CovarianceOperation Covaried = new();

    /// <summary>σ² exp(−r²/2) among points.</summary>
    public static Block ExponentiatedQuadratic(Workspace w, Block x, Block sigma, Block length) => Within(w, Quadratic, "gp_exp_quad_cov", x, sigma, length, length);

    /// <summary>σ² exp(−r²/2) between two sets of points.</summary>
    public static Block ExponentiatedQuadraticBetween(Workspace w, Block x, Block y, Block sigma, Block length) => Between(w, Quadratic, "gp_exp_quad_cov", x, y, sigma, length, length);

    /// <summary>Matérn 3/2 among points.</summary>
    public static Block Matern32(Workspace w, Block x, Block sigma, Block length) => Within(w, Matern3, "gp_matern32_cov", x, sigma, length, length);

    /// <summary>Matérn 3/2 between two sets of points.</summary>
    public static Block Matern32Between(Workspace w, Block x, Block y, Block sigma, Block length) => Between(w, Matern3, "gp_matern32_cov", x, y, sigma, length, length);

    /// <summary>Matérn 5/2 among points.</summary>
    public static Block Matern52(Workspace w, Block x, Block sigma, Block length) => Within(w, Matern5, "gp_matern52_cov", x, sigma, length, length);

    /// <summary>Matérn 5/2 between two sets of points.</summary>
    public static Block Matern52Between(Workspace w, Block x, Block y, Block sigma, Block length) => Between(w, Matern5, "gp_matern52_cov", x, y, sigma, length, length);

    /// <summary>σ² exp(−r) among points.</summary>
    public static Block Exponential(Workspace w, Block x, Block sigma, Block length) => Within(w, Laplacian, "gp_exponential_cov", x, sigma, length, length);

    /// <summary>σ² exp(−r) between two sets of points.</summary>
    public static Block ExponentialBetween(Workspace w, Block x, Block y, Block sigma, Block length) => Between(w, Laplacian, "gp_exponential_cov", x, y, sigma, length, length);

    /// <summary>Periodic among points.</summary>
    public static Block Periodic(Workspace w, Block x, Block sigma, Block length, Block period) => Within(w, Circular, "gp_periodic_cov", x, sigma, length, period);

    /// <summary>Periodic between two sets of points.</summary>
    public static Block PeriodicBetween(Workspace w, Block x, Block y, Block sigma, Block length, Block period) => Between(w, Circular, "gp_periodic_cov", x, y, sigma, length, period);

    /// <summary>σ² + x·y among points.</summary>
    public static Block DotProduct(Workspace w, Block x, Block sigma) => Within(w, Linear, "gp_dot_prod_cov", x, sigma, sigma, sigma);

    /// <summary>σ² + x·y between two sets of points.</summary>
    public static Block DotProductBetween(Workspace w, Block x, Block y, Block sigma) => Between(w, Linear, "gp_dot_prod_cov", x, y, sigma, sigma, sigma);

    private static Block Within(Workspace w, int kind, string name, Block x, Block sigma, Block length, Block period) => Covariance(w, kind, name, x, x, sigma, length, period, true);

    private static Block Between(Workspace w, int kind, string name, Block x, Block y, Block sigma, Block length, Block period) => Covariance(w, kind, name, x, y, sigma, length, period, false);

    private static Block Covariance(Workspace w, int kind, string name, Block x, Block y, Block sigma, Block length, Block period, bool symmetric)
    {
        int d = x.Inner, n = x.Outer, m = y.Outer;
        if (n > 0 && m > 0 && y.Inner != d) Workspace.Fail($"{name}: the points have {d} and {y.Inner} coordinates");
        if (length.Count != 1 && length.Count != d) Workspace.Fail($"{name}: {length.Count} length scales for {d} coordinates");
        RequirePositive(w, name, "sigma", sigma, kind == Linear);
        if (kind != Linear) RequirePositive(w, name, "length_scale", length, false);
        if (kind == Circular) RequirePositive(w, name, "period", period, false);
        bool active = w.Differentiating && (x.Active || y.Active || sigma.Active || length.Active || period.Active);
        Block result = w.Allocate(1, n, m, active);
        Span<double> to = w.Values(result);
        for (int j = 0; j < m; j++)
        {
            for (int i = symmetric ? j : 0; i < n; i++)
            {
                double value = Value(w, kind, x.Offset + (i * d), y.Offset + (j * d), d, w.V[sigma.Offset], length, w.V[period.Offset]);
                to[(j * n) + i] = value;
                if (symmetric) to[(i * n) + j] = value;
            }
        }
        if (!active) return result;
        w.Record(
            Covaried, kind, x.Offset, x.Active ? 1 : 0, y.Offset, y.Active ? 1 : 0, sigma.Offset, sigma.Active ? 1 : 0, length.Offset, length.Active ? 1 : 0, length.Count, period.Offset, period.Active ? 1 : 0,
            n, m, d, result.Offset, symmetric ? 1 : 0);
        return result;
    }

    private static void RequirePositive(Workspace w, string name, string argument, Block x, bool orZero)
    {
        foreach (double value in w.Values(x))
            if (!(value > 0 || (orZero && value == 0)) || !double.IsFinite(value)) Workspace.Reject($"{name}: {argument} is {value}, but must be {(orZero ? "not negative" : "positive")} and finite");
    }

    private static double Value(Workspace w, int kind, int x, int y, int d, double sigma, Block length, double period)
    {
        double sum = Sum(w, kind, x, y, d, length.Offset, length.Count == 1 ? 0 : 1, period);
        if (kind == Linear) return (sigma * sigma) + sum;
        return sigma * sigma * Shape(kind, sum, out _);
    }

    /// <summary>r², Σ sin²(π (x − y) / p) / ℓ², or Σ x y.</summary>
    private static double Sum(Workspace w, int kind, int x, int y, int d, int length, int step, double period)
    {
        double sum = 0;
        for (int k = 0; k < d; k++)
        {
            if (kind == Linear)
            {
                sum += w.V[x + k] * w.V[y + k];
                continue;
            }
            double difference = w.V[x + k] - w.V[y + k];
            if (kind == Circular) difference = Math.Sin(Math.PI * difference / period);
            difference /= w.V[length + (k * step)];
            sum += difference * difference;
        }
        return sum;
    }

    /// <summary>The correlation for a sum s of squares, and its derivative by s; at distance 0 the exponential's is taken as 0.</summary>
    private static double Shape(int kind, double s, out double slope)
    {
        double r = Math.Sqrt(s), value;
        switch (kind)
        {
            case Quadratic:
                value = Math.Exp(-0.5 * s);
                slope = -0.5 * value;
                return value;
            case Circular:
                value = Math.Exp(-2 * s);
                slope = -2 * value;
                return value;
            case Laplacian:
                value = Math.Exp(-r);
                slope = r == 0 ? 0 : -value / (2 * r);
                return value;
            case Matern3:
                double three = Math.Sqrt(3) * r, decay = Math.Exp(-three);
                slope = -1.5 * decay;
                return (1 + three) * decay;
            default:
                double five = Math.Sqrt(5) * r, fall = Math.Exp(-five);
                slope = -5.0 / 6 * (1 + five) * fall;
                return (1 + five + (5 * s / 3)) * fall;
        }
    }

    private sealed class CovarianceOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[12], m = o[13], d = o[14];
            bool symmetric = o[16] != 0;
            for (int j = 0; j < m; j++)
            {
                for (int i = symmetric ? j : 0; i < n; i++)
                {
                    double given = w.A[o[15] + (j * n) + i];
                    if (symmetric && i != j) given += w.A[o[15] + (i * n) + j];
                    if (given != 0) Pair(w, o, o[1] + (i * d), o[3] + (j * d), given);
                }
            }
        }

        /// <summary>The adjoints of one covariance.</summary>
        private static void Pair(Workspace w, ReadOnlySpan<int> o, int x, int y, double given)
        {
            int kind = o[0], d = o[14], length = o[7], step = o[9] == 1 ? 0 : 1;
            double sigma = w.V[o[5]], period = w.V[o[10]];
            if (kind == Linear)
            {
                if (o[6] != 0) w.A[o[5]] += 2 * sigma * given;
                for (int k = 0; k < d; k++)
                {
                    double left = w.V[x + k], right = w.V[y + k];
                    if (o[2] != 0) w.A[x + k] += given * right;
                    if (o[4] != 0) w.A[y + k] += given * left;
                }
                return;
            }
            double value = Shape(kind, Sum(w, kind, x, y, d, length, step, period), out double slope);
            if (o[6] != 0) w.A[o[5]] += 2 * sigma * value * given;
            double scale = given * sigma * sigma * slope;
            if (o[2] == 0 && o[4] == 0 && o[8] == 0 && o[11] == 0) return;
            for (int k = 0; k < d; k++)
            {
                double l = w.V[length + (k * step)], difference = w.V[x + k] - w.V[y + k], part = difference, chain = 1, turn = 0;
                if (kind == Circular)
                {
                    double angle = Math.PI * difference / period;
                    part = Math.Sin(angle);
                    chain = Math.Cos(angle) * Math.PI / period;
                    turn = -Math.Cos(angle) * angle / period;
                }
                double twice = scale * 2 * part / (l * l);
                if (o[2] != 0) w.A[x + k] += twice * chain;
                if (o[4] != 0) w.A[y + k] -= twice * chain;
                if (o[8] != 0) w.A[length + (k * step)] -= twice * part / l;
                if (o[11] != 0 && kind == Circular) w.A[o[10]] += twice * turn;
            }
        }
    }
}
