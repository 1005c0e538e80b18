using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Data;
using Terrace.Stan.Runtime;

namespace Terrace.Stan;

/// <summary>A compiled program with its data: a log density that every sampler, optimiser and approximation takes.</summary>
public sealed class BoundStanModel : ILogDensityModel
{
    private const ulong TransformedDataStream = 0xDA7A;

    internal BoundStanModel(StanModel model, StanData data, StanRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        Model = model;
        Options = options;
        Template = new Workspace { MaximumElements = options.MaximumElements, Globals = new int[model.Emitter.GlobalCount], Data = data, Printed = options.Printed };
        Limits.Install(Template, options);
        Run(model.TransformData, w => w.Rng = new Rng(options.Seed, TransformedDataStream));
        Template.Data = StanData.Empty;
        StanLayout.Check(model.Program, Template.Globals, options.MaximumElements);
        (Layout, ParameterColumns) = StanLayout.Of(model.Program, Template.Globals);
        CoordinateNames = StanLayout.Coordinates(model.Program, Template.Globals);
        Dimension = CoordinateNames.Count;
    }

    /// <summary>The program.</summary>
    public StanModel Model { get; }

    /// <summary>How it is run.</summary>
    public StanRunOptions Options { get; }

    /// <inheritdoc/>
    public string Name => Model.Name;

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> CoordinateNames { get; }

    /// <inheritdoc/>
    public VariableLayout Layout { get; }

    /// <summary>The number of columns of a draw that are parameters; transformed parameters and generated quantities follow.</summary>
    public int ParameterColumns { get; }

    /// <inheritdoc/>
    public bool DropsConstants => Options.DropConstants;

    /// <summary>The names of the parameters.</summary>
    internal string[] ParameterNames => [.. Model.Program.Parameters.Select(parameter => parameter.Name)];

    internal Workspace Template { get; }

    /// <inheritdoc/>
    public ILogDensity CreateEvaluator() => new StanEvaluator(this);

    /// <summary>Draws from the posterior by the no-U-turn sampler. A program without parameters is run as often as draws are asked for.</summary>
    /// <param name="options">Chains, iterations, seed; null for Stan's defaults.</param>
    /// <param name="cancellation">Ends the run early.</param>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="SamplingException">There are no initial values, or the posterior is improper.</exception>
    /// <exception cref="StanRunException">A statement failed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public SamplingResult Sample(NutsOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new NutsOptions();
        return Dimension > 0 ? Sampler.Run(this, options, cancellation) : FixedParameters.Run(this, options, cancellation);
    }

    /// <summary>A position for a chain to start at: the parameters that <paramref name="given"/> names have its values, the others are drawn between −range and range on the unconstrained scale, again where the density is not finite.</summary>
    /// <param name="given">Values by name; other names than those of parameters are not looked at.</param>
    /// <param name="source">What the values come from, for messages.</param>
    /// <param name="seed">The seed of what is drawn.</param>
    /// <param name="chain">The chain, from 0; each draws its own.</param>
    /// <param name="range">The range of what is drawn.</param>
    /// <exception cref="StanDataException">A value has another shape than its parameter or violates its constraint, or the density is not finite there.</exception>
    public double[] InitialPosition(StanData given, string source = "initial values", ulong seed = 1, int chain = 0, double range = 2) => InitialValues.Position(this, given, source, seed, chain, range);

    /// <summary>A workspace of its own with the data in it.</summary>
    internal Workspace NewWorkspace()
    {
        var w = new Workspace
        {
            MaximumElements = Options.MaximumElements,
            Globals = (int[])Template.Globals.Clone(),
            Top = Template.Top,
            IntTop = Template.IntTop,
            V = new double[Math.Max(1024, 2 * Template.Top)],
            A = new double[Math.Max(1024, 2 * Template.Top)],
            I = new int[Math.Max(256, Template.IntTop + 256)],
            DropConstants = Options.DropConstants,
            Printed = Options.Printed,
        };
        Array.Copy(Template.V, w.V, Template.Top);
        Array.Copy(Template.I, w.I, Template.IntTop);
        Limits.Install(w, Options);
        return w;
    }

    private void Run(Action<Workspace> method, Action<Workspace> prepare)
    {
        Workspace w = Template;
        while (true)
        {
            try
            {
                w.Top = 2;
                w.IntTop = 0;
                w.Depth = 0;
                w.Functions = Model.Emitter.CompiledFunctions;
                prepare(w);
                method(w);
                return;
            }
            catch (ArenaFullException full)
            {
                Grow(w, full);
            }
            catch (StanFaultException fault)
            {
                throw StanRunException.Of(fault, w, Model);
            }
        }
    }

    /// <summary>Grows the arena that was full.</summary>
    /// <exception cref="StanRunException">The limit is reached.</exception>
    internal void Grow(Workspace w, ArenaFullException full)
    {
        try
        {
            w.Grow(full);
        }
        catch (StanFaultException fault)
        {
            throw StanRunException.Of(fault, w, Model);
        }
    }
}
