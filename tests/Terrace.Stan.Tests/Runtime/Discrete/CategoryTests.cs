using Terrace.Numerics.Distributions;
using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.Densities;

namespace Terrace.Stan.Tests.Runtime.Discrete;

public sealed class CategoryTests
{
    private static readonly double[] Cutpoints = [-1.3, 0.2, 1.9];

    [Fact]
    public void Probabilities_of_categories_sum_to_1()
    {
        Workspace w = Arenas.Create();
        Block theta = w.Vector([0.2, 0.5, 0.3]), beta = w.Vector([0.4, -2, 1.1]), eta = w.Scalar(0.7), c = w.Vector(Cutpoints);
        Assert.Equal(1, Sum(3, k => w.Value(Categorical.Log(w, -1, k, theta))), 1e-14);
        Assert.Equal(1, Sum(3, k => w.Value(CategoricalLogit.Log(w, -1, k, beta))), 1e-14);
        Assert.Equal(1, Sum(4, k => w.Value(OrderedLogistic.Log(w, -1, k, eta, c))), 1e-14);
        Assert.Equal(1, Sum(4, k => w.Value(OrderedProbit.Log(w, -1, k, eta, c))), 1e-14);
    }

    [Fact]
    public void Categories_have_the_probabilities_of_their_definition()
    {
        Workspace w = Arenas.Create();
        double[] b = [0.4, -2, 1.1];
        Assert.Equal(Math.Log(0.5), w.Value(Categorical.Log(w, -1, 2, w.Vector([0.2, 0.5, 0.3]))), 1e-15);
        Assert.Equal(2 * Math.Log(0.3) + Math.Log(0.2), w.Value(Categorical.Log(w, -1, w.Array([3, 1, 3]), w.Vector([0.2, 0.5, 0.3]))), 1e-15);
        Assert.Equal(1.1 - Math.Log(b.Sum(Math.Exp)), w.Value(CategoricalLogit.Log(w, -1, 3, w.Vector(b))), 1e-15);
        static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
        Block eta = w.Scalar(0.7), c = w.Vector(Cutpoints);
        Assert.Equal(Math.Log(1 - Logistic(0.7 + 1.3)), w.Value(OrderedLogistic.Log(w, -1, 1, eta, c)), 1e-14);
        Assert.Equal(Math.Log(Logistic(0.7 - 0.2) - Logistic(0.7 - 1.9)), w.Value(OrderedLogistic.Log(w, -1, 3, eta, c)), 1e-14);
        Assert.Equal(Math.Log(Logistic(0.7 - 1.9)), w.Value(OrderedLogistic.Log(w, -1, 4, eta, c)), 1e-14);
        Assert.Equal(Math.Log(1 - Normal.Cdf(0.7 + 1.3)), w.Value(OrderedProbit.Log(w, -1, 1, eta, c)), 1e-13);
        Assert.Equal(Math.Log(Normal.Cdf(0.7 - 0.2) - Normal.Cdf(0.7 - 1.9)), w.Value(OrderedProbit.Log(w, -1, 3, eta, c)), 1e-14);
        Assert.Equal(Math.Log(Normal.Cdf(0.7 - 1.9)), w.Value(OrderedProbit.Log(w, -1, 4, eta, c)), 1e-14);
    }

    [Fact]
    public void Ordered_outcomes_far_out_keep_their_accuracy()
    {
        Workspace w = Arenas.Create();
        foreach (double far in (double[])[40, -41])
        {
            Block c = w.Vector([far, far + 1]);
            double known = -40 + Math.Log(1 - Math.Exp(-1));
            Assert.Equal(known, w.Value(OrderedLogistic.Log(w, -1, 2, w.Scalar(0), c)), 1e-13);
            double probit = Normal.LogCdf(-40) + Math.Log(1 - Math.Exp(Normal.LogCdf(-41) - Normal.LogCdf(-40)));
            Assert.Equal(probit, w.Value(OrderedProbit.Log(w, -1, 2, w.Scalar(0), c)), 1e-10);
        }
    }

    [Fact]
    public void Categories_have_the_adjoints_of_differences()
    {
        int[] outcomes = [3, 1, 3, 2, 3];
        AdjointCheck.Verify((w, x) => Categorical.Log(w, -1, 2, Arenas.Normalize(w, x[0])), 1e-7, (AdjointCheck.Vector(3), [0.2, 0.9, 0.3]));
        AdjointCheck.Verify((w, x) => Categorical.Log(w, -1, w.Array(outcomes), Arenas.Normalize(w, x[0])), 1e-7, (AdjointCheck.Vector(3), [0.2, 0.9, 0.3]));
        AdjointCheck.Verify((w, x) => CategoricalLogit.Log(w, -1, 2, x[0]), 1e-7, (AdjointCheck.Vector(3), [0.2, 0.9, -0.3]));
        AdjointCheck.Verify((w, x) => CategoricalLogit.Log(w, -1, w.Array(outcomes), x[0]), 1e-7, (AdjointCheck.Vector(3), [0.2, 0.9, -0.3]));
    }

    [Fact]
    public void Ordered_outcomes_have_the_adjoints_of_differences_in_all_shapes()
    {
        int[] outcomes = [3, 1, 4, 2, 3, 2, 4];
        double[] eta = Arenas.Normals(7, 1), many = [.. Enumerable.Range(0, 7).SelectMany(i => Cutpoints.Select(c => c + (0.1 * i)))];
        var several = new Block(0, 7, 3, 1, true);
        Func<Workspace, IntBlock, Block, Block, Block>[] densities = [(w, y, e, c) => OrderedLogistic.Log(w, -1, y, e, c), (w, y, e, c) => OrderedProbit.Log(w, -1, y, e, c)];
        foreach (Func<Workspace, IntBlock, Block, Block, Block> log in densities)
        {
            double[] all = AdjointCheck.Verify((w, x) => log(w, w.Array(outcomes), x[0], x[1]), 1e-6, (AdjointCheck.Vector(7), eta), (AdjointCheck.Vector(3), Cutpoints));
            AdjointCheck.Verify((w, x) => log(w, w.Array(outcomes), x[0], x[1]), 1e-6, (AdjointCheck.Scalar, [0.3]), (AdjointCheck.Vector(3), Cutpoints));
            AdjointCheck.Verify((w, x) => log(w, w.Array([3]), x[0], x[1]), 1e-6, (AdjointCheck.Vector(7), eta), (AdjointCheck.Vector(3), Cutpoints));
            AdjointCheck.Verify((w, x) => log(w, w.Array(outcomes), x[0], x[1]), 1e-6, (AdjointCheck.Vector(7), eta), (several, many));
            AdjointCheck.Verify((w, x) => log(w, w.Array(outcomes), x[0], x[1]), 1e-6, (AdjointCheck.Scalar, [0.3]), (several, many));
            double[] alike = [.. Enumerable.Repeat(Cutpoints, 7).SelectMany(c => c)];
            double[] same = AdjointCheck.Verify((w, x) => log(w, w.Array(outcomes), x[0], x[1]), 1e-6, (AdjointCheck.Vector(7), eta), (several, alike));
            Assert.Equal(all[0], same[0], 1e-12);
        }
    }

    [Fact]
    public void What_involves_data_only_is_dropped()
    {
        Workspace w = Arenas.Create();
        Block theta = w.Vector([0.2, 0.5, 0.3]), eta = w.Scalar(0.7), c = w.Vector(Cutpoints);
        Assert.Equal(0, w.Value(Categorical.Log(w, 0, 2, theta)));
        Assert.Equal(0, w.Value(CategoricalLogit.Log(w, 0, 2, theta)));
        Assert.Equal(0, w.Value(OrderedLogistic.Log(w, 0, 2, eta, c)));
        Assert.Equal(0, w.Value(OrderedProbit.Log(w, 0, 2, eta, c)));
        Assert.Equal(w.Value(OrderedLogistic.Log(w, -1, 2, eta, c)), w.Value(OrderedLogistic.Log(w, 4, 2, eta, c)));
        Assert.Equal(w.Value(Categorical.Log(w, -1, 2, theta)), w.Value(Categorical.Log(w, 2, 2, theta)));
    }

    [Fact]
    public void Arguments_out_of_domain_are_refused()
    {
        Workspace w = Arenas.Create();
        Block eta = w.Scalar(0.7), c = w.Vector(Cutpoints);
        Refused(() => Categorical.Log(w, -1, 4, w.Vector([0.2, 0.5, 0.3])), "categorical_lpmf: outcome 1 is 4, but must be in the range from 1 to 3");
        Refused(() => Categorical.Log(w, -1, 1, w.Vector([0.5, 0.25])), "categorical_lpmf: the sum of probabilities is 0.75, but must be 1");
        Refused(() => CategoricalLogit.Log(w, -1, 1, w.Vector([0.2, double.NaN])), "categorical_logit_lpmf: log odds is NaN, but must be finite");
        Refused(() => OrderedLogistic.Log(w, -1, w.Array([1, 0]), eta, c), "ordered_logistic_lpmf: outcome 2 is 0, but must be in the range from 1 to 4");
        Refused(() => OrderedProbit.Log(w, -1, 1, eta, w.Vector([1, 1])), "ordered_probit_lpmf: element 2 of cutpoints is 1, but must be greater than the one before, 1");
        Assert.Equal(StanFaultKind.Error, Assert.Throws<StanFaultException>(() => OrderedProbit.Log(w, -1, w.Array([1, 2, 3]), w.Vector([1, 2]), c)).Kind);
    }

    private static double Sum(int categories, Func<int, double> log) => Enumerable.Range(1, categories).Sum(k => Math.Exp(log(k)));

    private static void Refused(Func<Block> density, string message)
    {
        StanFaultException fault = Assert.Throws<StanFaultException>(() => density());
        Assert.Equal(StanFaultKind.Rejection, fault.Kind);
        Assert.Equal(message, fault.Message);
    }
}
