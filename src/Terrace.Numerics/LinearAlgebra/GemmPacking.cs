using System.Runtime.CompilerServices;

namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// Copies a block of a matrix into panels of a fixed width, so that the micro-kernel reads memory in order; missing rows of the last panel are zeros.
/// <para>Source: Goto and van de Geijn (2008), section 5. Tests: GemmTests.</para>
/// </summary>
internal static unsafe class GemmPacking
{
    /// <summary>Packs <paramref name="rows"/> × <paramref name="columns"/> of <paramref name="a"/> in panels of <paramref name="width"/> rows, each column by column.</summary>
    public static void Pack(Strided a, int rows, int columns, int width, double* target)
    {
        for (int row = 0; row < rows; row += width)
        {
            PackPanel(a.From(row, 0), Math.Min(width, rows - row), columns, width, target);
            target += (nint)width * columns;
        }
    }

    private static void PackPanel(Strided a, int rows, int columns, int width, double* target)
    {
        if (rows < width) new Span<double>(target, width * columns).Clear();
        if (a.RowStride == 1)
        {
            uint bytes = (uint)(rows * sizeof(double));
            for (int j = 0; j < columns; j++) Unsafe.CopyBlockUnaligned(target + (nint)j * width, a.At(0, j), bytes);
            return;
        }

        int i = 0;
        for (; i + 4 <= rows; i += 4) TransposeFour(a.From(i, 0), columns, width, target + i);
        for (; i < rows; i++)
        {
            double* source = a.At(i, 0);
            for (int j = 0; j < columns; j++) target[(nint)j * width + i] = source[j * a.ColumnStride];
        }
    }

    private static void TransposeFour(Strided a, int columns, int width, double* target)
    {
        double* r0 = a.At(0, 0), r1 = a.At(1, 0), r2 = a.At(2, 0), r3 = a.At(3, 0);
        nint step = a.ColumnStride, at = 0;
        for (int j = 0; j < columns; j++, at += step, target += width)
        {
            target[0] = r0[at];
            target[1] = r1[at];
            target[2] = r2[at];
            target[3] = r3[at];
        }
    }
}
