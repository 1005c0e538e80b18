using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.Transforms;

/// <summary>
/// Real numbers with an offset and a multiplier: x = μ + σ y, log |J| = Σ log σ. Source: Stan reference manual, "Affinely transformed scalar". Offset and multiplier are scalars or have the shape of the variable, and usually depend on parameters.
/// </summary>
internal static class OffsetMultiplierTransform
{
    private static readonly AffineOperation Moved = new();

    /// <summary>The number of free values.</summary>
    public static int FreeSize(int size) => size;

    /// <summary>The moved and stretched values.</summary>
    public static Block Constrain(Workspace w, Block free, Block offset, Block multiplier, bool jacobian)
    {
        BoundShape.Require(free, offset, "offset");
        BoundShape.Require(free, multiplier, "multiplier");
        foreach (double sigma in w.Values(multiplier)) if (!(sigma > 0 && double.IsFinite(sigma))) Workspace.Reject($"multiplier is {sigma}, but must be positive and finite");
        bool active = w.Differentiating && (free.Active || offset.Active || multiplier.Active);
        Block result = w.AllocateLike(free, active);
        Span<double> x = w.Values(result);
        if (multiplier.Count == 1) TensorPrimitives.Multiply(w.Values(free), w.V[multiplier.Offset], x);
        else TensorPrimitives.Multiply(w.Values(free), w.Values(multiplier), x);
        if (offset.Count == 1) TensorPrimitives.Add(x, w.V[offset.Offset], x);
        else TensorPrimitives.Add(x, w.Values(offset), x);
        if (jacobian) AddJacobian(w, multiplier, free.Count);
        if (active)
            w.Record(Moved, free.Offset, free.Active ? 1 : 0, offset.Offset, offset.Active ? 1 : 0, offset.Count == 1 ? 0 : 1, multiplier.Offset, multiplier.Active ? 1 : 0, multiplier.Count == 1 ? 0 : 1, result.Offset, free.Count);
        return result;
    }

    private static void AddJacobian(Workspace w, Block multiplier, int n)
    {
        // A single multiplier stretches every element.
        double times = multiplier.Count == 1 ? n : 1;
        bool gradient = multiplier.Active && w.Differentiating;
        for (int i = 0; i < multiplier.Count; i++)
        {
            double sigma = w.V[multiplier.Offset + i];
            w.Target += times * Math.Log(sigma);
            if (gradient) w.A[multiplier.Offset + i] += times / sigma;
        }
    }

    /// <summary>The free values: (x − μ) / σ.</summary>
    /// <exception cref="ArgumentException">A multiplier is not positive.</exception>
    public static void Free(ReadOnlySpan<double> constrained, Span<double> free, ReadOnlySpan<double> offset, ReadOnlySpan<double> multiplier)
    {
        for (int i = 0; i < constrained.Length; i++)
        {
            double mu = offset[offset.Length == 1 ? 0 : i], sigma = multiplier[multiplier.Length == 1 ? 0 : i];
            if (!(sigma > 0 && double.IsFinite(sigma))) throw new ArgumentException($"multiplier is {sigma}, but must be positive and finite", nameof(multiplier));
            free[i] = (constrained[i] - mu) / sigma;
        }
    }

    /// <summary>Refuses multipliers that are not positive; the values themselves are unconstrained.</summary>
    public static void Check(ReadOnlySpan<double> x, string name, ReadOnlySpan<double> offset, ReadOnlySpan<double> multiplier)
    {
        if ((multiplier.Length != 1 && multiplier.Length != x.Length) || (offset.Length != 1 && offset.Length != x.Length)) Workspace.Fail($"{name}: offset or multiplier has another size than the variable");
        foreach (double sigma in multiplier) if (!(sigma > 0 && double.IsFinite(sigma))) Workspace.Reject($"{name}: multiplier is {sigma}, but must be positive and finite");
    }

    private sealed class AffineOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[9];
            ReadOnlySpan<double> given = w.A.AsSpan(o[8], n), y = w.V.AsSpan(o[0], n);
            if (o[1] != 0)
            {
                Span<double> adjoint = w.A.AsSpan(o[0], n);
                if (o[7] == 0) TensorPrimitives.MultiplyAdd(given, w.V[o[5]], adjoint, adjoint);
                else TensorPrimitives.MultiplyAdd(given, w.V.AsSpan(o[5], n), adjoint, adjoint);
            }
            if (o[3] != 0)
            {
                if (o[4] == 0) w.A[o[2]] += TensorPrimitives.Sum(given);
                else TensorPrimitives.Add(w.A.AsSpan(o[2], n), given, w.A.AsSpan(o[2], n));
            }
            if (o[6] == 0) return;
            if (o[7] == 0) w.A[o[5]] += TensorPrimitives.Dot(given, y);
            else TensorPrimitives.MultiplyAdd(given, y, w.A.AsSpan(o[5], n), w.A.AsSpan(o[5], n));
        }
    }
}
