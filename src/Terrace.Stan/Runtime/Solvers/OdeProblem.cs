namespace Terrace.Stan.Runtime.Solvers;

/// <summary>
/// An initial value problem with its forward sensitivities S = ∂y/∂(y₀, t₀, θ): S' = (∂f/∂y)·S + ∂f/∂θ, S(t₀) = [I, −f(t₀, y₀), 0] (Hairer, Nørsett &amp; Wanner 1993, "Solving Ordinary Differential Equations I", §I.14).
/// Keeps the state, hands the columns to a stepper, and writes the solution with its derivatives to the tape.
/// </summary>
internal sealed class OdeProblem
{
    private readonly Workspace _w;
    private readonly Block _y0, _t0, _times;

    /// <summary>Sets the problem up at its initial time.</summary>
    public OdeProblem(Workspace w, string name, StanCallable function, Block y0, Block t0, Block times, Operand[] arguments, bool arrays)
    {
        _w = w;
        _y0 = y0;
        _t0 = t0;
        _times = times;
        System = new OdeSystem(w, function, y0.Count, arguments, arrays);
        States = y0.Count;
        if (States == 0) Workspace.Fail($"{name}: there are no states");
        Time = w.V[t0.Offset];
        for (int k = 0; k < times.Count; k++)
            if (!(Output(k) > (k == 0 ? Time : Output(k - 1)))) Workspace.Reject($"{name}: times must increase and lie behind the initial time {Time}, but time {k + 1} is {Output(k)}");
        bool active = w.Differentiating;
        InitialColumns = active && y0.Active ? States : 0;
        TimeColumn = active && t0.Active ? InitialColumns : -1;
        ArgumentColumn = InitialColumns + (TimeColumn >= 0 ? 1 : 0);
        Columns = ArgumentColumn + System.Slots.Count;
        Y = w.Values(y0).ToArray();
        S = new double[States * Columns];
        for (int i = 0; i < InitialColumns; i++) S[(i * Columns) + i] = 1;
        if (TimeColumn < 0) return;
        var f = new double[States];
        System.Evaluate(Time, Y, f);
        for (int i = 0; i < States; i++) S[(i * Columns) + TimeColumn] = -f[i];
    }

    /// <summary>The right side.</summary>
    public OdeSystem System { get; }

    /// <summary>The number of states.</summary>
    public int States { get; }

    /// <summary>The number of sensitivities of each state.</summary>
    public int Columns { get; }

    /// <summary>The first column of the arguments.</summary>
    public int ArgumentColumn { get; }

    private int InitialColumns { get; }

    private int TimeColumn { get; }

    /// <summary>The time reached.</summary>
    public double Time { get; set; }

    /// <summary>The states there.</summary>
    public double[] Y { get; }

    /// <summary>Their sensitivities, row by row.</summary>
    public double[] S { get; }

    /// <summary>The output time of number <paramref name="k"/>.</summary>
    public double Output(int k) => _w.V[_times.Offset + k];

    /// <summary>Goes from output time to output time by <paramref name="advance"/> and gives the solution, an array of vectors (or of arrays).</summary>
    public Block Solve(Action<OdeProblem, double> advance)
    {
        int n = States, count = _times.Count;
        var solution = new double[count * n];
        var derivatives = new double[count * n * Columns];
        for (int k = 0; k < count; k++)
        {
            advance(this, Output(k));
            Y.CopyTo(solution, k * n);
            S.CopyTo(derivatives, k * n * Columns);
        }
        bool byTimes = _w.Differentiating && _times.Active, active = Columns > 0 || byTimes;
        Block result = _w.Allocate(count, n, 1, active);
        solution.CopyTo(_w.V, result.Offset);
        if (!active) return result;
        var f = new double[n];
        for (int k = 0; k < count; k++)
        {
            if (byTimes) System.Evaluate(Output(k), solution.AsSpan(k * n, n), f);
            for (int i = 0; i < n; i++) Record(result.Offset + (k * n) + i, derivatives.AsSpan(((k * n) + i) * Columns, Columns), byTimes ? _times.Offset + k : -1, f[i]);
        }
        return result;
    }

    private void Record(int target, ReadOnlySpan<double> row, int timeSlot, double slope)
    {
        int edges = 0;
        for (int j = 0; j < InitialColumns; j++, edges++) _w.Edge(_y0.Offset + j, row[j]);
        if (TimeColumn >= 0) { _w.Edge(_t0.Offset, row[TimeColumn]); edges++; }
        for (int j = 0; j < System.Slots.Count; j++, edges++) _w.Edge(System.Slots[j], row[ArgumentColumn + j]);
        if (timeSlot >= 0) { _w.Edge(timeSlot, slope); edges++; }
        _w.CloseLinear(target, edges);
    }
}
