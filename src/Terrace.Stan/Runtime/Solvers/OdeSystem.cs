namespace Terrace.Stan.Runtime.Solvers;

/// <summary>
/// The right side y' = f(t, y, θ) of a user's function with its Jacobians by y and by every active argument, found by reverse sweeps over the nested tape, one for each state. The nested evaluation leaves no trace:
/// the workspace's marks are set back, and the adjoints of the arguments, which lie outside, are what they were.
/// </summary>
internal sealed class OdeSystem
{
    private readonly Workspace _w;
    private readonly StanCallable _function;
    private readonly Operand[] _operands;
    private readonly int[] _slots;
    private readonly double[] _saved;
    private readonly bool _arrays;

    /// <summary>A system of <paramref name="states"/> equations.</summary>
    /// <param name="w">The workspace.</param>
    /// <param name="function">Called with t, y and <paramref name="arguments"/>.</param>
    /// <param name="states">The number of equations.</param>
    /// <param name="arguments">What is handed on.</param>
    /// <param name="arrays">Whether states are arrays of reals, as before 2.24, and not vectors.</param>
    public OdeSystem(Workspace w, StanCallable function, int states, Operand[] arguments, bool arrays)
    {
        _w = w;
        _function = function;
        _arrays = arrays;
        States = states;
        _operands = new Operand[arguments.Length + 2];
        arguments.CopyTo(_operands, 2);
        List<int> slots = [];
        foreach (Operand argument in arguments)
        {
            if (argument.Kind != OperandKind.Reals || !argument.Reals.Active || !w.Differentiating) continue;
            for (int i = 0; i < argument.Reals.Count; i++) slots.Add(argument.Reals.Offset + i);
        }
        _slots = [.. slots];
        _saved = new double[_slots.Length];
    }

    /// <summary>The number of equations.</summary>
    public int States { get; }

    /// <summary>The slots of the active elements of the arguments.</summary>
    public IReadOnlyList<int> Slots => _slots;

    /// <summary>f at (t, y).</summary>
    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> f) => Evaluate(t, y, f, [], []);

    /// <summary>f with ∂f/∂y (row by row) and ∂f/∂θ (row by row, in the order of <see cref="Slots"/>); empty spans leave them out.</summary>
    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> f, Span<double> byState, Span<double> byArgument)
    {
        Workspace w = _w;
        int top = w.Top, ints = w.IntTop, code = w.CodeTop, partials = w.WTop;
        bool derivatives = byState.Length > 0, differentiating = w.Differentiating;
        if (derivatives && !differentiating)
        {
            // Code without derivatives, as for a draw's values: a stiff step needs the Jacobian all the same.
            Evaluate(t, y, f);
            Differences(t, y, f, byState);
            return;
        }
        w.Differentiating = differentiating && derivatives;
        Block state = _arrays ? w.Allocate(States, 1, 1, derivatives) : w.AllocateVector(States, derivatives);
        y.CopyTo(w.Values(state));
        _operands[0] = FunctionAdapter.OfReals(w.AllocateScalar(t, false), []);
        _operands[1] = FunctionAdapter.OfReals(state, _arrays ? [States] : []);
        Block result = _function(w, _operands);
        if (result.Count != States) Workspace.Fail($"the system function returns {result.Count} derivatives for {States} states");
        w.Values(result).CopyTo(f);
        foreach (double value in f) if (!double.IsFinite(value)) Workspace.Reject($"the system function returns {value} at time {t}");
        if (derivatives) Sweep(top, code, state, result, byState, byArgument);
        w.Top = top;
        w.IntTop = ints;
        w.CodeTop = code;
        w.WTop = partials;
        w.Differentiating = differentiating;
    }

    private void Differences(double t, ReadOnlySpan<double> y, ReadOnlySpan<double> f, Span<double> byState)
    {
        double[] moved = y.ToArray(), high = new double[States];
        for (int j = 0; j < States; j++)
        {
            double step = 1.5e-8 * Math.Max(1e-3, Math.Abs(y[j]));
            moved[j] = y[j] + step;
            Evaluate(t, moved, high);
            moved[j] = y[j];
            for (int i = 0; i < States; i++) byState[(i * States) + j] = (high[i] - f[i]) / step;
        }
    }

    private void Sweep(int top, int code, Block state, Block result, Span<double> byState, Span<double> byArgument)
    {
        Workspace w = _w;
        byState.Clear();
        byArgument.Clear();
        if (!result.Active) return;
        int codeEnd = w.CodeTop, partialsEnd = w.WTop, p = _slots.Length;
        for (int k = 0; k < p; k++)
        {
            _saved[k] = w.A[_slots[k]];
            w.A[_slots[k]] = 0;
        }
        for (int i = 0; i < States; i++)
        {
            w.CodeTop = codeEnd;
            w.WTop = partialsEnd;
            Array.Clear(w.A, top, w.Top - top);
            w.A[result.Offset + i] += 1;
            w.Reverse(code);
            w.A.AsSpan(state.Offset, States).CopyTo(byState[(i * States)..]);
            for (int k = 0; k < p; k++)
            {
                byArgument[(i * p) + k] = w.A[_slots[k]];
                w.A[_slots[k]] = 0;
            }
        }
        for (int k = 0; k < p; k++) w.A[_slots[k]] = _saved[k];
    }
}
