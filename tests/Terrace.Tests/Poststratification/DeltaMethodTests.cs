using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.LinearModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using Terrace.Poststratification;

namespace Terrace.Tests.Poststratification;

public class DeltaMethodTests
{
    private const int Cells = 40, Columns = 4;
    private readonly Rng _rng = new(7, 0);

    [Theory]
    [InlineData("logit")]
    [InlineData("probit")]
    [InlineData("cloglog")]
    public void Equals_the_quadratic_form_of_a_numerical_gradient(string link)
    {
        Family family = Family.Parse("binomial", link);
        DesignMatrices design = Design();
        double[] beta = [.. Enumerable.Range(0, Columns).Select(_ => _rng.NextNormal() / 2)];
        Matrix covariance = Covariance();
        (PoststratificationFrame population, Areas areas) = Population();
        AreaWeights weights = AreaWeights.Of(population, [areas], [.. Enumerable.Range(0, Cells)], Cells);
        (double[] estimates, double[] sds) = new DeltaMethod(Estimates(beta, covariance), design, family.Link).Areas(weights);
        double[][] gradient = [.. Enumerable.Range(0, Columns).Select(j => Derivative(design, family, beta, j, population, areas))];
        for (int a = 0; a < areas.Count; a++)
        {
            double variance = 0;
            for (int j = 0; j < Columns; j++)
                for (int k = 0; k < Columns; k++) variance += gradient[j][a] * gradient[k][a] * covariance[j, k];
            Assert.Equal(Math.Sqrt(variance), sds[a], 1e-7);
            Assert.Equal(Means(design, family, beta, population, areas)[a], estimates[a], 1e-14);
        }
    }

    [Fact]
    public void Merging_cells_that_are_predicted_alike_changes_nothing()
    {
        DesignMatrices design = Design();
        double[] beta = [0.2, -0.4, 0.1, 0.3];
        Matrix covariance = Covariance();
        (PoststratificationFrame population, Areas areas) = Population();
        int[] identity = [.. Enumerable.Range(0, Cells)];
        var doubled = new DeltaMethod(Estimates(beta, covariance), Stack(design), Link.Logit);
        AreaWeights all = AreaWeights.Of(population, [areas], identity, 2 * Cells);
        AreaWeights same = AreaWeights.Of(population, [areas], [.. identity.Select(i => i + Cells)], 2 * Cells);
        Assert.Equal(doubled.Areas(all).Sds, doubled.Areas(same).Sds);
    }

    [Fact]
    public void Averaged_bounds_are_never_narrower_than_the_delta_method()
    {
        (PoststratificationFrame population, Areas areas) = Population();
        AreaWeights weights = AreaWeights.Of(population, [areas], [.. Enumerable.Range(0, Cells)], Cells);
        var delta = new DeltaMethod(Estimates([0.2, -0.4, 0.1, 0.3], Covariance()), Design(), Link.Logit);
        (double[] estimates, double[] sds) = delta.Areas(weights);
        var right = new ModelEstimates { Areas = [.. estimates.Zip(sds, (m, s) => IntervalEstimate.Symmetric(m, s, 2))], Meaning = "", Covered = weights.Covered };
        ModelEstimates wide = AveragedBounds.Replace(right, weights, delta.Means, delta.PatternErrors);
        for (int a = 0; a < areas.Count; a++)
        {
            Assert.True(wide.Areas[a].Upper - wide.Areas[a].Lower >= 4 * sds[a] - 1e-12);
            Assert.Equal(estimates[a], (wide.Areas[a].Upper + wide.Areas[a].Lower) / 2, 1e-12);
        }
    }

    private static double[] Derivative(DesignMatrices design, Family family, double[] beta, int j, PoststratificationFrame population, Areas areas)
    {
        const double step = 1e-5;
        double[] up = [.. beta], down = [.. beta];
        (up[j], down[j]) = (beta[j] + step, beta[j] - step);
        return [.. Means(design, family, up, population, areas).Zip(Means(design, family, down, population, areas), (u, d) => (u - d) / (2 * step))];
    }

    private static double[] Means(DesignMatrices design, Family family, double[] beta, PoststratificationFrame population, Areas areas)
    {
        var cells = new double[design.Rows];
        for (int i = 0; i < cells.Length; i++)
        {
            double eta = design.Offset[i];
            for (int j = 0; j < beta.Length; j++) eta += design.X[i, j] * beta[j];
            cells[i] = family.Link.Mean(eta);
        }
        return Poststratify.Means(population, areas, cells);
    }

    private static CoefficientEstimates Estimates(double[] beta, Matrix covariance) => new()
    {
        Terms = ["a", "b", "c", "d"],
        Values = beta,
        Covariance = covariance,
        EstimableColumns = [0, 1, 2, 3],
        Dependencies = new Matrix(Columns, 0),
        DegreesOfFreedom = double.PositiveInfinity,
    };

    private DesignMatrices Design()
    {
        var x = new Matrix(Cells, Columns, [.. Enumerable.Range(0, Cells * Columns).Select(_ => _rng.NextNormal())]);
        double[] offset = [.. Enumerable.Range(0, Cells).Select(_ => 0.1 * _rng.NextNormal())];
        return new DesignMatrices { X = x, ColumnNames = ["a", "b", "c", "d"], Assign = [1, 2, 3, 4], RandomTerms = [], Offset = offset };
    }

    private static DesignMatrices Stack(DesignMatrices design)
    {
        var x = new Matrix(2 * Cells, Columns);
        for (int j = 0; j < Columns; j++)
        {
            design.X.Column(j).CopyTo(x.Column(j));
            design.X.Column(j).CopyTo(x.Column(j)[Cells..]);
        }
        return design with { X = x, Offset = [.. design.Offset, .. design.Offset] };
    }

    private Matrix Covariance()
    {
        var root = new Matrix(Columns, Columns, [.. Enumerable.Range(0, Columns * Columns).Select(_ => 0.2 * _rng.NextNormal())]);
        var covariance = new Matrix(Columns, Columns);
        for (int i = 0; i < Columns; i++)
            for (int j = 0; j < Columns; j++)
                for (int k = 0; k < Columns; k++) covariance[i, j] += root[i, k] * root[j, k];
        return covariance;
    }

    private (PoststratificationFrame Population, Areas Areas) Population()
    {
        PoststratificationFrame population = PoststratificationFrame.FromCounts(new Frame(
        [
            new IntegerColumn("cell", [.. Enumerable.Range(0, Cells).Select(i => (long)i)]),
            new IntegerColumn("area", [.. Enumerable.Range(0, Cells).Select(i => (long)(i % 3))]),
            new NumericColumn("N", [.. Enumerable.Range(0, Cells).Select(_ => 1.0 + _rng.NextInt(100))]),
        ]));
        return (population, Areas.Of(population, new Grouping("area")));
    }
}
