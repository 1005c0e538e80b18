namespace Terrace.Stan.Tests.Printing;

/// <summary>Programs that between them use every kind of statement and expression that is emitted.</summary>
internal static class PrintedPrograms
{
    /// <summary>Name, program, data.</summary>
    public static readonly (string Name, string Program, string Data)[] All =
    [
        ("schools", "data { int J; array[J] real y; array[J] real<lower=0> sigma; } parameters { real mu; real<lower=0> tau; vector[J] theta; } model { mu ~ normal(0, 5); tau ~ cauchy(0, 5); theta ~ normal(mu, tau); y ~ normal(theta, sigma); }", """{"J": 3, "y": [28, 8, -3], "sigma": [15, 10, 16]}"""),
        ("loops", """
            functions {
              real f(real x, vector b) {
                if (x > 20) return b[1];
                real s = 0;
                for (k in 1:num_elements(b)) {
                  if (k == 3) continue;
                  if (s > 100) break;
                  s += b[k] * x;
                }
                return s;
              }
              vector rhs(real t, vector y, real k) { return -k * y; }
            }
            data { int N; int J; vector[N] y; array[N] int<lower=1, upper=J> g; }
            transformed data { array[3] int default = {1, 2, 3}; real total = sum(y) + default[2]; }
            parameters { vector[J] a; real<lower=0> s; real<lower=0, upper=1> p; corr_matrix[2] C; real mu; simplex[3] q; }
            transformed parameters {
              vector[N] m;
              for (n in 1:N) m[n] = a[g[n]] * exp(-s) + mu;
            }
            model {
              for (n in 1:N) {
                y[n] ~ normal(m[n], s);
                target += log_mix(p, normal_lpdf(y[n] | 0, 1), cauchy_lpdf(y[n] | mu, 2));
              }
              a ~ normal(0, s);
              target += f(s, a) / total;
              s ~ gamma(2, 1);
              C ~ lkj_corr(2);
              q ~ dirichlet([2, 3, 4]');
              array[2] vector[2] u = ode_rk45(rhs, [1.0, 2.0]', 0, {1.0, 2.0}, s);
              target += sum(u[2]);
              int k = 1;
              while (k < 3) {
                k += 1;
                if (k == 2) continue;
                target += -k * square(mu);
              }
              for (x in y) {
                if (x > 1.5) break;
                target += x * mu;
              }
            }
            generated quantities { vector[N] yy; for (n in 1:N) yy[n] = normal_rng(m[n], s); matrix[2, 2] S = C * C'; }
            """, """{"N": 4, "J": 3, "y": [0.5, -1, 2, 0.1], "g": [1, 2, 3, 1]}"""),
        ("words", "data { int N; array[N] int y; matrix[N, 2] x; } parameters { real is; vector[2] object; ordered[2] c; } model { y ~ bernoulli_logit_glm(x, is, object); is ~ student_t(4, 0, 2); object ~ double_exponential(0, 1); c ~ normal(0, 2); if (is > 100 || object[1] < -100) reject(\"far \\\\ away\"); }".Replace("\\\\", "/", StringComparison.Ordinal), """{"N": 3, "y": [0, 1, 1], "x": [[1, 2], [0.5, -1], [2, 0]]}"""),
    ];
}
