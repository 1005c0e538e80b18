using System.Globalization;
using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;

namespace Terrace.Stan.Analysis;

/// <summary>Numbers written as arguments of distributions that the distribution cannot take, as a negative scale.</summary>
internal static class ArgumentDomains
{
    /// <summary>For each argument: p positive, n not negative, u between 0 and 1, anything else free.</summary>
    private static readonly Dictionary<string, string> Domains = new()
    {
        ["normal"] = "-p",
        ["lognormal"] = "-p",
        ["cauchy"] = "-p",
        ["double_exponential"] = "-p",
        ["logistic"] = "-p",
        ["gumbel"] = "-p",
        ["student_t"] = "p-p",
        ["skew_normal"] = "-p-",
        ["exp_mod_normal"] = "-pp",
        ["exponential"] = "p",
        ["gamma"] = "pp",
        ["inv_gamma"] = "pp",
        ["weibull"] = "pp",
        ["frechet"] = "pp",
        ["rayleigh"] = "p",
        ["chi_square"] = "p",
        ["inv_chi_square"] = "p",
        ["scaled_inv_chi_square"] = "pp",
        ["pareto"] = "pp",
        ["pareto_type_2"] = "-pp",
        ["beta"] = "pp",
        ["beta_proportion"] = "up",
        ["bernoulli"] = "u",
        ["binomial"] = "nu",
        ["poisson"] = "n",
        ["neg_binomial"] = "pp",
        ["neg_binomial_2"] = "pp",
        ["neg_binomial_2_log"] = "-p",
        ["beta_binomial"] = "npp",
        ["von_mises"] = "-p",
        ["lkj_corr"] = "p",
        ["lkj_corr_cholesky"] = "p",
    };

    /// <summary>Warns at each such number.</summary>
    public static void Check(IrProgram program, DiagnosticBag diagnostics)
    {
        foreach (IrBuiltinCall call in IrWalk.StatementsAndFunctions(program).SelectMany(IrWalk.Expressions).SelectMany(IrWalk.All).OfType<IrBuiltinCall>())
        {
            int cut = call.Name.LastIndexOf('_');
            if (cut < 0 || call.Name[cut..] is not ("_lpdf" or "_lpmf" or "_cdf" or "_lcdf" or "_lccdf" or "_rng") || !Domains.TryGetValue(call.Name[..cut], out string? domain)) continue;
            int first = call.Name.EndsWith("_rng", StringComparison.Ordinal) ? 0 : 1;
            for (int i = first; i < call.Arguments.Count && i - first < domain.Length; i++)
            {
                if (DensityTerm.Literal(call.Arguments[i]) is not { } value) continue;
                string? must = domain[i - first] switch { 'p' when value <= 0 => "be positive", 'n' when value < 0 => "not be negative", 'u' when value is < 0 or > 1 => "lie between 0 and 1", _ => null };
                if (must is not null) diagnostics.Warn("argument-domain", $"argument {i - first + 1} of `{call.Name[..cut]}` must {must}, and is {value.ToString(CultureInfo.InvariantCulture)}", call.Arguments[i].Span, "every evaluation of the program will be rejected here");
            }
        }
    }
}
