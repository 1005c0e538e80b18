namespace Terrace.Stan.Runtime;

/// <summary>Multiple indexing: which elements a bracket picks, and copies from and to them.</summary>
internal static class Selections
{
    private static readonly GatherOperation Gathered = new();
    private static readonly ScatterOperation Scattered = new();

    /// <summary>result[i] = x[index[i]] of blocks of <paramref name="inner"/> elements, as <c>alpha[county]</c>.</summary>
    public static int Gather(Workspace w, int offset, int size, int inner, IntBlock index, bool active)
    {
        active &= w.Differentiating;
        int result = w.AllocateSlots(index.Count * inner);
        double[] values = w.V;
        ReadOnlySpan<int> places = w.Ints(index);
        if (inner == 1)
        {
            for (int i = 0; i < places.Length; i++)
            {
                int place = places[i] - 1;
                if ((uint)place >= (uint)size) Faults.Index(place + 1, size);
                values[result + i] = values[offset + place];
            }
        }
        else
        {
            for (int i = 0; i < places.Length; i++)
            {
                int place = places[i] - 1;
                if ((uint)place >= (uint)size) Faults.Index(place + 1, size);
                Array.Copy(values, offset + (place * inner), values, result + (i * inner), inner);
            }
        }
        if (active) w.Record(Gathered, offset, inner, index.Offset, index.Count, result);
        return result;
    }

    /// <summary>The integers at the places of an index.</summary>
    public static int GatherInts(Workspace w, int offset, int size, int inner, IntBlock index)
    {
        IntBlock result = w.AllocateInts(index.Count * inner);
        for (int i = 0; i < index.Count; i++)
        {
            int place = w.I[index.Offset + i] - 1;
            if ((uint)place >= (uint)size) Faults.Index(place + 1, size);
            Array.Copy(w.I, offset + (place * inner), w.I, result.Offset + (i * inner), inner);
        }
        return result.Offset;
    }

    /// <summary>Copies the elements at absolute places.</summary>
    public static int FromPlaces(Workspace w, IntBlock places, bool active)
    {
        active &= w.Differentiating;
        int result = w.AllocateSlots(places.Count);
        for (int i = 0; i < places.Count; i++) w.V[result + i] = w.V[w.I[places.Offset + i]];
        // Places are absolute: as one-based indexes into an array that starts one before the arena.
        if (active) w.Record(Gathered, 1, 1, places.Offset, places.Count, result);
        return result;
    }

    /// <summary>Overwrites the elements at absolute places, the last assignment winning.</summary>
    public static void ToPlaces(Workspace w, IntBlock places, int source, bool sourceActive, bool targetActive)
    {
        for (int i = 0; i < places.Count; i++) w.V[w.I[places.Offset + i]] = w.V[source + i];
        if (targetActive && w.Differentiating) w.Record(Scattered, places.Offset, places.Count, source, sourceActive ? 1 : 0);
    }

    /// <summary>Copies integers at absolute places.</summary>
    public static int IntsFromPlaces(Workspace w, IntBlock places)
    {
        IntBlock result = w.AllocateInts(places.Count);
        for (int i = 0; i < places.Count; i++) w.I[result.Offset + i] = w.I[w.I[places.Offset + i]];
        return result.Offset;
    }

    /// <summary>Overwrites integers at absolute places.</summary>
    public static void IntsToPlaces(Workspace w, IntBlock places, int source)
    {
        for (int i = 0; i < places.Count; i++) w.I[w.I[places.Offset + i]] = w.I[source + i];
    }

    private sealed class GatherOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int inner = o[1], result = o[4], origin = o[0] - inner;
            double[] adjoints = w.A;
            ReadOnlySpan<int> places = w.I.AsSpan(o[2], o[3]);
            if (inner == 1)
            {
                ReadOnlySpan<double> from = adjoints.AsSpan(result, places.Length);
                for (int i = 0; i < places.Length; i++) adjoints[origin + places[i]] += from[i];
                return;
            }
            for (int i = 0; i < places.Length; i++)
                for (int j = 0; j < inner; j++) adjoints[origin + (places[i] * inner) + j] += adjoints[result + (i * inner) + j];
        }
    }

    private sealed class ScatterOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            for (int i = o[1] - 1; i >= 0; i--)
            {
                int place = w.I[o[0] + i];
                if (o[3] != 0) w.A[o[2] + i] += w.A[place];
                w.A[place] = 0;
            }
        }
    }
}
