namespace Terrace.Stan.Runtime.Densities;

/// <summary>The log densities of rows of observations, each a function of its linear predictor: what the densities of generalised linear models and of vectors share.</summary>
internal interface ILinkedRows
{
    /// <summary>The number of columns of scratch that <see cref="Evaluate"/> wants.</summary>
    static abstract int ScratchColumns { get; }

    /// <summary>The sum of the log densities of consecutive rows, without the summands that do not involve the linear predictor.</summary>
    /// <param name="from">The first row.</param>
    /// <param name="eta">The linear predictors; replaced, if <paramref name="slopes"/>, by the derivatives of the log densities by them.</param>
    /// <param name="scratch"><see cref="ScratchColumns"/> times the length of <paramref name="eta"/>.</param>
    /// <param name="slopes">Whether derivatives are wanted, here and by whatever else the rows keep derivatives of.</param>
    double Evaluate(int from, scoped Span<double> eta, scoped Span<double> scratch, bool slopes);
}
