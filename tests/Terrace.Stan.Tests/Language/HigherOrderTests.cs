namespace Terrace.Stan.Tests.Language;

/// <summary>Functions that call the user's functions: algebraic equations, integrals, sums over slices; and hidden Markov models.</summary>
public sealed class HigherOrderTests
{
    private const string Root = "vector system(vector y, vector theta, data array[] real xr, array[] int xi) { return [y[1] ^ 2 - theta[1], y[2] * y[1] - theta[2] - xr[1] + xi[1]]'; } vector free(vector y, real a, vector b) { return [y[1] ^ 3 + y[1] - a, y[2] - b[1] * exp(-y[1])]'; }";

    private const string Integrands = """
        real bell(real x, real xc, array[] real theta, data array[] real xr, data array[] int xi) { return exp(-0.5 * square((x - theta[1]) / theta[2])) * xr[1]; }
        real edge(real x, real xc, real a, real b) { return pow(x, a - 1) * pow(x < 0.5 ? 1 - x : xc, b - 1); }
        real tail(real x, real xc, real rate) { return exp(-rate * x); }
        """;

    private const string Slices = """
        real part_lpmf(array[] int y, int start, int end, vector x, real a, real b) { return bernoulli_logit_lupmf(y | a + b * x[start:end]); }
        real part(array[] vector v, int start, int end, vector b) { real s = 0; for (i in 1:size(v)) s += dot_product(v[i], b) * (start + i); return s; }
        vector job(vector phi, vector theta, data array[] real xr, data array[] int xi) { return [phi[1] * theta[1] * xr[1], theta[1] + xi[2]]'; }
        """;

    private static void Gradient(string functions, string model, string data = "") =>
        new Program($"functions {{ {functions} }} transformed data {{ {data} }} parameters {{ real<lower=0.2> a; real<lower=0.1> b; vector[2] v; }} model {{ a ~ lognormal(0, 1); b ~ lognormal(0, 1); v ~ normal(0, 1); {model} }}").VerifyGradient(1e-5);

    private static double Value(string functions, string expression, string data = "") =>
        new Program($"functions {{ {functions} }} transformed data {{ {data} }} generated quantities {{ real q = {expression}; }}").Values("q")[0];

    [Theory]
    [InlineData("algebra_solver(system, [1, 1]', [4, 3]', {1.0}, {2})[1]", 2)]
    [InlineData("algebra_solver_newton(system, [1, 1]', [4, 3]', {1.0}, {2}, 1e-10, 1e-8, 100)[2]", 1)]
    [InlineData("solve_powell(free, [0, 0]', 10.0, [3]')[1]", 2)]
    [InlineData("solve_newton_tol(free, [0, 0]', 1e-3, 1e-9, 100, 10.0, [3]')[2]", 0.40600584970983811)]
    public void Algebraic_equations_have_the_known_roots(string call, double root) => Assert.Equal(root, Value(Root, call), 1e-10);

    [Theory]
    [InlineData("target += sum(algebra_solver(system, [1, 1]', [a, b]', {1.0}, {2}));")]
    [InlineData("target += dot_product(solve_powell(free, [0, 0]', a, v), v);")]
    [InlineData("vector[2] y = solve_newton(free, v, 2.0, [a, b]'); target += y[1] * y[2];")]
    public void The_roots_have_the_derivatives_of_the_implicit_function(string model) => Gradient(Root, model);

    [Fact]
    public void Equations_without_a_root_are_rejected_with_the_residual()
    {
        var program = new Program("functions { vector none(vector y, real a) { return [y[1] ^ 2 + a]'; } } parameters { real<lower=0> a; } model { target += solve_powell(none, [1]', a)[1]; }");
        Assert.Contains("no solution", program.Evaluate([0.0]).Rejection!.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("integrate_1d(bell, negative_infinity(), positive_infinity(), {1.5, 2.0}, {1.0}, {1})", 5.0132565492620005)]
    [InlineData("integrate_1d(bell, 0, 1, {0.0, 1.0}, {2.0}, {1}, 1e-10)", 1.7112487837842973)]
    [InlineData("integrate_1d(bell, -3, 1, {0.0, 1.0}, {1.0}, {1})", 2.1055420)]
    [InlineData("integrate_1d_double_exponential(edge, 0, 1, 0.3, 0.2)", 7.7485)]
    [InlineData("integrate_1d_double_exponential(tail, 2, positive_infinity(), 1.5)", 0.033191378912)]
    [InlineData("integrate_1d_double_exponential_tol(tail, negative_infinity(), 1, 1e-9, 0, 12, -2)", 3.694528049465325)]
    [InlineData("integrate_1d_double_exponential(tail, 1, 1, 1.5)", 0)]
    public void Integrals_have_their_known_values(string call, double value)
    {
        if (call.Contains("edge", StringComparison.Ordinal)) value = Math.Exp(Numerics.SpecialFunctions.GammaFunction.LogGamma(0.3) + Numerics.SpecialFunctions.GammaFunction.LogGamma(0.2) - Numerics.SpecialFunctions.GammaFunction.LogGamma(0.5));
        if (call.Contains("-3, 1", StringComparison.Ordinal)) value = Math.Sqrt(2 * Math.PI) * (0.84134474606854293 - 0.0013498980316300933);
        Assert.Equal(value, Value(Integrands, call), 1e-8 * Math.Max(1, value));
    }

    [Theory]
    [InlineData("target += log(integrate_1d(bell, negative_infinity(), positive_infinity(), {v[1], a}, {1.0}, {1}));")]
    [InlineData("target += integrate_1d(bell, v[1], v[1] + a, {v[2], b}, {1.0}, {1});")]
    [InlineData("target += log(integrate_1d_double_exponential(edge, 0, 1, a, b));")]
    [InlineData("target += integrate_1d_double_exponential(tail, a, positive_infinity(), b);")]
    public void Integrals_have_derivatives_by_parameters_and_ends(string model) => Gradient(Integrands, model);

    [Fact]
    public void A_sum_over_slices_is_the_function_of_the_whole()
    {
        Assert.Equal(0, Value(Slices, "reduce_sum(part, v, 1, [1, 2]')", "array[0] vector[2] v;"));
        Assert.Equal((2 * 5) + (3 * 11), Value(Slices, "reduce_sum_static(part, v, 3, [1, 2]')", "array[2] vector[2] v = {[1, 2]', [3, 4]'};"), 1e-12);
        Gradient(Slices, "target += reduce_sum(part_lupmf, y, 1, [0.5, -1, 2]', a, v[1]); target += reduce_sum(part, {v, 2 * v}, 1, v);", "array[3] int y = {1, 0, 1};");
    }

    [Fact]
    public void Jobs_of_a_map_follow_one_another()
    {
        const string Data = "array[2, 1] real xr = {{2}, {3}}; array[2, 2] int xi = {{1, 2}, {3, 4}};";
        Assert.Equal(9 * 5 * 3, Value(Slices, "map_rect(job, [5]', {[8]', [9]'}, xr, xi)[3]", Data), 1e-12);
        Assert.Equal(9 + 4, Value(Slices, "map_rect(job, [5]', {[8]', [9]'}, xr, xi)[4]", Data), 1e-12);
        Gradient(Slices, "target += sum(square(map_rect(job, [a]', {[v[1]]', [v[2] * b]'}, xr, xi)));", Data);
    }

    private const string Chain = "matrix[2, 3] o = [[-1, -0.5, -2], [-0.3, -3, -1]]; matrix[2, 2] G = [[0.7, 0.3], [0.1, 0.9]]; vector[2] r = [0.4, 0.6]';";

    [Fact]
    public void The_marginal_of_a_hidden_chain_is_the_sum_over_all_paths()
    {
        double[,] o = { { -1, -0.5, -2 }, { -0.3, -3, -1 } }, g = { { 0.7, 0.3 }, { 0.1, 0.9 } };
        double[] r = [0.4, 0.6];
        double total = 0, second = 0;
        for (int path = 0; path < 8; path++)
        {
            int[] s = [path & 1, (path >> 1) & 1, path >> 2];
            double p = r[s[0]] * g[s[0], s[1]] * g[s[1], s[2]] * Math.Exp(o[s[0], 0] + o[s[1], 1] + o[s[2], 2]);
            total += p;
            if (s[1] == 1) second += p;
        }
        Assert.Equal(Math.Log(total), Value("", "hmm_marginal(o, G, r)", Chain), 1e-12);
        Assert.Equal(second / total, Value("", "hmm_hidden_state_prob(o, G, r)[2, 2]", Chain), 1e-12);
        // 4,000 paths: the share of state 2 at the second place within 4.5 standard errors, a false alarm in 150,000.
        double share = Value("real share_rng(matrix o, matrix G, vector r) { real s = 0; for (k in 1:4000) s += hmm_latent_rng(o, G, r)[2] == 2; return s / 4000; }", "share_rng(o, G, r)", Chain);
        Assert.InRange(share, (second / total) - (4.5 * 0.5 / Math.Sqrt(4000)), (second / total) + (4.5 * 0.5 / Math.Sqrt(4000)));
    }

    [Fact]
    public void The_marginal_of_a_hidden_chain_has_derivatives_by_all_three() => new Program("""
        parameters { matrix[2, 4] o; array[2] simplex[2] g; simplex[2] r; }
        model { to_vector(o) ~ normal(0, 1); matrix[2, 2] G; for (i in 1:2) G[i] = g[i]'; target += hmm_marginal(o, G, r); }
        """).VerifyGradient();
}
