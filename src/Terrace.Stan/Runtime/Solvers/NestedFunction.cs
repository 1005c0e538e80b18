namespace Terrace.Stan.Runtime.Solvers;

/// <summary>
/// A user's function as a solver evaluates it: g(constants, y, θ) with its Jacobians by the unknowns y and by every active element of the arguments θ, found by reverse sweeps over the nested tape, one for each result.
/// The nested evaluation leaves no trace: the workspace's marks are set back, and the adjoints of the arguments, which lie outside, are what they were.
/// </summary>
internal sealed class NestedFunction
{
    private readonly Workspace _w;
    private readonly StanCallable _function;
    private readonly Operand[] _operands;
    private readonly int[] _slots;
    private readonly double[] _saved;
    private readonly bool _arrays;
    private readonly int _constants;

    /// <summary>A function.</summary>
    /// <param name="w">The workspace.</param>
    /// <param name="function">Called with the constants, the unknowns and <paramref name="arguments"/>.</param>
    /// <param name="constants">The number of single numbers that come first: the time, or the place in an integral.</param>
    /// <param name="unknowns">The number of unknowns; with none the function takes no container of them.</param>
    /// <param name="results">The number of results.</param>
    /// <param name="arguments">What is handed on.</param>
    /// <param name="arrays">Whether the unknowns are an array of reals, as before 2.24, and not a vector.</param>
    public NestedFunction(Workspace w, StanCallable function, int constants, int unknowns, int results, Operand[] arguments, bool arrays)
    {
        _w = w;
        _function = function;
        _constants = constants;
        _arrays = arrays;
        Unknowns = unknowns;
        Results = results;
        int given = constants + (unknowns > 0 ? 1 : 0);
        _operands = new Operand[given + arguments.Length];
        arguments.CopyTo(_operands, given);
        List<int> slots = [];
        foreach (Operand argument in arguments)
        {
            if (argument.Kind != OperandKind.Reals || !argument.Reals.Active || !w.Differentiating) continue;
            for (int i = 0; i < argument.Reals.Count; i++) slots.Add(argument.Reals.Offset + i);
        }
        _slots = [.. slots];
        _saved = new double[_slots.Length];
    }

    /// <summary>The number of unknowns.</summary>
    public int Unknowns { get; }

    /// <summary>The number of results.</summary>
    public int Results { get; }

    /// <summary>The slots of the active elements of the arguments.</summary>
    public IReadOnlyList<int> Slots => _slots;

    /// <summary>The values with ∂g/∂y (row by row) and ∂g/∂θ (row by row, in the order of <see cref="Slots"/>); empty spans leave the derivatives out.</summary>
    /// <exception cref="StanFaultException">The function returns another number of results.</exception>
    public void Evaluate(ReadOnlySpan<double> constants, ReadOnlySpan<double> y, Span<double> values, Span<double> byUnknown, Span<double> byArgument)
    {
        Workspace w = _w;
        int top = w.Top, ints = w.IntTop, code = w.CodeTop, partials = w.WTop;
        bool derivatives = byUnknown.Length > 0 || byArgument.Length > 0, differentiating = w.Differentiating;
        if (derivatives && !differentiating)
        {
            // Code without derivatives, as for a draw's values: a solver needs the Jacobian all the same.
            Evaluate(constants, y, values, [], []);
            Differences(constants, y, values, byUnknown);
            return;
        }
        w.Differentiating = differentiating && derivatives;
        Block unknowns = default;
        if (Unknowns > 0)
        {
            unknowns = _arrays ? w.Allocate(Unknowns, 1, 1, derivatives) : w.AllocateVector(Unknowns, derivatives);
            y.CopyTo(w.Values(unknowns));
            _operands[_constants] = FunctionAdapter.OfReals(unknowns, _arrays ? [Unknowns] : []);
        }
        for (int k = 0; k < _constants; k++) _operands[k] = FunctionAdapter.OfReals(w.AllocateScalar(constants[k], false), []);
        Block result = _function(w, _operands);
        if (result.Count != Results) Workspace.Fail($"the function given to a solver returns {result.Count} results where {Results} are needed");
        w.Values(result).CopyTo(values);
        if (derivatives) Sweep(top, code, unknowns, result, byUnknown, byArgument);
        w.Top = top;
        w.IntTop = ints;
        w.CodeTop = code;
        w.WTop = partials;
        w.Differentiating = differentiating;
    }

    private void Differences(ReadOnlySpan<double> constants, ReadOnlySpan<double> y, ReadOnlySpan<double> values, Span<double> byUnknown)
    {
        double[] moved = y.ToArray(), high = new double[Results];
        for (int j = 0; j < Unknowns; j++)
        {
            double step = 1.5e-8 * Math.Max(1e-3, Math.Abs(y[j]));
            moved[j] = y[j] + step;
            Evaluate(constants, moved, high, [], []);
            moved[j] = y[j];
            for (int i = 0; i < Results; i++) byUnknown[(i * Unknowns) + j] = (high[i] - values[i]) / step;
        }
    }

    private void Sweep(int top, int code, Block unknowns, Block result, Span<double> byUnknown, Span<double> byArgument)
    {
        Workspace w = _w;
        byUnknown.Clear();
        byArgument.Clear();
        if (!result.Active) return;
        int codeEnd = w.CodeTop, partialsEnd = w.WTop, p = _slots.Length;
        for (int k = 0; k < p; k++)
        {
            _saved[k] = w.A[_slots[k]];
            w.A[_slots[k]] = 0;
        }
        for (int i = 0; i < Results; i++)
        {
            w.CodeTop = codeEnd;
            w.WTop = partialsEnd;
            Array.Clear(w.A, top, w.Top - top);
            w.A[result.Offset + i] += 1;
            w.Reverse(code);
            if (byUnknown.Length > 0) w.A.AsSpan(unknowns.Offset, Unknowns).CopyTo(byUnknown[(i * Unknowns)..]);
            for (int k = 0; k < p; k++)
            {
                if (byArgument.Length > 0) byArgument[(i * p) + k] = w.A[_slots[k]];
                w.A[_slots[k]] = 0;
            }
        }
        for (int k = 0; k < p; k++) w.A[_slots[k]] = _saved[k];
    }
}
