using Terrace.Stan.Types;

namespace Terrace.Stan.Formatting;

/// <summary>Names that came into the language after Stan 2.21, and those that it kept for itself (release notes of Stan; checked with the compiler of rstan 2.21).</summary>
internal static class Names221
{
    /// <summary>Types that 2.21 does not know.</summary>
    public static readonly HashSet<string> NewTypes =
    [
        "tuple", "complex", "complex_vector", "complex_row_vector", "complex_matrix", "sum_to_zero_vector", "sum_to_zero_matrix", "row_stochastic_matrix", "column_stochastic_matrix",
    ];

    /// <summary>Distributions that 2.21 does not know.</summary>
    public static readonly HashSet<string> NewDistributions =
    [
        "loglogistic", "yule_simon", "beta_neg_binomial", "skew_double_exponential", "discrete_range", "binomial_logit_glm", "categorical_logit_glm", "ordered_logistic_glm", "dirichlet_multinomial",
        "multinomial_logit", "multi_student_t_cholesky", "wishart_cholesky", "inv_wishart_cholesky", "multi_normal_prec_glm",
    ];

    private static readonly HashSet<string> NewFunctions =
    [
        "beta", "chol2inv", "inv_erfc", "inv_inc_beta", "lambert_w0", "lambert_wm1", "ldexp", "linspaced_array", "linspaced_int_array", "linspaced_row_vector", "linspaced_vector",
        "log_modified_bessel_first_kind", "matrix_power", "ode_adams", "ode_adams_tol", "ode_bdf", "ode_bdf_tol", "ode_ckrk", "ode_ckrk_tol", "ode_rk45", "ode_rk45_tol", "ode_adjoint_tol_ctl", "dae", "dae_tol",
        "one_hot_array", "one_hot_int_array", "one_hot_row_vector", "one_hot_vector", "reverse", "std_normal_log_qf", "symmetrize_from_lower_tri", "trace_dot", "uniform_simplex", "reduce_sum", "reduce_sum_static",
        "solve_newton", "solve_newton_tol", "solve_powell", "solve_powell_tol", "to_int", "svd", "svd_U", "svd_V", "qr", "qr_thin", "eigendecompose", "eigendecompose_sym", "eigenvalues", "eigenvectors", "fft",
        "inv_fft", "hmm_marginal", "hmm_latent_rng", "hmm_hidden_state_prob", "generalized_inverse", "quantile", "log_softmax_rng", "csr_to_dense_matrix",
        "zeros_int_array", "ones_int_array", "zeros_array", "zeros_vector", "zeros_row_vector", "ones_array", "ones_vector", "ones_row_vector", "identity_matrix", "norm1", "norm2", "log_inv_logit_diff",
        "gp_exp_quad_cov", "gp_dot_prod_cov", "gp_exponential_cov", "gp_matern32_cov", "gp_matern52_cov", "gp_periodic_cov", "std_normal_qf", "log_determinant_spd", "fatal_error", "laplace_marginal",
    ];

    /// <summary>Words of C++ that the compiler of 2.21 takes for no variable, as it prints names as they are.</summary>
    private static readonly HashSet<string> Words =
    [
        "and", "asm", "auto", "bool", "case", "catch", "char", "class", "const", "default", "delete", "do", "double", "enum", "explicit", "export", "extern", "float", "friend", "goto", "inline", "long", "mutable",
        "namespace", "new", "not", "operator", "or", "private", "protected", "public", "register", "short", "signed", "sizeof", "static", "struct", "switch", "template", "this", "throw", "try", "typedef", "typeid",
        "typename", "union", "unsigned", "using", "virtual", "volatile", "xor",
    ];

    /// <summary>Whether 2.21 has no function of this name.</summary>
    public static bool IsNewFunction(string name)
    {
        if (NewFunctions.Contains(name)) return true;
        int suffix = name.LastIndexOf('_');
        return suffix > 0 && name[suffix..] is "_lpdf" or "_lpmf" or "_lcdf" or "_lccdf" or "_cdf" or "_rng" && NewDistributions.Contains(name[..suffix]);
    }

    /// <summary>Whether a variable cannot have the name, because a function has it or C++ does.</summary>
    public static bool IsReserved(string name) => Words.Contains(name) || (!NewFunctions.Contains(name) && FunctionLibrary.Find(name).Count > 0);
}
