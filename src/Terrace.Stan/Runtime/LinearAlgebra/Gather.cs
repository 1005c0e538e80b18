namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>Elements picked by integer indexes, counted from 1: result_i = x at index_i. The adjoint scatters: x̄ at index_i += result̄_i.</summary>
internal static class Gather
{
    private static readonly ScatterOperation Scattered = new();

    /// <summary>A vector of elements of a vector, row vector or array.</summary>
    public static Block Vector(Workspace w, Block x, IntBlock index)
    {
        bool active = x.Active && w.Differentiating;
        Block result = w.AllocateVector(index.Count, active);
        ReadOnlySpan<int> places = w.Ints(index);
        ReadOnlySpan<double> from = w.Values(x);
        Span<double> to = w.Values(result);
        for (int i = 0; i < places.Length; i++)
        {
            int k = places[i] - 1;
            if ((uint)k >= (uint)from.Length) Workspace.Fail($"index {places[i]} is outside 1 … {from.Length}");
            to[i] = from[k];
        }
        if (active) w.Record(Scattered, x.Offset, x.Count, index.Offset, index.Count, result.Offset);
        return result;
    }

    /// <summary>The places are read again in the reverse pass: integers of an evaluation are never moved or overwritten.</summary>
    private sealed class ScatterOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            ReadOnlySpan<int> places = w.I.AsSpan(o[2], o[3]);
            ReadOnlySpan<double> given = w.A.AsSpan(o[4], o[3]);
            Span<double> to = w.A.AsSpan(o[0], o[1]);
            for (int i = 0; i < places.Length; i++) to[places[i] - 1] += given[i];
        }
    }
}
