using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// The arithmetic of several doubles at a time, so that a kernel is written once and compiled for each width:
/// <typeparamref name="V"/> is the register, an implementation names the instructions. Every member is one or two instructions where the processor has them.
/// <para>Source of the power of two by adding a large constant: Muller et al. (2018), Handbook of Floating-Point Arithmetic, section 10.2.</para>
/// </summary>
internal unsafe interface ILanes<V> where V : struct
{
    /// <summary>How many doubles a register holds.</summary>
    static abstract int Count { get; }

    static abstract V Load(double* source);

    static abstract void Store(V value, double* target);

    static abstract V Broadcast(double value);

    static abstract V Add(V a, V b);

    static abstract V Subtract(V a, V b);

    static abstract V Multiply(V a, V b);

    static abstract V Divide(V a, V b);

    /// <summary>a b + c.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>c - a b.</summary>
    static abstract V MultiplySubtractFrom(V a, V b, V c);

    static abstract V Abs(V a);

    /// <summary>The smaller, or <paramref name="b"/> where one is not a number.</summary>
    static abstract V Min(V a, V b);

    /// <summary>The nearest whole number.</summary>
    static abstract V Round(V a);

    /// <summary>2^n for whole n in -1022 ... 1023.</summary>
    static abstract V PowerOfTwo(V n);

    /// <summary>yes where a &lt; b (false where either is not a number), else no.</summary>
    static abstract V IfLess(V a, V b, V yes, V no);

    static abstract double Sum(V a);
}

/// <summary>Eight lanes of AVX-512.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Vector512<double>>
{
    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Load(double* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<double> value, double* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Broadcast(double value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Add(Vector512<double> a, Vector512<double> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Subtract(Vector512<double> a, Vector512<double> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Multiply(Vector512<double> a, Vector512<double> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Divide(Vector512<double> a, Vector512<double> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Avx512F.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MultiplySubtractFrom(Vector512<double> a, Vector512<double> b, Vector512<double> c) =>
        Avx512F.FusedMultiplyAddNegated(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Abs(Vector512<double> a) => Vector512.Abs(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Min(Vector512<double> a, Vector512<double> b) => Avx512F.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Round(Vector512<double> a) => Avx512F.RoundScale(a, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> PowerOfTwo(Vector512<double> n) =>
        ((n + Vector512.Create(Bits.Offset)).AsInt64() << 52).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> IfLess(Vector512<double> a, Vector512<double> b, Vector512<double> yes, Vector512<double> no) =>
        Vector512.ConditionalSelect(Vector512.LessThan(a, b), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector512<double> a) => Vector512.Sum(a);
}

/// <summary>Four lanes of AVX2 with FMA.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Vector256<double>>
{
    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Load(double* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<double> value, double* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Broadcast(double value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Add(Vector256<double> a, Vector256<double> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Subtract(Vector256<double> a, Vector256<double> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Multiply(Vector256<double> a, Vector256<double> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Divide(Vector256<double> a, Vector256<double> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> MultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> c) => Fma.MultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> MultiplySubtractFrom(Vector256<double> a, Vector256<double> b, Vector256<double> c) => Fma.MultiplyAddNegated(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Abs(Vector256<double> a) => Vector256.Abs(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Min(Vector256<double> a, Vector256<double> b) => Avx.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Round(Vector256<double> a) => Avx.RoundToNearestInteger(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> PowerOfTwo(Vector256<double> n) =>
        ((n + Vector256.Create(Bits.Offset)).AsInt64() << 52).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> IfLess(Vector256<double> a, Vector256<double> b, Vector256<double> yes, Vector256<double> no) =>
        Vector256.ConditionalSelect(Vector256.LessThan(a, b), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector256<double> a) => Vector256.Sum(a);
}

/// <summary>One number at a time.</summary>
internal readonly unsafe struct LanesScalar : ILanes<double>
{
    public static int Count => 1;

    public static double Load(double* source) => *source;

    public static void Store(double value, double* target) => *target = value;

    public static double Broadcast(double value) => value;

    public static double Add(double a, double b) => a + b;

    public static double Subtract(double a, double b) => a - b;

    public static double Multiply(double a, double b) => a * b;

    public static double Divide(double a, double b) => a / b;

    public static double MultiplyAdd(double a, double b, double c) => a * b + c;

    public static double MultiplySubtractFrom(double a, double b, double c) => c - a * b;

    public static double Abs(double a) => Math.Abs(a);

    public static double Min(double a, double b) => a < b ? a : b;

    public static double Round(double a) => Math.Round(a);

    public static double PowerOfTwo(double n) => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(n + Bits.Offset) << 52);

    public static double IfLess(double a, double b, double yes, double no) => a < b ? yes : no;

    public static double Sum(double a) => a;
}

/// <summary>Constants of the binary form of a double.</summary>
internal static class Bits
{
    /// <summary>1.5 2^52 + 1023: added to a whole n it leaves n + 1023 in the lowest bits, which shifted left by 52 are the double 2^n.</summary>
    public const double Offset = 6755399441055744.0 + 1023;
}
