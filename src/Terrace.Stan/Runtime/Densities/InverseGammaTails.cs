using Terrace.Stan.Runtime.Scalars;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The tails of y when β/y is gamma with shape α and rate 1: F(y) = Q(α, β/y); shared by the inverse gamma and inverse chi-square distributions.</summary>
internal static class InverseGammaTails
{
    /// <summary>Both tails in the sense of y, derivatives by the shape if wanted; <see cref="LogTails.LogDensity"/> remains that of β/y.</summary>
    public static LogTails Of(string function, double y, double shape, double scale, bool derivatives)
    {
        ContinuousDomain.NonNegative(function, "outcome", y);
        LogTails t = IncompleteGammas.Tails(shape, scale / y, derivatives);
        return new LogTails { Lower = t.Upper, Upper = t.Lower, LowerByFirst = t.UpperByFirst, UpperByFirst = t.LowerByFirst, LogDensity = t.LogDensity };
    }

    /// <summary>The partials of the lower tail by y, shape and scale.</summary>
    public static void Lower(in LogTails tails, double y, double scale, out double dy, out double dShape, out double dScale) =>
        Partials(-tails.LowerByPoint, tails.LowerByFirst, y, scale, out dy, out dShape, out dScale);

    /// <summary>The partials of the upper tail by y, shape and scale.</summary>
    public static void Upper(in LogTails tails, double y, double scale, out double dy, out double dShape, out double dScale) =>
        Partials(-tails.UpperByPoint, tails.UpperByFirst, y, scale, out dy, out dShape, out dScale);

    /// <summary>With u = scale / y: du/dy = −u/y, du/dscale = 1/y.</summary>
    private static void Partials(double byPoint, double byShape, double y, double scale, out double dy, out double dShape, out double dScale)
    {
        bool flat = byPoint == 0;
        dy = flat ? 0 : -byPoint * scale / y / y;
        dScale = flat ? 0 : byPoint / y;
        dShape = byShape;
    }
}
