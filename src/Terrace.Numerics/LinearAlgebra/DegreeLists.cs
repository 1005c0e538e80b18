namespace Terrace.Numerics.LinearAlgebra;

/// <summary>Variables in lists by degree, for taking one of least degree: the structure of Amestoy, Davis and Duff (1996), section 3.</summary>
internal sealed class DegreeLists
{
    private readonly int[] _first;
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly int[] _degree;
    private int _least;

    public DegreeLists(int variables, long largest)
    {
        _first = new int[(int)Math.Min(largest, Array.MaxLength - 1) + 1];
        Array.Fill(_first, -1);
        _next = new int[variables];
        _previous = new int[variables];
        _degree = new int[variables];
        Array.Fill(_degree, -1);
    }

    public void Insert(int variable, long degree)
    {
        int d = (int)Math.Min(degree, _first.Length - 1), head = _first[d];
        (_degree[variable], _next[variable], _previous[variable]) = (d, head, -1);
        if (head >= 0) _previous[head] = variable;
        _first[d] = variable;
        _least = Math.Min(_least, d);
    }

    public void Remove(int variable)
    {
        int d = _degree[variable], next = _next[variable], previous = _previous[variable];
        if (d < 0) return;
        if (next >= 0) _previous[next] = previous;
        if (previous >= 0) _next[previous] = next;
        else _first[d] = next;
        _degree[variable] = -1;
    }

    /// <summary>Takes out a variable of least degree; there must be one.</summary>
    public int TakeLeast()
    {
        while (_first[_least] < 0) _least++;
        int variable = _first[_least];
        Remove(variable);
        return variable;
    }
}
