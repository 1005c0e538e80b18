using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// The cross-products of a linear mixed model summed up block by block, so that memory does not depend on the number of rows: levels of grouping factors, their combinations with levels of the lead
/// factor, and squares of the tail are all that is kept.
/// </summary>
/// <remarks>
/// <para>Every block is a small problem in the coordinates of <see cref="ProvisionalBasis"/>; its <see cref="BlockedCrossProduct"/> is added to the total. At the end X becomes orthonormal (T) and the response
/// is centred: Z'WQ = (Z'WQ̃)T, g = T'Q̃'Wỹ, Z'Wr = Z'Wỹ − (Z'WQ)g, r'Wr = ỹ'Wỹ − g'g.</para>
/// <para>The equations are those of Bates et al. (2015), section 3.4; sums by blocks as in Chan, Golub and LeVeque (1983). Check: StreamedFitTests.</para>
/// </remarks>
internal sealed class StreamedCrossProducts
{
    private readonly ModelFrame _frame;
    private readonly string _source;
    private static readonly EncodeOptions ByRow = new() { Collapse = false };
    private readonly Family _family = Family.Gaussian();
    private readonly StreamedCoupling _coupling = new();
    private ProvisionalBasis? _basis;
    private BlockedCrossProduct? _total;
    private double[] _leadFixed = [];
    private ModelRows? _first;
    private double _totalSquares;
    private double _weightSum;
    private double _sumLogWeight;
    private double? _commonWeight;
    private bool _weightsDiffer;
    private int _weightedRows;
    private int _rowsRead;
    private RandomTermScaling? _far;
    private StreamedCrossProducts? _orthonormal;
    private bool _isOrthonormal;

    public StreamedCrossProducts(ModelFrame frame, string source)
    {
        _frame = frame;
        _source = source;
    }

    /// <summary>The number of rows used.</summary>
    public long Rows { get; private set; }

    /// <summary>The number of rows left out.</summary>
    public long OmittedRows { get; private set; }

    /// <summary>Takes in a block.</summary>
    public void Add(Frame block)
    {
        if (_rowsRead > int.MaxValue - block.RowCount) throw new ModelException($"{_source} has more than {int.MaxValue} rows, which is more than a model can count.");
        ModelRows rows = _frame.EncodeFrom(block, ByRow, _rowsRead);
        _rowsRead += block.RowCount;
        Rows += rows.Rows;
        OmittedRows += rows.OmittedRows;
        if (rows.Rows == 0 || rows.Weights is { } weights && Array.TrueForAll(weights, w => w == 0)) return;
        Add(rows, Observations.Resolve(rows, _family));
    }

    /// <summary>The sums over all rows, the fixed effects orthonormal and the response centred; those of the covariates to search on, and their scaling.</summary>
    /// <exception cref="ModelException">No row counts, or the data cannot carry the model.</exception>
    public LinearCrossProducts Finish(out BlockedCrossProduct searched, out RandomTermScaling scaling)
    {
        LinearCrossProducts sums = Finish();
        searched = _orthonormal?.Finish().Product ?? sums.Product;
        scaling = _far ?? new RandomTermScaling(sums.Product, sums.WeightSum);
        return sums;
    }

    private LinearCrossProducts Finish()
    {
        if (_total is null || _basis is null) throw new ModelException($"{_source}: all weights are 0, so no row counts; give positive weights.");
        if (!_weightsDiffer) InputChecks.ResidualVariance(_first!.Design.RandomTerms, _weightedRows);
        var layout = _total.Layout;
        int random = layout.TailColumns, q = layout.Columns;
        var corner = new Matrix(_basis.Count, _basis.Count);
        for (int j = 0; j < corner.Columns; j++) _total.Tail.Column(random + j)[random..].CopyTo(corner.Column(j));
        FixedEffectsBasis basis = _basis.Complete(corner, out double[] centre);
        var product = new BlockedCrossProduct(layout, _coupling.Pattern(layout), basis.Rank);
        Transform(_basis.Transform, product);
        Centre(product, _basis.Transform, centre);
        InputChecks.ResponseVaries(product.SumOfSquares, _totalSquares, _weightedRows, basis.Rank, _first!.Response!.Name);
        return new LinearCrossProducts { Product = product, Basis = basis, Centre = centre, Rows = _weightedRows, SumLogWeight = _sumLogWeight, WeightSum = _weightSum };
    }

    /// <summary>What the result says about the model.</summary>
    public MixedModelShape Shape(LinearCrossProducts sums) =>
        new(sums.Product.Layout, sums.Product.Pattern, sums.Basis, _first!.Design.ColumnNames, _first.Response!.Name, _family, _weightedRows);

    private void Add(ModelRows rows, Observations observations)
    {
        double[] response = [.. observations.Y];
        for (int i = 0; i < response.Length; i++) response[i] -= rows.Design.Offset[i];
        if (_basis is null)
        {
            InputChecks.Groups(rows);
            _basis = new ProvisionalBasis(rows.Design.X, response, observations.Weight);
            _first = rows with { RowToCell = [], SourceRows = [] };
        }
        double[][] columns = _basis.Columns(rows.Design.X);
        for (int j = 0; j < columns.Length; j++) ContiguousLoops.AddMultiple(-_basis.Coefficients[j], columns[j], response);
        var cells = new MixedModelCells(rows.Design, FixedEffectsBasis.OfColumns(columns, rows.Cells), Factorisation.Dense);
        var product = new BlockedCrossProduct(cells.Layout, cells.Pattern, cells.FixedColumns);
        new CrossProductAccumulator(cells).Accumulate(observations.Weight, response, product);
        AddOrthonormal(rows, observations, cells);
        Count(observations);
        Add(product);
    }

    /// <summary>Covariates far from zero, by the first rows, are summed up a second time in orthonormal coordinates: see <see cref="RandomTermScaling"/>.</summary>
    private void AddOrthonormal(ModelRows rows, Observations observations, MixedModelCells cells)
    {
        if (_isOrthonormal) return;
        if (_weightedRows == 0 && new RandomTermScaling(cells, observations.Weight) is { IsFar: true } scaling)
        {
            _far = scaling;
            _orthonormal = new StreamedCrossProducts(_frame, _source) { _isOrthonormal = true };
        }
        _orthonormal?.Add(rows with { Design = _far!.Orthonormal(rows.Design) }, observations);
    }

    private void Count(Observations observations)
    {
        for (int i = 0; i < observations.Y.Length; i++) _totalSquares += observations.Weight[i] * observations.Y[i] * observations.Y[i];
        _weightSum += observations.WeightSum;
        _sumLogWeight += observations.SumLogWeight;
        _weightedRows += observations.WeightedRows;
        _commonWeight ??= observations.RowWeight[0];
        _weightsDiffer |= Array.Exists(observations.RowWeight, w => w != _commonWeight);
    }

    private void Add(BlockedCrossProduct block)
    {
        int width = block.Layout.LeadWidth, p = block.FixedColumns;
        if (_total is null)
        {
            var none = new CouplingPattern(new int[block.Layout.LeadLevels + 1], []);
            _total = new BlockedCrossProduct(block.Layout, none, p);
            _leadFixed = _total.Coupling;
        }
        ContiguousLoops.AddMultiple(1, block.Lead, _total.Lead);
        ContiguousLoops.AddMultiple(1, block.Tail.Values, _total.Tail.Values);
        ContiguousLoops.AddMultiple(1, block.RightSide, _total.RightSide);
        _total.SumOfSquares += block.SumOfSquares;
        for (int l = 0; l < block.Layout.LeadLevels; l++)
        {
            int start = block.CouplingStart(l), random = block.Pattern.Count(l);
            for (int a = 0; a < random; a++) _coupling.Add(l, block.Pattern.Columns[block.Pattern.Starts[l] + a], block.Coupling.AsSpan(start + a * width, width));
            ContiguousLoops.AddMultiple(1, block.Coupling.AsSpan(start + random * width, p * width), _leadFixed.AsSpan(l * p * width));
        }
    }

    /// <summary>Copies the sums into <paramref name="product"/>, the fixed effects times T.</summary>
    private void Transform(Matrix t, BlockedCrossProduct product)
    {
        var layout = product.Layout;
        int width = layout.LeadWidth, random = layout.TailColumns, p = t.Rows;
        _total!.Lead.CopyTo(product.Lead, 0);
        product.SumOfSquares = _total.SumOfSquares;
        _coupling.CopyTo(product);
        for (int l = 0; l < layout.LeadLevels; l++)
        {
            int start = product.CouplingStart(l) + product.Pattern.Count(l) * width;
            for (int k = 0; k < t.Columns; k++)
            {
                for (int j = 0; j < p; j++) ContiguousLoops.AddMultiple(t[j, k], _leadFixed.AsSpan((l * p + j) * width, width), product.Coupling.AsSpan(start + k * width));
            }
        }
        for (int j = 0; j < random; j++)
        {
            _total.Tail.Column(j)[..random].CopyTo(product.Tail.Column(j));
            for (int k = 0; k < t.Columns; k++) product.Tail[random + k, j] = ContiguousLoops.Dot(t.Column(k), _total.Tail.Column(j)[random..]);
        }
        for (int k = 0; k < t.Columns; k++) product.Tail[random + k, random + k] = 1;
        Syrk.MirrorLower(product.Tail);
    }

    /// <summary>The right sides of the response less its regression on Q, whose coefficients <paramref name="centre"/> then has in full.</summary>
    private void Centre(BlockedCrossProduct product, Matrix t, double[] centre)
    {
        int q = product.Layout.Columns;
        double[] coefficients = new double[q + t.Columns], explained = new double[q + t.Columns];
        for (int k = 0; k < t.Columns; k++) coefficients[q + k] = ContiguousLoops.Dot(t.Column(k), _total!.RightSide.AsSpan(q));
        product.Multiply(coefficients, explained);
        for (int j = 0; j < q; j++) product.RightSide[j] = _total!.RightSide[j] - explained[j];
        for (int k = 0; k < t.Columns; k++)
        {
            product.SumOfSquares -= coefficients[q + k] * coefficients[q + k];
            centre[k] += coefficients[q + k];
        }
    }
}
