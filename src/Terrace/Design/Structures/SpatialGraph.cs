using Terrace.Data;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Design.Structures;

/// <summary>
/// A graph of neighbouring areas and the basis of its intrinsic autoregression: differences of neighbours have variance 1 before scaling, effects add up to zero in each connected component, and the geometric mean of their variances is 1 there. An area
/// without neighbours has an independent standard normal effect.
/// <code>component of n areas: Q = diag(neighbours) − adjacency,  C an orthonormal basis of the vectors that add up to 0,  C'QC = LL',  B = C L⁻ᵀ,  BB' = Q⁺,  then scaled</code>
/// Besag, York and Mollié (1991); Riebler, Sørbye, Simpson and Rue (2016), An intuitive Bayesian spatial model for disease mapping that accounts for scaling; Freni-Sterrantino, Ventrucci and Rue (2018), A note on intrinsic conditional
/// autoregressive models for disconnected graphs, for components and areas without neighbours. Checked in <c>SpatialGraphTests</c>.
/// </summary>
internal sealed class SpatialGraph
{
    private readonly HashSet<int>[] _neighbours;

    private SpatialGraph(IReadOnlyList<string> areas, HashSet<int>[] neighbours) => (Areas, _neighbours) = (areas, neighbours);

    /// <summary>The areas, in order.</summary>
    public IReadOnlyList<string> Areas { get; }

    /// <summary>The connected components, each a list of areas.</summary>
    public IReadOnlyList<int[]> Components => FindComponents();

    /// <summary>A graph of pairs of neighbours; a pair whose second area is null only names the first.</summary>
    public static SpatialGraph Of(IReadOnlyList<(string Area, string? Neighbour)> pairs)
    {
        string[] areas = [.. pairs.SelectMany(pair => new[] { pair.Area, pair.Neighbour }).OfType<string>().Distinct()];
        var place = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < areas.Length; i++) place[areas[i]] = i;
        HashSet<int>[] neighbours = [.. areas.Select(_ => new HashSet<int>())];
        foreach ((string area, string? neighbour) in pairs)
        {
            if (neighbour is null || neighbour == area) continue;
            neighbours[place[area]].Add(place[neighbour]);
            neighbours[place[neighbour]].Add(place[area]);
        }
        return new SpatialGraph(areas, neighbours);
    }

    /// <summary>
    /// Reads a file: either pairs of neighbours, one a row in two columns (an empty second field names an area without neighbours), or a square table whose first column and header name the areas and whose other values are 1 for neighbours, 0 for others.
    /// </summary>
    /// <exception cref="DataException">The file cannot be read or is neither.</exception>
    public static SpatialGraph Read(string path)
    {
        Frame table = CsvFile.Read(path);
        return table.Columns.Count == 2 ? OfPairs(table, path) : SquareTable.IsSquare(table) ? OfTable(table, path)
            : throw new DataException($"{path} is no graph: it needs two columns that name neighbours, one pair a row, or a square table of 0 and 1 whose header and first column name the areas.");
    }

    /// <summary>B, areas × coefficients: one fewer coefficients than areas in each component, and one for an area without neighbours.</summary>
    public Matrix Basis()
    {
        IReadOnlyList<int[]> components = Components;
        var basis = new Matrix(Areas.Count, components.Sum(component => Math.Max(component.Length - 1, 1)));
        int first = 0;
        foreach (int[] component in components)
        {
            if (component.Length == 1) basis[component[0], first++] = 1;
            else
            {
                Fill(basis, component, first);
                IntrinsicScale.Divide(basis, component);
                first += component.Length - 1;
            }
        }
        return basis;
    }

    private void Fill(Matrix basis, int[] component, int first)
    {
        int n = component.Length;
        var place = new Dictionary<int, int>();
        for (int i = 0; i < n; i++) place[component[i]] = i;
        var q = new Matrix(n, n);
        for (int i = 0; i < n; i++)
        {
            q[i, i] = _neighbours[component[i]].Count;
            foreach (int neighbour in _neighbours[component[i]]) q[i, place[neighbour]] = -1;
        }
        Matrix contrasts = HelmertContrasts(n), reduced = Gemm.Product(contrasts, true, Gemm.Product(q, false, contrasts, false), false);
        if (!Cholesky.TryFactor(reduced)) throw new ModelException("The graph's precision could not be factored.");
        // B' = L⁻¹C', row by row of C.
        var row = new double[n - 1];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n - 1; j++) row[j] = contrasts[i, j];
            Cholesky.SolveLower(reduced, row);
            for (int j = 0; j < n - 1; j++) basis[component[i], first + j] = row[j];
        }
    }

    /// <summary>An orthonormal basis of the vectors that add up to 0.</summary>
    private static Matrix HelmertContrasts(int n)
    {
        var c = new Matrix(n, n - 1);
        for (int j = 0; j < n - 1; j++)
        {
            double length = Math.Sqrt((j + 1.0) * (j + 2));
            for (int i = 0; i <= j; i++) c[i, j] = 1 / length;
            c[j + 1, j] = -(j + 1) / length;
        }
        return c;
    }

    private List<int[]> FindComponents()
    {
        var seen = new bool[Areas.Count];
        var components = new List<int[]>();
        for (int start = 0; start < seen.Length; start++)
        {
            if (seen[start]) continue;
            var found = new List<int> { start };
            seen[start] = true;
            for (int next = 0; next < found.Count; next++)
            {
                foreach (int neighbour in _neighbours[found[next]].Order())
                {
                    if (seen[neighbour]) continue;
                    seen[neighbour] = true;
                    found.Add(neighbour);
                }
            }
            components.Add([.. found.Order()]);
        }
        return components;
    }

    private static SpatialGraph OfPairs(Frame table, string path)
    {
        var pairs = new List<(string, string?)>();
        for (int row = 0; row < table.RowCount; row++)
        {
            string area = table.Columns[0].TextAt(row) ?? throw new DataException($"{path}, row {row + 1}: the first area of the pair is missing.");
            pairs.Add((area, table.Columns[1].TextAt(row)));
        }
        return Of(pairs);
    }

    private static SpatialGraph OfTable(Frame table, string path)
    {
        (IReadOnlyList<string> areas, Matrix values) = SquareTable.Of(table, path);
        var pairs = new List<(string, string?)>();
        for (int i = 0; i < areas.Count; i++)
        {
            pairs.Add((areas[i], null));
            for (int j = 0; j < i; j++)
            {
                if (values[i, j] is not (0 or 1)) throw new DataException($"{path}: '{areas[i]}' and '{areas[j]}' have {values[i, j]}; a graph has 1 for neighbours and 0 for others.");
                if (values[i, j] == 1) pairs.Add((areas[i], areas[j]));
            }
        }
        return Of(pairs);
    }
}
