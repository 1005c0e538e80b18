using System.Globalization;
using Terrace.Numerics.Quadrature;

namespace Terrace.MixedModels;

/// <summary>
/// The names of the engines that fit generalised linear mixed models, by their number of quadrature points: <c>laplace</c> for 1, <c>agq:K</c> for K &gt; 1, <c>agq:0</c> for the joint mode.
/// </summary>
/// <remarks>The numbers are those of lme4's <c>nAGQ</c>. Check: QuadratureEngineTests.</remarks>
public static class QuadratureEngine
{
    /// <summary>The largest number of points.</summary>
    public const int LargestCount = GaussHermite.LargestCount;

    private const string Prefix = "agq:";

    /// <summary>The name of the engine with <paramref name="points"/> points.</summary>
    public static string NameOf(int points) => points == 1 ? "laplace" : string.Create(CultureInfo.InvariantCulture, $"{Prefix}{points}");

    /// <summary>The number of points of an engine called <c>laplace</c> or <c>agq:K</c>, K from 0 to <see cref="LargestCount"/>; null for any other name.</summary>
    public static int? PointsOf(string engine)
    {
        if (engine == "laplace") return 1;
        bool known = engine.StartsWith(Prefix, StringComparison.Ordinal)
            & int.TryParse(engine.AsSpan(Math.Min(Prefix.Length, engine.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out int points);
        return known && points <= LargestCount ? points : null;
    }
}
