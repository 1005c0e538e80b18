using Terrace.Stan.Diagnostics;

namespace Terrace.Stan.Tests.Language;

/// <summary>Programs as they were written before 2.33 are those of today.</summary>
public sealed class OldSyntaxTests
{
    private const string Data = """{"N": 4, "J": 2, "g": [1, 2, 2, 1], "y": [0.5, -1, 2, 0.1], "x": [[1, 2], [3, 4], [5, 6], [7, 8]], "k": [1, 0, 1, 1]}""";

    [Fact]
    public void An_old_program_has_the_density_of_its_modern_form()
    {
        var old = new Program("""
            functions { real sq_log(real y, real m) { return -pow(y - m, 2); } real total(real[] z, int[] i) { real s; s <- 0; for (n in 1:size(i)) s <- s + z[i[n]]; return s; } }
            data { int<lower=1> N; int J; int g[N]; real y[N]; vector[2] x[N]; int k[N]; } # the data
            parameters { real a[J]; vector[2] b; real<lower=0> sigma; }
            transformed parameters { real mu[N]; for (n in 1:N) mu[n] <- a[g[n]] + dot_product(x[n], b); }
            model {
              real z;
              z <- fabs(a[1]) + if_else(a[1] > 0, 1, 2);
              increment_log_prob(normal_log(y, mu, sigma));
              increment_log_prob(total(a, g) * 0.1 - multiply_log(z, sigma));
              sigma ~ cauchy(0, 2.5);
              a[1] ~ sq(b[1]);
              k ~ bernoulli_logit(mu);
              increment_log_prob(normal_cdf_log(a[2], 0, 1) + normal_ccdf_log(a[2], 0, 2));
            }
            """, Data);
        var modern = new Program("""
            functions { real sq_lpdf(real y, real m) { return -(y - m) ^ 2; } real total(array[] real z, array[] int i) { real s = 0; for (n in 1:size(i)) s += z[i[n]]; return s; } }
            data { int<lower=1> N; int J; array[N] int g; array[N] real y; array[N] vector[2] x; array[N] int k; } // the data
            parameters { array[J] real a; vector[2] b; real<lower=0> sigma; }
            transformed parameters { array[N] real mu; for (n in 1:N) mu[n] = a[g[n]] + dot_product(x[n], b); }
            model {
              real z = abs(a[1]) + (a[1] > 0 ? 1 : 2);
              target += normal_lpdf(y | mu, sigma);
              target += total(a, g) * 0.1 - lmultiply(z, sigma);
              sigma ~ cauchy(0, 2.5);
              a[1] ~ sq(b[1]);
              k ~ bernoulli_logit(mu);
              target += normal_lcdf(a[2] | 0, 1) + normal_lccdf(a[2] | 0, 2);
            }
            """, Data);
        double[] position = [0.3, -0.2, 0.5, 0.1, -0.4], first = new double[5], second = new double[5];
        Assert.Equal(modern.Evaluate(position, second).Value, old.Evaluate(position, first).Value, 12);
        Assert.All(first.Zip(second), pair => Assert.Equal(pair.First, pair.Second, 12));
        string[] noted = [.. old.Model.Model.Diagnostics.Where(d => d.Severity == Severity.Deprecation).Select(d => d.Code).Distinct().Order()];
        Assert.Equal(["hash-comment", "old-array", "old-assignment", "old-increment", "old-name"], noted);
    }
}
