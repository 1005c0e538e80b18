namespace Terrace.Inference.Posterior;

/// <summary>
/// Names the columns of draws once, for files, tables and charts: variables in order, each with its elements side by side. Names are those of the command
/// line: <c>b[(Intercept)]</c>, <c>sd[county,(Intercept)]</c>, <c>cor[county,(Intercept),floor]</c>, <c>r[county,AITKIN,(Intercept)]</c>, <c>sigma</c>, <c>lp__</c>.
/// </summary>
public sealed class VariableLayout
{
    private readonly string[] _columns;
    private readonly Dictionary<string, int> _indices;
    private readonly Dictionary<string, int> _offsets;

    /// <summary>Lays the variables out one after the other.</summary>
    /// <exception cref="ArgumentException">Two columns or two variables would have one name.</exception>
    public VariableLayout(IEnumerable<Variable> variables)
    {
        Variables = [.. variables];
        _columns = new string[Variables.Sum(v => v.Size)];
        _indices = new Dictionary<string, int>(_columns.Length, StringComparer.Ordinal);
        _offsets = new Dictionary<string, int>(StringComparer.Ordinal);
        int column = 0;
        foreach (Variable variable in Variables)
        {
            if (!_offsets.TryAdd(variable.Name, column)) throw new ArgumentException($"Two variables are named '{variable.Name}'.", nameof(variables));
            for (int element = 0; element < variable.Size; element++, column++) Add(variable.ElementName(element), column);
        }
    }

    /// <summary>The variables in order.</summary>
    public IReadOnlyList<Variable> Variables { get; }

    /// <summary>The names of all columns in order.</summary>
    public IReadOnlyList<string> Columns => _columns;

    /// <summary>The number of columns: the sum of the variables' sizes.</summary>
    public int Count => _columns.Length;

    /// <summary>The column called <paramref name="name"/> (with its brackets), or −1.</summary>
    public int IndexOf(string name) => _indices.GetValueOrDefault(name, -1);

    /// <summary>The column of the first element of the variable called <paramref name="name"/> (without brackets), or −1.</summary>
    public int OffsetOf(string name) => _offsets.GetValueOrDefault(name, -1);

    private void Add(string name, int column)
    {
        _columns[column] = name;
        if (!_indices.TryAdd(name, column)) throw new ArgumentException($"Two columns are named '{name}'.");
    }
}
