using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;

namespace Terrace.Bayes;

/// <summary>A Bayesian model in conditionally whitened coordinates (<see cref="WhitenedDensity"/>): the same draws' variables, other coordinates. Immutable.</summary>
internal sealed class WhitenedModel(BayesianModel model, Whitening whitening) : ILogDensityModel
{
    public string Name => model.Name;

    public int Dimension => model.Dimension;

    public IReadOnlyList<string> CoordinateNames { get; } =
        [.. Enumerable.Range(1, model.Structure.CoefficientCount).Select(i => $"whitened coefficient {i}"), .. Enumerable.Range(1, model.Structure.ParameterCount).Select(i => $"whitened parameter {i}")];

    public VariableLayout Layout => model.Layout;

    public bool DropsConstants => false;

    public ILogDensity CreateEvaluator() => new WhitenedDensity(model, whitening);
}
