using MathNet.Numerics;

namespace Terrace.Stan.Runtime.Scalars;

/// <summary>Bessel functions of integer order. Derivatives by C′ᵥ = (v/x) Cᵥ − Cᵥ₊₁ for J, Y and K, and I′ᵥ = (v/x) Iᵥ + Iᵥ₊₁ (Abramowitz and Stegun 1964, 9.1.27, 9.6.26).</summary>
internal static class BesselFunctions
{
    /// <summary>Jᵥ(x).</summary>
    public static double FirstKind(double v, double x)
    {
        if (v < 0) return Parity(v) * FirstKind(-v, x);
        return x < 0 ? Parity(v) * SpecialFunctions.BesselJ(v, -x) : SpecialFunctions.BesselJ(v, x);
    }

    /// <summary>(0, (v/x) Jᵥ − Jᵥ₊₁).</summary>
    public static void FirstKindSlopes(double v, double x, double value, out double dv, out double dx)
    {
        dv = 0;
        dx = x == 0 ? AtZero(v) : (v / x * value) - FirstKind(v + 1, x);
    }

    /// <summary>Yᵥ(x), x &gt; 0.</summary>
    public static double SecondKind(double v, double x)
    {
        if (!(x > 0)) Workspace.Reject($"bessel_second_kind: argument is {x}, but must be positive");
        return v < 0 ? Parity(v) * SpecialFunctions.BesselY(-v, x) : SpecialFunctions.BesselY(v, x);
    }

    /// <summary>(0, (v/x) Yᵥ − Yᵥ₊₁).</summary>
    public static void SecondKindSlopes(double v, double x, double value, out double dv, out double dx)
    {
        dv = 0;
        dx = (v / x * value) - SecondKind(v + 1, x);
    }

    /// <summary>Iᵥ(x).</summary>
    public static double ModifiedFirstKind(double v, double x)
    {
        v = Math.Abs(v);
        return x < 0 ? Parity(v) * SpecialFunctions.BesselI(v, -x) : SpecialFunctions.BesselI(v, x);
    }

    /// <summary>(0, (v/x) Iᵥ + Iᵥ₊₁).</summary>
    public static void ModifiedFirstKindSlopes(double v, double x, double value, out double dv, out double dx)
    {
        v = Math.Abs(v);
        dv = 0;
        dx = x == 0 ? AtZero(v) : (v / x * value) + ModifiedFirstKind(v + 1, x);
    }

    /// <summary>Kᵥ(x), x &gt; 0.</summary>
    public static double ModifiedSecondKind(double v, double x)
    {
        if (!(x > 0)) Workspace.Reject($"modified_bessel_second_kind: argument is {x}, but must be positive");
        return SpecialFunctions.BesselK(Math.Abs(v), x);
    }

    /// <summary>(0, (v/x) Kᵥ − Kᵥ₊₁).</summary>
    public static void ModifiedSecondKindSlopes(double v, double x, double value, out double dv, out double dx)
    {
        v = Math.Abs(v);
        dv = 0;
        dx = (v / x * value) - ModifiedSecondKind(v + 1, x);
    }

    private static double Parity(double v) => v % 2 == 0 ? 1 : -1;

    private static double AtZero(double v) => v == 1 ? 0.5 : v == -1 ? -0.5 : 0;
}
