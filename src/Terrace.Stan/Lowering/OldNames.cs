using Terrace.Stan.Types;

namespace Terrace.Stan.Lowering;

/// <summary>Names that the language has given up, with those of today (Stan functions reference, "Removed functions" and "Deprecated functions").</summary>
internal static class OldNames
{
    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["fabs"] = "abs",
        ["multiply_log"] = "lmultiply",
        ["binomial_coefficient_log"] = "lchoose",
        ["cov_exp_quad"] = "gp_exp_quad_cov",
        ["integrate_ode"] = "integrate_ode_rk45",
    };

    /// <summary>Today's name of a built-in function, or the name itself.</summary>
    public static string Modern(string name)
    {
        if (Renamed.TryGetValue(name, out string? modern)) return modern;
        if (Suffix(name, "_ccdf_log", "_lccdf") is { } ccdf) return ccdf;
        if (Suffix(name, "_cdf_log", "_lcdf") is { } cdf) return cdf;
        if (name.EndsWith("_log", StringComparison.Ordinal) && FunctionLibrary.Find(name).Count == 0)
        {
            string stem = name[..^"_log".Length];
            foreach (string suffix in (string[])["_lpdf", "_lpmf"]) if (FunctionLibrary.Find(stem + suffix).Count > 0) return stem + suffix;
        }
        return name;
    }

    private static string? Suffix(string name, string old, string modern)
    {
        if (!name.EndsWith(old, StringComparison.Ordinal)) return null;
        string candidate = name[..^old.Length] + modern;
        return FunctionLibrary.Find(candidate).Count > 0 ? candidate : null;
    }
}
