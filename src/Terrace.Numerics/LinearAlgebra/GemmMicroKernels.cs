using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// The innermost loops of matrix products: a tile of C kept in registers while a column of A and a row of B pass by.
/// <para>Formula: C += alpha sum_k a_k b_k', with a_k at <c>a + k strideA</c> (contiguous) and b_k packed one after the other.</para>
/// <para>Source: Goto and van de Geijn (2008), Anatomy of high-performance matrix multiplication, section 6. Tests: GemmTests (each level against plain loops).</para>
/// <para>Unrolled by hand, since the compiler keeps only named locals in registers.</para>
/// </summary>
internal static unsafe class GemmMicroKernels
{
    public const int Rows512 = 24, Columns512 = 8, Rows256 = 12, Columns256 = 4, RowsScalar = 4, ColumnsScalar = 4;

    /// <summary>The 24 x 8 tile: 3 registers of 8 rows by 8 columns, all sums held in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Avx512(double* a, nint strideA, double* b, int k, double* c, nint strideC, double alpha)
    {
        Vector512<double> c00 = Vector512<double>.Zero, c01 = Vector512<double>.Zero, c02 = Vector512<double>.Zero, c03 = Vector512<double>.Zero, c04 = Vector512<double>.Zero, c05 = Vector512<double>.Zero, c06 = Vector512<double>.Zero, c07 = Vector512<double>.Zero;
        Vector512<double> c10 = Vector512<double>.Zero, c11 = Vector512<double>.Zero, c12 = Vector512<double>.Zero, c13 = Vector512<double>.Zero, c14 = Vector512<double>.Zero, c15 = Vector512<double>.Zero, c16 = Vector512<double>.Zero, c17 = Vector512<double>.Zero;
        Vector512<double> c20 = Vector512<double>.Zero, c21 = Vector512<double>.Zero, c22 = Vector512<double>.Zero, c23 = Vector512<double>.Zero, c24 = Vector512<double>.Zero, c25 = Vector512<double>.Zero, c26 = Vector512<double>.Zero, c27 = Vector512<double>.Zero;
        for (; k > 0; k--)
        {
            Vector512<double> a0 = Vector512.Load(a), a1 = Vector512.Load(a + 8), a2 = Vector512.Load(a + 16), x;
            x = Vector512.Create(b[0]);
            c00 = Avx512F.FusedMultiplyAdd(a0, x, c00);
            c10 = Avx512F.FusedMultiplyAdd(a1, x, c10);
            c20 = Avx512F.FusedMultiplyAdd(a2, x, c20);
            x = Vector512.Create(b[1]);
            c01 = Avx512F.FusedMultiplyAdd(a0, x, c01);
            c11 = Avx512F.FusedMultiplyAdd(a1, x, c11);
            c21 = Avx512F.FusedMultiplyAdd(a2, x, c21);
            x = Vector512.Create(b[2]);
            c02 = Avx512F.FusedMultiplyAdd(a0, x, c02);
            c12 = Avx512F.FusedMultiplyAdd(a1, x, c12);
            c22 = Avx512F.FusedMultiplyAdd(a2, x, c22);
            x = Vector512.Create(b[3]);
            c03 = Avx512F.FusedMultiplyAdd(a0, x, c03);
            c13 = Avx512F.FusedMultiplyAdd(a1, x, c13);
            c23 = Avx512F.FusedMultiplyAdd(a2, x, c23);
            x = Vector512.Create(b[4]);
            c04 = Avx512F.FusedMultiplyAdd(a0, x, c04);
            c14 = Avx512F.FusedMultiplyAdd(a1, x, c14);
            c24 = Avx512F.FusedMultiplyAdd(a2, x, c24);
            x = Vector512.Create(b[5]);
            c05 = Avx512F.FusedMultiplyAdd(a0, x, c05);
            c15 = Avx512F.FusedMultiplyAdd(a1, x, c15);
            c25 = Avx512F.FusedMultiplyAdd(a2, x, c25);
            x = Vector512.Create(b[6]);
            c06 = Avx512F.FusedMultiplyAdd(a0, x, c06);
            c16 = Avx512F.FusedMultiplyAdd(a1, x, c16);
            c26 = Avx512F.FusedMultiplyAdd(a2, x, c26);
            x = Vector512.Create(b[7]);
            c07 = Avx512F.FusedMultiplyAdd(a0, x, c07);
            c17 = Avx512F.FusedMultiplyAdd(a1, x, c17);
            c27 = Avx512F.FusedMultiplyAdd(a2, x, c27);
            a += strideA;
            b += 8;
        }

        Vector512<double> factor = Vector512.Create(alpha);
        Avx512F.FusedMultiplyAdd(factor, c00, Vector512.Load(c)).Store(c);
        Avx512F.FusedMultiplyAdd(factor, c10, Vector512.Load(c + 8)).Store(c + 8);
        Avx512F.FusedMultiplyAdd(factor, c20, Vector512.Load(c + 16)).Store(c + 16);
        c += strideC;
        Avx512F.FusedMultiplyAdd(factor, c01, Vector512.Load(c)).Store(c);
        Avx512F.FusedMultiplyAdd(factor, c11, Vector512.Load(c + 8)).Store(c + 8);
        Avx512F.FusedMultiplyAdd(factor, c21, Vector512.Load(c + 16)).Store(c + 16);
        c += strideC;
        Avx512F.FusedMultiplyAdd(factor, c02, Vector512.Load(c)).Store(c);
        Avx512F.FusedMultiplyAdd(factor, c12, Vector512.Load(c + 8)).Store(c + 8);
        Avx512F.FusedMultiplyAdd(factor, c22, Vector512.Load(c + 16)).Store(c + 16);
        c += strideC;
        Avx512F.FusedMultiplyAdd(factor, c03, Vector512.Load(c)).Store(c);
        Avx512F.FusedMultiplyAdd(factor, c13, Vector512.Load(c + 8)).Store(c + 8);
        Avx512F.FusedMultiplyAdd(factor, c23, Vector512.Load(c + 16)).Store(c + 16);
        c += strideC;
        Avx512F.FusedMultiplyAdd(factor, c04, Vector512.Load(c)).Store(c);
        Avx512F.FusedMultiplyAdd(factor, c14, Vector512.Load(c + 8)).Store(c + 8);
        Avx512F.FusedMultiplyAdd(factor, c24, Vector512.Load(c + 16)).Store(c + 16);
        c += strideC;
        Avx512F.FusedMultiplyAdd(factor, c05, Vector512.Load(c)).Store(c);
        Avx512F.FusedMultiplyAdd(factor, c15, Vector512.Load(c + 8)).Store(c + 8);
        Avx512F.FusedMultiplyAdd(factor, c25, Vector512.Load(c + 16)).Store(c + 16);
        c += strideC;
        Avx512F.FusedMultiplyAdd(factor, c06, Vector512.Load(c)).Store(c);
        Avx512F.FusedMultiplyAdd(factor, c16, Vector512.Load(c + 8)).Store(c + 8);
        Avx512F.FusedMultiplyAdd(factor, c26, Vector512.Load(c + 16)).Store(c + 16);
        c += strideC;
        Avx512F.FusedMultiplyAdd(factor, c07, Vector512.Load(c)).Store(c);
        Avx512F.FusedMultiplyAdd(factor, c17, Vector512.Load(c + 8)).Store(c + 8);
        Avx512F.FusedMultiplyAdd(factor, c27, Vector512.Load(c + 16)).Store(c + 16);
    }

    /// <summary>The 12 x 4 tile: 3 registers of 4 rows by 4 columns, all sums held in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Avx2(double* a, nint strideA, double* b, int k, double* c, nint strideC, double alpha)
    {
        Vector256<double> c00 = Vector256<double>.Zero, c01 = Vector256<double>.Zero, c02 = Vector256<double>.Zero, c03 = Vector256<double>.Zero;
        Vector256<double> c10 = Vector256<double>.Zero, c11 = Vector256<double>.Zero, c12 = Vector256<double>.Zero, c13 = Vector256<double>.Zero;
        Vector256<double> c20 = Vector256<double>.Zero, c21 = Vector256<double>.Zero, c22 = Vector256<double>.Zero, c23 = Vector256<double>.Zero;
        for (; k > 0; k--)
        {
            Vector256<double> a0 = Vector256.Load(a), a1 = Vector256.Load(a + 4), a2 = Vector256.Load(a + 8), x;
            x = Vector256.Create(b[0]);
            c00 = Fma.MultiplyAdd(a0, x, c00);
            c10 = Fma.MultiplyAdd(a1, x, c10);
            c20 = Fma.MultiplyAdd(a2, x, c20);
            x = Vector256.Create(b[1]);
            c01 = Fma.MultiplyAdd(a0, x, c01);
            c11 = Fma.MultiplyAdd(a1, x, c11);
            c21 = Fma.MultiplyAdd(a2, x, c21);
            x = Vector256.Create(b[2]);
            c02 = Fma.MultiplyAdd(a0, x, c02);
            c12 = Fma.MultiplyAdd(a1, x, c12);
            c22 = Fma.MultiplyAdd(a2, x, c22);
            x = Vector256.Create(b[3]);
            c03 = Fma.MultiplyAdd(a0, x, c03);
            c13 = Fma.MultiplyAdd(a1, x, c13);
            c23 = Fma.MultiplyAdd(a2, x, c23);
            a += strideA;
            b += 4;
        }

        Vector256<double> factor = Vector256.Create(alpha);
        Fma.MultiplyAdd(factor, c00, Vector256.Load(c)).Store(c);
        Fma.MultiplyAdd(factor, c10, Vector256.Load(c + 4)).Store(c + 4);
        Fma.MultiplyAdd(factor, c20, Vector256.Load(c + 8)).Store(c + 8);
        c += strideC;
        Fma.MultiplyAdd(factor, c01, Vector256.Load(c)).Store(c);
        Fma.MultiplyAdd(factor, c11, Vector256.Load(c + 4)).Store(c + 4);
        Fma.MultiplyAdd(factor, c21, Vector256.Load(c + 8)).Store(c + 8);
        c += strideC;
        Fma.MultiplyAdd(factor, c02, Vector256.Load(c)).Store(c);
        Fma.MultiplyAdd(factor, c12, Vector256.Load(c + 4)).Store(c + 4);
        Fma.MultiplyAdd(factor, c22, Vector256.Load(c + 8)).Store(c + 8);
        c += strideC;
        Fma.MultiplyAdd(factor, c03, Vector256.Load(c)).Store(c);
        Fma.MultiplyAdd(factor, c13, Vector256.Load(c + 4)).Store(c + 4);
        Fma.MultiplyAdd(factor, c23, Vector256.Load(c + 8)).Store(c + 8);
    }

    /// <summary>The 4 x 4 tile without vector instructions.</summary>
    public static void Scalar(double* a, nint strideA, double* b, int k, double* c, nint strideC, double alpha)
    {
        for (int j = 0; j < ColumnsScalar; j++, c += strideC)
        {
            double c0 = 0, c1 = 0, c2 = 0, c3 = 0;
            double* left = a;
            for (int l = 0; l < k; l++, left += strideA)
            {
                double x = b[l * ColumnsScalar + j];
                c0 += left[0] * x;
                c1 += left[1] * x;
                c2 += left[2] * x;
                c3 += left[3] * x;
            }

            c[0] += alpha * c0;
            c[1] += alpha * c1;
            c[2] += alpha * c2;
            c[3] += alpha * c3;
        }
    }
}
