using Terrace.Inference.Approximations;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Inference.Tests.Sampling;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Inference.Tests.Approximations;

public class PathfinderTests
{
    /// <summary>H of the compact form against Broyden, Fletcher, Goldfarb and Shanno's update applied pair by pair to the diagonal.</summary>
    [Theory]
    [InlineData(9, 3)]
    [InlineData(4, 3)]
    public void The_compact_inverse_Hessian_is_that_of_dense_updates(int n, int m)
    {
        var rng = new Rng(3, 1);
        double[] alpha = [.. Enumerable.Range(0, n).Select(_ => 0.5 + rng.NextDouble())];
        var pairs = new List<(double[] Step, double[] Change)>();
        while (pairs.Count < m)
        {
            double[] s = [.. Enumerable.Range(0, n).Select(_ => rng.NextNormal())], z = [.. s.Select((v, i) => v * (1 + i) + 0.2 * rng.NextNormal())];
            if (Dot(s, z) > 0.1) pairs.Add((s, z));
        }
        var h = new Matrix(n, n);
        for (int i = 0; i < n; i++) h[i, i] = alpha[i];
        foreach ((double[] s, double[] z) in pairs) h = Updated(h, s, z);
        Matrix own = QuasiNewtonNormal.InverseHessian(alpha, pairs);
        for (int i = 0; i < h.Values.Length; i++) Assert.Equal(h.Values[i], own.Values[i], 9);
        // The log determinant of either form of the normal.
        Matrix factor = h.Copy();
        Assert.True(Cholesky.TryFactor(factor));
        var normal = QuasiNewtonNormal.At(new LbfgsPoint(new double[n], 0, new double[n]), alpha, pairs)!;
        Assert.Equal(0.5 * Cholesky.LogDeterminant(factor), normal.HalfLogDeterminant, 9);
    }

    /// <summary>Draws of both forms have covariance H: 40,000 draws, each element within 5 standard errors.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(3)]
    public void Draws_have_the_covariance_of_the_inverse_Hessian(int n)
    {
        var rng = new Rng(5, 2);
        double[] alpha = [.. Enumerable.Range(0, n).Select(i => 0.5 + 0.2 * i)];
        double[] s = [.. Enumerable.Range(0, n).Select(i => 1.0 - 0.1 * i)], z = [.. s.Select((v, i) => 0.7 * v + 0.1 * i)];
        (double[], double[])[] pairs = [(s, z), ([.. z.Select(v => 0.3 * v)], [.. s.Select((v, i) => v + 0.2 * (i % 2))])];
        Matrix h = QuasiNewtonNormal.InverseHessian(alpha, pairs);
        var normal = QuasiNewtonNormal.At(new LbfgsPoint(new double[n], 0, new double[n]), alpha, pairs)!;
        const int draws = 40_000;
        var sum = new Matrix(n, n);
        var x = new double[n];
        for (int d = 0; d < draws; d++)
        {
            normal.Draw(rng, x);
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++) sum[i, j] += x[i] * x[j] / draws;
        }
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) Assert.True(Math.Abs(sum[i, j] - h[i, j]) < 5 * Math.Sqrt((h[i, i] * h[j, j] + h[i, j] * h[i, j]) / draws), $"({i}, {j}): {sum[i, j]} and {h[i, j]}");
    }

    /// <summary>Means within 5 standard errors of 1,000 draws (resampling included), standard deviations within 15 %.</summary>
    [Theory]
    [InlineData(2, 0.9)]
    [InlineData(12, 0.6)]
    public void A_normal_posterior_is_found(int n, double correlation)
    {
        NormalDensity normal = NormalDensity.Of(n, correlation);
        ApproximateDraws draws = Pathfinder.Run(normal.Model, new PathfinderOptions { Seed = 4 });
        Assert.True(draws.IsTrusted, draws.Verdict);
        for (int i = 0; i < n; i++)
        {
            double sd = Math.Sqrt(normal.Covariance[i, i]), mean = SampleMoments.Mean(draws.Draws.Column(i));
            Assert.True(Math.Abs(mean - normal.Mean[i]) < 7 * sd / Math.Sqrt(1000), $"x{i + 1}: {mean}, expected {normal.Mean[i]}");
            Assert.Equal(1, SampleMoments.StandardDeviation(draws.Draws.Column(i)) / sd, 0.15);
        }
    }

    [Fact]
    public void A_funnel_is_not_to_be_trusted()
    {
        ApproximateDraws draws = Pathfinder.Run(KnownDensities.Funnel(centred: true));
        Assert.False(draws.IsTrusted);
        Assert.Contains("Do not trust", draws.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void The_seed_fixes_the_draws_whatever_the_threads()
    {
        double[] One(int threads, ulong seed) => Pathfinder.Run(KnownDensities.EightSchools, new PathfinderOptions { Threads = threads, Seed = seed }).Draws.Column(0).ToArray();
        Assert.Equal(One(1, 3), One(4, 3));
        Assert.NotEqual(One(1, 3), One(1, 4));
    }

    [Fact]
    public void A_density_without_values_is_told()
    {
        Assert.Contains("every path", Assert.Throws<SamplingException>(() => Pathfinder.Run(new DelegateDensity(["x"], (_, _) => double.NaN))).Message, StringComparison.Ordinal);
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static Matrix Updated(Matrix h, double[] s, double[] z)
    {
        int n = s.Length;
        double product = Dot(s, z);
        var left = Matrix.Identity(n);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) left[i, j] -= s[i] * z[j] / product;
        Matrix updated = Gemm.Product(Gemm.Product(left, false, h, false), false, left, true);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) updated[i, j] += s[i] * s[j] / product;
        return updated;
    }
}
