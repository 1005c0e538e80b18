using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>Lengths and distances of vectors. Where a length is 0 it has no derivative and 0 is used.</summary>
internal static class Norms
{
    private static readonly AbsoluteOperation Absolute = new();
    private static readonly EuclideanOperation Euclidean = new();
    private static readonly DistanceOperation Apart = new();

    /// <summary>Σ |xᵢ|.</summary>
    public static Block Norm1(Workspace w, Block x)
    {
        Block result = w.AllocateScalar(TensorPrimitives.SumOfMagnitudes<double>(w.Values(x)), x.Active && w.Differentiating);
        if (result.Active) w.Record(Absolute, x.Offset, x.Count, result.Offset);
        return result;
    }

    /// <summary>√ Σ xᵢ².</summary>
    public static Block Norm2(Workspace w, Block x)
    {
        Block result = w.AllocateScalar(TensorPrimitives.Norm<double>(w.Values(x)), x.Active && w.Differentiating);
        if (result.Active) w.Record(Euclidean, x.Offset, x.Count, result.Offset);
        return result;
    }

    /// <summary>√ Σ (aᵢ − bᵢ)².</summary>
    public static Block Distance(Workspace w, Block a, Block b) => Between(w, a, b, "distance", true);

    /// <summary>Σ (aᵢ − bᵢ)².</summary>
    public static Block SquaredDistance(Workspace w, Block a, Block b) => Between(w, a, b, "squared_distance", false);

    private static Block Between(Workspace w, Block a, Block b, string name, bool root)
    {
        if (a.Count != b.Count) Workspace.Fail($"{name}: the vectors have {a.Count} and {b.Count} elements");
        double distance = a.Count == 0 ? 0 : TensorPrimitives.Distance<double>(w.Values(a), w.Values(b));
        Block result = w.AllocateScalar(root ? distance : distance * distance, w.Differentiating && (a.Active || b.Active));
        if (result.Active) w.Record(Apart, a.Offset, a.Active ? 1 : 0, b.Offset, b.Active ? 1 : 0, a.Count, result.Offset, root ? 1 : 0);
        return result;
    }

    private sealed class AbsoluteOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            double given = w.A[o[2]];
            for (int i = 0; i < o[1]; i++) w.A[o[0] + i] += given * Math.Sign(w.V[o[0] + i]);
        }
    }

    private sealed class EuclideanOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            Span<double> adjoint = w.A.AsSpan(o[0], o[1]);
            if (w.V[o[2]] != 0) TensorPrimitives.MultiplyAdd(w.V.AsSpan(o[0], o[1]), w.A[o[2]] / w.V[o[2]], adjoint, adjoint);
        }
    }

    private sealed class DistanceOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            double value = w.V[o[5]];
            if (value == 0) return;
            double scale = w.A[o[5]] * (o[6] != 0 ? 1 / value : 2);
            for (int i = 0; i < o[4]; i++)
            {
                double part = scale * (w.V[o[0] + i] - w.V[o[2] + i]);
                if (o[1] != 0) w.A[o[0] + i] += part;
                if (o[3] != 0) w.A[o[2] + i] -= part;
            }
        }
    }
}
