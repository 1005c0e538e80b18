namespace Terrace.MixedModels;

/// <summary>How the random effects beside those of the largest grouping factor are solved for. The results of the exact ways are the same to rounding.</summary>
public enum Factorisation
{
    /// <summary>The cheapest exact way by a count of operations; the iterative one for linear models where every exact way would be too large.</summary>
    Automatic,

    /// <summary>One dense matrix of all of them: exact, up to 20,000 random effects.</summary>
    Dense,

    /// <summary>A sparse Cholesky factor: exact, and cheap for nested and nearly nested factors.</summary>
    Sparse,

    /// <summary>Conjugate gradients with stochastic traces, for large crossed factors of linear models; the log likelihood then has a Monte Carlo error, which is stated.</summary>
    Iterative,
}
