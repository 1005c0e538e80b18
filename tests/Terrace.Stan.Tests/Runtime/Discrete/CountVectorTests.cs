using Terrace.Numerics.Distributions;
using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.Densities;

namespace Terrace.Stan.Tests.Runtime.Discrete;

public sealed class CountVectorTests
{
    private static readonly double[] Theta = [0.2, 0.5, 0.3], Alpha = [0.7, 2.4, 1.1];

    /// <summary>All count vectors of three categories with a total of 6.</summary>
    internal static IEnumerable<int[]> All => from a in Enumerable.Range(0, 7) from b in Enumerable.Range(0, 7 - a) select (int[])[a, b, 6 - a - b];

    [Fact]
    public void Masses_of_count_vectors_sum_to_1()
    {
        Workspace w = Arenas.Create();
        Block theta = w.Vector(Theta), gamma = w.Vector([0.3, -1, 0.8]), alpha = w.Vector(Alpha);
        Assert.Equal(1, All.Sum(y => Math.Exp(w.Value(Multinomial.Log(w, -1, w.Array(y), theta)))), 1e-13);
        Assert.Equal(1, All.Sum(y => Math.Exp(w.Value(MultinomialLogit.Log(w, -1, w.Array(y), gamma)))), 1e-13);
        Assert.Equal(1, All.Sum(y => Math.Exp(w.Value(DirichletMultinomial.Log(w, -1, w.Array(y), alpha)))), 1e-13);
    }

    [Fact]
    public void A_multinomial_mass_is_its_formula()
    {
        Workspace w = Arenas.Create();
        double known = Math.Log(60 * 0.2 * Math.Pow(0.5, 2) * Math.Pow(0.3, 3));
        Assert.Equal(known, w.Value(Multinomial.Log(w, -1, w.Array([1, 2, 3]), w.Vector(Theta))), 1e-14);
        Assert.Equal(known, w.Value(MultinomialLogit.Log(w, -1, w.Array([1, 2, 3]), w.Vector([.. Theta.Select(p => Math.Log(p) + 3)]))), 1e-13);
        Assert.Equal(known - Math.Log(60), w.Value(Multinomial.Log(w, 2, w.Array([1, 2, 3]), w.Vector(Theta))), 1e-14);
        Assert.Equal(known - Math.Log(60), w.Value(MultinomialLogit.Log(w, 2, w.Array([1, 2, 3]), w.Vector([.. Theta.Select(p => Math.Log(p))]))), 1e-13);
        Assert.Equal(0, w.Value(Multinomial.Log(w, -1, w.Array([0, 2, 0]), w.Vector([0, 1, 0]))), 1e-14);
        Assert.Equal(double.NegativeInfinity, w.Value(Multinomial.Log(w, -1, w.Array([1, 2, 0]), w.Vector([0, 1, 0]))));
    }

    /// <summary>With two categories it is a beta-binomial.</summary>
    [Fact]
    public void A_Dirichlet_multinomial_of_two_categories_is_a_beta_binomial()
    {
        Workspace w = Arenas.Create();
        double known = -2.3077460044315727913;
        Assert.Equal(known, w.Value(DirichletMultinomial.Log(w, -1, w.Array([5, 7]), w.Vector([1.3, 2.2]))), 1e-13);
        Assert.Equal(known - Math.Log(792), w.Value(DirichletMultinomial.Log(w, 2, w.Array([5, 7]), w.Vector([1.3, 2.2]))), 1e-13);
    }

    /// <summary>θ₁ is Beta(α₁, α₂ + α₃), and θ₂/(1 − θ₁) is Beta(α₂, α₃) apart from it.</summary>
    [Fact]
    public void A_Dirichlet_density_is_a_product_of_beta_densities()
    {
        Workspace w = Arenas.Create();
        double known = Beta.LogDensity(0.2, Alpha[0], Alpha[1] + Alpha[2]) + Beta.LogDensity(0.5 / 0.8, Alpha[1], Alpha[2]) - Math.Log(0.8);
        Assert.Equal(known, w.Value(Dirichlet.Log(w, -1, w.Vector(Theta), w.Vector(Alpha))), 1e-13);
        Assert.Equal(known, w.Value(Dirichlet.Log(w, 2, w.Vector(Theta), w.RowVector(Alpha))), 1e-13);
        double kernel = Alpha.Zip(Theta, (a, p) => (a - 1) * Math.Log(p)).Sum();
        Assert.Equal(kernel, w.Value(Dirichlet.Log(w, 1, w.Vector(Theta), w.Vector(Alpha))), 1e-13);
        Assert.Equal(0, w.Value(Dirichlet.Log(w, 0, w.Vector(Theta), w.Vector(Alpha))));
    }

    [Fact]
    public void Count_vectors_have_the_adjoints_of_differences()
    {
        int[] y = [4, 0, 30];
        AdjointCheck.Verify((w, x) => Multinomial.Log(w, -1, w.Array(y), Arenas.Normalize(w, x[0])), 1e-7, (AdjointCheck.Vector(3), [0.2, 0.9, 0.3]));
        AdjointCheck.Verify((w, x) => MultinomialLogit.Log(w, -1, w.Array(y), x[0]), 1e-7, (AdjointCheck.Vector(3), [0.2, 0.9, -0.3]));
        AdjointCheck.Verify((w, x) => DirichletMultinomial.Log(w, -1, w.Array(y), x[0]), 1e-7, (AdjointCheck.Vector(3), Alpha));
    }

    [Fact]
    public void Dirichlet_densities_have_the_adjoints_of_differences_in_all_shapes()
    {
        var two = new Block(0, 2, 3, 1, true);
        double[] both = [0.2, 0.9, 0.3, 0.6, 0.1, 0.8], alphas = [0.7, 2.4, 1.1, 3, 1, 0.2];
        AdjointCheck.Verify((w, x) => Dirichlet.Log(w, -1, Arenas.Normalize(w, x[0]), x[1]), 1e-7, (AdjointCheck.Vector(3), [0.2, 0.9, 0.3]), (AdjointCheck.Vector(3), Alpha));
        AdjointCheck.Verify((w, x) => Dirichlet.Log(w, -1, Arenas.Normalize(w, x[0]), x[1]), 1e-7, (two, both), (AdjointCheck.Vector(3), Alpha));
        AdjointCheck.Verify((w, x) => Dirichlet.Log(w, -1, Arenas.Normalize(w, x[0]), x[1]), 1e-7, (AdjointCheck.Vector(3), [0.2, 0.9, 0.3]), (two, alphas));
        double[] sum = AdjointCheck.Verify((w, x) => Dirichlet.Log(w, -1, Arenas.Normalize(w, x[0]), x[1]), 1e-7, (two, both), (two, alphas));
        double first = AdjointCheck.Verify((w, x) => Dirichlet.Log(w, -1, Arenas.Normalize(w, x[0]), x[1]), 1e-7, (AdjointCheck.Vector(3), both[..3]), (AdjointCheck.Vector(3), alphas[..3]))[0];
        double second = AdjointCheck.Verify((w, x) => Dirichlet.Log(w, -1, Arenas.Normalize(w, x[0]), x[1]), 1e-7, (AdjointCheck.Vector(3), both[3..]), (AdjointCheck.Vector(3), alphas[3..]))[0];
        Assert.Equal(first + second, sum[0], 1e-13);
    }

    [Fact]
    public void Arguments_out_of_domain_are_refused()
    {
        Workspace w = Arenas.Create();
        Assert.Equal("multinomial_lpmf: outcome 2 is -1, but must be at least 0", Assert.Throws<StanFaultException>(() => Multinomial.Log(w, -1, w.Array([1, -1, 0]), w.Vector(Theta))).Message);
        Assert.Equal("dirichlet_lpdf: prior count is 0, but must be positive and finite", Assert.Throws<StanFaultException>(() => Dirichlet.Log(w, -1, w.Vector(Theta), w.Vector([1, 0, 1]))).Message);
        Assert.Equal(StanFaultKind.Error, Assert.Throws<StanFaultException>(() => Multinomial.Log(w, -1, w.Array([1, 1]), w.Vector(Theta))).Kind);
        Assert.Equal(StanFaultKind.Error, Assert.Throws<StanFaultException>(() => Dirichlet.Log(w, -1, w.Vector(Theta), w.Vector([1, 1]))).Kind);
    }
}
