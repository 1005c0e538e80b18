using Terrace.Stan.Data;
using Terrace.Stan.Diagnostics;

namespace Terrace.Stan.Tests.Bad;

/// <summary>The programs of a lecture: one in the syntax of 2016 that runs, and a fragment with three faults, which are told in one run.</summary>
public sealed class SlideProgramTests
{
    [Fact]
    public void The_varying_intercept_program_of_the_slides_runs_verbatim()
    {
        const string Program = """
            data {
              int<lower=1> N; // number of observations
              int<lower=1> J; // number of states
              int<lower=1> STATE[N]; // state indicators
              vector[N] PID; // party id
              vector[N] IDEO; // ideology
            }
            parameters {
              vector[J] alpha; // vector, length states, for intercepts
              real beta; // coef. on ideology
              real mu_alpha; // mean for intercepts
              real<lower=0> sigma_y; // resid. sd. for sample-level
              real<lower=0> sigma_alpha; // resid. sd. for group-level
            }
            transformed parameters {
              vector[N] y_hat; // vector, length obs., for fitted y
              y_hat = alpha[STATE] + PID * beta; // est. fitted y
            }
            model {
              sigma_alpha ~ inv_gamma(0.001, 0.001); // samp. group sd.
              alpha ~ normal(mu_alpha, sigma_alpha); // est. group model
              beta ~ normal(0, 1); // samp. slope
              sigma_y ~ inv_gamma(0.001, 0.001); // samp. sample-level sd.
              IDEO ~ normal(y_hat, sigma_y); // est. sample-level model
            }
            """;
        BoundStanModel model = StanModel.Compile(Program, "slides.stan").Bind(StanData.ParseJson("""{"N": 4, "J": 2, "STATE": [1, 2, 2, 1], "PID": [1, 5, 7, 3], "IDEO": [2, 4, 6, 3]}""", "d"));
        Assert.Equal(6, model.Dimension);
        Assert.True(model.CreateEvaluator().Evaluate(new double[6], new double[6]).IsAccepted);
        Assert.Equal("old-array", Assert.Single(model.Model.Diagnostics, d => d.Severity == Severity.Deprecation).Code);
    }

    [Fact]
    public void The_second_fragment_gives_its_three_faults_in_one_run()
    {
        const string Program = """
            data { int<lower=1> N; int<lower=1> J; int<lower=1> STATE[N]; vector[N] PID; vector[J] EDUC; vector[N] IDEO; }
            parameters {
              real beta[2];
              real gamma;
              real<lower=0> sigma_y;
            }
            transformed parameters {
              vector[N] y_hat;
              vector[J] alpha_hat; // vector, length state, for fitted a
              y_hat = alpha_hat + PID * beta[1]; // est. fitted y
              alpha_hat = gamma + EDUC * beta[2]; // est. fitted a
            }
            model {
              gamma ~ normal(0, 1); samp. group inter.
              IDEO ~ normal(y_hat, sigma_y);
            }
            """;
        StanProgramException fault = Assert.Throws<StanProgramException>(() => StanModel.Compile(Program, "slides.stan"));
        Assert.Contains("slides.stan:10:11: warning: `alpha_hat` is read before", fault.Message, StringComparison.Ordinal);
        Assert.Contains(fault.Diagnostics, d => d.Code == "size-agreement" && d.Span.Line == 10);
        StanDiagnostic comment = Assert.Single(fault.Diagnostics, d => d.Severity == Severity.Error);
        Assert.Equal(14, comment.Span.Line);
        Assert.Contains("//", comment.Hint, StringComparison.Ordinal);
    }
}
