using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// Solves systems with H(θ) = [Λ'GΛ + I, Λ'Z'WX; X'WZΛ, X'WX] by eliminating the lead factor exactly, conjugate gradients on the Schur complement of the tail, and the fixed effects exactly after them.
/// </summary>
/// <remarks>
/// <para>With S the Schur complement over the random tail, S_tX its coupling with the fixed effects and U = S⁻¹S_tX: K = S_XX − S_tX'U is R_X'R_X; γ = K⁻¹(b_X − U'b_t), u_t = S⁻¹b_t − Uγ, u_l = P_l(b_l − Λ₁'(C_lΛ_t u_t + C_lX γ)).</para>
/// <para>Hestenes and Stiefel (1952), <em>Methods of conjugate gradients for solving linear systems</em>, eight right-hand sides in step. Check: IterativeLinearMixedModelTests (dense twins).</para>
/// </remarks>
internal sealed class IterativeSystem
{
    private const int Lanes = PanelConjugateGradients.Lanes;
    private const double Tolerance = 1e-11;
    private const int MostSteps = 2000;
    private readonly BlockedCrossProduct _product;
    private readonly RelativeCovarianceFactor _lambda;
    private readonly RandomEffectsLayout _layout;
    private readonly int _p;
    private readonly double[] _fixedSolution;
    private readonly Matrix _fixedFactor;

    public IterativeSystem(BlockedCrossProduct product, RelativeCovarianceFactor lambda)
    {
        (_product, _lambda, _layout, _p) = (product, lambda, product.Layout, product.FixedColumns);
        Lead = new LeadElimination(product, lambda);
        Operator = new SchurOperator(product, Lead, lambda);
        int n = _layout.TailColumns;
        double[][] border = [.. Enumerable.Range(0, _p).Select(BorderColumn)];
        _fixedSolution = new double[n * _p];
        double[][] solved = SolveTail([.. border.Select(b => b[..n])]);
        for (int j = 0; j < _p; j++) solved[j].CopyTo(_fixedSolution, j * n);
        FixedPrecision = new Matrix(_p, _p);
        for (int j = 0; j < _p; j++)
        {
            for (int i = 0; i < _p; i++) FixedPrecision[i, j] = border[j][n + i] - ContiguousLoops.Dot(border[i].AsSpan(0, n), _fixedSolution.AsSpan(j * n, n));
        }
        _fixedFactor = FixedPrecision.Copy();
        if (_p > 0 && !Cholesky.TryFactor(_fixedFactor)) throw new ModelException("The fixed effects are not identified beside the random ones.");
    }

    public LeadElimination Lead { get; }

    public SchurOperator Operator { get; }

    /// <summary>R_X'R_X.</summary>
    public Matrix FixedPrecision { get; }

    /// <summary>log |R_X|².</summary>
    public double LogDeterminantFixed => _p == 0 ? 0 : Cholesky.LogDeterminant(_fixedFactor);

    /// <summary>(R_X'R_X)⁻¹.</summary>
    public Matrix FixedCovariance() => _p == 0 ? new Matrix(0, 0) : Cholesky.InverseFromFactor(_fixedFactor);

    /// <summary>H⁻¹ b for right-hand sides over (random effects, fixed effects).</summary>
    public double[][] Solve(double[][] right)
    {
        int n = _layout.TailColumns, lead = _layout.LeadColumns;
        double[][] reduced = [.. right.Select(Reduce)];
        double[][] tails = SolveTail([.. reduced.Select(b => b[..n])]);
        for (int s = 0; s < right.Length; s++)
        {
            var gamma = reduced[s].AsSpan(n);
            for (int j = 0; j < _p; j++) gamma[j] -= ContiguousLoops.Dot(_fixedSolution.AsSpan(j * n, n), reduced[s].AsSpan(0, n));
            if (_p > 0)
            {
                Cholesky.SolveLower(_fixedFactor, gamma);
                Cholesky.SolveLowerTransposed(_fixedFactor, gamma);
            }
            for (int j = 0; j < _p; j++)
            {
                for (int i = 0; i < n; i++) tails[s][i] -= _fixedSolution[j * n + i] * gamma[j];
            }
            double[] solution = [.. right[s]];
            tails[s].CopyTo(solution, lead);
            gamma.CopyTo(solution.AsSpan(lead + n));
            BackSubstitute(solution);
            reduced[s] = solution;
        }
        return reduced;
    }

    /// <summary>M⁻¹ Λ'Z'WX: one column per fixed effect, over the random effects and (zeros) the fixed ones.</summary>
    public double[][] FixedColumnsSolved()
    {
        int n = _layout.TailColumns, lead = _layout.LeadColumns;
        var columns = new double[_p][];
        for (int j = 0; j < _p; j++)
        {
            var column = new double[lead + n + _p];
            _fixedSolution.AsSpan(j * n, n).CopyTo(column.AsSpan(lead));
            column[lead + n + j] = -1;
            BackSubstitute(column);
            column[lead + n + j] = 0;
            columns[j] = column;
        }
        return columns;
    }

    /// <summary>S⁻¹ b for right-hand sides over the random tail.</summary>
    private double[][] SolveTail(double[][] right)
    {
        int n = _layout.TailColumns;
        double[] panel = new double[n * Lanes], scaled = new double[n * Lanes], solution = new double[n * Lanes];
        var solver = new PanelConjugateGradients(Operator);
        for (int from = 0; from < right.Length; from += Lanes)
        {
            int count = Math.Min(Lanes, right.Length - from);
            Array.Clear(panel);
            for (int v = 0; v < count; v++)
            {
                for (int i = 0; i < n; i++) panel[i * Lanes + v] = right[from + v][i];
            }
            Operator.Scale(panel, scaled);
            if (!solver.Solve(scaled, solution, Tolerance, MostSteps)) throw NotConverged();
            Operator.Unscale(solution, panel);
            for (int v = 0; v < count; v++)
            {
                for (int i = 0; i < n; i++) right[from + v][i] = panel[i * Lanes + v];
            }
        }
        return right;
    }

    /// <summary>The refusal when conjugate gradients do not converge.</summary>
    public static ModelException NotConverged() => new($"The conjugate gradients did not converge in {MostSteps:N0} steps: the grouping factors are too nearly nested for the iterative factorisation; ask for a sparse one.");

    /// <summary>b_t − Λ_t'C'Λ₁P b_l over the tail and the fixed effects.</summary>
    private double[] Reduce(double[] b)
    {
        int lead = _layout.LeadColumns, width = _layout.LeadWidth, n = _layout.TailColumns;
        var raw = new double[n + _p];
        var mixed = new double[width];
        for (int l = 0; l < _layout.LeadLevels; l++)
        {
            MultiplyTransposed(Lead.M(l), width, b.AsSpan(l * width, width), mixed);
            AddCoupling(l, mixed, raw);
        }
        var result = new double[n + _p];
        ScaleTail(raw, result);
        for (int i = 0; i < result.Length; i++) result[i] = b[lead + i] - result[i];
        return result;
    }

    /// <summary>u_l = P_l (b_l − Λ₁'(C Λ_t u_t + C_X γ)) in place; b_l stands where u_l will.</summary>
    private void BackSubstitute(double[] solution)
    {
        int lead = _layout.LeadColumns, width = _layout.LeadWidth;
        var b = new double[solution.Length];
        _lambda.Multiply(solution, b);
        for (int l = 0; l < _layout.LeadLevels; l++)
        {
            var part = solution.AsSpan(l * width, width);
            var sum = new double[width];
            var c = Lead.Coupling(l);
            for (int a = 0; a * width < c.Length; a++)
            {
                double value = b[lead + _product.TailColumn(l, a)];
                for (int r = 0; r < width; r++) sum[r] += c[a * width + r] * value;
            }
            double[] own = [.. part];
            ApplyP(l, own, part);
            var m = Lead.M(l);
            for (int r = 0; r < width; r++)
            {
                for (int k = 0; k < width; k++) part[r] -= m[r + k * width] * sum[k];
            }
        }
    }

    /// <summary>P_l b = b − P_l Λ₁'D_l Λ₁ b.</summary>
    private void ApplyP(int level, double[] b, Span<double> result)
    {
        int width = _layout.LeadWidth;
        double[] scaled = new double[width], product = new double[width];
        RelativeCovarianceFactor.MultiplyLevel(_lambda.Lead, width, b, scaled);
        for (int c = 0; c < width; c++)
        {
            for (int r = 0; r < width; r++) product[r] += _product.Lead[(level * width + c) * width + r] * scaled[c];
        }
        var m = Lead.M(level);
        for (int r = 0; r < width; r++)
        {
            result[r] = b[r];
            for (int c = 0; c < width; c++) result[r] -= m[r + c * width] * product[c];
        }
    }

    /// <summary>Column j of the Schur complement's coupling with the fixed effects: over the tail, then the fixed effects.</summary>
    private double[] BorderColumn(int j)
    {
        int width = _layout.LeadWidth, n = _layout.TailColumns;
        var tail = _product.SparseTail!;
        double[] raw = new double[n + _p], mixed = new double[width], result = new double[n + _p];
        for (int l = 0; l < _layout.LeadLevels; l++)
        {
            var c = Lead.Coupling(l);
            int at = c.Length - (_p - j) * width;
            MultiplyTransposed(Lead.F(l), width, c.Slice(at, width), mixed);
            AddCoupling(l, mixed, raw);
        }
        for (int i = 0; i < n; i++) raw[i] = tail.Fixed[i * _p + j] - raw[i];
        for (int i = 0; i < _p; i++) raw[n + i] = tail.Corner[i + j * _p] - raw[n + i];
        ScaleTail(raw, result);
        return result;
    }

    /// <summary>Adds C_l'm to a vector over the tail and the fixed effects.</summary>
    private void AddCoupling(int level, double[] m, double[] raw)
    {
        int width = _layout.LeadWidth;
        var c = Lead.Coupling(level);
        for (int a = 0; a * width < c.Length; a++)
        {
            double sum = 0;
            for (int r = 0; r < width; r++) sum += c[a * width + r] * m[r];
            raw[_product.TailColumn(level, a)] += sum;
        }
    }

    /// <summary>Λ_t' over the tail; the fixed effects are copied.</summary>
    private void ScaleTail(double[] raw, double[] result)
    {
        int lead = _layout.LeadColumns;
        double[] full = new double[lead + raw.Length], scaled = new double[full.Length];
        raw.CopyTo(full, lead);
        _lambda.MultiplyTransposed(full, scaled);
        scaled.AsSpan(lead).CopyTo(result);
    }

    private static void MultiplyTransposed(ReadOnlySpan<double> matrix, int width, ReadOnlySpan<double> x, double[] result)
    {
        for (int c = 0; c < width; c++)
        {
            result[c] = 0;
            for (int r = 0; r < width; r++) result[c] += matrix[r + c * width] * x[r];
        }
    }
}
