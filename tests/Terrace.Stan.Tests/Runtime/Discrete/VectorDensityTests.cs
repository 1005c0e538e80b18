using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.Densities;

namespace Terrace.Stan.Tests.Runtime.Discrete;

/// <summary>The densities of whole arrays against sums of the univariate ones.</summary>
public sealed unsafe class VectorDensityTests
{
    private sealed record Kernel(string Name, int Most, Func<Workspace, int, int[], Block, Block, Block> Log, LogMass Plain, Func<double, double, double[]> Parameters);

    private static readonly Kernel[] Kernels =
    [
        new("bernoulli_logit", 1, (w, t, y, eta, _) => BernoulliLogitVector.Log(w, t, w.Array(y), eta), BernoulliLogitDistribution.Log, (eta, _) => [eta]),
        new("binomial_logit", 7, (w, t, y, eta, _) => BinomialLogitVector.Log(w, t, w.Array(y), w.Array([7]), eta), BinomialLogitDistribution.Log, (eta, _) => [7, eta]),
        new("poisson_log", 20, (w, t, y, eta, _) => PoissonLogVector.Log(w, t, w.Array(y), eta), PoissonLogDistribution.Log, (eta, _) => [eta]),
        new("neg_binomial_2_log", 280, (w, t, y, eta, phi) => NegBinomial2LogVector.Log(w, t, w.Array(y), eta, phi), NegBinomial2LogDistribution.Log, (eta, phi) => [eta, phi]),
    ];

    private static readonly (bool, bool, bool)[] Shapes = [(false, false, true), (false, false, false), (false, true, true), (true, false, true), (false, true, false)];

    [Fact]
    public void A_vector_has_the_sum_of_the_densities_of_its_elements_under_every_mask_of_terms()
    {
        foreach (int n in (int[])[1, 5, 15, 1023, 2501])
        {
            double[] eta = Arenas.Normals(n, 1), phi = [.. Arenas.Normals(n, 2).Select(Math.Exp)];
            foreach (Kernel one in Kernels)
            {
                int[] y = Arenas.Counts(n, 3, one.Most);
                foreach ((bool oneOutcome, bool onePredictor, bool onePhi) in Shapes)
                {
                    for (int terms = -1; terms < 8; terms++)
                    {
                        Workspace w = Arenas.Create();
                        Block predictors = onePredictor ? w.Scalar(eta[0]) : w.Vector(eta), precision = onePhi ? w.Scalar(phi[0]) : w.Vector(phi);
                        double value = w.Value(one.Log(w, terms, oneOutcome ? y[..1] : y, predictors, precision));
                        double sum = 0;
                        for (int i = 0; i < n; i++) sum += DiscreteCase.Evaluate(one.Plain, y[oneOutcome ? 0 : i], one.Parameters(eta[onePredictor ? 0 : i], phi[onePhi ? 0 : i]), terms, 0, out _);
                        string name = $"{one.Name}, n {n}, terms {terms}, {oneOutcome} {onePredictor} {onePhi}";
                        Assert.True(Math.Abs(value - sum) <= 1e-12 * (1 + Math.Abs(sum)) * Math.Max(1, n / 100), $"{name}: {value:R}, sum {sum:R}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Vectors_have_the_adjoints_of_differences_in_all_shapes()
    {
        foreach (int n in (int[])[1, 7, 40])
        {
            double[] eta = Arenas.Normals(n, 1), phi = [.. Arenas.Normals(n, 2, 0.5).Select(Math.Exp)];
            foreach (Kernel one in Kernels)
            {
                int[] y = Arenas.Counts(n, 3, one.Most);
                Block Log(Workspace w, Block[] b) => one.Log(w, -1, y, b[0], b[1]);
                AdjointCheck.Verify(Log, 1e-6, (AdjointCheck.Vector(n), eta), (AdjointCheck.Scalar, [1.3]));
                AdjointCheck.Verify(Log, 1e-6, (AdjointCheck.Vector(n), eta), (AdjointCheck.Vector(n), phi));
                AdjointCheck.Verify(Log, 1e-6, (AdjointCheck.Scalar, [0.4]), (AdjointCheck.Scalar, [1.3]));
                AdjointCheck.Verify(Log, 1e-6, (AdjointCheck.Scalar, [0.4]), (AdjointCheck.Vector(n), phi));
                AdjointCheck.Verify((w, b) => one.Log(w, -1, [1], b[0], b[1]), 1e-6, (AdjointCheck.Vector(n), eta), (AdjointCheck.Scalar, [1.3]));
            }
        }
    }

    [Fact]
    public void The_residuals_of_a_long_vector_are_its_adjoints()
    {
        const int n = 3001;
        double[] eta = Arenas.Normals(n, 1);
        foreach (Kernel one in Kernels)
        {
            int[] y = Arenas.Counts(n, 3, one.Most);
            Workspace w = Arenas.Create(differentiating: true);
            Block predictors = w.Vector(eta, active: true), result = one.Log(w, -1, y, predictors, w.Scalar(1.3));
            w.A[result.Offset] = 2;
            w.Reverse();
            int last = one.Parameters(0, 0).Length - (one.Name == "neg_binomial_2_log" ? 1 : 0);
            for (int i = 0; i < n; i++)
            {
                DiscreteCase.Evaluate(one.Plain, y[i], one.Parameters(eta[i], 1.3), -1, 1 << last, out double[] slopes);
                Assert.Equal(2 * slopes[last], w.Adjoints(predictors)[i], 1e-11 * (1 + Math.Abs(slopes[last])));
            }
        }
    }

    [Fact]
    public void The_adjoint_of_a_common_predictor_collects_all_tiles()
    {
        foreach (Kernel one in Kernels)
        {
            int[] y = Arenas.Counts(3001, 3, one.Most);
            AdjointCheck.Verify((w, b) => one.Log(w, -1, y, b[0], b[1]), 1e-6, (AdjointCheck.Scalar, [0.4]), (AdjointCheck.Scalar, [1.3]));
        }
    }

    [Fact]
    public void Nothing_is_recorded_when_no_derivatives_are_wanted()
    {
        foreach (Kernel one in Kernels)
        {
            Workspace w = Arenas.Create();
            Block result = one.Log(w, -1, [1, 0, 1], w.Vector([1, 2, 3], active: true), w.Scalar(1));
            Assert.False(result.Active);
            Assert.Equal(0, w.CodeTop);
            Workspace data = Arenas.Create(differentiating: true);
            one.Log(data, -1, [1, 0, 1], data.Vector([1, 2, 3]), data.Scalar(1));
            Assert.Equal(0, data.CodeTop);
        }
    }

    [Fact]
    public void Rates_of_0_and_infinity_have_the_limits_of_the_mass()
    {
        Workspace w = Arenas.Create();
        Assert.Equal(-1, w.Value(PoissonLogVector.Log(w, 2, w.Array([0, 0]), w.Vector([double.NegativeInfinity, 0]))));
        Assert.Equal(double.NegativeInfinity, w.Value(PoissonLogVector.Log(w, -1, w.Array([0, 1]), w.Vector([0, double.NegativeInfinity]))));
        Assert.Equal(double.NegativeInfinity, w.Value(PoissonLogVector.Log(w, -1, w.Array([0, 1]), w.Vector([0, double.PositiveInfinity]))));
    }

    [Fact]
    public void Arguments_out_of_domain_are_refused()
    {
        Workspace w = Arenas.Create();
        Block missing = w.Vector([0, double.NaN]), two = w.Vector([0, 1]);
        IntBlock y = w.Array([0, 1]), many = w.Array([.. Enumerable.Repeat(2, 19), 7]);
        Refused(() => PoissonLogVector.Log(w, -1, y, missing), "poisson_log_lpmf: log rate is NaN, but must be a number");
        Refused(() => BernoulliLogitVector.Log(w, -1, y, missing), "bernoulli_logit_lpmf: log odds is NaN, but must be a number");
        Refused(() => NegBinomial2LogVector.Log(w, -1, y, missing, w.Scalar(1)), "neg_binomial_2_log_lpmf: log location is NaN, but must be finite");
        Refused(() => BernoulliLogitVector.Log(w, -1, y, w.Vector([0, 1, 2])), "bernoulli_logit_lpmf: sizes 2, 3 of the arguments do not agree");
        Refused(() => BinomialLogitVector.Log(w, -1, w.Array([0, 4]), w.Array([3, 3]), two), "binomial_logit_lpmf: outcome is 4, but must be in the range from 0 to 3");
        Refused(() => BinomialLogitVector.Log(w, -1, w.Array([0, 4]), w.Array([3]), two), "binomial_logit_lpmf: outcome is 4, but must be in the range from 0 to 3");
        Refused(() => BinomialLogitVector.Log(w, -1, w.Array([4]), w.Array([5, 3]), two), "binomial_logit_lpmf: outcome is 4, but must be in the range from 0 to 3");
        Refused(() => BinomialLogitVector.Log(w, -1, w.Array([0, -1]), w.Array([5, 3]), two), "binomial_logit_lpmf: outcome is -1, but must be in the range from 0 to 3");
        Refused(() => BinomialLogitVector.Log(w, -1, w.Array([0]), w.Array([5, -3]), two), "binomial_logit_lpmf: number of trials is -3, but must be nonnegative");
        Refused(() => BinomialLogitVector.Log(w, -1, many, w.Array([.. Enumerable.Repeat(6, 20)]), w.Scalar(0)), "binomial_logit_lpmf: outcome is 7, but must be in the range from 0 to 6");
    }

    private static void Refused(Func<Block> density, string message) => Assert.Equal(message, Assert.Throws<StanFaultException>(() => density()).Message);
}
