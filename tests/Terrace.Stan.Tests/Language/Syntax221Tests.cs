using Terrace.Stan.Diagnostics;
using Terrace.Stan.Formatting;

namespace Terrace.Stan.Tests.Language;

/// <summary>Programs printed in the syntax of Stan 2.21. Every form here was put to the compiler of rstan 2.21, which took it.</summary>
public sealed class Syntax221Tests
{
    private static string Old(string program) => StanFormatter.Format(program, "test.stan", StanSyntaxVersion.Stan221);

    private static string Modern(string program) => StanFormatter.Format(program, "test.stan");

    private static string Model(string statements) => $"model {{\n{statements}}}\n";

    [Theory]
    [InlineData("data { int N; array[N] int<lower=0, upper=N> x; array[N, 2] vector[3] v; array[2] cholesky_factor_cov[3, 2] c; }",
        "data {\n  int N;\n  int<lower=0, upper=N> x[N];\n  vector[3] v[N, 2];\n  cholesky_factor_cov[3, 2] c[2];\n}\n")]
    [InlineData("functions { array[,] real f(array[] vector x, data array[,,] int k, real a); }", "functions {\n  real[,] f(vector[] x, data int[,,] k, real a);\n}\n")]
    [InlineData("data { array[2] real a, b; real c, d; }", "data {\n  real a[2];\n  real b[2];\n  real c;\n  real d;\n}\n")]
    [InlineData("transformed data { array[2] real a = {1, 2}; array[2] real b = rep_array(0, 2); array[1, 2] real c = {{1, 2.5}}; array[2] int d = {1, 2}; real e = 1; }",
        "transformed data {\n  real a[2] = {1.0, 2.0};\n  real b[2] = rep_array(0.0, 2);\n  real c[1, 2] = {{1.0, 2.5}};\n  int d[2] = {1, 2};\n  real e = 1;\n}\n")]
    public void Arrays_are_declared_behind_the_name(string program, string expected) => Assert.Equal(expected, Old(program));

    [Fact]
    public void Newer_names_become_older_ones()
    {
        string program = """
            data { int k; array[3] int ks; vector[4] v; array[2, 3] real xs; matrix[2, 2] m; }
            transformed data { int n = abs(k) + abs(ks[2] - 1) + size(v) + size(xs) + size(xs[1]) + k %/% 2 + size(m[1]); matrix[2, 2] i = identity_matrix(2); vector[3] z = zeros_vector(3); }
            parameters { real x; vector[4] w; }
            model {
              profile("all") { target += abs(x) + sum(abs(w)) + sum(w .^ 2) + norm2(w); }
              target += normal_lupdf(x | 0, 1) + normal_cdf(x | 0, 1) + normal_lcdf(x | 0, 1) + std_normal_lpdf(x |);
              for (j in 1:k) target += abs(j - 2) * poisson_lupmf(abs(j) | 2.0);
            }
            """;
        Assert.Equal("""
            data {
              int k;
              int ks[3];
              vector[4] v;
              real xs[2, 3];
              matrix[2, 2] m;
            }
            transformed data {
              int n = abs(k) + abs(ks[2] - 1) + num_elements(v) + size(xs) + size(xs[1])
                  + k / 2 + num_elements(m[1]);
              matrix[2, 2] i = diag_matrix(rep_vector(1, 2));
              vector[3] z = rep_vector(0, 3);
            }
            parameters {
              real x;
              vector[4] w;
            }
            model {
              {
                target += fabs(x) + sum(fabs(w)) + sum(square(w)) + sqrt(dot_self(w));
              }
              target += normal_lpdf(x | 0, 1) + normal_cdf(x, 0, 1) + normal_lcdf(x | 0, 1)
                  + std_normal_lpdf(x);
              for (j in 1:k) target += abs(j - 2) * poisson_lpmf(abs(j) | 2.0);
            }

            """, Old(program));
    }

    [Fact]
    public void A_program_s_own_functions_keep_their_names()
    {
        string old = Old("functions { real reverse(real x) { return x; } real f_lpdf(real x, real m) { return m - x; } }\nparameters { real<lower=0> x; }\nmodel { target += reverse(x) + f_lupdf(x | 1); }");
        Assert.Contains("target += reverse(x) + f_lpdf(x | 1);", old, StringComparison.Ordinal);
    }

    [Fact]
    public void Late_declarations_go_to_the_top_and_their_values_stay()
    {
        string old = Old("parameters { real x; }\nmodel {\n  real a = x;\n  // a prior\n  x ~ normal(0, 1); // of x\n  real b = a; // half\n  int n = 3;\n  array[n] real c;\n  c[1] = b;\n}\n");
        Assert.EndsWith(Model("  real a = x;\n  real b;\n  int n = 3;\n  real c[n];\n  // a prior\n  x ~ normal(0, 1); // of x\n  b = a; // half\n  c[1] = b;\n"), old, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_block_within_is_put_in_order()
    {
        string old = Old(Model("for (i in 1:2) { target += i; real a = i; if (i > 1) { target += a; real b = a; target += b; } }"));
        Assert.Equal(Model("  for (i in 1:2) {\n    real a;\n    target += i;\n    a = i;\n    if (i > 1) {\n      real b;\n      target += a;\n      b = a;\n      target += b;\n    }\n  }\n"), old);
    }

    [Fact]
    public void A_size_that_is_computed_or_a_name_used_above_opens_a_block()
    {
        string computed = Old("data { int N; }\n" + Model("int n = 0;\nfor (i in 1:N) n += i;\nvector[n] v = rep_vector(1, n); // ones\ntarget += sum(v);\n"));
        Assert.EndsWith(Model("  int n = 0;\n  for (i in 1:N) n += i;\n  {\n    vector[n] v = rep_vector(1, n); // ones\n    target += sum(v);\n  }\n"), computed, StringComparison.Ordinal);
        string used = Old(Model("for (i in 1:2) { real a = i; target += a; }\nreal a = 2;\ntarget += a;\n"));
        Assert.Equal(Model("  for (i in 1:2) {\n    real a = i;\n    target += a;\n  }\n  {\n    real a = 2;\n    target += a;\n  }\n"), used);
    }

    [Theory]
    [InlineData("transformed data { int n = 0; n += 1; vector[n] v; }", "`v` declared above all statements of its block, but its size depends on `n`")]
    [InlineData("generated quantities { for (i in 1:2) { real a = i; print(a); } real a = 2; }", "a statement above has a variable of the same name")]
    [InlineData("transformed data { tuple(real, int) t = (1.5, 2); }", "Stan 2.21 has no type `tuple`")]
    [InlineData("parameters { sum_to_zero_vector[3] x; }", "Stan 2.21 has no type `sum_to_zero_vector`")]
    [InlineData("data { vector[2] x; } transformed data { vector[2] y = reverse(x); }", "Stan 2.21 has no function `reverse`")]
    [InlineData("data { vector[2] x; } transformed data { vector[2] y = x .^ 3; }", "Stan 2.21 has no operator `.^`")]
    [InlineData("data { real<lower=0> x; } parameters { real<lower=0> a; } model { x ~ loglogistic(a, 1); }", "Stan 2.21 has no distribution `loglogistic`")]
    [InlineData("functions { real f(real x) { return x; } real f(vector x) { return x[1]; } }", "Stan 2.21 has no two functions of the name `f`")]
    [InlineData("data { real mean; }", "no variable of the name `mean`")]
    [InlineData("data { real export; }", "no variable of the name `export`")]
    public void What_2_21_has_no_form_for_is_told_with_its_place(string program, string expected)
    {
        var fault = Assert.Throws<StanProgramException>(() => Old(program));
        Assert.Contains(fault.Diagnostics, d => d.Severity == Severity.Error && d.Code == "syntax-2.21" && d.Message.Contains(expected, StringComparison.Ordinal) && d.Span.Start > 0);
    }

    [Theory]
    [InlineData("parameters { array[2] real x; vector<offset=1, multiplier=2>[2] v; }\nmodel {\n  // first\n  x ~ normal(0, 1);\n  real s = abs(x[1]) /* size */ + 1; // second\n  s += sum(v);\n  v ~ std_normal();\n  real t = s;\n  target += -t;\n}\n")]
    [InlineData("functions {\n  real total(array[] real z) {\n    real s = 0;\n    for (e in z) s += e;\n    // twice\n    int n = size(z);\n    return n * s;\n  }\n}\nparameters { array[2] real x; vector[2] v; }\nmodel {\n  target += -abs(total(x));\n  x ~ normal(v[1], 1);\n  matrix[2, 2] k = gp_exp_quad_cov(x, 1, 2) + identity_matrix(2);\n  v ~ multi_normal(zeros_vector(2), k);\n}\n")]
    [InlineData("parameters { array[2] real x; vector[2] v; }\ntransformed parameters {\n  real a = x[1];\n  a += 1;\n  vector[2] b = a * v;\n  profile(\"p\") { a += 1; }\n}\nmodel {\n  for (i in 1:2) {\n    target += normal_lpdf(x[i] | b[i], 1);\n    if (i == 2) { int n = i; n += 1; vector[n] w = rep_vector(a, n); target += -dot_self(w); } else target += normal_lccdf(a | 0, 1);\n  }\n  v ~ normal(0, 1) T[-9, ];\n}\n")]
    public void The_way_there_and_back_ends_at_the_same_text_and_density(string program)
    {
        string old = Old(program), back = Modern(old);
        Assert.Equal(old, Old(old));
        Assert.Equal(old, Old(back));
        Assert.Equal(back, Modern(Old(back)));
        double[] position = [0.3, -0.4, 0.2, 0.7], first = new double[4], second = new double[4];
        Assert.Equal(new Program(program).Evaluate(position, first).Value, new Program(old).Evaluate(position, second).Value, 12);
        Assert.All(first.Zip(second), pair => Assert.Equal(pair.First, pair.Second, 12));
        foreach (string comment in (string[])["// first", "// second", "/* size */", "// twice"])
            Assert.Equal(program.Split(comment).Length, old.Split(comment).Length);
    }
}
