namespace Terrace.NonlinearModels;

/// <summary>
/// A mean function as a list of steps, each after those it uses, which are evaluated together with their derivatives in the parameters (forward mode): the gradient of
/// a step is the sum over its operands of partial derivative × their gradient.
/// </summary>
/// <remarks>
/// <para>Griewank and Walther (2008), <em>Evaluating Derivatives</em>, chapter 3. Symbols: v_i -> values; ∂v_i/∂φ_k -> slopes[i K + k].</para>
/// <para>Check: NonlinearMeanTests, by differences.</para>
/// </remarks>
internal sealed class MeanProgram(IReadOnlyList<MeanStep> steps)
{
    private const int LargestStack = 512;
    private const int MostArguments = 64;
    private readonly MeanStep[] _steps = [.. steps];

    /// <summary>The value for one row and, unless <paramref name="gradient"/> is empty, its derivatives.</summary>
    public double Evaluate(ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        int k = gradient.Length, size = _steps.Length * (1 + k);
        Span<double> work = size <= LargestStack ? stackalloc double[size] : new double[size];
        Span<double> values = work[.._steps.Length], slopes = work[_steps.Length..];
        slopes.Clear();
        for (int i = 0; i < _steps.Length; i++)
        {
            Span<double> slope = k > 0 && _steps[i].Depends ? slopes.Slice(i * k, k) : [];
            values[i] = Step(_steps[i], inputs, parameters, values, slopes, slope);
        }
        if (k > 0) slopes.Slice((_steps.Length - 1) * k, k).CopyTo(gradient);
        return values[^1];
    }

    private static double Step(MeanStep step, ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, Span<double> values, Span<double> slopes, Span<double> slope)
    {
        switch (step)
        {
            case MeanStep.Constant constant: return constant.Value;
            case MeanStep.Input input: return inputs[input.Index];
            case MeanStep.Parameter parameter:
                if (slope.Length > 0) slope[parameter.Index] = 1;
                return parameters[parameter.Index];
            case MeanStep.Operation operation: return Operate(operation, values, slopes, slope);
            case MeanStep.Function function:
                double x = values[function.Argument], f = function.Of.Value(x);
                if (slope.Length > 0) Add(slopes, function.Argument, function.Of.Derivative(x, f), slope);
                return f;
            default: return Call((MeanStep.Call)step, values, slopes, slope);
        }
    }

    private static double Operate(MeanStep.Operation step, Span<double> values, Span<double> slopes, Span<double> slope)
    {
        double a = values[step.Left], b = values[step.Right];
        double value = step.Operator switch { '+' => a + b, '-' => a - b, '*' => a * b, '/' => a / b, _ => Math.Pow(a, b) };
        if (slope.Length == 0) return value;
        if (step.LeftDepends) Add(slopes, step.Left, step.Operator switch { '+' or '-' => 1, '*' => b, '/' => 1 / b, _ => b == 0 ? 0 : b * Math.Pow(a, b - 1) }, slope);
        if (step.RightDepends) Add(slopes, step.Right, step.Operator switch { '+' => 1, '-' => -1, '*' => a, '/' => -value / b, _ => a == 0 ? 0 : value * Math.Log(a) }, slope);
        return value;
    }

    private static double Call(MeanStep.Call step, Span<double> values, Span<double> slopes, Span<double> slope)
    {
        int n = step.Inputs.Length, k = step.Parameters.Length;
        Span<double> arguments = n + 2 * k <= MostArguments ? stackalloc double[n + 2 * k] : new double[n + 2 * k];
        Span<double> inputs = arguments[..n], parameters = arguments.Slice(n, k), partial = slope.Length > 0 ? arguments[(n + k)..] : [];
        for (int i = 0; i < n; i++) inputs[i] = values[step.Inputs[i]];
        for (int i = 0; i < k; i++) parameters[i] = values[step.Parameters[i]];
        double value = step.Of.Evaluate(inputs, parameters, partial);
        for (int i = 0; i < partial.Length; i++)
            if (step.ParameterDepends[i]) Add(slopes, step.Parameters[i], partial[i], slope);
        return value;
    }

    private static void Add(Span<double> slopes, int operand, double partial, Span<double> slope)
    {
        Span<double> own = slopes.Slice(operand * slope.Length, slope.Length);
        for (int k = 0; k < slope.Length; k++)
            if (own[k] != 0) slope[k] += partial * own[k];
    }
}
