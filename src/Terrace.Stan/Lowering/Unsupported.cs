namespace Terrace.Stan.Lowering;

/// <summary>Functions of Stan's index that are left out, with the way round; the guide's page on Stan programs has the same table. A name that ends in <c>*</c> stands for all that begin with it.</summary>
internal static class Unsupported
{
    private const string Complex = "complex numbers are not supported: write the real and the imaginary part as two reals";

    private static readonly (string Names, string Reason)[] Reasons =
    [
        ("arg conj get_real get_imag norm polar proj to_complex fft fft2 inv_fft inv_fft2 complex_schur_decompose* eigendecompose", Complex),
        ("eigenvalues eigenvectors", "the values of a matrix that is not symmetric are complex, which is not supported; `eigenvalues_sym` and `eigenvectors_sym` take symmetric matrices"),
        ("integrate_1d_gauss_kronrod*", "use `integrate_1d_double_exponential`"),
        ("dae*", "write the system as an ordinary differential equation"),
        ("ode_adjoint_tol_ctl", "use `ode_bdf_tol`"),
        ("laplace_marginal* laplace_latent* generate_laplace_options", "use the hierarchical model itself, or `terrace fit --engine laplace`"),
    ];

    /// <summary>What to do instead, or null if the name is none of Stan's that are known to be left out.</summary>
    public static string? Reason(string name)
    {
        foreach ((string names, string reason) in Reasons)
            foreach (string pattern in names.Split(' ')) if (pattern[^1] == '*' ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern) return reason;
        return null;
    }
}
