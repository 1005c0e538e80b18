using Terrace.Data;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.IntervalStudies;

/// <summary>A model with known parameters, from which data sets are drawn: one fixed design, new group effects and responses for every data set.</summary>
internal sealed record CoverageCase(string Name, string What, string Formula, bool Binomial, int Rows, Func<int, string[]> GroupsOf, string[] Factors, Dictionary<string, double> Truth)
{
    private const ulong DesignStream = 1;

    /// <summary>The cases of the study.</summary>
    public static IReadOnlyList<CoverageCase> All { get; } =
    [
        new("a", "8 groups of 10, random intercept", "y ~ x + (1 | g)", false, 80, row => [$"g{row / 10 + 1}"], ["g"],
            new() { ["(Intercept)"] = 1, ["x"] = 0.5, ["sd_(Intercept)|g"] = 0.8, ["sigma"] = 1 }),
        new("b", "40 groups of 10, correlated intercept and slope", "y ~ x + (x | g)", false, 400, row => [$"g{row / 10 + 1}"], ["g"],
            new() { ["(Intercept)"] = 1, ["x"] = 0.5, ["sd_(Intercept)|g"] = 0.8, ["cor_x.(Intercept)|g"] = -0.3, ["sd_x|g"] = 0.5, ["sigma"] = 1 }),
        new("c", "binomial, 40 groups of 15", "y ~ x + (1 | g)", true, 600, row => [$"g{row / 15 + 1}"], ["g"],
            new() { ["(Intercept)"] = -0.3, ["x"] = 0.6, ["sd_(Intercept)|g"] = 0.8 }),
        new("d", "30 x 30 crossed", "y ~ x + (1 | g) + (1 | h)", false, 900, row => [$"g{row / 30 + 1}", $"h{row % 30 + 1}"], ["g", "h"],
            new() { ["(Intercept)"] = 1, ["x"] = 0.5, ["sd_(Intercept)|g"] = 0.6, ["sd_(Intercept)|h"] = 0.4, ["sigma"] = 1 }),
        new("e", "the data sets of case c by quadrature with 9 points", "y ~ x + (1 | g)", true, 600, row => [$"g{row / 15 + 1}"], ["g"],
            new() { ["(Intercept)"] = -0.3, ["x"] = 0.6, ["sd_(Intercept)|g"] = 0.8 }) { Points = 9 },
        new("f", "binomial, 60 groups of 40", "y ~ x + (1 | g)", true, 2400, row => [$"g{row / 40 + 1}"], ["g"],
            new() { ["(Intercept)"] = -0.3, ["x"] = 0.6, ["sd_(Intercept)|g"] = 0.8 }),
    ];

    /// <summary>The quadrature points of a generalised model; 1 is the Laplace approximation.</summary>
    public int Points { get; init; } = 1;

    private ulong Seed => (ulong)((Name == "e" ? 'c' : Name[0]) - 'a' + 20261);

    /// <summary>The covariate, the same in every data set.</summary>
    public double[] Covariate()
    {
        var rng = new Rng(Seed, DesignStream);
        return [.. Enumerable.Range(0, Rows).Select(_ => Math.Round(rng.NextNormal(), 3))];
    }

    /// <summary>The response of one data set, from a stream of its own.</summary>
    public double[] Response(int dataSet, double[] x)
    {
        var rng = new Rng(Seed, DesignStream + 1 + (ulong)dataSet);
        var effects = new Dictionary<string, (double Intercept, double Slope)>();
        double rho = Truth.GetValueOrDefault("cor_x.(Intercept)|g"), slopeSd = Truth.GetValueOrDefault("sd_x|g");
        foreach (int f in Enumerable.Range(0, Factors.Length))
        {
            foreach (string level in Enumerable.Range(0, Rows).Select(row => GroupsOf(row)[f]).Distinct())
            {
                double first = rng.NextNormal(), second = slopeSd > 0 ? rng.NextNormal() : 0;
                effects[level] = (Truth[$"sd_(Intercept)|{Factors[f]}"] * first, slopeSd * (rho * first + Math.Sqrt(1 - rho * rho) * second));
            }
        }
        var y = new double[Rows];
        for (int row = 0; row < Rows; row++)
        {
            double eta = Truth["(Intercept)"] + Truth["x"] * x[row];
            foreach (string level in GroupsOf(row)) eta += effects[level].Intercept + effects[level].Slope * x[row];
            y[row] = Binomial ? (rng.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0) : eta + Truth["sigma"] * rng.NextNormal();
        }
        return y;
    }

    /// <summary>The columns of the design with a response.</summary>
    public Frame Data(double[] x, double[] y) => new(
    [
        new NumericColumn("y", y),
        new NumericColumn("x", x),
        .. Factors.Select((name, f) => new TextColumn(name, [.. Enumerable.Range(0, Rows).Select(row => GroupsOf(row)[f])])),
    ]);
}
