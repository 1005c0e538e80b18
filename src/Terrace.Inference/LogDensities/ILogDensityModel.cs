using Terrace.Inference.Posterior;

namespace Terrace.Inference.LogDensities;

/// <summary>An immutable model with a log density, shared by all chains: a formula model, or a compiled Stan program.</summary>
public interface ILogDensityModel
{
    /// <summary>The name, for files and messages.</summary>
    string Name { get; }

    /// <summary>The number of unconstrained coordinates.</summary>
    int Dimension { get; }

    /// <summary>The names of the unconstrained coordinates, one each, for messages about initial values and gradients.</summary>
    IReadOnlyList<string> CoordinateNames { get; }

    /// <summary>The variables of a draw.</summary>
    VariableLayout Layout { get; }

    /// <summary>Whether the log density leaves out terms that do not depend on the parameters.</summary>
    bool DropsConstants { get; }

    /// <summary>A fresh evaluator with workspaces of its own.</summary>
    ILogDensity CreateEvaluator();
}
