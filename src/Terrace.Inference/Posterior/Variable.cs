namespace Terrace.Inference.Posterior;

/// <summary>One variable of a set of draws: a scalar such as <c>sigma</c>, or a named array of elements such as <c>b[(Intercept)]</c>, <c>b[x]</c>.</summary>
public sealed record Variable
{
    /// <summary>Creates a scalar.</summary>
    public Variable(string name) : this(name, [], [""]) { }

    /// <summary>Creates an array whose elements are labelled in the order in which they are stored; without other dimensions it is a vector.</summary>
    /// <exception cref="ArgumentException">The dimensions do not multiply to the number of labels.</exception>
    public Variable(string name, IReadOnlyList<string> elements, IReadOnlyList<int>? dimensions = null) : this(name, dimensions ?? [elements.Count], elements) { }

    private Variable(string name, IReadOnlyList<int> dimensions, IReadOnlyList<string> elements)
    {
        long size = 1;
        foreach (int extent in dimensions) size *= extent;
        if (size != elements.Count) throw new ArgumentException($"'{name}' has {elements.Count} labels for {size} elements.", nameof(elements));
        Name = name;
        Dimensions = [.. dimensions];
        Elements = [.. elements];
    }

    /// <summary>The name without brackets.</summary>
    public string Name { get; }

    /// <summary>The extents; empty for a scalar.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>What stands between the brackets, one label for each element; for a scalar one empty label.</summary>
    public IReadOnlyList<string> Elements { get; }

    /// <summary>The number of elements.</summary>
    public int Size => Elements.Count;

    /// <summary>The full name of one element: <c>sigma</c>, <c>r[county,AITKIN,(Intercept)]</c>.</summary>
    public string ElementName(int element) => Dimensions.Count == 0 ? Name : $"{Name}[{Elements[element]}]";
}
