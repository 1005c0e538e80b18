using Terrace.Numerics.Distributions;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Tests.Runtime.Discrete;

/// <summary>Draws against masses by χ²: cells of at least 20 expected draws, 40,000 draws, a fixed seed a case; each case fails a right sampler with probability 1e-5.</summary>
public sealed class DiscreteDrawTests
{
    private const int Draws = 40_000;

    [Fact]
    public void Draws_have_the_masses_of_their_distribution()
    {
        ulong seed = 1;
        foreach (DiscreteCase one in DiscreteCase.All.Where(one => one.Draw is not null))
        {
            var rng = new Rng(seed++, 3);
            var counts = new Dictionary<int, int>();
            for (int i = 0; i < Draws; i++)
            {
                double y = one.DrawFrom(rng);
                Assert.True(y == Math.Floor(y) && y >= one.First, $"{one.Name}: {y}");
                counts[(int)y] = counts.GetValueOrDefault((int)y) + 1;
            }
            Verify($"{one.Name}({string.Join(", ", one.Parameters)})", one.First, one.Last, y => Math.Exp(one.LogMassAt(y)), counts);
        }
    }

    /// <summary>Pools neighbouring outcomes until 20 are expected, the rest into the last cell, and tests at level 1e-5.</summary>
    internal static void Verify(string name, int first, int last, Func<int, double> mass, Dictionary<int, int> counts)
    {
        int n = counts.Values.Sum(), degrees = -1, seenAll = 0;
        double expected = 0, seen = 0, statistic = 0, all = 0;
        for (int y = first; y <= last; y++)
        {
            expected += n * mass(y);
            seen += counts.GetValueOrDefault(y);
            if (expected < 20 || n - all - expected < 20) continue;
            statistic += (seen - expected) * (seen - expected) / expected;
            degrees++;
            all += expected;
            seenAll += (int)seen;
            expected = seen = 0;
        }
        double rest = n - all;
        if (rest > 1e-6 * n)
        {
            statistic += (n - seenAll - rest) * (n - seenAll - rest) / rest;
            degrees++;
        }
        Assert.True(degrees >= 1, $"{name}: one cell only");
        double p = ChiSquared.UpperTail(statistic, degrees);
        Assert.True(p > 1e-5, $"{name}: χ² = {statistic:F1} on {degrees} degrees of freedom, p = {p:E2}");
    }
}
