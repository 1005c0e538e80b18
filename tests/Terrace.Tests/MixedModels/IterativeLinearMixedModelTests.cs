using Terrace.Design;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

/// <summary>The iterative solution against the exact one on the same data. What is stochastic has fixed probes; a bound of k stated errors has a false-alarm rate of at most 2e-4 for k = 3.7 before the seed was fixed.</summary>
public class IterativeLinearMixedModelTests
{
    private static readonly (string Group, int Levels, int Width)[][] All =
        [.. RandomMixedDesign.Structures.Where(s => s.Select(t => t.Group).Distinct().Count() > 1), [("a", 150, 1), ("b", 90, 1)], [("a", 120, 1), ("b", 40, 1), ("c", 30, 1)]];

    public static TheoryData<int, bool> Cases
    {
        get
        {
            var cases = new TheoryData<int, bool>();
            for (int s = 0; s < All.Length; s++)
            {
                cases.Add(s, true);
                cases.Add(s, false);
            }
            return cases;
        }
    }

    /// <summary>With as many probes as the smallest designs have tail columns, and with fewer, the errors are those that are stated.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Value_gradient_and_solution_are_those_of_the_exact_criterion(int structure, bool reml)
    {
        var (rows, y, weights, design) = Problem(structure);
        MixedModelCells exactCells = RandomMixedDesign.Cells(design, weights, Factorisation.Dense), cells = RandomMixedDesign.Cells(design, weights, Factorisation.Iterative);
        BlockedCrossProduct exactProduct = Product(exactCells, weights, y), product = Product(cells, weights, y);
        double[] theta = [.. RandomMixedDesign.Normals(new Rng(3, (ulong)structure), cells.Layout.ThetaCount).Select(t => 0.2 + 0.5 * Math.Abs(t))], exactGradient = new double[theta.Length];
        var exact = new ProfiledDeviance(exactProduct, rows, 0, weights.Sum(Math.Log), exactCells.Basis.LogDeterminant, reml);
        double value = exact.Evaluate(theta, exactGradient);
        var deviance = new IterativeDeviance(product, theta, rows, 0, weights.Sum(Math.Log), cells.Basis.LogDeterminant, reml);
        AssertClose(exact.PenalisedSumOfSquares, deviance.PenalisedSumOfSquares, 1e-10, "r²");
        for (int i = 0; i < deviance.Spherical.Length; i++) AssertClose(exact.Spherical[i], deviance.Spherical[i], 1e-8, $"effect {i}");
        var traces = new StochasticTraces(product, 64);
        traces.Compute(deviance.System, true, default);
        double[] gradient = deviance.Gradient(traces);
        Assert.InRange(deviance.Value(traces), value - 3.7 * traces.LogDeterminantError - 1e-6, value + 3.7 * traces.LogDeterminantError + 1e-6);
        for (int k = 0; k < theta.Length; k++)
        {
            double error = 3.7 * Math.Sqrt(traces.SlopeErrors[k, k]) + 1e-5 * (1 + Math.Abs(exactGradient[k]));
            Assert.InRange(gradient[k], exactGradient[k] - error, exactGradient[k] + error);
        }
    }

    /// <summary>1,200 × 400 levels crossed: θ within a twentieth of its standard error, the criterion within 3.7 stated errors, everything that is exact given θ to the digits that θ allows.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_fit_is_that_of_the_dense_path(bool reml)
    {
        var rows = Crossed(9000, 1200, 400);
        MixedModelFit exact = LinearMixedModel.Fit(rows, new() { Reml = reml, Factorisation = Factorisation.Dense });
        MixedModelFit fit = LinearMixedModel.Fit(rows, new() { Reml = reml, Factorisation = Factorisation.Iterative });
        Assert.Equal(Factorisation.Iterative, fit.Factorisation);
        Assert.True(fit.Converged);
        Assert.InRange(fit.LogLikelihoodError!.Value, 1e-9, 0.5);
        Assert.InRange(fit.LogLikelihood, exact.LogLikelihood - 3.7 * fit.LogLikelihoodError.Value, exact.LogLikelihood + 3.7 * fit.LogLikelihoodError.Value);
        // The relative standard error of a standard deviation of n groups is at least 1/√(2n).
        for (int k = 0; k < exact.Theta.Length; k++) AssertClose(exact.Theta[k], fit.Theta[k], 0.05 / Math.Sqrt(2 * exact.Terms[k].Levels.Count), $"theta {k}");
        double[] errors = exact.StandardErrors(), others = fit.StandardErrors();
        for (int j = 0; j < errors.Length; j++)
        {
            AssertClose(0, (exact.Beta[j] - fit.Beta[j]) / errors[j], 1e-3, $"coefficient {j}");
            AssertClose(errors[j], others[j], 1e-3, $"standard error {j}");
        }
        foreach (var (term, index) in exact.Terms.Select((t, i) => (t, i)))
        {
            for (int l = 0; l < term.Levels.Count; l++)
            {
                double sd = term.ConditionalStandardDeviation(l, 0);
                Assert.InRange(fit.Terms[index].Modes[l, 0], term.Modes[l, 0] - 0.02 * sd, term.Modes[l, 0] + 0.02 * sd);
                Assert.InRange(fit.Terms[index].ConditionalStandardDeviation(l, 0), 0.9 * sd, 1.1 * sd);
            }
        }
        Assert.Contains(fit.Warnings, w => w.Code == "stochastic-loglik");
        string refusal = Assert.Throws<ModelException>(() => fit.Joint.AtEstimate()).Message;
        Assert.Contains("fitted iteratively", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variance_of_zero_is_found()
    {
        var rows = Crossed(6000, 700, 300, itemSd: 0);
        MixedModelFit exact = LinearMixedModel.Fit(rows, new() { Factorisation = Factorisation.Dense }), fit = LinearMixedModel.Fit(rows, new() { Factorisation = Factorisation.Iterative });
        Assert.Equal(exact.Singular, fit.Singular);
        AssertClose(exact.LogLikelihood, fit.LogLikelihood, 1e-6, "log likelihood");
    }

    [Fact]
    public void Slopes_are_fitted_without_standard_deviations_of_their_modes()
    {
        var rng = new Rng(4, 9);
        var design = RandomMixedDesign.Create(rng, 3000, [("a", 200, 2), ("b", 120, 1)]);
        double[] y = RandomMixedDesign.Normals(rng, 3000);
        foreach (var term in design.RandomTerms)
        {
            double[] effects = RandomMixedDesign.Normals(rng, 2 * term.Levels.Count);
            for (int i = 0; i < y.Length; i++)
            {
                for (int j = 0; j < term.Z.Columns; j++) y[i] += 0.5 * effects[2 * term.Codes[i] + j] * term.Z[i, j];
            }
        }
        var rows = Rows(design, y);
        MixedModelFit exact = LinearMixedModel.Fit(rows, new() { Factorisation = Factorisation.Dense }), fit = LinearMixedModel.Fit(rows, new() { Factorisation = Factorisation.Iterative });
        for (int k = 0; k < exact.Theta.Length; k++) Assert.InRange(fit.Theta[k], exact.Theta[k] - 0.003, exact.Theta[k] + 0.003);
        Assert.InRange(fit.LogLikelihood, exact.LogLikelihood - 3.7 * fit.LogLikelihoodError!.Value - 0.01, exact.LogLikelihood + 3.7 * fit.LogLikelihoodError.Value + 0.01);
        Assert.True(double.IsNaN(fit.Terms[0].ConditionalStandardDeviation(0, 0)));
    }

    [Fact]
    public void Results_are_the_same_bits_whatever_the_number_of_threads()
    {
        var (rows, y, weights, design) = Problem(All.Length - 1);
        MixedModelCells cells = RandomMixedDesign.Cells(design, weights, Factorisation.Iterative);
        var product = Product(cells, weights, y);
        var deviance = new IterativeDeviance(product, [0.6, 0.4, 0.3], rows, 0, 0, 0, true);
        StochasticTraces one = new(product, 40) { Threads = 1 }, many = new(product, 40) { Threads = 8 };
        one.Compute(deviance.System, true, default);
        many.Compute(deviance.System, true, default);
        Assert.Equal(one.LogDeterminant, many.LogDeterminant);
        Assert.Equal(one.Slopes, many.Slopes);
        Assert.Equal(one.TailDiagonal, many.TailDiagonal);
        Assert.Equal(one.LeadForms, many.LeadForms);
    }

    [Fact]
    public void Conjugate_gradients_solve_and_their_Lanczos_process_gives_logarithms()
    {
        const int n = 60;
        var rng = new Rng(6, 6);
        var dense = new Matrix(n, n);
        for (int j = 0; j < n; j++)
        {
            dense[j, j] = 1;
            for (int i = 0; i < j; i++) dense[i, j] = dense[j, i] = 0.05 * rng.NextNormal();
        }
        double[] b = RandomMixedDesign.Normals(rng, n * PanelConjugateGradients.Lanes), x = new double[b.Length];
        for (int i = 0; i < n; i++) b[i * PanelConjugateGradients.Lanes + 3] = 0;
        var solver = new PanelConjugateGradients(new DenseOperator(dense));
        Assert.True(solver.Solve(b, x, 1e-12, 500));
        var inverse = Invert(dense).Inverse;
        var eigen = SymmetricEigen.Decompose(dense);
        for (int v = 0; v < PanelConjugateGradients.Lanes; v++)
        {
            double[] right = [.. Enumerable.Range(0, n).Select(i => b[i * PanelConjugateGradients.Lanes + v])], expected = Multiply(inverse, right);
            for (int i = 0; i < n; i++) AssertClose(expected[i], x[i * PanelConjugateGradients.Lanes + v], 1e-9, $"solution {i}, {v}");
            double log = Enumerable.Range(0, n).Sum(k => Math.Log(eigen.Values[k]) * Math.Pow(Enumerable.Range(0, n).Sum(i => eigen.Vectors[i, k] * right[i]), 2));
            AssertClose(log, solver.Quadrature(v, Math.Log), 1e-8, $"logarithm {v}");
        }
        Assert.False(solver.Solve(b, x, 1e-12, 3));
    }

    private sealed class DenseOperator(Matrix a) : IPanelOperator
    {
        public int Size => a.Rows;

        public void Multiply(ReadOnlySpan<double> x, Span<double> product)
        {
            product.Clear();
            for (int j = 0; j < Size; j++)
            {
                for (int i = 0; i < Size; i++)
                {
                    for (int v = 0; v < PanelConjugateGradients.Lanes; v++) product[i * PanelConjugateGradients.Lanes + v] += a[i, j] * x[j * PanelConjugateGradients.Lanes + v];
                }
            }
        }
    }

    private static (int Rows, double[] Y, double[] Weights, DesignMatrices Design) Problem(int structure)
    {
        var rng = new Rng(25, (ulong)structure);
        int rows = All[structure].Sum(t => t.Levels * t.Width) * 3 + 40;
        var design = RandomMixedDesign.Create(rng, rows, All[structure]);
        return (rows, RandomMixedDesign.Normals(rng, rows), RandomMixedDesign.Positive(rng, rows), design);
    }

    private static BlockedCrossProduct Product(MixedModelCells cells, double[] weights, double[] y)
    {
        var product = new BlockedCrossProduct(cells.Layout, cells.Pattern, cells.FixedColumns);
        new CrossProductAccumulator(cells).Accumulate(weights, y, product);
        return product;
    }

    private static ModelRows Crossed(int rows, int users, int items, double itemSd = 0.4)
    {
        var rng = new Rng(31, (ulong)users);
        var design = RandomMixedDesign.Create(rng, rows, [("user", users, 1), ("item", items, 1)]);
        foreach (var term in design.RandomTerms) Array.Fill(term.Z.Values, 1);
        double[] y = RandomMixedDesign.Normals(rng, rows), user = RandomMixedDesign.Normals(rng, users), item = RandomMixedDesign.Normals(rng, items);
        for (int i = 0; i < rows; i++) y[i] += 0.5 * design.X[i, 1] + 0.6 * user[design.RandomTerms[0].Codes[i]] + itemSd * item[design.RandomTerms[1].Codes[i]];
        return Rows(design, y);
    }

    private static ModelRows Rows(DesignMatrices design, double[] y) => new()
    {
        Design = design,
        RowToCell = [.. Enumerable.Range(0, y.Length)],
        SourceRows = [.. Enumerable.Range(0, y.Length)],
        OmittedRows = 0,
        Response = new ResponseValues { Name = "y", Kind = ResponseKind.Numeric, Values = y },
    };
}
