using System.Text.Json;
using Terrace.Design;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.SavedFits;

/// <summary>
/// The random-effects terms of a mixed model and the joint precision of its coefficients in JSON: names and levels as text, the blocked cross-products as
/// <see cref="NumberArrays"/>. The rows of the data are not among them.
/// </summary>
internal static class JointPrecisionJson
{
    /// <summary>Writes the members of an object that is already begun.</summary>
    public static void Write(Utf8JsonWriter json, JointPrecision joint, IReadOnlyList<RandomTermFit> terms)
    {
        json.WriteStartArray("terms");
        foreach (RandomTermFit term in terms.OrderBy(term => term.FormulaPosition)) WriteTerm(json, term);
        json.WriteEndArray();
        json.WriteNumber("rows", joint.Rows);
        json.WriteNumber("sigma", joint.Sigma);
        json.WriteBoolean("sigmaIsEstimated", joint.SigmaIsEstimated);
        json.WriteNumber("sumOfWeights", joint.SumOfWeights);
        NumberArrays.Write(json, "theta", joint.Theta);
        NumberArrays.Write(json, "modes", Modes(terms));
        NumberArrays.Write(json, "centre", joint.Centre);
        json.WriteNumber("columns", joint.Basis.Columns);
        NumberArrays.Write(json, "kept", joint.Basis.Kept);
        NumberArrays.Write(json, "basis", joint.Basis.Factor.Values);
        NumberArrays.Write(json, "starts", joint.Product.Pattern.Starts);
        NumberArrays.Write(json, "couplingColumns", joint.Product.Pattern.Columns);
        NumberArrays.Write(json, "lead", joint.Product.Lead);
        NumberArrays.Write(json, "coupling", joint.Product.Coupling);
        SparseTailJson.Write(json, joint.Product);
        NumberArrays.Write(json, "tail", joint.Product.Tail.Values);
        NumberArrays.Write(json, "rightSide", joint.Product.RightSide);
        json.WriteNumber("sumOfSquares", joint.Product.SumOfSquares);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The parts do not fit together.</exception>
    public static (JointPrecision Joint, IReadOnlyList<RandomTermFit> Terms) Read(JsonElement element)
    {
        var layout = new RandomEffectsLayout([.. element.GetProperty("terms").EnumerateArray().Select(ReadTerm)]);
        FixedEffectsBasis basis = ReadBasis(element);
        BlockedCrossProduct product = ReadProduct(element, layout, basis.Rank);
        double[] theta = NumberArrays.ReadDoubles(element, "theta", layout.ThetaCount);
        double sigma = element.GetProperty("sigma").GetDouble();
        var joint = new JointPrecision(product, basis, NumberArrays.ReadDoubles(element, "centre", basis.Rank), theta, sigma,
            element.GetProperty("sigmaIsEstimated").GetBoolean(), element.GetProperty("rows").GetInt32(), element.GetProperty("sumOfWeights").GetDouble());
        double[] modes = NumberArrays.ReadDoubles(element, "modes", layout.Columns);
        return (joint, [.. layout.Terms.Select(term => new RandomTermFit(term, theta, sigma, modes, UnknownCovariances(term)))]);
    }

    // The modes as the fit has them, to the last bit; solving for them anew would round differently.
    private static double[] Modes(IReadOnlyList<RandomTermFit> terms)
    {
        var modes = new double[terms.Sum(term => term.Modes.Values.Length)];
        foreach (RandomTermFit term in terms)
        {
            for (int level = 0; level < term.Modes.Rows; level++)
            {
                for (int j = 0; j < term.Modes.Columns; j++) modes[term.Layout.Index(level, j)] = term.Modes[level, j];
            }
        }
        return modes;
    }

    private static void WriteTerm(Utf8JsonWriter json, RandomTermFit term)
    {
        json.WriteStartObject();
        json.WriteString("group", term.Group);
        WriteTexts(json, "covariates", term.TermNames);
        WriteTexts(json, "levels", term.Levels);
        json.WriteEndObject();
    }

    private static RandomTermLayout ReadTerm(JsonElement term, int position)
    {
        string[] covariates = ReadTexts(term, "covariates"), levels = ReadTexts(term, "levels");
        return RandomTermLayout.Of(new RandomTermDesign
        {
            Group = term.GetProperty("group").GetString()!,
            Levels = levels,
            TermNames = covariates,
            Codes = [],
            Z = new Matrix(0, covariates.Length),
        }, position);
    }

    private static FixedEffectsBasis ReadBasis(JsonElement element)
    {
        int columns = element.GetProperty("columns").GetInt32();
        int[] kept = NumberArrays.ReadIntegers(element, "kept", -1);
        if (kept.Any(column => column < 0 || column >= columns)) throw new FormatException("a kept column is none of the model's.");
        return new FixedEffectsBasis(columns, kept, new Matrix(kept.Length, kept.Length, NumberArrays.ReadDoubles(element, "basis", (long)kept.Length * kept.Length)));
    }

    private static BlockedCrossProduct ReadProduct(JsonElement element, RandomEffectsLayout layout, int fixedColumns)
    {
        int[] starts = NumberArrays.ReadIntegers(element, "starts", layout.LeadLevels + 1);
        int[] columns = NumberArrays.ReadIntegers(element, "couplingColumns", starts[^1]);
        if (starts[0] != 0 || starts.Zip(starts.Skip(1)).Any(pair => pair.First > pair.Second)) throw new FormatException("'starts' does not rise.");
        if (columns.Any(column => column < 0 || column >= layout.TailColumns)) throw new FormatException("a coupling column is out of range.");
        var product = new BlockedCrossProduct(layout, new CouplingPattern(starts, columns, SparseTailJson.Read(element, layout, starts, columns)), fixedColumns) { SumOfSquares = element.GetProperty("sumOfSquares").GetDouble() };
        Fill(element, "lead", product.Lead);
        Fill(element, "coupling", product.Coupling);
        Fill(element, "tail", product.Tail.Values);
        SparseTailJson.ReadValues(element, product);
        Fill(element, "rightSide", product.RightSide);
        return product;
    }

    private static void Fill(JsonElement element, string name, double[] target) => NumberArrays.ReadDoubles(element, name, target.Length).CopyTo(target, 0);

    private static double[] UnknownCovariances(RandomTermLayout term)
    {
        var unknown = new double[term.Levels.Count * term.Width * term.Width];
        Array.Fill(unknown, double.NaN);
        return unknown;
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static string[] ReadTexts(JsonElement parent, string name) => [.. parent.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
}
