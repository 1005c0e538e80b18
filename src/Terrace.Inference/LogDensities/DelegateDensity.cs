using Terrace.Inference.Posterior;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Inference.LogDensities;

/// <summary>A log density with its gradient, written by the user: the position is the variables.</summary>
/// <param name="position">The variables.</param>
/// <param name="gradient">Takes the partial derivatives.</param>
/// <returns>The log density, up to a constant; −∞ where it is 0.</returns>
public delegate double LogDensityFunction(ReadOnlySpan<double> position, Span<double> gradient);

/// <summary>A model from a function that a user wrote, over unbounded variables. The function is called by several threads at once, so it must not keep state.</summary>
public sealed class DelegateDensity : ILogDensityModel
{
    private readonly LogDensityFunction _function;

    /// <summary>Names the variables and takes the function.</summary>
    public DelegateDensity(IReadOnlyList<string> variables, LogDensityFunction function, string name = "model")
    {
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentNullException.ThrowIfNull(function);
        CoordinateNames = [.. variables];
        Layout = new VariableLayout(variables.Select(variable => new Variable(variable)));
        _function = function;
        Name = name;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Dimension => CoordinateNames.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> CoordinateNames { get; }

    /// <inheritdoc/>
    public VariableLayout Layout { get; }

    /// <inheritdoc/>
    public bool DropsConstants => true;

    /// <inheritdoc/>
    public ILogDensity CreateEvaluator() => new Evaluator(this);

    private sealed class Evaluator(DelegateDensity model) : ILogDensity
    {
        private static readonly Rejection NotFinite = new("The log density is not finite.");

        public int Dimension => model.Dimension;

        public DensityValue Evaluate(ReadOnlySpan<double> position, Span<double> gradient, bool includeJacobian = true)
        {
            double value = model._function(position, gradient);
            return double.IsFinite(value) ? new DensityValue(value) : DensityValue.Reject(NotFinite);
        }

        public void WriteDraw(ReadOnlySpan<double> position, Rng rng, Span<double> draw) => position.CopyTo(draw);

        public void Unconstrain(ReadOnlySpan<double> values, Span<double> position) => values[..Dimension].CopyTo(position);
    }
}
