using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Data;

namespace Terrace.Stan;

/// <summary>Positions from values that a user gives for some or all parameters; the others are drawn.</summary>
internal static class InitialValues
{
    private const ulong Stream = 1UL << 59;
    private const int Tries = 100;

    /// <summary>A position with a finite density.</summary>
    public static double[] Position(BoundStanModel bound, StanData given, string source, ulong seed, int chain, double range)
    {
        ArgumentNullException.ThrowIfNull(given);
        double[] values = Values(bound, given, source, out bool complete), position = new double[bound.Dimension], gradient = new double[bound.Dimension];
        var density = new StanEvaluator(bound);
        var rng = new Rng(seed, Stream + (ulong)chain);
        string reason = "";
        int tries = complete || range == 0 ? 1 : Tries;
        for (int attempt = 0; attempt < tries; attempt++)
        {
            for (int i = 0; i < position.Length; i++) position[i] = range * ((2 * rng.NextDouble()) - 1);
            try
            {
                density.Complete(values, position);
                DensityValue value = density.Evaluate(position, gradient);
                if (value.IsAccepted && gradient.All(double.IsFinite)) return position;
                reason = value.Rejection is not { } rejection ? "its gradient is not finite there" : rejection.Place.Length > 0 ? $"{rejection.Reason.TrimEnd('.')} ({rejection.Place})" : rejection.Reason.TrimEnd('.');
            }
            catch (ArgumentException fault)
            {
                // A bound may depend on a parameter that is drawn, so that another draw can mend it.
                if (attempt == tries - 1) throw new StanDataException(source, 0, 0, fault.Message, "Give a value within the constraint that the program declares");
            }
        }
        throw new StanDataException(source, 0, 0, $"the density is not defined at these initial values{(complete ? "" : $", whatever the others are (tried {tries} times)")}: {reason}", complete ? "Give others" : "Give others, or values for more parameters");
    }

    /// <summary>The values as a draw, NaN where none are given.</summary>
    private static double[] Values(BoundStanModel bound, StanData given, string source, out bool complete)
    {
        var draw = new double[bound.Layout.Count];
        Array.Fill(draw, double.NaN);
        complete = true;
        int column = 0;
        foreach (Variable variable in bound.Layout.Variables)
        {
            if (column >= bound.ParameterColumns) break;
            if (given.Values.TryGetValue(variable.Name, out StanValue? value))
            {
                bool same = value.Dimensions.AsSpan().SequenceEqual([.. variable.Dimensions]) || (variable.Size == value.Values.Length && variable.Size <= 1 && variable.Dimensions.Count <= 1);
                if (!same || value.Elements is not null)
                    throw new StanDataException(source, 0, 0, $"the parameter `{variable.Name}` is {Shape(variable.Dimensions)}, but the initial value is {(value.Elements is null ? Shape(value.Dimensions) : "a tuple")}", "Give as many numbers as the program declares");
                for (int k = 0; k < variable.Size; k++) draw[column + k] = value.Values[RowMajor(k, variable.Dimensions)];
                if (draw.AsSpan(column, variable.Size).ContainsAnyExceptInRange(double.MinValue, double.MaxValue)) throw new StanDataException(source, 0, 0, $"the initial value of `{variable.Name}` is not finite", "Give finite numbers, or leave the parameter out to have it drawn");
            }
            else if (variable.Size > 0) complete = false;
            column += variable.Size;
        }
        return draw;
    }

    private static string Shape(IReadOnlyList<int> sizes) => sizes.Count == 0 ? "a single number" : sizes.Count == 1 ? $"of size {sizes[0]}" : $"of size {string.Join(" × ", sizes)}";

    /// <summary>The place, last index fastest, of the element that is number <paramref name="k"/> when the first index runs fastest.</summary>
    private static int RowMajor(int k, IReadOnlyList<int> dimensions)
    {
        int place = 0;
        foreach (int size in dimensions)
        {
            place = (place * size) + (k % size);
            k /= size;
        }
        return place;
    }
}
