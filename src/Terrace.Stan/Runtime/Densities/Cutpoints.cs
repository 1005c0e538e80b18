namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The cutpoints of an ordered outcome of K categories, with −∞ and ∞ at the ends so that no category is special in a loop; beside them the derivatives by them and room for counts.
/// </summary>
internal readonly ref struct Cutpoints
{
    private readonly Span<double> _target;

    /// <summary>Checks the K − 1 cutpoints and copies them to fresh places of the arena.</summary>
    /// <param name="w">The workspace.</param>
    /// <param name="function">What to say when they are refused.</param>
    /// <param name="cutpoints">Strictly increasing and finite.</param>
    /// <param name="slopes">Where <see cref="AddSlopes"/> adds the derivatives; empty if they are not wanted.</param>
    public Cutpoints(Workspace w, string function, ReadOnlySpan<double> cutpoints, Span<double> slopes)
    {
        DiscreteDomain.Ordered(function, "cutpoints", cutpoints);
        int n = cutpoints.Length + 2;
        Span<double> places = w.V.AsSpan(w.AllocateSlots(3 * n), 3 * n);
        places.Clear();
        Span<double> bounds = places[..n];
        bounds[0] = double.NegativeInfinity;
        cutpoints.CopyTo(bounds[1..]);
        bounds[^1] = double.PositiveInfinity;
        Bounds = bounds;
        Slopes = places.Slice(n, n);
        Tally = places[(2 * n)..];
        _target = slopes;
    }

    /// <summary>c₀ = −∞, c₁ … c_{K−1}, c_K = ∞.</summary>
    public ReadOnlySpan<double> Bounds { get; }

    /// <summary>The derivatives by them; the ends take what is not wanted.</summary>
    public Span<double> Slopes { get; }

    /// <summary>Counts of the categories 1 … K.</summary>
    public Span<double> Tally { get; }

    /// <summary>Whether derivatives are wanted.</summary>
    public bool HasSlopes => !_target.IsEmpty;

    /// <summary>Hands the derivatives over, without the ends.</summary>
    public void AddSlopes()
    {
        for (int k = 0; k < _target.Length; k++) _target[k] += Slopes[k + 1];
    }
}
