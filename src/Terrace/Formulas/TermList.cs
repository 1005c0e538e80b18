using System.Collections;
using System.Numerics;

namespace Terrace.Formulas;

/// <summary>Terms as sets of variables (bits), each once, in the order in which they were first added.</summary>
internal sealed class TermList : IEnumerable<BigInteger>
{
    private readonly List<BigInteger> _sets = [];
    private readonly HashSet<BigInteger> _seen = [];

    /// <summary>The number of terms.</summary>
    public int Count => _sets.Count;

    /// <summary>Adds a term unless it is there.</summary>
    public void Add(BigInteger set)
    {
        if (_seen.Add(set)) _sets.Add(set);
    }

    /// <summary>Whether a term is there.</summary>
    public bool Contains(BigInteger set) => _seen.Contains(set);

    /// <inheritdoc/>
    public IEnumerator<BigInteger> GetEnumerator() => _sets.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
