using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>The normal density of one block's coefficients given θ, and its precision Q. A workspace of one thread.</summary>
internal abstract class BlockPrior
{
    /// <summary>That of a block.</summary>
    public static BlockPrior Of(CoefficientBlock block) => block.IsAutoregressive ? new Autoregression() : new GroupPrior(block.Width);

    /// <summary>Takes the covariance factor T, row by row, and the structure's parameter.</summary>
    public abstract void Set(ReadOnlySpan<double> factor, double parameter);

    /// <summary>Adds Q, of <paramref name="count"/> coefficients from <paramref name="start"/>, in the lower triangle of <paramref name="h"/>.</summary>
    public abstract void AddPrecision(Matrix h, int start, int count);

    /// <summary>The log density; adds its derivatives in u, in T and in the coordinate of the parameter.</summary>
    public abstract double Add(ReadOnlySpan<double> factor, ReadOnlySpan<double> u, Span<double> byU, Span<double> byFactor, ref double byParameter);
}
