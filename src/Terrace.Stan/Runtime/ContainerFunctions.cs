using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime;

/// <summary>Functions of real numbers applied to each element of a container, by pointer to the function and to its derivative, and by SIMD for the commonest.</summary>
internal static unsafe class ContainerFunctions
{
    private static readonly UnaryOperation Applied = new();

    /// <summary>The number of the SIMD kernel of a function, 0 if it has none.</summary>
    public static int KernelOf(string name) => name switch { "exp" => 1, "log" => 2, "inv_logit" => 3, "sqrt" => 4, "square" => 5, "inv" => 6, "log1p" => 7, "tanh" => 8, _ => 0 };

    /// <summary>The function of each element.</summary>
    /// <param name="w">The workspace.</param>
    /// <param name="kernel">The SIMD kernel, or 0.</param>
    /// <param name="function">Points to <c>double(double)</c>.</param>
    /// <param name="slope">Points to <c>double(double x, double value)</c>.</param>
    /// <param name="x">The container.</param>
    public static Block Unary(Workspace w, int kernel, nint function, nint slope, Block x)
    {
        bool active = x.Active && w.Differentiating;
        Block result = w.AllocateLike(x, active);
        ReadOnlySpan<double> from = w.Values(x);
        Span<double> to = w.Values(result);
        // The sigmoid refuses empty spans.
        switch (from.IsEmpty ? 0 : kernel)
        {
            case 1: TensorPrimitives.Exp(from, to); break;
            case 2: TensorPrimitives.Log(from, to); break;
            case 3: TensorPrimitives.Sigmoid(from, to); break;
            case 4: TensorPrimitives.Sqrt(from, to); break;
            case 5: TensorPrimitives.Multiply(from, from, to); break;
            case 6: TensorPrimitives.Divide(1.0, from, to); break;
            case 8: TensorPrimitives.Tanh(from, to); break;
            default:
                var f = (delegate*<double, double>)function;
                for (int i = 0; i < from.Length; i++) to[i] = f(from[i]);
                break;
        }
        if (active) w.Record(Applied, x.Offset, result.Offset, x.Count, kernel, (int)(slope & 0xFFFFFFFF), (int)(slope >> 32));
        return result;
    }

    private sealed class UnaryOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[2];
            ReadOnlySpan<double> x = w.V.AsSpan(o[0], n), value = w.V.AsSpan(o[1], n), given = w.A.AsSpan(o[1], n);
            Span<double> adjoint = w.A.AsSpan(o[0], n);
            switch (o[3])
            {
                case 1: TensorPrimitives.MultiplyAdd(given, value, adjoint, adjoint); break;
                case 2: for (int i = 0; i < n; i++) adjoint[i] += given[i] / x[i]; break;
                case 3: for (int i = 0; i < n; i++) adjoint[i] += given[i] * value[i] * (1 - value[i]); break;
                case 4: for (int i = 0; i < n; i++) adjoint[i] += given[i] / (2 * value[i]); break;
                case 5: for (int i = 0; i < n; i++) adjoint[i] += 2 * given[i] * x[i]; break;
                case 6: for (int i = 0; i < n; i++) adjoint[i] -= given[i] * value[i] * value[i]; break;
                case 8: for (int i = 0; i < n; i++) adjoint[i] += given[i] * (1 - (value[i] * value[i])); break;
                default:
                    var slope = (delegate*<double, double, double>)(((nint)o[5] << 32) | (uint)o[4]);
                    for (int i = 0; i < n; i++) adjoint[i] += given[i] * slope(x[i], value[i]);
                    break;
            }
        }
    }
}
