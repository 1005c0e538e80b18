using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Inference.Approximations;

/// <summary>
/// The normal approximation at one point of a quasi-Newton search, N(x + H∇log p, H), whose H has low rank beside a diagonal.
/// <code>
/// H = diag(α) + βγβ',  β = [diag(α)Z  S],  γ = [0  −R⁻¹; −R⁻ᵀ  R⁻ᵀ(E + Z'diag(α)Z)R⁻¹],  R = triu(S'Z),  E = diag(S'Z)
/// α_i ← 1/[a/(b α_i) + z_i²/b − a s_i²/(b c α_i²)],  a = z'diag(α)z,  b = z's,  c = s'diag(α)⁻¹s
/// draw: φ = μ + diag(√α)(Q L Q'u + u − QQ'u),  QR̃ = diag(α)^-½ β,  LL' = I + R̃γR̃',  log |H| = Σ log α + 2 log |L|
/// </code>
/// Zhang, Carpenter, Gelman and Vehtari (2022), Pathfinder: Parallel quasi-Newton variational inference, algorithms 2 to 4; Byrd, Nocedal and Schnabel (1994), Representations of quasi-Newton matrices, theorem 2.2; Gilbert and Lemaréchal (1989) for α.
/// Where the rank reaches the dimension H is formed and factored. Checked in <c>PathfinderTests</c> against H by dense updates.
/// </summary>
internal sealed class QuasiNewtonNormal
{
    private readonly double[] _mean;
    private readonly double[] _root;
    private readonly Matrix? _q;
    private readonly Matrix? _l;
    private readonly Matrix? _dense;

    private QuasiNewtonNormal(double[] mean, double[] alpha, Matrix? q, Matrix? l, Matrix? dense)
    {
        (_mean, _root, _q, _l, _dense) = (mean, [.. alpha.Select(Math.Sqrt)], q, l, dense);
        double half = 0;
        if (dense is null)
            foreach (double root in _root) half += Math.Log(root);
        Matrix factor = dense ?? l!;
        for (int i = 0; i < factor.Rows; i++) half += Math.Log(factor[i, i]);
        HalfLogDeterminant = half;
    }

    /// <summary>½ log |H|.</summary>
    public double HalfLogDeterminant { get; }

    /// <summary>The diagonal after one more pair of step and change of the gradient.</summary>
    public static double[] NextDiagonal(double[] alpha, double[] s, double[] z)
    {
        double a = 0, b = ContiguousLoops.Dot(z, s), c = 0;
        for (int i = 0; i < alpha.Length; i++)
        {
            a += z[i] * z[i] * alpha[i];
            c += s[i] * s[i] / alpha[i];
        }
        return [.. alpha.Select((d, i) => 1 / (a / (b * d) + z[i] * z[i] / b - a * s[i] * s[i] / (b * c * d * d)))];
    }

    /// <summary>The approximation at a point; null where H is not positive definite.</summary>
    public static QuasiNewtonNormal? At(LbfgsPoint point, double[] alpha, IReadOnlyList<(double[] Step, double[] Change)> pairs)
    {
        if (!alpha.All(a => a > 0 && double.IsFinite(a))) return null;
        int n = alpha.Length, m = pairs.Count;
        (Matrix beta, Matrix gamma) = LowRank(alpha, pairs);
        double[] mean = [.. point.Position], inner = new double[2 * m];
        for (int j = 0; j < 2 * m; j++) inner[j] = ContiguousLoops.Dot(beta.Column(j), point.Gradient);
        for (int i = 0; i < n; i++) mean[i] += alpha[i] * point.Gradient[i];
        for (int j = 0; j < 2 * m; j++)
        {
            double sum = 0;
            for (int k = 0; k < 2 * m; k++) sum += gamma[j, k] * inner[k];
            ContiguousLoops.AddMultiple(sum, beta.Column(j), mean);
        }
        return 2 * m >= n ? Dense(mean, alpha, beta, gamma) : Thin(mean, alpha, beta, gamma);
    }

    /// <summary>H as a matrix.</summary>
    public static Matrix InverseHessian(double[] alpha, IReadOnlyList<(double[] Step, double[] Change)> pairs)
    {
        (Matrix beta, Matrix gamma) = LowRank(alpha, pairs);
        Matrix h = Gemm.Product(Gemm.Product(beta, false, gamma, false), false, beta, true);
        for (int i = 0; i < alpha.Length; i++) h[i, i] += alpha[i];
        return h;
    }

    /// <summary>A draw, written to <paramref name="draw"/>; gives its log density.</summary>
    public double Draw(Rng rng, Span<double> draw)
    {
        int n = _mean.Length;
        var u = new double[n];
        double squares = 0;
        for (int i = 0; i < n; i++)
        {
            u[i] = rng.NextNormal();
            squares += u[i] * u[i];
        }
        if (_dense is { } factor)
        {
            for (int i = 0; i < n; i++)
            {
                double sum = _mean[i];
                for (int j = 0; j <= i; j++) sum += factor[i, j] * u[j];
                draw[i] = sum;
            }
        }
        else Turned(u, draw);
        return -HalfLogDeterminant - 0.5 * (squares + n * Math.Log(2 * Math.PI));
    }

    private void Turned(double[] u, Span<double> draw)
    {
        int k = _q!.Columns;
        double[] inner = [.. Enumerable.Range(0, k).Select(j => ContiguousLoops.Dot(_q.Column(j), u))];
        for (int i = 0; i < k; i++)
        {
            double change = -inner[i];
            for (int j = 0; j <= i; j++) change += _l![i, j] * inner[j];
            ContiguousLoops.AddMultiple(change, _q.Column(i), u);
        }
        for (int i = 0; i < u.Length; i++) draw[i] = _mean[i] + _root[i] * u[i];
    }

    private static (Matrix Beta, Matrix Gamma) LowRank(double[] alpha, IReadOnlyList<(double[] Step, double[] Change)> pairs)
    {
        int n = alpha.Length, m = pairs.Count;
        Matrix beta = new(n, 2 * m), gamma = new(2 * m, 2 * m), inverse = new(m, m);
        for (int j = 0; j < m; j++)
        {
            for (int i = 0; i < n; i++) beta[i, j] = alpha[i] * pairs[j].Change[i];
            pairs[j].Step.CopyTo(beta.Column(m + j));
        }
        // R⁻¹ of the upper triangle of S'Z, column by column by back substitution.
        double R(int i, int j) => ContiguousLoops.Dot(pairs[i].Step, pairs[j].Change);
        for (int j = 0; j < m; j++)
        {
            for (int i = j; i >= 0; i--)
            {
                double sum = i == j ? 1 : 0;
                for (int k = i + 1; k <= j; k++) sum -= R(i, k) * inverse[k, j];
                inverse[i, j] = sum / R(i, i);
            }
        }
        var middle = new Matrix(m, m);
        for (int i = 0; i < m; i++)
            for (int j = 0; j < m; j++) middle[i, j] = ContiguousLoops.Dot(pairs[i].Change, beta.Column(j)) + (i == j ? R(i, i) : 0);
        Matrix last = Gemm.Product(inverse, true, Gemm.Product(middle, false, inverse, false), false);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < m; j++)
            {
                gamma[i, m + j] = -inverse[i, j];
                gamma[m + i, j] = -inverse[j, i];
                gamma[m + i, m + j] = last[i, j];
            }
        }
        return (beta, gamma);
    }

    private static QuasiNewtonNormal? Dense(double[] mean, double[] alpha, Matrix beta, Matrix gamma)
    {
        Matrix h = Gemm.Product(Gemm.Product(beta, false, gamma, false), false, beta, true);
        for (int i = 0; i < alpha.Length; i++) h[i, i] += alpha[i];
        return Cholesky.TryFactor(h) ? new QuasiNewtonNormal(mean, alpha, null, null, h) : null;
    }

    private static QuasiNewtonNormal? Thin(double[] mean, double[] alpha, Matrix beta, Matrix gamma)
    {
        int n = alpha.Length, k = beta.Columns;
        Matrix q = new(n, k), r = new(k, k);
        for (int j = 0; j < k; j++)
        {
            Span<double> column = q.Column(j);
            for (int i = 0; i < n; i++) column[i] = beta[i, j] / Math.Sqrt(alpha[i]);
            double before = Math.Sqrt(ContiguousLoops.Dot(column, column));
            // Twice is enough (Giraud, Langou and Rozložník 2005).
            for (int pass = 0; pass < 2; pass++)
            {
                for (int c = 0; c < j; c++)
                {
                    double product = ContiguousLoops.Dot(q.Column(c), column);
                    r[c, j] += product;
                    ContiguousLoops.AddMultiple(-product, q.Column(c), column);
                }
            }
            double length = Math.Sqrt(ContiguousLoops.Dot(column, column));
            // A column that depends on the others adds no direction.
            if (length < 1e-12 * before)
            {
                column.Clear();
                continue;
            }
            r[j, j] = length;
            ContiguousLoops.Scale(column, 1 / length);
        }
        Matrix inner = Gemm.Product(Gemm.Product(r, false, gamma, false), false, r, true);
        for (int i = 0; i < k; i++) inner[i, i] += 1;
        return Cholesky.TryFactor(inner) ? new QuasiNewtonNormal(mean, alpha, q, inner, null) : null;
    }
}
