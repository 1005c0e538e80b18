namespace Terrace.NonlinearModels;

/// <summary>The value of a mean function for the inputs of one row.</summary>
public delegate double MeanValue(ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters);

/// <summary>The value of a mean function for the inputs of one row; unless <paramref name="gradient"/> is empty, the derivative in each parameter is written to it.</summary>
public delegate double MeanValueWithGradient(ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, Span<double> gradient);

/// <summary>
/// A mean function that formulas can call by its name: first its inputs (columns of the data), then its parameters. The self-starting ones are in
/// <see cref="SelfStartingFunctions"/>; one's own is made by <see cref="Of(string, IReadOnlyList{string}, IReadOnlyList{string}, MeanValue)"/>.
/// </summary>
public abstract class MeanFunction
{
    /// <summary>Creates the function.</summary>
    protected MeanFunction(string name, IReadOnlyList<string> inputs, IReadOnlyList<string> parameters)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(parameters);
        Name = name;
        Inputs = [.. inputs];
        Parameters = [.. parameters];
    }

    /// <summary>The name by which formulas call it.</summary>
    public string Name { get; }

    /// <summary>The names of its inputs, its first arguments.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>The names of its parameters, its other arguments.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>The value for the inputs of one row; unless <paramref name="gradient"/> is empty, the derivative in each parameter is written to it. NaN or infinite where the function is not defined.</summary>
    public abstract double Evaluate(ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, Span<double> gradient);

    /// <summary>The function as one writes a call of it: <c>SSlogis(input, Asym, xmid, scal)</c>.</summary>
    public override string ToString() => $"{Name}({string.Join(", ", Inputs.Concat(Parameters))})";

    /// <summary>A mean function of one's own whose derivatives are computed by central differences.</summary>
    public static MeanFunction Of(string name, IReadOnlyList<string> inputs, IReadOnlyList<string> parameters, MeanValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new DelegateMeanFunction(name, inputs, parameters, (x, phi, gradient) => DelegateMeanFunction.Differentiate(value, x, phi, gradient));
    }

    /// <summary>A mean function of one's own with its derivatives.</summary>
    public static MeanFunction WithGradient(string name, IReadOnlyList<string> inputs, IReadOnlyList<string> parameters, MeanValueWithGradient value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new DelegateMeanFunction(name, inputs, parameters, value);
    }
}
