namespace Terrace.Inference.Approximations;

/// <summary>Where a search for a mode goes next: H times the gradient, with H an inverse of the negative Hessian or an approximation of it.</summary>
internal interface IAscentDirection
{
    /// <summary>Whether nothing is known of the curvature, so that the direction is the gradient and its length means nothing.</summary>
    bool IsEmpty { get; }

    /// <summary>Evaluations of the density that the directions cost.</summary>
    long Evaluations { get; }

    /// <summary>Forgets the curvature: the next direction is the gradient.</summary>
    void Clear();

    /// <summary>Takes in a step; gives its length.</summary>
    double Add(LbfgsPoint from, LbfgsPoint to);

    /// <summary>The direction at a point.</summary>
    double[] Direction(LbfgsPoint at);
}
