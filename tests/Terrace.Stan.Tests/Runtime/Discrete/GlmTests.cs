using Terrace.Numerics.SpecialFunctions;
using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.Densities;

namespace Terrace.Stan.Tests.Runtime.Discrete;

/// <summary>The densities of generalised linear models against the plain densities of their linear predictors.</summary>
public sealed unsafe class GlmTests
{
    private static readonly double[] Beta = [0.3, -0.5, 0.2, 0.1, 0.4, -0.2];

    /// <summary>A model: how to call it, and the log mass of one row given its linear predictor under a mask of terms.</summary>
    /// <param name="Other">The value of the scale or precision; its bit of terms is 4, as last argument.</param>
    private sealed record Model(string Name, int Most, double Other, Func<Workspace, int, int[], Block, Block, Block, Block, Block> Log, Func<int, int, double, int, double> Row);

    private static readonly Model[] Models =
    [
        new("bernoulli_logit", 1, 1, (w, t, y, x, a, b, _) => y.Length == 1 ? BernoulliLogitGlm.Log(w, t, y[0], x, a, b) : BernoulliLogitGlm.Log(w, t, w.Array(y), x, a, b),
            (y, _, eta, t) => DiscreteCase.Evaluate(BernoulliLogitDistribution.Log, y, [eta], Mask(t, 0, -1), 0, out double[] _)),
        new("binomial_logit", 9, 1,
            (w, t, y, x, a, b, _) => y.Length == 1
                ? BinomialLogitGlm.Log(w, (t & 1) | (t << 1), y[0], 9, x, a, b)
                : BinomialLogitGlm.Log(w, (t & 1) | (t << 1), w.Array(y), w.Array([.. y.Select((_, i) => 9 + (i % 3))]), x, a, b),
            (y, i, eta, t) => DiscreteCase.Evaluate(BinomialLogitDistribution.Log, y, [9 + (i % 3), eta], (t & 1) | ((t & 1) << 1) | ((t & 14) != 0 ? 4 : 0), 0, out double[] _)),
        new("poisson_log", 12, 1, (w, t, y, x, a, b, _) => y.Length == 1 ? PoissonLogGlm.Log(w, t, y[0], x, a, b) : PoissonLogGlm.Log(w, t, w.Array(y), x, a, b),
            (y, _, eta, t) => DiscreteCase.Evaluate(PoissonLogDistribution.Log, y, [eta], Mask(t, 0, -1), 0, out double[] _)),
        new("neg_binomial_2_log", 300, 1.7, (w, t, y, x, a, b, phi) => y.Length == 1 ? NegBinomial2LogGlm.Log(w, t, y[0], x, a, b, phi) : NegBinomial2LogGlm.Log(w, t, w.Array(y), x, a, b, phi),
            (y, _, eta, t) => DiscreteCase.Evaluate(NegBinomial2LogDistribution.Log, y, [eta, 1.7], Mask(t, 0, 4), 0, out double[] _)),
        new("normal_id", 5, 1.3, (w, t, y, x, a, b, sigma) => NormalIdentityGlm.Log(w, t, y.Length == 1 ? w.Scalar(y[0]) : w.Vector([.. y.Select(one => (double)one)]), x, a, b, sigma),
            (y, _, eta, t) => (t == 0 ? 0 : -0.5 * Math.Pow((y - eta) / 1.3, 2)) - ((t & 16) != 0 ? Math.Log(1.3) : 0) - (t == -1 ? 0.5 * Math.Log(2 * Math.PI) : 0)),
        new("ordered_logistic", 3, 1,
            (w, t, y, x, _, b, _) => y.Length == 1
                ? OrderedLogisticGlm.Log(w, t, y[0] + 1, x, b, w.Vector([-1, 0.4, 2]))
                : OrderedLogisticGlm.Log(w, t, w.Array([.. y.Select(one => one + 1)]), x, b, w.Vector([-1, 0.4, 2])),
            (y, _, eta, t) => t == 0 ? 0 : Ordered(y, eta)),
    ];

    /// <summary>One outcome, one row of predictors, one intercept for all.</summary>
    private static readonly (bool, bool, bool)[] Shapes = [(false, false, true), (false, false, false), (false, true, true), (false, true, false), (true, false, true), (true, false, false)];

    /// <summary>Bits of the plain density: outcome, linear predictor, and the last argument if there is one.</summary>
    private static int Mask(int terms, int outcome, int last) => ((terms >> outcome) & 1) | ((terms & 14) != 0 ? 2 : 0) | (last > 0 && (terms & (1 << last)) != 0 ? 4 : 0);

    private static double Ordered(int y, double eta)
    {
        double[] c = [double.NegativeInfinity, -1, 0.4, 2, double.PositiveInfinity];
        return Math.Log(LogisticFunction.Logistic(c[y + 1] - eta) - LogisticFunction.Logistic(c[y] - eta));
    }

    /// <summary>All shapes, several tiles with a rest, and every mask of terms.</summary>
    [Fact]
    public void A_model_is_the_plain_density_of_its_linear_predictor()
    {
        const int n = 4501;
        double[] x = Arenas.Normals(n * 6, 1, 0.5), alpha = Arenas.Normals(n, 2, 0.5);
        foreach (Model model in Models)
        {
            int[] counts = Arenas.Counts(n, 3, model.Most);
            foreach ((bool oneOutcome, bool oneRow, bool oneIntercept) in Shapes)
            {
                if (model.Name == "ordered_logistic" && !oneIntercept) continue;
                int[] y = oneOutcome ? [counts[0]] : counts;
                foreach (int terms in oneOutcome || oneRow ? (int[])[-1, 8] : [-1, 0, 1, 2, 4, 8, 9, 16, 17, 24, 30])
                {
                    Workspace w = Arenas.Create();
                    double intercept = model.Name == "ordered_logistic" ? 0 : 0.3;
                    Block design = oneRow ? w.RowVector(x[..6]) : w.Matrix(n, x);
                    double value = w.Value(model.Log(w, terms, y, design, oneIntercept ? w.Scalar(intercept) : w.Vector(alpha), w.Vector(Beta), w.Scalar(model.Other)));
                    double sum = 0;
                    for (int i = 0; i < n; i++)
                    {
                        double eta = oneIntercept ? intercept : alpha[i];
                        for (int j = 0; j < 6; j++) eta += (oneRow ? x[j] : x[(j * n) + i]) * Beta[j];
                        if (terms is not 16 and not 17 || model.Other != 1) sum += model.Row(y[oneOutcome ? 0 : i], oneOutcome ? 0 : i, eta, terms);
                        else sum += model.Row(y[oneOutcome ? 0 : i], oneOutcome ? 0 : i, eta, terms & 15);
                    }
                    string name = $"{model.Name}, terms {terms}, one outcome {oneOutcome}, one row {oneRow}, one intercept {oneIntercept}";
                    Assert.True(Math.Abs(value - sum) <= 1e-11 * (1 + Math.Abs(sum)), $"{name}: {value:R}, plain {sum:R}");
                }
            }
        }
    }

    [Fact]
    public void Models_have_the_adjoints_of_differences_in_all_shapes()
    {
        const int n = 21;
        double[] x = Arenas.Normals(n * 6, 1, 0.5), alpha = Arenas.Normals(n, 2, 0.5);
        var row = new Block(0, 1, 1, 6, true);
        foreach (Model model in Models)
        {
            int[] y = Arenas.Counts(n, 3, model.Most);
            Block Log(Workspace w, Block[] b) => model.Log(w, -1, y, b[0], b[1], b[2], b[3]);
            Block LogOne(Workspace w, Block[] b) => model.Log(w, -1, [1], b[0], b[1], b[2], b[3]);
            AdjointCheck.Verify(Log, 1e-6, (AdjointCheck.Matrix(n, 6), x), (AdjointCheck.Scalar, [0.3]), (AdjointCheck.Vector(6), Beta), (AdjointCheck.Scalar, [model.Other]));
            AdjointCheck.Verify(Log, 1e-6, (AdjointCheck.Matrix(n, 6), x), (AdjointCheck.Vector(n), alpha), (AdjointCheck.Vector(6), Beta), (AdjointCheck.Scalar, [model.Other]));
            AdjointCheck.Verify(Log, 1e-6, (row, x[..6]), (AdjointCheck.Scalar, [0.3]), (AdjointCheck.Vector(6), Beta), (AdjointCheck.Scalar, [model.Other]));
            AdjointCheck.Verify(Log, 1e-6, (row, x[..6]), (AdjointCheck.Vector(n), alpha), (AdjointCheck.Vector(6), Beta), (AdjointCheck.Scalar, [model.Other]));
            AdjointCheck.Verify(LogOne, 1e-6, (AdjointCheck.Matrix(n, 6), x), (AdjointCheck.Vector(n), alpha), (AdjointCheck.Vector(6), Beta), (AdjointCheck.Scalar, [model.Other]));
            AdjointCheck.Verify(LogOne, 1e-6, (row, x[..6]), (AdjointCheck.Scalar, [0.3]), (AdjointCheck.Vector(6), Beta), (AdjointCheck.Scalar, [model.Other]));
        }
    }

    [Fact]
    public void The_adjoints_of_coefficients_collect_all_tiles()
    {
        const int n = 4501;
        double[] x = Arenas.Normals(n * 6, 1, 0.5);
        foreach (Model model in Models)
        {
            int[] y = Arenas.Counts(n, 3, model.Most);
            AdjointCheck.Verify((w, b) => model.Log(w, -1, y, w.Matrix(n, x), b[0], b[1], b[2]), 1e-5,
                (AdjointCheck.Scalar, [0.3]), (AdjointCheck.Vector(6), Beta), (AdjointCheck.Scalar, [model.Other]));
        }
    }

    [Fact]
    public void Outcomes_and_scales_of_a_linear_regression_have_adjoints()
    {
        const int n = 21;
        double[] x = Arenas.Normals(n * 6, 1), y = Arenas.Normals(n, 2), sigma = [.. Arenas.Normals(n, 3, 0.3).Select(Math.Exp)];
        Block Log(Workspace w, Block[] b) => NormalIdentityGlm.Log(w, -1, b[0], b[1], b[2], b[3], b[4]);
        double[] many = AdjointCheck.Verify(Log, 1e-6,
            (AdjointCheck.Vector(n), y), (AdjointCheck.Matrix(n, 6), x), (AdjointCheck.Scalar, [0.3]), (AdjointCheck.Vector(6), Beta), (AdjointCheck.Vector(n), sigma));
        AdjointCheck.Verify(Log, 1e-6, (AdjointCheck.Scalar, [0.4]), (AdjointCheck.Matrix(n, 6), x), (AdjointCheck.Scalar, [0.3]), (AdjointCheck.Vector(6), Beta), (AdjointCheck.Vector(n), sigma));
        AdjointCheck.Verify(Log, 1e-6, (AdjointCheck.Scalar, [0.4]), (AdjointCheck.Matrix(n, 6), x), (AdjointCheck.Vector(n), y), (AdjointCheck.Vector(6), Beta), (AdjointCheck.Scalar, [0.8]));
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            double eta = 0.3 + Enumerable.Range(0, 6).Sum(j => x[(j * n) + i] * Beta[j]);
            sum += Numerics.Distributions.Normal.LogDensity(y[i], eta, sigma[i]);
        }
        Assert.Equal(sum, many[0], 1e-11);
    }

    [Fact]
    public void A_softmax_regression_is_the_plain_density_of_its_linear_predictors()
    {
        const int n = 301, cols = 5, categories = 4;
        double[] x = Arenas.Normals(n * cols, 1), alpha = Arenas.Normals(categories, 2), beta = Arenas.Normals(cols * categories, 3);
        int[] y = [.. Arenas.Counts(n, 4, categories - 1).Select(k => k + 1)];
        Workspace w = Arenas.Create();
        double Plain(int outcome, Func<int, double> at) =>
            w.Value(CategoricalLogit.Log(w, -1, outcome, w.Vector([.. Enumerable.Range(0, categories).Select(c => alpha[c] + Enumerable.Range(0, cols).Sum(j => at(j) * beta[(c * cols) + j]))])));
        Block design = w.Matrix(n, x), row = w.RowVector(x[..cols]), intercept = w.Vector(alpha), coefficients = w.Matrix(cols, beta);
        Assert.Equal(Enumerable.Range(0, n).Sum(i => Plain(y[i], j => x[(j * n) + i])), w.Value(CategoricalLogitGlm.Log(w, -1, w.Array(y), design, intercept, coefficients)), 1e-10);
        Assert.Equal(Enumerable.Range(0, n).Sum(i => Plain(2, j => x[(j * n) + i])), w.Value(CategoricalLogitGlm.Log(w, -1, 2, design, intercept, coefficients)), 1e-10);
        Assert.Equal(Enumerable.Range(0, n).Sum(i => Plain(y[i], j => x[j])), w.Value(CategoricalLogitGlm.Log(w, -1, w.Array(y), row, intercept, coefficients)), 1e-10);
        Assert.Equal(Plain(3, j => x[j]), w.Value(CategoricalLogitGlm.Log(w, -1, 3, row, intercept, coefficients)), 1e-13);
        Assert.Equal(0, w.Value(CategoricalLogitGlm.Log(w, 0, 3, row, intercept, coefficients)));
    }

    [Fact]
    public void A_softmax_regression_has_the_adjoints_of_differences_in_all_shapes()
    {
        const int cols = 5, categories = 4;
        double[] alpha = Arenas.Normals(categories, 2), beta = Arenas.Normals(cols * categories, 3);
        foreach (int n in (int[])[3, 70, 2100])
        {
            double[] x = Arenas.Normals(n * cols, 1);
            int[] y = [.. Arenas.Counts(n, 4, categories - 1).Select(k => k + 1)];
            AdjointCheck.Verify((w, b) => CategoricalLogitGlm.Log(w, -1, w.Array(y), w.Matrix(n, x), b[0], b[1]), 2e-6,
                (AdjointCheck.Vector(categories), alpha), (AdjointCheck.Matrix(cols, categories), beta));
            if (n > 100) continue;
            AdjointCheck.Verify((w, b) => CategoricalLogitGlm.Log(w, -1, w.Array(y), b[0], b[1], b[2]), 1e-6,
                (AdjointCheck.Matrix(n, cols), x), (AdjointCheck.Vector(categories), alpha), (AdjointCheck.Matrix(cols, categories), beta));
            AdjointCheck.Verify((w, b) => CategoricalLogitGlm.Log(w, -1, 2, b[0], b[1], b[2]), 1e-6,
                (AdjointCheck.Matrix(n, cols), x), (AdjointCheck.Vector(categories), alpha), (AdjointCheck.Matrix(cols, categories), beta));
            AdjointCheck.Verify((w, b) => CategoricalLogitGlm.Log(w, -1, w.Array(y), b[0], b[1], b[2]), 1e-6,
                (new Block(0, 1, 1, cols, true), x[..cols]), (AdjointCheck.Vector(categories), alpha), (AdjointCheck.Matrix(cols, categories), beta));
        }
    }

    [Fact]
    public void The_adjoints_of_cutpoints_of_an_ordinal_regression_are_those_of_differences()
    {
        double[] x = Arenas.Normals(21 * 6, 1);
        int[] y = [.. Arenas.Counts(21, 4, 3).Select(k => k + 1)];
        AdjointCheck.Verify((w, b) => OrderedLogisticGlm.Log(w, -1, w.Array(y), b[0], b[1], b[2]), 1e-6,
            (AdjointCheck.Matrix(21, 6), x), (AdjointCheck.Vector(6), Beta), (AdjointCheck.Vector(3), [-1, 0.4, 2]));
    }

    [Fact]
    public void Models_without_rows_or_without_predictors_are_fine()
    {
        Workspace w = Arenas.Create();
        Block none = w.Allocate(1, 0, 3, false), noColumns = w.Allocate(1, 4, 0, false), b = w.Vector([1, 2, 3]);
        Assert.Equal(0, w.Value(PoissonLogGlm.Log(w, -1, w.Array([]), none, w.Scalar(1), b)));
        Assert.Equal(0, w.Value(CategoricalLogitGlm.Log(w, -1, w.Array([]), none, w.Vector([1, 2]), w.Matrix(3, [1, 2, 3, 4, 5, 6]))));
        Assert.Equal(4 * Math.Log(0.5), w.Value(BernoulliLogitGlm.Log(w, -1, w.Array([0, 1, 1, 0]), noColumns, w.Scalar(0), w.Vector([]))), 1e-14);
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused()
    {
        Workspace w = Arenas.Create();
        Block x = w.Matrix(3, [1, 2, 3, 4, 5, 6]), a = w.Scalar(0), b = w.Vector([1, 2]);
        Refused(StanFaultKind.Error, () => PoissonLogGlm.Log(w, -1, w.Array([1, 2]), x, a, b), "poisson_log_glm_lpmf: the design matrix has 3 rows, but there are 2 outcomes");
        Refused(StanFaultKind.Error, () => PoissonLogGlm.Log(w, -1, w.Array([1, 2, 3]), x, a, x), "poisson_log_glm_lpmf: there are 6 coefficients, but the design matrix has 2 columns");
        Refused(StanFaultKind.Error, () => PoissonLogGlm.Log(w, -1, w.Array([1, 2, 3]), x, b, b), "poisson_log_glm_lpmf: the intercept has 2 elements, but there are 3 outcomes");
        Refused(StanFaultKind.Rejection, () => PoissonLogGlm.Log(w, -1, w.Array([1, -2, 3]), x, a, b), "poisson_log_glm_lpmf: outcome 2 is -2, but must be at least 0");
        Refused(StanFaultKind.Rejection, () => BernoulliLogitGlm.Log(w, -1, w.Array([1, 2, 0]), x, a, b), "bernoulli_logit_glm_lpmf: outcome 2 is 2, but must be in the range from 0 to 1");
        Refused(StanFaultKind.Rejection, () => BernoulliLogitGlm.Log(w, -1, w.Array([1, 1, 0]), x, a, w.Vector([1, double.NaN])), "bernoulli_logit_glm_lpmf: coefficient is NaN, but must be finite");
        Refused(StanFaultKind.Rejection, () => BinomialLogitGlm.Log(w, -1, w.Array([1, 4, 0]), w.Array([3, 3, 3]), x, a, b),
            "binomial_logit_glm_lpmf: outcome is 4, but must be in the range from 0 to 3");
        Refused(StanFaultKind.Rejection, () => NormalIdentityGlm.Log(w, -1, w.Vector([1, 4, 0]), x, a, b, w.Scalar(-1)), "normal_id_glm_lpdf: scale is -1, but must be positive and finite");
        Refused(StanFaultKind.Rejection, () => NegBinomial2LogGlm.Log(w, -1, w.Array([1, 4, 0]), x, a, b, w.Scalar(0)), "neg_binomial_2_log_glm_lpmf: precision is 0, but must be positive and finite");
    }

    private static void Refused(StanFaultKind kind, Func<Block> density, string message)
    {
        StanFaultException fault = Assert.Throws<StanFaultException>(() => density());
        Assert.Equal(message, fault.Message);
        Assert.Equal(kind, fault.Kind);
    }
}
