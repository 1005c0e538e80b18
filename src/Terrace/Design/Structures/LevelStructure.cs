using Terrace.Formulas;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Design.Structures;

/// <summary>
/// How the effects of a grouping factor's levels depend on each other: u = σ B w with independent standard normal w, so that σ² BB' is their covariance. Levels without data have effects too. Immutable.
/// </summary>
/// <param name="Kind">The kind.</param>
/// <param name="Levels">The levels in the order of the structure.</param>
/// <param name="Basis">B, levels × coefficients; of <see cref="StructureKind.Bym2"/> that of the spatial part; null of an autoregression, whose covariance has a parameter.</param>
internal sealed record LevelStructure(StructureKind Kind, IReadOnlyList<string> Levels, Matrix? Basis)
{
    /// <summary>The name of the parameter that the structure adds, <c>mixing</c> or <c>ar</c>; null where it has none.</summary>
    public string? Parameter => Kind switch { StructureKind.Bym2 => "mixing", StructureKind.Autoregressive => "ar", _ => null };
}
