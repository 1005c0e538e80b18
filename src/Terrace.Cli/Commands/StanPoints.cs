using System.Text.Json;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Numerics.RandomNumbers;
using Terrace.SavedFits;
using Terrace.Stan;

namespace Terrace.Cli.Commands;

/// <summary>Points given by files: of the unconstrained space, initial values, and the parameters of saved draws.</summary>
internal static class StanPoints
{
    /// <summary>One point or an array of points.</summary>
    public static double[][] Read(string file, BoundStanModel bound)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("params_r", out JsonElement inner)) root = inner;
            if (root.ValueKind != JsonValueKind.Array) throw new StanInputException($"'{file}' must hold an array of numbers, or an array of such arrays.");
            double[][] points = root.GetArrayLength() > 0 && root[0].ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray().Select(Numbers)] : [Numbers(root)];
            foreach (double[] point in points)
                if (point.Length != bound.Dimension) throw new StanInputException($"'{file}': a point has {point.Length} coordinates, but the program has {bound.Dimension}: {string.Join(", ", bound.CoordinateNames.Take(12))}{(bound.Dimension > 12 ? ", …" : "")}.");
            return points;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            throw new StanInputException($"'{file}' is no JSON array of numbers: {fault.Message}");
        }
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(element => element.GetDouble())];

    /// <summary>Writes what was found at the points: one object for one point, an array for several.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<(double LogProb, double[] Gradient)> results)
    {
        if (results.Count != 1) json.WriteStartArray();
        foreach ((double value, double[] gradient) in results)
        {
            json.WriteStartObject();
            FitDocument.WriteNumber(json, "logProb", value);
            FitDocument.WriteArray(json, "gradient", gradient, FitDocument.WriteNumberValue);
            json.WriteEndObject();
        }
        if (results.Count != 1) json.WriteEndArray();
    }

    /// <summary>Draws of all variables for the parameters of saved draws.</summary>
    public static Draws Generate(BoundStanModel bound, Draws saved, ulong seed, CancellationToken cancellation)
    {
        int[] columns = [.. bound.Layout.Columns.Take(bound.ParameterColumns).Select(name => saved.Layout.IndexOf(name))];
        for (int k = 0; k < columns.Length; k++) if (columns[k] < 0) throw new StanInputException($"the saved draws have no column for the parameter {bound.Layout.Columns[k]}.");
        int count = saved.Count;
        double[] values = new double[bound.Layout.Count * count], draw = new double[bound.Layout.Count], position = new double[bound.Dimension];
        ILogDensity density = bound.CreateEvaluator();
        for (int d = 0; d < count; d++)
        {
            cancellation.ThrowIfCancellationRequested();
            Array.Clear(draw);
            for (int k = 0; k < columns.Length; k++) draw[k] = saved.Column(columns[k])[d];
            try
            {
                density.Unconstrain(draw, position);
            }
            catch (ArgumentException fault)
            {
                throw new StanInputException($"draw {d + 1} of the saved draws does not fit the program: {fault.Message}");
            }
            density.WriteDraw(position, new Rng(seed, (ulong)d), draw);
            for (int column = 0; column < draw.Length; column++) values[(column * count) + d] = draw[column];
        }
        return new Draws(bound.Layout, saved.Chains, saved.Iterations, values);
    }
}
