using Terrace.Design;
using Terrace.Families;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.LinearModels;

/// <summary>
/// The model that the null deviance belongs to: an intercept alone, keeping the offset (fitted by iteration then), or nothing but the offset where the model has
/// no intercept. The definition is that of R's <c>glm</c>.
/// </summary>
internal static class NullModel
{
    /// <summary>Whether the formula has an intercept.</summary>
    public static bool HasIntercept(DesignMatrices design) => design.Assign.Count > 0 && design.Assign[0] == 0;

    /// <summary>The null deviance; <paramref name="fitted"/>, the cells' means under the model itself, is where iterations start.</summary>
    public static double Deviance(Observations observations, DesignMatrices design, GlmOptions options, double[] fitted)
    {
        Family family = observations.Family;
        if (!HasIntercept(design)) return DevianceAt(observations, c => family.Link.Mean(design.Offset[c]));
        if (Array.Exists(design.Offset, o => o != 0)) return WithOffset(observations, design, options, fitted);
        double mean = 0;
        for (int c = 0; c < observations.Y.Length; c++) mean += observations.Weight[c] * observations.Y[c];
        mean /= observations.WeightSum;
        return DevianceAt(observations, _ => mean);
    }

    private static double WithOffset(Observations observations, DesignMatrices design, GlmOptions options, double[] fitted)
    {
        var one = new Matrix(design.Rows, 1);
        one.Column(0).Fill(1);
        return new Irls(observations, one, design.Offset, options with { Start = null }).Run(fitted).Deviance;
    }

    private static double DevianceAt(Observations observations, Func<int, double> mean)
    {
        double deviance = 0;
        for (int c = 0; c < observations.Y.Length; c++)
            if (observations.Weight[c] > 0) deviance += observations.Weight[c] * observations.Family.UnitDeviance(observations.Y[c], mean(c));
        return observations.DevianceOfRows(deviance);
    }
}
