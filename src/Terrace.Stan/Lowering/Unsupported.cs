namespace Terrace.Stan.Lowering;

/// <summary>Functions of Stan's index that are left out, with the way round; <c>docs/stan-language.md</c> has the same table.</summary>
internal static class Unsupported
{
    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["fft"] = "complex numbers are not supported",
        ["inv_fft"] = "complex numbers are not supported",
        ["fft2"] = "complex numbers are not supported",
        ["inv_fft2"] = "complex numbers are not supported",
        ["laplace_marginal"] = "use the hierarchical model itself, or `terrace fit --engine laplace`",
        ["laplace_latent_rng"] = "use the hierarchical model itself",
        ["dae"] = "write the system as an ordinary differential equation",
        ["dae_tol"] = "write the system as an ordinary differential equation",
    };

    /// <summary>What to do instead, or null if the name is none of Stan's that are known to be left out.</summary>
    public static string? Reason(string name) => Reasons.GetValueOrDefault(name);
}
