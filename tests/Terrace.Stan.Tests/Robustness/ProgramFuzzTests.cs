using System.Globalization;
using Terrace.Inference.LogDensities;
using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Data;
using Terrace.Stan.Diagnostics;

namespace Terrace.Stan.Tests.Robustness;

/// <summary>
/// Programs changed at random compile, or are refused with places inside the text; what compiles runs to its end or is stopped by a fault of the program. TERRACE_FUZZ_PROGRAMS sets the number of programs, TERRACE_FUZZ_SEED where
/// they start, TERRACE_FUZZ_CORPUS a folder of more programs to change.
/// </summary>
public sealed class ProgramFuzzTests
{
    private static readonly StanRunOptions Strict = new() { EvaluationLimit = TimeSpan.FromSeconds(2), MaximumElements = 1 << 20, Printed = _ => { } };

    private static readonly string[] Seeds =
    [
        "data { int<lower=0> N; array[N] int g; vector[N] x; vector[N] y; } parameters { vector[3] a; real b; real<lower=0> sigma; } model { a ~ normal(0, 1); for (i in 1:N) y[i] ~ normal(a[g[i]] + b * x[i], sigma); }",
        "functions { real f(real x, data array[] int k); real f(real x, data array[] int k) { if (size(k) > 3) return x; else return x * k[1]; } vector g_lp(vector v) { target += sum(v); return v .* v; } } transformed data { array[2] int k = {1, 2}; } parameters { real x; vector[2] v; } transformed parameters { vector[2] u = 2 * v; } model { x ~ normal(0, 1) T[-1, ]; target += f(x, k); u = g_lp(v); }",
        "parameters { simplex[3] s; ordered[2] o; cov_matrix[2] C; cholesky_factor_corr[2] L; unit_vector[2] n; row_vector<lower=0, upper=1>[2] r; } model { s ~ dirichlet([1, 2, 3]'); o ~ multi_normal([0, 0]', C); L ~ lkj_corr_cholesky(2); target += log_determinant(C) + sum(r) * n[1]; }",
        "data { int N; int y[N]; real x[N]; } parameters { real alpha; real beta; } transformed parameters { real eta[N]; for (n in 1:N) eta[n] <- alpha + beta * x[n]; } model { # old\n increment_log_prob(normal_log(alpha, 0, 1)); for (n in 1:N) y[n] ~ bernoulli_logit(eta[n]); }",
        "transformed data { int n = 3; tuple(int, real) t = (1, 2.5); array[3] vector[2] m; for (i in 1:n) m[i] = [i, t.2]'; while (n > 0) { n -= 1; if (n == 1) break; else continue; } print(\"n = \", n, m); } parameters { real<offset=1, multiplier=2> z; } model { z ~ student_t(3, 0, 1); } generated quantities { real d = normal_rng(z, 1); array[2] int c; c[1:2] = {poisson_rng(2), 1}; profile(\"p\") { d += m[1][2] ? 1 : 0; } }",
        "functions { vector rhs(real t, vector y, real k) { return -k * y; } real part(array[] real x, int start, int end, real a) { return sum(x) * a; } } parameters { real<lower=0> k; } model { array[2] vector[1] y = ode_rk45(rhs, [1]', 0, {0.5, 1}, k); target += y[2, 1] + reduce_sum(part, {1.0, 2.0}, 1, k); for (e in y) target += e[1]; }",
        "parameters { real m; array[2] real a; matrix[2, 2] b; } model { array[2] real l; vector[4] e; for (i in 1:4) { for (k in 1:2) l[k] = log_inv_logit(a[k]) + normal_lpdf(i | m, 1); target += log_sum_exp(l); } e[1] = m; for (t in 2:4) e[t] = 0.5 * e[t - 1] + b[1, 2]; to_vector(b) ~ std_normal(); e ~ normal(0, 1); }",
    ];

    private static int Number(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;

    [Fact]
    public void Any_program_is_compiled_and_run_or_refused_with_places()
    {
        int cases = Number("TERRACE_FUZZ_PROGRAMS", 6_000), compiled = 0, ran = 0;
        List<string> seeds = [.. Seeds];
        if (Environment.GetEnvironmentVariable("TERRACE_FUZZ_CORPUS") is { Length: > 0 } folder)
            seeds.AddRange(Directory.EnumerateFiles(folder, "*.stan", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText).Where(text => text.Length < 6_000));
        var mutator = new ProgramMutator(new Rng((ulong)Number("TERRACE_FUZZ_SEED", 7), 3), seeds);
        StanData data = StanData.ParseJson("{\"N\": 3, \"g\": [1, 3, 2], \"x\": [0.1, 0.2, 0.3], \"y\": [1, 0, 1]}", "d");
        for (int n = 0; n < cases; n++)
        {
            string text = mutator.Next();
            try
            {
                StanModel model = StanModel.Compile(text, "m", pedantic: n % 4 == 0);
                compiled++;
                // Every method that runs is compiled to machine code, which takes most of the time.
                if (compiled % 10 != 0) continue;
                BoundStanModel bound = model.Bind(data, Strict);
                ILogDensity density = bound.CreateEvaluator();
                density.Evaluate(new double[bound.Dimension], new double[bound.Dimension]);
                density.WriteDraw(new double[bound.Dimension], new Rng(1, 1), new double[bound.Layout.Count]);
                ran++;
            }
            catch (StanProgramException fault)
            {
                Assert.NotEmpty(fault.Diagnostics);
                foreach (StanDiagnostic diagnostic in fault.Diagnostics)
                {
                    Assert.InRange(diagnostic.Span.Start, 0, text.Length);
                    Assert.InRange(diagnostic.Span.End, diagnostic.Span.Start, text.Length);
                    Assert.NotEmpty(diagnostic.ToString());
                }
            }
            catch (StanRunException fault)
            {
                Assert.NotEmpty(fault.Message);
            }
            catch (Exception fault) when (fault is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"program {n}: {fault.GetType().Name}: {fault.Message}\n{text}\n{fault.StackTrace}");
            }
        }
        Assert.True(compiled > cases / 50 && ran > 0, $"{compiled} compiled, {ran} ran");
    }
}
