using System.Numerics;
using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>
/// The arithmetic of the language on containers, element by element; a container of one element is repeated. With c = f(a, b) the adjoints are ā += c̄ ∂f/∂a and b̄ += c̄ ∂f/∂b, summed over the repeats.
/// </summary>
internal static class Elementwise
{
    private static readonly SumOperation Summed = new();
    private static readonly ProductOperation Multiplied = new();
    private static readonly QuotientOperation Divided = new();
    private static readonly PowerOperation Raised = new();

    /// <summary>a + b.</summary>
    public static Block Add(Workspace w, Block a, Block b)
    {
        Block c = Result(w, a, b, "+");
        Span<double> result = w.Values(c);
        if (a.Count == result.Length && b.Count == result.Length) TensorPrimitives.Add(w.Values(a), w.Values(b), result);
        else if (a.Count == result.Length) TensorPrimitives.Add(w.Values(a), w.V[b.Offset], result);
        else TensorPrimitives.Add(w.Values(b), w.V[a.Offset], result);
        if (c.Active) Record(w, Summed, a, b, c, 1);
        return c;
    }

    /// <summary>a − b.</summary>
    public static Block Subtract(Workspace w, Block a, Block b)
    {
        Block c = Result(w, a, b, "-");
        Span<double> result = w.Values(c);
        if (a.Count == result.Length && b.Count == result.Length) TensorPrimitives.Subtract(w.Values(a), w.Values(b), result);
        else if (a.Count == result.Length) TensorPrimitives.Subtract(w.Values(a), w.V[b.Offset], result);
        else TensorPrimitives.Subtract(w.V[a.Offset], w.Values(b), result);
        if (c.Active) Record(w, Summed, a, b, c, -1);
        return c;
    }

    /// <summary>−a.</summary>
    public static Block Negate(Workspace w, Block a)
    {
        Block c = w.AllocateLike(a, a.Active && w.Differentiating);
        TensorPrimitives.Negate(w.Values(a), w.Values(c));
        if (c.Active) w.Record(Summed, 0, 0, 0, a.Offset, 1, 1, c.Offset, c.Count, -1);
        return c;
    }

    /// <summary>a · b, element by element.</summary>
    public static Block Multiply(Workspace w, Block a, Block b)
    {
        Block c = Result(w, a, b, ".*");
        Span<double> result = w.Values(c);
        if (a.Count == result.Length && b.Count == result.Length) TensorPrimitives.Multiply(w.Values(a), w.Values(b), result);
        else if (a.Count == result.Length) TensorPrimitives.Multiply(w.Values(a), w.V[b.Offset], result);
        else TensorPrimitives.Multiply(w.Values(b), w.V[a.Offset], result);
        if (c.Active) Record(w, Multiplied, a, b, c, 1);
        return c;
    }

    /// <summary>a / b, element by element.</summary>
    public static Block Divide(Workspace w, Block a, Block b)
    {
        Block c = Result(w, a, b, "./");
        Span<double> result = w.Values(c);
        if (a.Count == result.Length && b.Count == result.Length) TensorPrimitives.Divide(w.Values(a), w.Values(b), result);
        else if (a.Count == result.Length) TensorPrimitives.Divide(w.Values(a), w.V[b.Offset], result);
        else TensorPrimitives.Divide(w.V[a.Offset], w.Values(b), result);
        if (c.Active) Record(w, Divided, a, b, c, 1);
        return c;
    }

    /// <summary>aᵇ, element by element.</summary>
    public static Block Power(Workspace w, Block a, Block b)
    {
        Block c = Result(w, a, b, ".^");
        int aStep = a.Count == c.Count ? 1 : 0, bStep = b.Count == c.Count ? 1 : 0;
        Span<double> result = w.Values(c);
        if (bStep == 0 && w.V[b.Offset] == 2) TensorPrimitives.Multiply(w.Values(a), w.Values(a), result);
        else if (bStep == 0 && w.V[b.Offset] == 0.5) TensorPrimitives.Sqrt(w.Values(a), result);
        else for (int i = 0; i < result.Length; i++) result[i] = Math.Pow(w.V[a.Offset + (i * aStep)], w.V[b.Offset + (i * bStep)]);
        if (c.Active) Record(w, Raised, a, b, c, 1);
        return c;
    }

    /// <summary>The shape of the operand that is no scalar.</summary>
    private static Block Result(Workspace w, Block a, Block b, string sign)
    {
        if (a.Count != b.Count && a.Count != 1 && b.Count != 1) Workspace.Fail($"the operands of {sign} have {a.Count} and {b.Count} elements");
        return w.AllocateLike(a.Count == 1 ? b : a, w.Differentiating && (a.Active || b.Active));
    }

    private static void Record(Workspace w, TapeOperation operation, Block a, Block b, Block c, int sign) =>
        w.Record(operation, a.Offset, a.Active ? 1 : 0, a.Count == c.Count ? 1 : 0, b.Offset, b.Active ? 1 : 0, b.Count == c.Count ? 1 : 0, c.Offset, c.Count, sign);

    /// <summary>Operands: of a and b the place, whether active, whether as long as the result; the result's place and length; the sign of b.</summary>
    private sealed class SumOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[7];
            ReadOnlySpan<double> given = w.A.AsSpan(o[6], n);
            if (o[1] != 0)
            {
                if (o[2] == 0) w.A[o[0]] += TensorPrimitives.Sum(given);
                else TensorPrimitives.Add(w.A.AsSpan(o[0], n), given, w.A.AsSpan(o[0], n));
            }
            if (o[4] == 0) return;
            if (o[5] == 0) w.A[o[3]] += o[8] * TensorPrimitives.Sum(given);
            else if (o[8] > 0) TensorPrimitives.Add(w.A.AsSpan(o[3], n), given, w.A.AsSpan(o[3], n));
            else TensorPrimitives.Subtract(w.A.AsSpan(o[3], n), given, w.A.AsSpan(o[3], n));
        }
    }

    private sealed class ProductOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[7];
            ReadOnlySpan<double> given = w.A.AsSpan(o[6], n);
            if (o[1] != 0) AddProduct(w, given, o[0], o[2], o[3], o[5]);
            if (o[4] != 0) AddProduct(w, given, o[3], o[5], o[0], o[2]);
        }

        /// <summary>The adjoints at <paramref name="target"/> take the given ones times the values of the other factor.</summary>
        private static void AddProduct(Workspace w, ReadOnlySpan<double> given, int target, int isLong, int other, int otherIsLong)
        {
            int n = given.Length;
            if (isLong == 0) w.A[target] += otherIsLong != 0 ? TensorPrimitives.Dot(given, w.V.AsSpan(other, n)) : w.V[other] * TensorPrimitives.Sum(given);
            else if (otherIsLong != 0) TensorPrimitives.MultiplyAdd(given, w.V.AsSpan(other, n), w.A.AsSpan(target, n), w.A.AsSpan(target, n));
            else TensorPrimitives.MultiplyAdd(given, w.V[other], w.A.AsSpan(target, n), w.A.AsSpan(target, n));
        }
    }

    private sealed class QuotientOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[7];
            ReadOnlySpan<double> given = w.A.AsSpan(o[6], n), value = w.V.AsSpan(o[6], n);
            if (o[5] == 0)
            {
                double inverse = 1 / w.V[o[3]];
                if (o[1] != 0 && o[2] != 0) TensorPrimitives.MultiplyAdd(given, inverse, w.A.AsSpan(o[0], n), w.A.AsSpan(o[0], n));
                else if (o[1] != 0) w.A[o[0]] += inverse * TensorPrimitives.Sum(given);
                if (o[4] != 0) w.A[o[3]] -= inverse * TensorPrimitives.Dot(given, value);
                return;
            }
            ReadOnlySpan<double> b = w.V.AsSpan(o[3], n);
            if (o[4] != 0) SubtractRatios(given, value, b, w.A.AsSpan(o[3], n));
            if (o[1] == 0) return;
            if (o[2] != 0) AddRatios(given, b, w.A.AsSpan(o[0], n));
            else for (int i = 0; i < n; i++) w.A[o[0]] += given[i] / b[i];
        }

        /// <summary>target += given / b.</summary>
        private static void AddRatios(ReadOnlySpan<double> given, ReadOnlySpan<double> b, Span<double> target)
        {
            int i = 0;
            for (; i <= given.Length - Vector<double>.Count; i += Vector<double>.Count)
                (new Vector<double>(target[i..]) + (new Vector<double>(given[i..]) / new Vector<double>(b[i..]))).CopyTo(target[i..]);
            for (; i < given.Length; i++) target[i] += given[i] / b[i];
        }

        /// <summary>target −= given · value / b.</summary>
        private static void SubtractRatios(ReadOnlySpan<double> given, ReadOnlySpan<double> value, ReadOnlySpan<double> b, Span<double> target)
        {
            int i = 0;
            for (; i <= given.Length - Vector<double>.Count; i += Vector<double>.Count)
                (new Vector<double>(target[i..]) - (new Vector<double>(given[i..]) * new Vector<double>(value[i..]) / new Vector<double>(b[i..]))).CopyTo(target[i..]);
            for (; i < given.Length; i++) target[i] -= given[i] * value[i] / b[i];
        }
    }

    private sealed class PowerOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            for (int i = 0; i < o[7]; i++)
            {
                int at = o[0] + (i * o[2]), bt = o[3] + (i * o[5]);
                double a = w.V[at], b = w.V[bt], c = w.V[o[6] + i], given = w.A[o[6] + i];
                if (o[1] != 0) w.A[at] += given * (b == 0 ? 0 : b == 2 ? 2 * a : a == 0 ? b * Math.Pow(a, b - 1) : b * c / a);
                if (o[4] != 0) w.A[bt] += a == 0 ? 0 : given * c * Math.Log(a);
            }
        }
    }
}
