using Terrace.Inference.LogDensities;
using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Data;

namespace Terrace.Stan.Tests.Language;

/// <summary>Loops of arithmetic, which are differentiated without the tape: against the same program by the tape.</summary>
public sealed class ScalarLoopTests
{
    private const string Declarations = """
        data { int N; int J; array[N] int g; vector[N] x; vector[N] y; array[N] int z; array[J, 2] real q; }
        parameters { vector[J] a; real b; real<lower=0> s; array[J] real c; matrix[J, 2] m; }
        """;

    private const string Data = """
        {"N": 6, "J": 3, "g": [1, 3, 2, 2, 1, 3], "x": [0.3, -1.2, 0.8, 1.7, -0.4, 0.1], "y": [1.1, 0.2, -0.7, 0.4, 2.0, -1.3], "z": [1, 0, 1, 1, 0, 2], "q": [[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]]}
        """;

    private static int Compare(string model, bool finite = true)
    {
        StanModel compiled = StanModel.Compile($"{Declarations} model {{ {model} }}", "loop.stan");
        StanModel tape = compiled.ByTape();
        StanData data = StanData.ParseJson(Data, "data.json");
        BoundStanModel bound = compiled.Bind(data), oracle = tape.Bind(data);
        ILogDensity density = bound.CreateEvaluator(), expected = oracle.CreateEvaluator();
        var rng = new Rng(5, 5);
        int n = bound.Dimension;
        double[] gradient = new double[n], right = new double[n], unused = new double[n];
        for (int repeat = 0; repeat < 3; repeat++)
        {
            double[] at = [.. Enumerable.Range(0, n).Select(_ => rng.NextDouble() - 0.5)];
            DensityValue value = density.Evaluate(at, gradient), wanted = expected.Evaluate(at, right);
            Assert.Equal(wanted.IsAccepted, value.IsAccepted);
            if (!wanted.IsAccepted) continue;
            AssertClose(wanted.Value, value.Value, model);
            for (int i = 0; i < n; i++) AssertClose(right[i], gradient[i], $"{bound.CoordinateNames[i]} of {model}");
            if (!finite) continue;
            for (int i = 0; i < n; i++)
            {
                double step = 1e-5, origin = at[i];
                at[i] = origin + step;
                double high = density.Evaluate(at, unused).Value;
                at[i] = origin - step;
                double low = density.Evaluate(at, unused).Value;
                at[i] = origin;
                Assert.True(Math.Abs(((high - low) / (2 * step)) - gradient[i]) <= 1e-5 * (1 + Math.Abs(gradient[i])), $"{bound.CoordinateNames[i]} of {model}: {gradient[i]:R}");
            }
        }
        Assert.Equal(0, tape.Emitter.ScalarLoopCount);
        return compiled.Emitter.ScalarLoopCount;
    }

    private static void AssertClose(double expected, double actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-11 * (1 + Math.Abs(expected)), $"{what}: {actual:R}, by the tape {expected:R}");

    [Theory]
    [InlineData("for (i in 1:N) y[i] ~ normal(a[g[i]] + b * x[i], s);")]
    [InlineData("for (i in 1:N) { real mu = a[g[i]] + b * x[i]; real sd = s * exp(c[g[i]]); y[i] ~ normal(mu, sd); z[i] ~ poisson_log(mu * sd); }")]
    [InlineData("vector[N] mu; for (i in 1:N) mu[i] = a[g[i]] * exp(b * x[i]); y ~ normal(mu, s);")]
    [InlineData("vector[N] mu; for (i in 1:N) { mu[i] = a[g[i]] + b; y[i] ~ normal(mu[i] ^ 2, s); } target += sum(mu);")]
    [InlineData("vector[N] e; e[1] = 1 + a[1] ^ 2; for (t in 2:N) e[t] = sqrt(1 + square(y[t - 1] - b) + s * square(e[t - 1])); y ~ normal(b, e);")]
    [InlineData("for (t in 3:N) { real mu = b; for (k in 1:2) mu = mu + a[k] * y[t - k]; y[t] ~ normal(mu, s); }")]
    [InlineData("for (t in 1:N) { real mu = b; for (k in 1:J) { real w = a[k] * x[t]; mu += w * w; } y[t] ~ normal(mu * mu, s); }")]
    [InlineData("for (i in 1:N) for (j in 1:J) target += a[j] * x[i] * c[j] - 0.1 * a[j] ^ 2;")]
    [InlineData("for (i in 1:N) { real u = a[g[i]] * b; for (j in 1:2) target += normal_lpdf(y[i] | u * m[g[i], j], s); }")]
    [InlineData("for (i in 1:N) { if (z[i] == 0) target += bernoulli_lpmf(0 | inv_logit(b)); else if (z[i] == 1) { real t = a[g[i]] * b; target += sin(t); } else y[i] ~ student_t(4, a[g[i]], s); }")]
    [InlineData("for (i in 1:N) { real t = x[i] > 0 ? a[g[i]] * b : (x[i] > -1 ? c[1] ^ 2 : s); target += t * t; }")]
    [InlineData("for (i in 1:N) { real t = a[g[i]]; t = t * b; t = t * t; target += t * c[1]; t = exp(0.1 * t); target += t; }")]
    [InlineData("for (i in 1:N) { real t = a[g[i]]; if (x[i] > 0) t = t * t * b; y[i] ~ normal(t, 1); }")]
    [InlineData("matrix[N, J] p; for (i in 1:N) { p[i, 1] = b; for (j in 2:J) p[i, j] = p[i, j - 1] * a[j] + x[i]; for (j in 1:J) target += -p[i, j] ^ 2; } target += sum(p);")]
    [InlineData("for (i in 1:N) target += log_mix(inv_logit(b), normal_lpdf(y[i] | a[1], s), normal_lpdf(y[i] | a[2], 1));")]
    [InlineData("array[N, J] real l; for (i in 1:N) for (j in 1:J) l[i, j] = normal_lpdf(y[i] | a[j], s) + c[j]; for (i in 1:N) target += log_sum_exp(l[i]);")]
    [InlineData("for (i in 1:N) { int k = g[i]; k = k == 3 ? 1 : k + 1; target += a[k] * x[i] - a[k] ^ 2 / (k * 2); }")]
    [InlineData("for (i in 1:N) target += normal_lcdf(y[i] | a[g[i]], s) + beta_lpdf(0.3 | s, exp(b)) - pow(s, c[g[i]]);")]
    [InlineData("for (j in 1:J) for (k in 1:2) { target += -0.5 * square(m[j, k] - q[j, k] * b); }")]
    [InlineData("vector[N] d; for (i in 1:N) d[i] = x[i] * 2; for (i in 1:N) y[i] ~ normal(d[i] * b, s);")]
    [InlineData("for (i in 1:N) { int bad = 0; if (bad == 1) reject(\"no\"); target += a[g[i]]; }", 0)]
    [InlineData("for (i in 5:4) target += a[i]; for (i in N:N) target += a[g[i]] * b;", 2)]
    [InlineData("for (i in 1:N) { array[J] real l; for (j in 1:J) l[j] = log(s + j) + normal_lpdf(y[i] | a[j], s); target += log_sum_exp(l); }")]
    [InlineData("array[J] real l; for (i in 1:N) { for (j in 1:J) l[j] = -square(y[i] - a[j] * b); target += log_sum_exp(l) * x[i]; }")]
    [InlineData("array[J] real acc; array[N, J] real al; for (j in 1:J) al[1, j] = normal_lpdf(y[1] | a[j], 1); for (t in 2:N) { for (k in 1:J) { for (j in 1:J) acc[j] = al[t - 1, j] + sin(c[j] * k) + normal_lpdf(y[t] | a[k], s); al[t, k] = log_sum_exp(acc); } } target += log_sum_exp(al[N]);", 2)]
    [InlineData("for (i in 1:N) { vector[J] l; for (j in 1:J) l[j] = a[j] * x[i]; for (j in 1:J) target += -square(l[j] - b); target += sum(l); }")]
    [InlineData("array[N] vector[J] u; for (i in 1:N) for (j in 1:J) u[i, j] = a[j] * x[i] + b; for (i in 1:N) y[i] ~ normal(dot_product(u[i], a), s);", 2)]
    [InlineData("for (i in 1:N) { vector[J] l; real p; for (j in 1:J) l[j] = a[j] * exp(b * x[i]); p = log_sum_exp(l); for (j in 1:J) { real r = l[j] - p; target += exp(r) * c[j]; } }")]
    [InlineData("for (i in 1:N) { for (k in 1:2) { vector[J] l; for (j in 1:J) l[j] = a[j] * m[j, k] * x[i]; target += log_sum_exp(l); } }")]
    [InlineData("vector[N] w; for (i in 1:N) { vector[J] l; for (j in 1:J) l[j] = a[j] * b * x[i]; w[i] = log_sum_exp(l) * sum(l); y[i] ~ normal(w[i], s); } target += -dot_self(w);")]
    [InlineData("int pos = 1; for (j in 1:J) { target += a[j] * x[pos]; pos = pos + 2; }")]
    public void Loops_of_arithmetic_agree_with_the_tape_and_with_differences(string model, int loops = -1)
    {
        int count = Compare(model);
        if (loops < 0) Assert.True(count > 0, "written with the tape");
        else Assert.Equal(loops, count);
    }

    [Theory]
    [InlineData("real t = 0; for (i in 1:N) t += a[g[i]] * x[i] * t + 1; target += t;")]
    [InlineData("vector[N] mu = rep_vector(b, N); for (i in 1:N) mu[i] = mu[i] * a[g[i]]; target += sum(mu);")]
    [InlineData("vector[J] mu = rep_vector(b, J); for (i in 1:N) mu[g[i]] = mu[g[i]] * a[g[i]] + x[i]; target += sum(mu);")]
    [InlineData("vector[N] mu; for (i in 1:N) mu[i] = exp(a[g[i]]); target += sum(mu); for (i in 1:N) mu[i] = mu[i] * b; target += sum(mu);")]
    [InlineData("vector[2] v; for (i in 1:N) { for (k in 1:2) v[k] = a[g[i]] * b * k; target += v[1] * v[2]; }")]
    [InlineData("vector[2] v; for (i in 1:N) { for (k in 1:2) v[k] = exp(m[g[i], k]); target += log_sum_exp(v); }")]
    [InlineData("for (t in 1:N) { real mu = b; for (k in 1:J) mu = mu * a[k] + x[t]; y[t] ~ normal(mu, s); }")]
    [InlineData("real t = b; for (i in 1:N) { t = 0.5 * t + a[g[i]]; y[i] ~ normal(t, s); }")]
    [InlineData("for (i in 1:N) { vector[2] v = [a[g[i]], b]'; target += sum(v .* v) * x[i]; }")]
    [InlineData("vector[J] l = a; for (i in 1:N) { for (j in 1:J) l[j] = l[j] * b + x[i]; target += log_sum_exp(l); }")]
    [InlineData("vector[J] l; for (j in 1:J) l[j] = b; for (i in 1:N) { target += log_sum_exp(l); for (j in 1:J) l[j] = a[j] * x[i]; } target += sum(l);")]
    [InlineData("for (i in 1:N) { vector[J] l; for (j in 1:2) l[j] = a[j] * x[i]; l[J] = b; target += log_sum_exp(l); }")]
    [InlineData("for (i in 1:N) { vector[J] l; for (j in 1:J) if (x[i] > 0 || i > 0) l[j] = a[j] * x[i]; target += log_sum_exp(l); }")]
    [InlineData("for (i in 1:N) { if (i == 4) break; target += a[g[i]] * b; }")]
    [InlineData("vector[N] mu; for (i in 1:N) { mu[i] = a[g[i]] + b; if (i > 1) target += mu[i - 1] * mu[N + 1 - i > i ? 1 : i]; } target += sum(mu);")]
    public void Loops_that_carry_values_or_overwrite_memory_are_right_too(string model) => Compare(model);

    [Fact]
    public void Random_loops_agree_with_the_tape()
    {
        var rng = new Rng(2026, 11);
        int scalar = 0;
        for (int k = 0; k < 250; k++) if (Compare(new RandomLoops(rng).Model(), false) > 0) scalar++;
        Assert.True(scalar > 120, $"{scalar} of 250 without the tape");
    }

    [Fact]
    public void An_index_beyond_the_end_is_named_with_its_line()
    {
        StanModel model = StanModel.Compile($"{Declarations} model {{\n for (i in 1:(N + 1))\n  target += a[1] * x[i];\n}}", "loop.stan");
        StanRunException fault = Assert.Throws<StanRunException>(() => model.Bind(StanData.ParseJson(Data, "data.json")).CreateEvaluator().Evaluate(new double[13], new double[13]));
        Assert.Contains("7", fault.Message, StringComparison.Ordinal);
        Assert.Contains("target += a[1] * x[i]", fault.ToString(), StringComparison.Ordinal);
        Assert.True(model.Emitter.ScalarLoopCount == 1);
    }
}
