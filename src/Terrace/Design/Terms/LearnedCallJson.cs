using System.Text.Json;
using Terrace.Data;

namespace Terrace.Design.Terms;

/// <summary>Writes and reads what one call learned: an object with its kind and its numbers.</summary>
internal static class LearnedCallJson
{
    /// <summary>Writes <paramref name="call"/> as the value of a property just named.</summary>
    public static void Write(Utf8JsonWriter json, LearnedCall call)
    {
        json.WriteStartObject();
        switch (call)
        {
            case LearnedFactor factor:
                json.WriteString("kind", "factor");
                json.WriteTexts("levels", factor.Levels);
                json.WriteTexts("labels", factor.Labels);
                json.WriteBoolean("ordered", factor.IsOrdered);
                json.WriteBoolean("closed", factor.IsClosed);
                break;
            case LearnedScale scale:
                json.WriteString("kind", "scale");
                json.WriteNumbers("values", [scale.Center, scale.Scale]);
                break;
            case LearnedNumber number:
                json.WriteString("kind", "number");
                json.WriteNumbers("values", [number.Value]);
                break;
            case LearnedPowers powers:
                json.WriteString("kind", "powers");
                json.WriteNumber("degree", powers.Degree);
                break;
            case LearnedPolynomial polynomial:
                json.WriteString("kind", "polynomial");
                json.WriteNumbers("alpha", polynomial.Basis.Alpha);
                json.WriteNumbers("squaredNorms", polynomial.Basis.SquaredNorms);
                break;
            case LearnedSpline spline:
                json.WriteString("kind", spline.Basis.IsNatural ? "naturalSpline" : "bSpline");
                json.WriteNumbers("knots", spline.Basis.Knots);
                json.WriteNumber("order", spline.Basis.Order);
                json.WriteBoolean("intercept", spline.Basis.HasIntercept);
                break;
            case LearnedCut cut:
                json.WriteString("kind", "cut");
                json.WriteNumbers("breaks", cut.Breaks);
                json.WriteTexts("labels", cut.Labels);
                json.WriteBoolean("rightClosed", cut.IsRightClosed);
                json.WriteBoolean("includesLowest", cut.IncludesLowest);
                json.WriteBoolean("ordered", cut.IsOrdered);
                break;
            default: throw new ArgumentException($"{call.GetType().Name} has no form in JSON.", nameof(call));
        }
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="DataException">The kind is unknown.</exception>
    public static LearnedCall Read(JsonElement json) => json.GetProperty("kind").GetString() switch
    {
        "factor" => new LearnedFactor(json.Texts("levels"), json.Texts("labels"), json.Flag("ordered"), json.Flag("closed")),
        "scale" => new LearnedScale(json.Numbers("values")[0], json.Numbers("values")[1]),
        "number" => new LearnedNumber(json.Numbers("values")[0]),
        "powers" => new LearnedPowers(json.GetProperty("degree").GetInt32()),
        "polynomial" => new LearnedPolynomial(new PolynomialBasis { Alpha = json.Numbers("alpha"), SquaredNorms = json.Numbers("squaredNorms") }),
        "naturalSpline" => Spline(json, isNatural: true),
        "bSpline" => Spline(json, isNatural: false),
        "cut" => new LearnedCut(json.Numbers("breaks"), json.Texts("labels"), json.Flag("rightClosed"), json.Flag("includesLowest"), json.Flag("ordered")),
        var kind => throw new DataException($"The saved coding has a function of the unknown kind '{kind}'; it may come from a newer version."),
    };

    private static LearnedSpline Spline(JsonElement json, bool isNatural) => new(new SplineBasis
    {
        Knots = json.Numbers("knots"),
        Order = json.GetProperty("order").GetInt32(),
        HasIntercept = json.Flag("intercept"),
        IsNatural = isNatural,
    });
}
