namespace Terrace.Stan.Tests.Language;

/// <summary>Statements and functions of parameters: the compiled derivatives against differences.</summary>
public sealed class GradientTests
{
    private const string Parameters = """
        parameters {
          real a; real b; real<lower=0> p; real<lower=-1, upper=2> u; vector[3] v; row_vector[3] r; matrix[3, 3] m; array[3] real c; array[2] vector[3] w; simplex[3] s; ordered[3] o; cov_matrix[2] C; cholesky_factor_corr[3] L;
        }
        """;

    private static void Verify(string model, string functions = "") =>
        new Program($"functions {{ {functions} }} {Parameters} model {{ a ~ normal(0, 1); b ~ normal(0, 1); v ~ normal(0, 1); r ~ normal(0, 1); to_vector(m) ~ normal(0, 1); c ~ normal(0, 1); for (i in 1:2) w[i] ~ normal(0, 1); {model} }}").VerifyGradient();

    [Theory]
    [InlineData("target += a * b / p - u ^ 2 + p ^ a;")]
    [InlineData("target += exp(a) * log(p) + inv_logit(b) - sqrt(p) + atan2(a, p);")]
    [InlineData("target += a > 0 ? a * b : a - b ^ 2;")]
    [InlineData("target += fma(a, b, u) + log_mix(inv_logit(a), b, u) + log_sum_exp(a, b) + lbeta(p, 2);")]
    [InlineData("target += dot_product(v, r') + sum(v .* v) + r * v + sum(m * v) + sum(r * m);")]
    [InlineData("target += sum(exp(v)) + sum(inv_logit(m)) + sum(log1p_exp(r)) + sum(pow(v, 2)) + sum(square(c));")]
    [InlineData("target += log_sum_exp(v) + sum(softmax(v) .* v) + sum(cumulative_sum(v)) + sd(v) + variance(c) + mean(m);")]
    [InlineData("target += log_determinant(m * m' + identity_matrix(3)) + trace(m) + quad_form(C, [1, 2]') + sum(inverse(C));")]
    [InlineData("target += sum(cholesky_decompose(C)) + sum(L * v) + sum(C \\ [a, b]') + sum([a, b] / C);")]
    [InlineData("target += v[1] * v[2] + m[2, 3] * m[1][2] + w[2][1] * w[1, 3] + c[2];")]
    [InlineData("target += sum(v[2:3]) * sum(v[{3, 1, 1}]) + sum(m[, 2] .* v) + sum(m[2] .* r) + sum(square(m[1:2, {3, 1}])) + sum(to_vector(w[{2, 2}, 1]) .* v[1:2]);")]
    [InlineData("v ~ normal(w[1], p); c ~ normal(a, p); w[2] ~ student_t(4, a, p); target += normal_lpdf(v | w[2], exp(w[1]));")]
    [InlineData("s ~ dirichlet([2, 3, 4]'); target += categorical_lupmf({1, 3, 2} | s); 2 ~ ordered_logistic(a, o); 2 ~ categorical_logit(v);")]
    [InlineData("p ~ gamma(2, 3); u ~ uniform(-1, 2); p ~ lognormal(a, 1); p ~ inv_gamma(2, 1); b ~ cauchy(a, p); p ~ weibull(2, 1.5) T[0.1, ]; a ~ double_exponential(0, p);")]
    [InlineData("3 ~ poisson_log(a + b); 2 ~ binomial_logit(5, a); target += bernoulli_logit_lupmf({1, 0, 1} | v) + bernoulli_logit_lpmf({1, 0, 1} | c) + neg_binomial_2_log_lpmf({4, 2, 0} | v, p); 2 ~ poisson(p);")]
    [InlineData("target += normal_lcdf(a | b, p) + normal_lccdf(v | a, p) + log(normal_cdf(a | b, p)) + student_t_lccdf(a | 3, 0, p) + beta_lcdf(0.3 | p, 2);")]
    [InlineData("a ~ normal(b, p) T[-5, 6]; c ~ normal(a, p) T[-9, ]; v ~ normal(0, p) T[-9, 9];")]
    [InlineData("vector[3] x = v; x[2] = a * x[1]; x[1] += b; x = x .* v; x[3] *= x[2]; target += sum(square(x));")]
    [InlineData("real x = a; for (i in 1:4) { x = x * b + v[1 + i % 3]; if (x > 100) break; } target += x;")]
    [InlineData("array[3] real x; for (i in 1:3) { x[i] = i == 1 ? a : x[i - 1] * b + c[i]; target += x[i] ^ 2; }")]
    [InlineData("vector[3] x; for (t in 1:3) { for (k in 1:3) x[k] = v[k] * t + (t > 1 ? x[1 + k % 3] : 0); target += log_sum_exp(x); }")]
    [InlineData("matrix[3, 2] x; x[, 1] = v; x[, 2] = x[, 1] * a; x[2] = [a, b]; x[1:2, 1] = x[2:3, 2]; target += sum(square(x));")]
    [InlineData("matrix[2, 2] x = [[a, b], [v[1], 1]]; array[2] real y = {a, b * a}; x[{2, 1}, 1] = [y[1], y[2]]'; target += sum(x .* x);")]
    [InlineData("matrix[3, 2] x; x[1, 1] = a; x[, 2] = v; for (i in 2:3) { x[i, 1] = b * dot_product(sub_col(x, 1, 1, i - 1), tail(v, i - 1)); x[1, 2] = exp(x[1, 2]); target += sum(block(x, 1, 1, i, 1)) * sum(row(x, 1)); } target += sum(square(col(x, 1)));")]
    [InlineData("vector[3] x = v; x[1] = a * x[1]; vector[2] y = head(x, 2); x[1] = b; target += dot_product(y, tail(x, 2)) + sum(segment(x, 1, 2) .* y) + sum(square(diagonal(m)));")]
    [InlineData("int i = 0; real x = a; while (i < 5) { i += 1; if (i == 3) continue; x = x * 0.5 + b * i; } target += x;")]
    [InlineData("real x = 0; for (e in v) x += e * a; for (e in w) x += e[2]; for (e in m) x += e ^ 2; target += x;")]
    [InlineData("tuple(real, vector[3]) t = (a * b, v + a); target += t.1 + sum(square(t.2)); real x; vector[3] y; (x, y) = t; target += x * y[2];")]
    [InlineData("target += sum(gp_exp_quad_cov({0.1, 0.5, 2}, p, 1.5)) + sum(diag_pre_multiply(v, L)) + sum(columns_dot_product(m, m)) + sum(multiply_lower_tri_self_transpose(L));")]
    [InlineData("target += sum(append_row(v, [a, b]')) ^ 2 + sum(append_col(m, v) * [a, b, 1, 2]') + sum(to_matrix(v, 1, 3) * v) + sum(block(m, 1, 2, 2, 2)) ^ 2 + sum(to_array_1d(m)) * sum(rep_vector(a, 3));")]
    public void Statements_have_the_derivatives_of_differences(string model) => Verify(model);

    [Theory]
    [InlineData("real f(real x, int n) { return n == 0 ? 1 : x * f(x, n - 1); }", "target += f(a, 5) + f(2, 3);")]
    [InlineData("vector f(vector x, real y) { vector[size(x)] z; for (i in 1:size(x)) { if (x[i] > 0) z[i] = x[i] * y; else z[i] = y ^ 2; } return z; }", "target += sum(square(f(v, a))) + sum(f(f(v, b), 2));")]
    [InlineData("real f(vector x) { for (i in 1:size(x)) { if (x[i] > 0) return x[i] ^ 2; } return sum(x); }", "target += f(v) + f(w[1]) + f(-abs(v));")]
    [InlineData("void f_lp(real x) { target += -x ^ 2; x ~ normal(1, 2); }", "f_lp(a); f_lp(b * a);")]
    [InlineData("real my_lpdf(real y, real m) { return -(y - m) ^ 2; } real my_lpdf(vector y, real m) { return -sum(square(y - m)); }", "a ~ my(b); v ~ my(a); target += my_lupdf(u | a);")]
    [InlineData("vector id(vector x) { return x; }", "vector[3] x = v; vector[3] y = id(x); y[1] = a * y[1]; x[2] = b; target += sum(x .* y);")]
    [InlineData("real f(real x) { return x ^ 2; } real f(real x, real y) { return x * y; } vector f(vector x) { return 2 * x; }", "target += f(a) + f(a, b) + sum(f(v));")]
    [InlineData("tuple(real, real) f(real x) { return (x ^ 2, sin(x)); }", "tuple(real, real) t = f(a); target += t.1 * t.2;")]
    [InlineData("array[] real f(array[] real x, matrix y) { array[2] real z; z[1] = x[1] * y[1, 2]; z[2] = sum(x); return z; }", "array[2] real z = f(c, m); target += z[1] * z[2];")]
    public void Functions_have_the_derivatives_of_differences(string functions, string model) => Verify(model, functions);

    [Fact]
    public void Transforms_and_transformed_parameters_have_the_derivatives_of_differences() => new Program("""
        data { int N; vector[N] y; array[N] int g; }
        transformed data { vector[N] z = (y - mean(y)) / sd(y); }
        parameters { real<lower=0> tau; vector<offset=1, multiplier=tau>[3] a; vector<lower=-1, upper=1>[2] q; real<upper=q[1]> h; array[2] simplex[3] s; positive_ordered[2] o; unit_vector[3] n; sum_to_zero_vector[4] t; corr_matrix[3] R; cholesky_factor_cov[3] F; }
        transformed parameters { vector[3] e; real<lower=0> k = tau ^ 2 + 0.1; for (j in 1:3) e[j] = a[j] * k + t[j]; }
        model { z ~ normal(e[g], k); a ~ normal(1, tau); tau ~ exponential(1); q ~ normal(0, 1); h ~ normal(0, 1); s[1] ~ dirichlet([1, 2, 3]'); target += sum(log(s[2])) - sum(o) - dot_self(n - 0.5) + log_determinant(R) - sum(square(F)) - dot_self(t); }
        generated quantities { vector[N] r; for (i in 1:N) r[i] = normal_rng(e[g[i]], k); }
        """, """{"N": 5, "y": [1, 2.5, -1, 0.3, 2], "g": [1, 2, 3, 3, 1]}""").VerifyGradient(1e-5, 0.5);
}
