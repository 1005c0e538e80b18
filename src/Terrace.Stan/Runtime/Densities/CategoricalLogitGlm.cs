using System.Numerics.Tensors;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// categorical_logit_glm: outcomes 1 … K with log odds α + xᵢ B, B a matrix with a column a category. Arguments: y, x, alpha, beta. Residuals rᵢ_c = [yᵢ = c] − softmax(ηᵢ)_c; gradients Xᵀ R by B, the
/// column sums of R by α, R Bᵀ by X.
/// </summary>
internal static class CategoricalLogitGlm
{
    private const string Function = "categorical_logit_glm_lpmf";

    /// <summary>The log mass of one outcome for all rows.</summary>
    public static Block Log(Workspace w, int terms, int y, Block x, Block alpha, Block beta) => Log(w, terms, IntColumn.Single(w, y), x, alpha, beta);

    /// <summary>The sum of the log masses.</summary>
    public static Block Log(Workspace w, int terms, IntBlock y, Block x, Block alpha, Block beta)
    {
        int n = y.Count != 1 ? y.Count : x.Rows, categories = beta.Cols;
        if (x.Rows != 1 && x.Rows != n) Workspace.Fail($"{Function}: the design matrix has {x.Rows} rows, but there are {n} outcomes");
        if (beta.Rows != x.Cols) Workspace.Fail($"{Function}: the coefficients have {beta.Rows} rows, but the design matrix has {x.Cols} columns");
        if (alpha.Count != categories) Workspace.Fail($"{Function}: the intercept has {alpha.Count} elements, but the coefficients have {categories} columns");
        ReadOnlySpan<int> outcomes = w.Ints(y);
        DiscreteDomain.Range(Function, outcomes, 1, categories);
        var partials = new DensityPartials(w);
        if ((terms & 15) == 0 || n == 0) return partials.Close(0);
        var model = new Model(w.Values(x), w.Values(alpha), w.Values(beta), partials.Of(x), partials.Of(alpha), partials.Of(beta), x.Rows, x.Cols, categories);
        double sum = 0;
        int tile = GlmDensity.TileLength(x.Rows, x.Cols + categories), top = w.Top, size = tile * (categories + 2);
        Span<double> scratch = w.V.AsSpan(w.AllocateSlots(size), size);
        for (int from = 0; from < x.Rows; from += tile) sum += x.Rows == 1 ? model.OneRow(outcomes, scratch) : model.Tile(outcomes, from, Math.Min(tile, x.Rows - from), scratch);
        w.Top = top;
        if (!double.IsFinite(sum)) GlmDensity.CheckFinite(Function, w.Values(x), w.Values(alpha), w.Values(beta));
        return partials.Close(sum);
    }

    /// <summary>Values and gradients of the arguments.</summary>
    private readonly ref struct Model(
        ReadOnlySpan<double> x, ReadOnlySpan<double> alpha, ReadOnlySpan<double> beta, Span<double> dx, Span<double> dAlpha, Span<double> dBeta, int rows, int cols, int categories)
    {
        private readonly ReadOnlySpan<double> _x = x, _alpha = alpha, _beta = beta;
        private readonly Span<double> _dx = dx, _dAlpha = dAlpha, _dBeta = dBeta;

        private bool Slopes => !_dx.IsEmpty || !_dAlpha.IsEmpty || !_dBeta.IsEmpty;

        /// <summary>All outcomes share a row of predictors: Σ_c count_c (η_c − log Σ e^η).</summary>
        public double OneRow(ReadOnlySpan<int> y, Span<double> scratch)
        {
            Span<double> eta = scratch[..categories];
            for (int c = 0; c < categories; c++) eta[c] = _alpha[c] + TensorPrimitives.Dot(_x, _beta.Slice(c * cols, cols));
            double normalizer = LogSum.LogSumExp(eta), sum = -y.Length * normalizer;
            foreach (int one in y) sum += eta[one - 1];
            if (!Slopes) return sum;
            for (int c = 0; c < categories; c++) eta[c] = -y.Length * Math.Exp(eta[c] - normalizer);
            foreach (int one in y) eta[one - 1]++;
            Distribute(0, 1, eta);
            return sum;
        }

        /// <summary>Rows <paramref name="from"/> … of a design matrix; residuals column by column of categories.</summary>
        public double Tile(ReadOnlySpan<int> y, int from, int n, Span<double> scratch)
        {
            Span<double> eta = scratch[..(n * categories)], largest = scratch.Slice(n * categories, n), total = scratch.Slice(n * (categories + 1), n);
            for (int c = 0; c < categories; c++)
            {
                Span<double> column = eta.Slice(c * n, n);
                column.Fill(_alpha[c]);
                DesignProducts.Add(_x[from..], rows, _beta.Slice(c * cols, cols), column);
                if (c == 0) column.CopyTo(largest);
                else TensorPrimitives.Max(largest, column, largest);
            }
            double sum = -TensorPrimitives.Sum<double>(largest);
            for (int i = 0; i < n; i++) sum += eta[((y[y.Length == 1 ? 0 : from + i] - 1) * n) + i];
            total.Clear();
            for (int c = 0; c < categories; c++)
            {
                Span<double> column = eta.Slice(c * n, n);
                TensorPrimitives.Subtract(column, largest, column);
                ExponentialKernel.Evaluate(column, column);
                TensorPrimitives.Add(total, column, total);
            }
            TensorPrimitives.Log(total, largest);
            sum -= TensorPrimitives.Sum<double>(largest);
            if (!Slopes) return sum;
            TensorPrimitives.Negate(total, total);
            for (int c = 0; c < categories; c++) TensorPrimitives.Divide(eta.Slice(c * n, n), total, eta.Slice(c * n, n));
            for (int i = 0; i < n; i++) eta[((y[y.Length == 1 ? 0 : from + i] - 1) * n) + i]++;
            Distribute(from, n, eta);
            return sum;
        }

        private void Distribute(int from, int n, ReadOnlySpan<double> residuals)
        {
            for (int c = 0; c < categories; c++)
            {
                ReadOnlySpan<double> column = residuals.Slice(c * n, n);
                if (!_dAlpha.IsEmpty) _dAlpha[c] += TensorPrimitives.Sum(column);
                if (!_dBeta.IsEmpty) DesignProducts.AddTransposed(_x[from..], rows, column, _dBeta.Slice(c * cols, cols));
                for (int j = 0; j < cols && !_dx.IsEmpty; j++) TensorPrimitives.MultiplyAdd(column, _beta[(c * cols) + j], _dx.Slice((j * rows) + from, n), _dx.Slice((j * rows) + from, n));
            }
        }
    }
}
