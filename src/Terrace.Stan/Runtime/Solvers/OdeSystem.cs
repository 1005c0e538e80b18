namespace Terrace.Stan.Runtime.Solvers;

/// <summary>The right side y' = f(t, y, θ) of a user's function with its Jacobians by y and by every active argument.</summary>
/// <param name="w">The workspace.</param>
/// <param name="function">Called with t, y and <paramref name="arguments"/>.</param>
/// <param name="states">The number of equations.</param>
/// <param name="arguments">What is handed on.</param>
/// <param name="arrays">Whether states are arrays of reals, as before 2.24, and not vectors.</param>
internal sealed class OdeSystem(Workspace w, StanCallable function, int states, Operand[] arguments, bool arrays)
{
    private readonly NestedFunction _function = new(w, function, 1, states, states, arguments, arrays);

    /// <summary>The slots of the active elements of the arguments.</summary>
    public IReadOnlyList<int> Slots => _function.Slots;

    /// <summary>f at (t, y).</summary>
    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> f) => Evaluate(t, y, f, [], []);

    /// <summary>f with ∂f/∂y (row by row) and ∂f/∂θ (row by row, in the order of <see cref="Slots"/>); empty spans leave them out.</summary>
    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> f, Span<double> byState, Span<double> byArgument)
    {
        _function.Evaluate([t], y, f, byState, byArgument);
        foreach (double value in f) if (!double.IsFinite(value)) Workspace.Reject($"the system function returns {value} at time {t}");
    }
}
