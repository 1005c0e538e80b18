using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Design.Structures;

/// <summary>
/// Scales an intrinsic effect so that its standard deviation means the same in every structure: the geometric mean of the variances of the levels becomes 1.
/// Sørbye and Rue (2014), section 3; Riebler, Sørbye, Simpson and Rue (2016), section 3.2.
/// </summary>
internal static class IntrinsicScale
{
    /// <summary>Divides the rows <paramref name="levels"/> of a basis by the geometric mean of their lengths.</summary>
    public static void Divide(Matrix basis, int[] levels)
    {
        double logs = 0;
        foreach (int level in levels)
        {
            double variance = 0;
            for (int j = 0; j < basis.Columns; j++) variance += basis[level, j] * basis[level, j];
            logs += 0.5 * Math.Log(variance) / levels.Length;
        }
        double scale = Math.Exp(-logs);
        foreach (int level in levels)
            for (int j = 0; j < basis.Columns; j++) basis[level, j] *= scale;
    }
}
