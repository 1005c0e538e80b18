using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>One thread's room to fit the model of a fit to other responses. Nothing of one response reaches the fit of the next, so that results do not depend on which workspace did what.</summary>
internal abstract class RefitWorkspace
{
    protected RefitWorkspace(Observations observations) => Observations = observations;

    /// <summary>The responses: replace them, then <see cref="Fit"/>.</summary>
    public Observations Observations { get; }

    /// <summary>Fits the model to the current responses.</summary>
    /// <exception cref="ModelException">They do not vary, or have no mode.</exception>
    public abstract RefittedModel Fit(CancellationToken cancellation);
}
