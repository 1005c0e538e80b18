using Terrace.DistributionalModels;
using Terrace.Inference.Posterior;

namespace Terrace.Bayes;

/// <summary>
/// The parameters of shrinkage priors in a draw, under brms's names: <c>hs_global</c>, <c>hs_slab</c>, <c>hs_local[x]</c>; <c>R2D2_R2</c>, <c>R2D2_phi[x]</c>. Where every category has coefficients of its own, the category comes
/// first: <c>hs_global[b]</c>, <c>hs_local[b,x]</c>.
/// </summary>
internal sealed class ShrinkageLayout
{
    private readonly int[][] _places;

    /// <summary>Names the variables; <paramref name="start"/> is the column of the first.</summary>
    public ShrinkageLayout(ModelStructure structure, int start)
    {
        ShrunkenCoefficients[] blocks = structure.IsShrunken ? [.. structure.CreateShrinkage().OfType<ShrunkenCoefficients>()] : [];
        _places = [.. blocks.Select(block => new int[block.Scales.Values])];
        var variables = new List<Variable>();
        int[] used = new int[blocks.Length];
        int at = start;
        // All blocks have the same prior and so the same variables.
        foreach ((string name, bool perCoefficient) in blocks.FirstOrDefault()?.Scales.Variables ?? [])
        {
            var elements = new List<string>();
            for (int b = 0; b < blocks.Length; b++)
            {
                string[] own = perCoefficient ? [.. blocks[b].Names.Select(coefficient => Prefix(blocks[b].Component) + coefficient)] : [blocks[b].Component];
                for (int k = 0; k < own.Length; k++) _places[b][used[b]++] = at++;
                elements.AddRange(own);
            }
            variables.Add(perCoefficient || structure.IsCategorical ? new Variable(name, elements) : new Variable(name));
        }
        (Variables, Count) = (variables, at - start);
    }

    /// <summary>The variables.</summary>
    public IReadOnlyList<Variable> Variables { get; }

    /// <summary>The number of columns.</summary>
    public int Count { get; }

    /// <summary>Writes the values into a draw.</summary>
    public void Write(ParameterState state, Span<double> draw)
    {
        int b = 0;
        foreach (ShrunkenCoefficients? block in state.Shrinkage)
        {
            if (block is null) continue;
            ReadOnlySpan<double> values = block.Values;
            for (int i = 0; i < values.Length; i++) draw[_places[b][i]] = values[i];
            b++;
        }
    }

    /// <summary>The coordinates of a draw's values; the parameters that are one number must have been set.</summary>
    /// <exception cref="ArgumentException">A value lies outside its support.</exception>
    public void Read(ReadOnlySpan<double> draw, ParameterState state, Span<double> theta)
    {
        int b = 0, at = 0;
        foreach (ShrunkenCoefficients? block in state.Shrinkage)
        {
            if (block is null) continue;
            double[] values = new double[_places[b].Length];
            for (int i = 0; i < values.Length; i++) values[i] = draw[_places[b][i]];
            block.Invert(values, state.Auxiliary, theta[at..]);
            at += block.Scales.Count;
            b++;
        }
    }

    private static string Prefix(string component) => component == Component.Conditional ? "" : component + ",";
}
