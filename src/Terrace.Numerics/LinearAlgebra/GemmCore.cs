using System.Buffers;

namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// The product of two matrices added to a third, blocked for the caches: C += alpha A B, all of C or its lower triangle only.
/// <para>Formula: for slices of KC of the inner dimension, B is packed in panels of a few columns and A in panels of a few rows; a micro-kernel
/// adds the product of two panels to a tile of C held in registers.</para>
/// <para>Symbols: MC = <see cref="BlockRows"/>, KC = <see cref="BlockInner"/>, NC = <see cref="BlockColumns"/>.</para>
/// <para>Source: Goto and van de Geijn (2008), Anatomy of high-performance matrix multiplication. Deviation: A is read in place where it is contiguous and the slice
/// is thin, for packing would cost more than it saves. Tests: GemmTests, SyrkTests.</para>
/// </summary>
internal unsafe ref struct GemmCore
{
    private const int BlockRows = 192, BlockInner = 256, BlockColumns = 768, ThinInner = 96, Alignment = 8;
    private readonly int _tileRows, _tileColumns;
    private readonly delegate*<double*, nint, double*, int, double*, nint, double, void> _kernel;
    private readonly double _alpha;
    private readonly bool _lower;

    private GemmCore(SimdLevel level, double alpha, bool lower)
    {
        _alpha = alpha;
        _lower = lower;
        (_tileRows, _tileColumns) = level switch
        {
            SimdLevel.Avx512 => (GemmMicroKernels.Rows512, GemmMicroKernels.Columns512),
            SimdLevel.Avx2 => (GemmMicroKernels.Rows256, GemmMicroKernels.Columns256),
            _ => (GemmMicroKernels.RowsScalar, GemmMicroKernels.ColumnsScalar),
        };
        _kernel = level switch
        {
            SimdLevel.Avx512 => &GemmMicroKernels.Avx512,
            SimdLevel.Avx2 => &GemmMicroKernels.Avx2,
            _ => &GemmMicroKernels.Scalar,
        };
    }

    /// <summary>C (m × n) += alpha A (m × k) B (k × n); C must be contiguous along one dimension. With <paramref name="lower"/> only i &gt;= j.</summary>
    public static void Add(SimdLevel level, int m, int n, int k, double alpha, Strided a, Strided b, Strided c, bool lower = false)
    {
        if (m == 0 || n == 0 || k == 0) return;
        if (c.RowStride is not (1 or -1)) (m, n, a, b, c) = (n, m, b.Transposed, a.Transposed, c.Transposed);
        if (c.RowStride == -1) (a, c) = (a.ReversedRows(m), c.ReversedRows(m));
        new GemmCore(level, alpha, lower).Run(m, n, k, a, b, c);
    }

    private readonly void Run(int m, int n, int k, Strided a, Strided b, Strided c)
    {
        int inner = Math.Min(k, BlockInner), sizeB = RoundUp(Math.Min(n, BlockColumns), _tileColumns) * inner, sizeA = RoundUp(Math.Min(m, BlockRows), _tileRows) * inner;
        double[] buffer = ArrayPool<double>.Shared.Rent(sizeA + sizeB + Alignment);
        fixed (double* start = buffer)
        {
            double* packedB = (double*)(((nuint)start + 63) & ~(nuint)63), packedA = packedB + sizeB;
            for (int column = 0; column < n; column += BlockColumns)
            {
                int columns = Math.Min(BlockColumns, n - column);
                for (int slice = 0; slice < k; slice += BlockInner)
                {
                    int depth = Math.Min(BlockInner, k - slice);
                    GemmPacking.Pack(b.From(slice, column).Transposed, columns, depth, _tileColumns, packedB);
                    for (int row = _lower ? column / BlockRows * BlockRows : 0; row < m; row += BlockRows)
                    {
                        AddBlock(a.From(row, slice), packedA, packedB, c.From(row, column), Math.Min(BlockRows, m - row), columns, depth, row - column);
                    }
                }
            }
        }

        ArrayPool<double>.Shared.Return(buffer);
    }

    /// <summary>One block of rows against the packed columns. <paramref name="offset"/> = first row - first column, which places the diagonal.</summary>
    private readonly void AddBlock(Strided a, double* packedA, double* packedB, Strided c, int rows, int columns, int depth, int offset)
    {
        bool inPlace = a.RowStride == 1 && depth <= ThinInner;
        int whole = inPlace ? rows / _tileRows * _tileRows : 0;
        GemmPacking.Pack(a.From(whole, 0), rows - whole, depth, _tileRows, packedA);
        for (int j = 0; j < columns; j += _tileColumns)
        {
            int width = Math.Min(_tileColumns, columns - j);
            double* panelB = packedB + (nint)j * depth;
            for (int i = _lower ? Math.Max(0, (j - offset) / _tileRows * _tileRows) : 0; i < rows; i += _tileRows)
            {
                bool direct = i < whole;
                double* panelA = direct ? a.At(i, 0) : packedA + (nint)(i - whole) * depth;
                AddTile(panelA, direct ? a.ColumnStride : _tileRows, panelB, depth, c.From(i, j), Math.Min(_tileRows, rows - i), width, offset + i - j);
            }
        }
    }

    private readonly void AddTile(double* a, nint strideA, double* b, int depth, Strided c, int rows, int columns, int offset)
    {
        bool whole = rows == _tileRows && columns == _tileColumns && (!_lower || offset >= columns - 1);
        if (whole)
        {
            _kernel(a, strideA, b, depth, c.Start, c.ColumnStride, _alpha);
            return;
        }

        double* tile = stackalloc double[GemmMicroKernels.Rows512 * GemmMicroKernels.Columns512];
        _kernel(a, strideA, b, depth, tile, _tileRows, _alpha);
        for (int j = 0; j < columns; j++)
        {
            double* source = tile + j * _tileRows, target = c.At(0, j);
            for (int i = _lower ? Math.Max(0, j - offset) : 0; i < rows; i++) target[i] += source[i];
        }
    }

    private static int RoundUp(int value, int step) => (value + step - 1) / step * step;
}
