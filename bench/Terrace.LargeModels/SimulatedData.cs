using Terrace.Design;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.LargeModels;

/// <summary>Large simulated data for linear mixed models, the same for the same seed: y = 1 + 0.5 x1 − 0.25 x2 + effects + N(0, 1).</summary>
internal sealed record SimulatedData(ModelRows Rows, IReadOnlyList<(string Group, double Sd)> Truth)
{
    /// <summary>Pupils in schools in districts over years: each pupil has four rows, a tenth of the pupils change school once, nine in ten of these within the district.</summary>
    public static SimulatedData Schools(int pupils, int schools, int districts, ulong seed)
    {
        var rng = new Rng(seed, 1);
        const int years = 4;
        int rows = pupils * years;
        int[] pupil = new int[rows], school = new int[rows], district = new int[rows];
        for (int i = 0; i < pupils; i++)
        {
            int first = rng.NextInt(schools), move = rng.NextDouble() < 0.1 ? 1 + rng.NextInt(years - 1) : years;
            int next = rng.NextDouble() < 0.9 ? (first + districts * rng.NextInt(schools / districts)) % schools : rng.NextInt(schools);
            for (int t = 0; t < years; t++)
            {
                int row = i * years + t;
                pupil[row] = i;
                school[row] = t < move ? first : next;
                district[row] = school[row] % districts;
            }
        }
        return Simulate(rng, [("pupil", pupils, pupil, 0.8), ("school", schools, school, 0.5), ("district", districts, district, 0.3)]);
    }

    /// <summary>c in b in a, strictly nested, with three rows per level of c.</summary>
    public static SimulatedData Nested(int a, int b, int c, ulong seed)
    {
        var rng = new Rng(seed, 2);
        int rows = 3 * c;
        int[] inner = [.. Enumerable.Range(0, rows).Select(i => i / 3)], middle = [.. inner.Select(l => l % b)], outer = [.. middle.Select(l => l % a)];
        return Simulate(rng, [("c:b:a", c, inner, 0.7), ("b:a", b, middle, 0.5), ("a", a, outer, 0.4)]);
    }

    /// <summary>Two factors crossed at random.</summary>
    public static SimulatedData Crossed(int users, int items, int rows, ulong seed)
    {
        var rng = new Rng(seed, 3);
        int[] user = [.. Enumerable.Range(0, rows).Select(i => i < users ? i : rng.NextInt(users))], item = [.. Enumerable.Range(0, rows).Select(i => i < items ? i : rng.NextInt(items))];
        return Simulate(rng, [("user", users, user, 0.6), ("item", items, item, 0.4)]);
    }

    private static SimulatedData Simulate(Rng rng, (string Group, int Levels, int[] Codes, double Sd)[] terms)
    {
        int rows = terms[0].Codes.Length;
        var x = new Matrix(rows, 3);
        var y = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            (x[i, 0], x[i, 1], x[i, 2]) = (1, rng.NextNormal(), rng.NextDouble());
            y[i] = 1 + 0.5 * x[i, 1] - 0.25 * x[i, 2] + rng.NextNormal();
        }
        foreach (var term in terms)
        {
            double[] effects = [.. Enumerable.Range(0, term.Levels).Select(_ => term.Sd * rng.NextNormal())];
            for (int i = 0; i < rows; i++) y[i] += effects[term.Codes[i]];
        }
        var design = new DesignMatrices
        {
            X = x,
            ColumnNames = ["(Intercept)", "x1", "x2"],
            Assign = [0, 1, 2],
            RandomTerms = [.. terms.Select(t => new RandomTermDesign
            {
                Group = t.Group,
                Levels = [.. Enumerable.Range(1, t.Levels).Select(l => $"{t.Group}{l}")],
                Codes = t.Codes,
                TermNames = ["(Intercept)"],
                Z = new Matrix(rows, 1, [.. Enumerable.Repeat(1.0, rows)]),
            })],
            Offset = new double[rows],
        };
        int[] identity = [.. Enumerable.Range(0, rows)];
        var response = new ResponseValues { Name = "y", Kind = ResponseKind.Numeric, Values = y };
        return new SimulatedData(new ModelRows { Design = design, RowToCell = identity, SourceRows = identity, OmittedRows = 0, Response = response }, [.. terms.Select(t => (t.Group, t.Sd))]);
    }
}
