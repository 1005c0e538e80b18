using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The derivatives of one log density by whole containers, found in the forward pass and kept in the arena: the reverse pass only scales them by the adjoint of the result, whatever the density was.
/// Use: <see cref="Of"/> for each real argument, fill the spans, <see cref="Close"/>.
/// </summary>
internal struct DensityPartials(Workspace w)
{
    private static readonly ScaledGradient Operation = new();

    private readonly Workspace _w = w;
    private Places _places;
    private int _count = 1;

    /// <summary>Room for the derivatives by an argument, zeros at first; empty if they are not wanted.</summary>
    public Span<double> Of(in Block argument)
    {
        if (!_w.Differentiating || !argument.Active || argument.Count == 0) return [];
        int slots = _w.AllocateSlots(argument.Count);
        _places[_count++] = argument.Offset;
        _places[_count++] = slots;
        _places[_count++] = argument.Count;
        Span<double> partials = _w.V.AsSpan(slots, argument.Count);
        partials.Clear();
        return partials;
    }

    /// <summary>The result: a scalar whose adjoint will be spread over the arguments.</summary>
    public Block Close(double value)
    {
        bool active = _count > 1;
        Block result = _w.AllocateScalar(value, active);
        _places[0] = result.Offset;
        if (active) _w.Record(Operation, ((ReadOnlySpan<int>)_places)[.._count]);
        return result;
    }

    /// <summary>The result's place and three integers (argument, partials, count) for each of up to six arguments.</summary>
    [InlineArray(19)]
    private struct Places
    {
        private int _first;
    }

    private sealed class ScaledGradient : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            double adjoint = w.A[o[0]];
            if (adjoint == 0) return;
            for (int k = 1; k < o.Length; k += 3)
            {
                Span<double> adjoints = w.A.AsSpan(o[k], o[k + 2]);
                TensorPrimitives.MultiplyAdd(w.V.AsSpan(o[k + 1], o[k + 2]), adjoint, adjoints, adjoints);
            }
        }
    }
}
