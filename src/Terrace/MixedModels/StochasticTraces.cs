using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.MixedModels;

/// <summary>
/// log |S|, its derivative with respect to θ and the diagonal blocks of S⁻¹ for the tail's Schur complement, estimated with fixed random signs; every estimate comes with its Monte Carlo error.
/// </summary>
/// <remarks>
/// <para>In the coordinates A = L_P⁻¹ S L_P'⁻¹ of <see cref="SchurOperator"/>: tr X = tr Q'XQ + E z'X z, z = (I − QQ')ξ, ξ of random signs, exact for any orthonormal Q; Q holds the directions that E = I − A magnifies most (three
/// multiplications of a random panel), which carry nearly all the variance. log |A| from X = log A + E + E²/2, whose trace is log |A| + |E|²_F/2 since A has a unit diagonal: what is left of the logarithm is small. z'log(A)z by the
/// Lanczos process of the same conjugate gradients that give A⁻¹z; the derivative from X = A⁻¹ L_P⁻¹ dS L_P'⁻¹.</para>
/// <para>Hutchinson (1990); Ubaru, Chen and Saad (2017), <em>Fast estimation of tr(f(A)) via stochastic Lanczos quadrature</em>; Meyer, Musco, Musco and Woodruff (2021), <em>Hutch++</em>; Bekas, Kokiopoulou and Saad (2007) for
/// the diagonal. The probes are fixed by the seed, so that all is a smooth function of θ, the same for any number of threads. Check: IterativeLinearMixedModelTests (dense values within the stated errors).</para>
/// </remarks>
internal sealed class StochasticTraces
{
    private const int Lanes = PanelConjugateGradients.Lanes;
    private const double Tolerance = 1e-7;
    private const int MostSteps = 2000;
    private const ulong Seed = 20_150_111;
    private const double WorkForFrobenius = 4e9;
    private readonly BlockedCrossProduct _product;
    private readonly int _probes;
    private bool _controls;
    private double _frobenius;

    /// <param name="product">The cross-products.</param>
    /// <param name="probes">The number of random vectors, a multiple of 8.</param>
    public StochasticTraces(BlockedCrossProduct product, int probes)
    {
        (_product, _probes) = (product, probes);
        Slopes = new double[product.Layout.ThetaCount];
        SlopeErrors = new Matrix(Slopes.Length, Slopes.Length);
    }

    /// <summary>The most threads to use, −1 for no limit; the results do not depend on it.</summary>
    public int Threads { get; init; } = -1;

    /// <summary>The derivative of log |S| with respect to each θ.</summary>
    public double[] Slopes { get; }

    /// <summary>The Monte Carlo covariance of <see cref="Slopes"/>.</summary>
    public Matrix SlopeErrors { get; }

    /// <summary>log |S|.</summary>
    public double LogDeterminant { get; private set; }

    /// <summary>The Monte Carlo standard error of <see cref="LogDeterminant"/>.</summary>
    public double LogDeterminantError { get; private set; }

    /// <summary>The diagonal of S⁻¹ where all terms have one column per level, else empty; the tail's part of the diagonal of M⁻¹.</summary>
    public double[] TailDiagonal { get; private set; } = [];

    /// <summary>C_l S⁻¹ C_l' with Λ_t on both sides for every lead level (scalar terms).</summary>
    public double[] LeadForms { get; private set; } = [];

    /// <summary>Computes the estimates.</summary>
    /// <param name="system">The system at θ.</param>
    /// <param name="withDiagonals">Whether the diagonals of the inverse are wanted as well.</param>
    /// <param name="cancellation">Ends the work early.</param>
    public void Compute(IterativeSystem system, bool withDiagonals, CancellationToken cancellation)
    {
        var matrix = system.Operator;
        double[] basis = Basis(matrix);
        int panels = 1 + _probes / Lanes;
        var results = new PanelResult[panels];
        Parallel.For(0, panels, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Threads }, k => results[k] = Panel(system, k == 0 ? basis : Probe(k, basis, matrix.Size), withDiagonals));
        Combine(matrix, results);
        if (withDiagonals) CombineDiagonals(matrix, results);
    }

    private sealed record PanelResult(double[] Logs, double[] Slopes, double[] Z, double[] Inverse, double[] LeadForms);

    private PanelResult Panel(IterativeSystem system, double[] z, bool withDiagonals)
    {
        var matrix = system.Operator;
        double[] solution = new double[z.Length], v = new double[z.Length], w = new double[z.Length];
        var solver = new PanelConjugateGradients(matrix);
        if (!solver.Solve(z, solution, Tolerance, MostSteps)) throw IterativeSystem.NotConverged();
        double[] squares = PanelConjugateGradients.Dots(z, z), logs = new double[Lanes];
        for (int k = 0; k < Lanes; k++)
        {
            double first = squares[k] - solver.FirstForm[k], second = squares[k] - 2 * solver.FirstForm[k] + solver.FirstSquare[k];
            logs[k] = solver.Quadrature(k, t => Math.Log(Math.Max(t, double.Epsilon))) + (_controls ? first + second / 2 : 0);
        }
        matrix.Unscale(z, v);
        matrix.Unscale(solution, w);
        double[] slopes = Differentiate(system, v, w);
        return new PanelResult(logs, slopes, withDiagonals ? z : [], withDiagonals ? solution : [], withDiagonals ? LeadPart(system, v, w) : []);
    }

    /// <summary>w'(dS/dθ_k) v of every lane, for each θ.</summary>
    private double[] Differentiate(IterativeSystem system, double[] v, double[] w)
    {
        var layout = _product.Layout;
        var slopes = new double[layout.ThetaCount * Lanes];
        double[] scaledV = new double[v.Length], scaledW = new double[v.Length], productV = new double[v.Length], productW = new double[v.Length];
        system.Operator.ApplyLambda(v, scaledV);
        system.Operator.ApplyLambda(w, scaledW);
        system.Operator.MultiplyTail(scaledV, productV);
        system.Operator.MultiplyTail(scaledW, productW);
        system.Lead.Differentiate(scaledV, scaledW, productV, productW, slopes);
        foreach (var term in layout.Terms)
        {
            if (term.IsLead) continue;
            for (int b = 0; b < term.Width; b++)
            {
                for (int a = b; a < term.Width; a++) AddTail(term, a, b, v, w, productV, productW, slopes.AsSpan(term.ThetaIndex(a, b) * Lanes, Lanes));
            }
        }
        return slopes;
    }

    /// <summary>Σ_levels w_b (RΛv)_a + v_b (RΛw)_a.</summary>
    private void AddTail(RandomTermLayout term, int a, int b, double[] v, double[] w, double[] productV, double[] productW, Span<double> sums)
    {
        Vector512<double> sum = Vector512<double>.Zero;
        ReadOnlySpan<Vector512<double>> pv = MemoryMarshal.Cast<double, Vector512<double>>(v), pw = MemoryMarshal.Cast<double, Vector512<double>>(w);
        ReadOnlySpan<Vector512<double>> rv = MemoryMarshal.Cast<double, Vector512<double>>(productV), rw = MemoryMarshal.Cast<double, Vector512<double>>(productW);
        for (int l = 0; l < term.Levels.Count; l++)
        {
            int first = term.Index(l, 0) - _product.Layout.LeadColumns;
            sum += pw[first + b] * rv[first + a] + pv[first + b] * rw[first + a];
        }
        sum.CopyTo(sums);
    }

    /// <summary>Q: eight orthonormal vectors that I − A magnifies most; zero where the tail has fewer.</summary>
    private double[] Basis(SchurOperator matrix)
    {
        _controls = matrix.IsScalar && matrix.FrobeniusWork <= WorkForFrobenius;
        _frobenius = _controls ? matrix.OffDiagonalSquares() : 0;
        double[] q = Signs(0, matrix.Size), product = new double[q.Length];
        for (int power = 0; power < 3; power++)
        {
            matrix.Multiply(q, product);
            for (int i = 0; i < q.Length; i++) q[i] -= product[i];
            Orthonormalise(q);
        }
        return q;
    }

    /// <summary>A panel of random signs less their part in Q.</summary>
    private static double[] Probe(int panel, double[] basis, int size)
    {
        double[] z = Signs(panel, size);
        for (int b = 0; b < Lanes; b++)
        {
            var dots = new double[Lanes];
            for (int i = 0; i < size; i++)
            {
                for (int v = 0; v < Lanes; v++) dots[v] += basis[i * Lanes + b] * z[i * Lanes + v];
            }
            for (int i = 0; i < size; i++)
            {
                for (int v = 0; v < Lanes; v++) z[i * Lanes + v] -= basis[i * Lanes + b] * dots[v];
            }
        }
        return z;
    }

    private static double[] Signs(int panel, int size)
    {
        var rng = new Rng(Seed, (ulong)panel);
        var z = new double[size * Lanes];
        ulong bits = 0;
        for (int i = 0; i < z.Length; i++)
        {
            if (i % 64 == 0) bits = rng.NextUInt64();
            z[i] = (bits >> (i % 64) & 1) == 0 ? 1 : -1;
        }
        return z;
    }

    /// <summary>Gram and Schmidt, twice; a vector that depends on those before it becomes zero.</summary>
    private static void Orthonormalise(double[] q)
    {
        int size = q.Length / Lanes;
        for (int v = 0; v < Lanes; v++)
        {
            double before = Math.Sqrt(Dot(q, v, v, size));
            for (int pass = 0; pass < 2; pass++)
            {
                for (int b = 0; b < v; b++)
                {
                    double dot = Dot(q, b, v, size);
                    for (int i = 0; i < size; i++) q[i * Lanes + v] -= dot * q[i * Lanes + b];
                }
            }
            double norm = Math.Sqrt(Dot(q, v, v, size)), scale = norm > 1e-8 * before && norm > 0 ? 1 / norm : 0;
            for (int i = 0; i < size; i++) q[i * Lanes + v] *= scale;
        }
    }

    private static double Dot(double[] q, int a, int b, int size)
    {
        double sum = 0;
        for (int i = 0; i < size; i++) sum += q[i * Lanes + a] * q[i * Lanes + b];
        return sum;
    }

    private void Combine(SchurOperator matrix, PanelResult[] results)
    {
        int m = Slopes.Length;
        double[] sums = new double[m + 1];
        for (int k = 0; k < m; k++) sums[k] = results[0].Slopes.AsSpan(k * Lanes, Lanes).ToArray().Sum();
        sums[m] = results[0].Logs.Sum();
        var probes = results.Skip(1).SelectMany(r => Enumerable.Range(0, Lanes).Select(v => (double[])[.. Enumerable.Range(0, m).Select(k => r.Slopes[k * Lanes + v]), r.Logs[v]])).ToArray();
        double[] means = [.. Enumerable.Range(0, m + 1).Select(k => probes.Average(p => p[k]))];
        for (int j = 0; j <= m; j++)
        {
            for (int i = 0; i < m && j < m; i++) SlopeErrors[i, j] = Covariance(probes, means, i, j);
        }
        for (int k = 0; k < m; k++) Slopes[k] = sums[k] + means[k];
        LogDeterminant = matrix.LogDeterminantScale + sums[m] + means[m] - _frobenius / 2;
        LogDeterminantError = Math.Sqrt(Covariance(probes, means, m, m));
    }

    /// <summary>The covariance of two means.</summary>
    private static double Covariance(double[][] probes, double[] means, int i, int j) =>
        probes.Sum(p => (p[i] - means[i]) * (p[j] - means[j])) / ((double)probes.Length * (probes.Length - 1));

    /// <summary>(C_l Λ_t v)(C_l Λ_t w) of every lead level, summed over the lanes.</summary>
    private double[] LeadPart(IterativeSystem system, double[] v, double[] w)
    {
        if (!system.Operator.IsScalar) return [];
        double[] scaledV = new double[v.Length], scaledW = new double[v.Length], sv = new double[Lanes], sw = new double[Lanes];
        system.Operator.ApplyLambda(v, scaledV);
        system.Operator.ApplyLambda(w, scaledW);
        var forms = new double[_product.Layout.LeadLevels];
        for (int l = 0; l < forms.Length; l++)
        {
            system.Lead.Gather(l, scaledV, sv);
            system.Lead.Gather(l, scaledW, sw);
            for (int k = 0; k < Lanes; k++) forms[l] += sv[k] * sw[k];
        }
        return forms;
    }

    /// <summary>diag(X) = Σ over Q of q ∘ X q + E z ∘ X z for X = A⁻¹, and likewise for the forms of the lead levels.</summary>
    private void CombineDiagonals(SchurOperator matrix, PanelResult[] results)
    {
        if (!matrix.IsScalar) return;
        TailDiagonal = new double[matrix.Size];
        for (int i = 0; i < TailDiagonal.Length; i++)
        {
            double sum = 0;
            for (int r = 0; r < results.Length; r++)
            {
                double share = r == 0 ? 1 : 1.0 / _probes;
                for (int v = 0; v < Lanes; v++) sum += share * results[r].Z[i * Lanes + v] * results[r].Inverse[i * Lanes + v];
            }
            TailDiagonal[i] = Math.Max(1, sum) * matrix.ScalarIdentity[i]; // A has a unit diagonal, so that of its inverse is at least 1
        }
        LeadForms = (double[])results[0].LeadForms.Clone();
        for (int l = 0; l < LeadForms.Length; l++)
        {
            for (int r = 1; r < results.Length; r++) LeadForms[l] += results[r].LeadForms[l] / _probes;
            LeadForms[l] = Math.Max(0, LeadForms[l]);
        }
    }
}
