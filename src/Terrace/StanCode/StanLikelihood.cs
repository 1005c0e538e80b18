using Terrace.Bayes;
using Terrace.Families;

namespace Terrace.StanCode;

/// <summary>The likelihood of a family as statements of a Stan program: one call over all rows where Stan has the density vectorised and rows have no weights, otherwise a loop.</summary>
internal sealed class StanLikelihood(StanBlocks blocks, BayesianModel model)
{
    private readonly ObservedRows _rows = model.Rows;
    private readonly bool _weighted = model.Rows.Weight.Any(weight => weight != 1);

    /// <summary>Declares responses and writes their distribution, given the vectors of the linear predictors and the names of the family's parameters.</summary>
    /// <exception cref="ModelException">The family has no program.</exception>
    public void Write(IReadOnlyList<string> eta, string? dispersion, string? zero)
    {
        string mu = Mean(eta[0]);
        switch (model.Name)
        {
            case "gaussian" when dispersion is null:
                Real("");
                if (_weighted) Add($"y ~ normal({mu}, sigma ./ sqrt(weights));");
                else Add($"y ~ normal({mu}, sigma);");
                Weights();
                break;
            case "gaussian": Rows("", "normal_lpdf", mu, $"exp({dispersion}[n])"); break;
            case "student": Rows("", "student_t_lpdf", null, "nu", $"{mu}[n]", dispersion is null ? "sigma" : $"exp({dispersion}[n])"); break;
            case "lognormal": Rows("<lower=0>", "lognormal_lpdf", eta[0], dispersion is null ? "sigma" : $"exp({dispersion}[n])"); break;
            case "binomial": Binomial(eta[0], mu); break;
            case "poisson" when zero is null: Counts("poisson_lpmf", mu); break;
            case "neg-binomial" when zero is null: Counts("neg_binomial_2_lpmf", mu, Dispersion(dispersion)); break;
            case "neg-binomial-1" when zero is null: Counts("neg_binomial_2_lpmf", mu, $"{mu}[n] / {Dispersion(dispersion)}"); break;
            case "poisson" or "neg-binomial" or "neg-binomial-1" or "hurdle-poisson" or "hurdle-neg-binomial": ZeroPart(mu, dispersion, zero); break;
            case "gamma": Rows("<lower=0>", "gamma_lpdf", null, "shape", $"shape / {mu}[n]"); break;
            case "inverse-gaussian": InverseGaussian(mu); break;
            case "beta": Rows("<lower=0, upper=1>", "beta_lpdf", null, $"{mu}[n] * {Dispersion(dispersion)}", $"(1 - {mu}[n]) * {Dispersion(dispersion)}"); break;
            case "beta-binomial": BetaBinomial(mu, Dispersion(dispersion)); break;
            case "cumulative": Cumulative(eta[0]); break;
            case "categorical": Categorical(eta); break;
            default: throw new ModelException($"The {model.Name} family has no Stan program yet.");
        }
    }

    private void Add(string line) => blocks.Likelihood.Add(line);

    private static string Dispersion(string? eta) => eta is null ? "phi" : $"exp({eta}[n])";

    /// <summary>The mean as a vector, by the inverse link.</summary>
    private string Mean(string eta)
    {
        string? inverse = model.Link.Name switch
        {
            _ when model.Name is "cumulative" or "categorical" or "lognormal" || model.Name == "binomial" && model.Link == Link.Logit => null,
            "identity" => null,
            "log" => $"exp({eta})",
            "logit" => $"inv_logit({eta})",
            "probit" => $"Phi({eta})",
            "cloglog" => $"inv_cloglog({eta})",
            "cauchit" => $"atan({eta}) / pi() + 0.5",
            "inverse" => $"inv({eta})",
            "sqrt" => $"square({eta})",
            _ => $"inv_sqrt({eta})",
        };
        if (inverse is null) return eta;
        blocks.TransformedParameters.Add($"vector[N] mu = {inverse};");
        return "mu";
    }

    private void Real(string bounds) => blocks.Vector(bounds, "N", "y", _rows.Y, "the response");

    private void Whole(string bounds, Func<double, double> of) => blocks.Integers(bounds, "N", "y", Array.ConvertAll(_rows.Y, value => (int)Math.Round(of(value))), "the response");

    private void Weights()
    {
        if (_weighted) blocks.Vector("<lower=0>", "N", "weights", _rows.Weight);
    }

    private string Weighted(string term) => _weighted ? $"weights[n] * {term}" : term;

    private void Loop(params ReadOnlySpan<string> body)
    {
        Weights();
        Add("for (n in 1:N) {");
        foreach (string line in body) Add(line);
        Add("}");
    }

    private void Rows(string bounds, string density, string? mean, params ReadOnlySpan<string> parameters)
    {
        Real(bounds);
        string arguments = string.Join(", ", (mean is null ? [] : new[] { $"{mean}[n]" }).Concat(parameters.ToArray()));
        Loop($"target += {Weighted($"{density}(y[n] | {arguments})")};");
    }

    private void Counts(string density, string mean, params ReadOnlySpan<string> parameters)
    {
        Whole("<lower=0>", value => value);
        Loop($"target += {Weighted($"{density}(y[n] | {string.Join(", ", new[] { $"{mean}[n]" }.Concat(parameters.ToArray()))})")};");
    }

    private void Binomial(string eta, string mean)
    {
        double[] trials = _rows.Trials ?? [.. _rows.Y.Select(_ => 1.0)];
        bool single = trials.All(m => m == 1), logit = model.Link == Link.Logit;
        blocks.Integers(single ? "<lower=0, upper=1>" : "<lower=0>", "N", "y", [.. _rows.Y.Select((share, i) => (int)Math.Round(share * trials[i]))], single ? "the response" : "the numbers of successes");
        if (!single) blocks.Integers("<lower=0>", "N", "trials", [.. trials.Select(m => (int)Math.Round(m))]);
        bool plain = _rows.Weight.Select((weight, i) => weight == trials[i]).All(same => same);
        string argument = logit ? eta : mean;
        string Of(string index) => single ? $"bernoulli{(logit ? "_logit" : "")}_lpmf(y{index} | {argument}{index})" : $"binomial{(logit ? "_logit" : "")}_lpmf(y{index} | trials{index}, {argument}{index})";
        if (plain)
        {
            Add($"target += {Of("")};");
            return;
        }
        blocks.Vector("<lower=0>", "N", "weights", [.. _rows.Weight.Select((weight, i) => trials[i] > 0 ? weight / trials[i] : 0)]);
        Add("for (n in 1:N) {");
        Add($"target += weights[n] * {Of("[n]")};");
        Add("}");
    }

    private void BetaBinomial(string mean, string phi)
    {
        blocks.Integers("<lower=0>", "N", "y", Array.ConvertAll(_rows.Y, value => (int)Math.Round(value)), "the numbers of successes");
        blocks.Integers("<lower=0>", "N", "trials", Array.ConvertAll(_rows.Trials!, m => (int)Math.Round(m)));
        Loop($"target += {Weighted($"beta_binomial_lpmf(y[n] | trials[n], {mean}[n] * {phi}, (1 - {mean}[n]) * {phi})")};");
    }

    private void InverseGaussian(string mean)
    {
        Real("<lower=0>");
        Loop($"target += {Weighted($"(0.5 * log(shape / (2 * pi())) - 1.5 * log(y[n]) - 0.5 * shape * square((y[n] - {mean}[n]) / {mean}[n]) / y[n])")};");
    }

    private void ZeroPart(string mean, string? dispersion, string? zero)
    {
        Whole("<lower=0>", value => value);
        bool negative = model.Name.Contains("neg-binomial", StringComparison.Ordinal), hurdle = model.Name.StartsWith("hurdle", StringComparison.Ordinal);
        string size = model.Name == "neg-binomial-1" ? $"{mean}[n] / {Dispersion(dispersion)}" : Dispersion(dispersion);
        string Count(string y) => negative ? $"neg_binomial_2_lpmf({y} | {mean}[n], {size})" : $"poisson_lpmf({y} | {mean}[n])";
        string no = zero is null ? "log1m(zi)" : $"log1m_inv_logit({zero}[n])", yes = zero is null ? "log(zi)" : $"log_inv_logit({zero}[n])";
        string at = hurdle ? yes : $"log_sum_exp({yes}, {no} + {Count("0")})", above = hurdle ? $"{no} + {Count("y[n]")} - log1m_exp({Count("0")})" : $"{no} + {Count("y[n]")}";
        Loop($"if (y[n] == 0) target += {Weighted($"({at})")};", $"else target += {Weighted($"({above})")};");
    }

    private void Cumulative(string eta)
    {
        Whole("<lower=1>", value => value + 1);
        string density = model.Link == Link.Probit ? "ordered_probit_lpmf" : "ordered_logistic_lpmf";
        Loop($"target += {Weighted($"{density}(y[n] | {eta}[n], thresholds)")};");
    }

    private void Categorical(IReadOnlyList<string> eta)
    {
        Whole("<lower=1>", value => value + 1);
        Loop($"target += {Weighted($"categorical_logit_lpmf(y[n] | to_vector({{{string.Join(", ", eta.Select(name => $"{name}[n]").Prepend("0.0"))}}}))")};");
    }
}
