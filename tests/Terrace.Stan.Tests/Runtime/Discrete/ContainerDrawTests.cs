using Terrace.Numerics.Distributions;
using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.Densities;

namespace Terrace.Stan.Tests.Runtime.Discrete;

/// <summary>Draws of categories, count vectors and simplices against their masses by χ²; 40,000 draws, fixed seeds; each test of a right sampler fails with probability 1e-5.</summary>
public sealed class ContainerDrawTests
{
    private const int Draws = 40_000;

    [Fact]
    public void Categories_are_drawn_with_their_probabilities()
    {
        Workspace w = Arenas.Create();
        Block theta = w.Vector([0.2, 0.5, 0, 0.3]), beta = w.Vector([0.4, -2, 1.1]), eta = w.Scalar(0.7), c = w.Vector([-1.3, 0.2, 1.9]);
        Verify("categorical", w, 4, () => Categorical.Draw(w, theta), k => w.Value(Categorical.Log(w, -1, k, theta)));
        Verify("categorical_logit", w, 3, () => CategoricalLogit.Draw(w, beta), k => w.Value(CategoricalLogit.Log(w, -1, k, beta)));
        Verify("ordered_logistic", w, 4, () => OrderedLogistic.Draw(w, eta, c), k => w.Value(OrderedLogistic.Log(w, -1, k, eta, c)));
        Verify("ordered_probit", w, 4, () => OrderedProbit.Draw(w, eta, c), k => w.Value(OrderedProbit.Log(w, -1, k, eta, c)));
    }

    [Fact]
    public void Count_vectors_are_drawn_with_their_masses()
    {
        Workspace w = Arenas.Create();
        int[][] all = [.. CountVectorTests.All];
        Block theta = w.Vector([0.2, 0.5, 0.3]), gamma = w.Vector([0.3, -1, 0.8]), alpha = w.Vector([0.7, 2.4, 1.1]);
        int Index(IntBlock y) => 1 + Array.FindIndex(all, one => w.Ints(y).SequenceEqual(one));
        Verify("multinomial", w, all.Length, () => Index(Multinomial.Draw(w, theta, 6)), k => w.Value(Multinomial.Log(w, -1, w.Array(all[k - 1]), theta)));
        Verify("multinomial_logit", w, all.Length, () => Index(MultinomialLogit.Draw(w, gamma, 6)), k => w.Value(MultinomialLogit.Log(w, -1, w.Array(all[k - 1]), gamma)));
        Verify("dirichlet_multinomial", w, all.Length, () => Index(DirichletMultinomial.Draw(w, alpha, 6)), k => w.Value(DirichletMultinomial.Log(w, -1, w.Array(all[k - 1]), alpha)));
    }

    /// <summary>Each share is a beta variate: its cumulative probability is uniform, tested on 50 cells.</summary>
    [Fact]
    public void Shares_of_Dirichlet_draws_are_beta_variates()
    {
        Workspace w = Arenas.Create();
        double[] alpha = [0.3, 2.4, 1.1];
        Block block = w.Vector(alpha);
        var cells = new int[3][];
        for (int k = 0; k < 3; k++) cells[k] = new int[50];
        for (int i = 0; i < Draws; i++)
        {
            int top = w.Top;
            double[] p = [.. w.Values(Dirichlet.Draw(w, block))];
            w.Top = top;
            Assert.Equal(1, p.Sum(), 1e-14);
            for (int k = 0; k < 3; k++) cells[k][(int)Math.Min(49, 50 * Beta.Cdf(p[k], alpha[k], alpha.Sum() - alpha[k]))]++;
        }
        foreach (int[] counts in cells)
        {
            double statistic = counts.Sum(n => (n - (Draws / 50.0)) * (n - (Draws / 50.0)) / (Draws / 50.0));
            Assert.True(ChiSquared.UpperTail(statistic, 49) > 1e-5, $"χ² = {statistic}");
        }
    }

    [Fact]
    public void Tiny_prior_counts_give_a_corner_of_the_simplex()
    {
        Workspace w = Arenas.Create();
        for (int i = 0; i < 200; i++)
        {
            double[] p = [.. w.Values(Dirichlet.Draw(w, w.Vector([1e-4, 1e-4, 1e-4])))];
            Assert.Equal(1, p.Sum(), 1e-14);
        }
    }

    /// <summary>Successes of a row over draws: binomial within 5 standard deviations (6e-7 a row).</summary>
    [Fact]
    public void Logistic_regressions_are_drawn_row_by_row()
    {
        Workspace w = Arenas.Create();
        double[] x = [1, -2, 0.5, 0.3, 0.1, -1], alpha = [0.2, 0.4, -0.6], beta = [0.7, -1.2];
        Block design = w.Matrix(3, x), row = w.RowVector([1, 0.3]), intercept = w.Vector(alpha), coefficients = w.Vector(beta);
        foreach (Block one in (Block[])[design, row])
        {
            int[] successes = new int[3];
            for (int i = 0; i < Draws; i++)
            {
                IntBlock y = BernoulliLogitGlm.Draw(w, one, intercept, coefficients);
                for (int k = 0; k < 3; k++) successes[k] += w.Ints(y)[k];
                w.IntTop = 0;
            }
            for (int k = 0; k < 3; k++)
            {
                double eta = alpha[k] + (one.Rows == 1 ? (1 * 0.7) - (0.3 * 1.2) : (x[k] * 0.7) - (x[3 + k] * 1.2)), p = 1 / (1 + Math.Exp(-eta));
                Assert.InRange(successes[k], (Draws * p) - (5 * Math.Sqrt(Draws * p * (1 - p))), (Draws * p) + (5 * Math.Sqrt(Draws * p * (1 - p))));
            }
        }
    }

    private static void Verify(string name, Workspace w, int categories, Func<int> draw, Func<int, double> logMass)
    {
        var counts = new Dictionary<int, int>();
        for (int i = 0; i < Draws; i++)
        {
            int top = w.Top, k = draw();
            w.Top = top;
            w.IntTop = 0;
            Assert.InRange(k, 1, categories);
            counts[k] = counts.GetValueOrDefault(k) + 1;
        }
        DiscreteDrawTests.Verify(name, 1, categories, k => Math.Exp(logMass(k)), counts);
    }
}
