using System.Collections.Concurrent;
using Terrace.Inference.Sampling;
using Terrace.Stan.Data;
using Terrace.Stan.Diagnostics;
using Terrace.Stan.Emit;
using Terrace.Stan.Ir;
using Terrace.Stan.Rewriting;
using Terrace.Stan.Runtime;
using Terrace.Stan.Syntax;

namespace Terrace.Stan;

/// <summary>A compiled Stan program. It is immutable and may be shared by threads; <see cref="Bind"/> joins it with data.</summary>
public sealed class StanModel
{
    private const int CacheSize = 64;
    private const int MaximumLength = 4_000_000;
    private static readonly TimeProvider Clock = TimeProvider.System;
    private static readonly ConcurrentDictionary<(string Text, string Name, bool Pedantic), StanModel> Cache = new();
    private readonly SourceText _source;
    private readonly Func<IrProgram> _again;
    private readonly ProgramEmitter _emitter;
    private readonly Lazy<Action<Workspace>> _transformData, _logDensity, _writeDraw, _unconstrain;

    private StanModel(string name, SourceText source, IrProgram program, IReadOnlyList<StanDiagnostic> diagnostics, Func<IrProgram> again, bool scalarLoops = true)
    {
        _again = again;
        Name = name;
        _source = source;
        Program = program;
        Diagnostics = diagnostics;
        _emitter = new ProgramEmitter(program) { WritesScalarLoops = scalarLoops };
        _transformData = new(() => Emitted(_emitter.TransformData));
        _logDensity = new(() => Emitted(_emitter.LogDensity));
        _writeDraw = new(() => Emitted(_emitter.WriteDraw));
        _unconstrain = new(() => Emitted(_emitter.Unconstrain));
    }

    /// <summary>The name, for files and messages.</summary>
    public string Name { get; }

    /// <summary>Warnings and old forms that were met.</summary>
    public IReadOnlyList<StanDiagnostic> Diagnostics { get; }

    /// <summary>The effects that are sampled in their non-centred form although the program has them centred.</summary>
    public IReadOnlyList<StanRewrite> Rewrites { get; private init; } = [];

    /// <summary>The time of the compilation so far, in seconds; methods are emitted when they are first needed.</summary>
    public double CompileSeconds { get; private set; }

    internal IrProgram Program { get; }

    internal ProgramEmitter Emitter => _emitter;

    internal Action<Workspace> TransformData => _transformData.Value;

    internal Action<Workspace> LogDensity => _logDensity.Value;

    internal Action<Workspace> WriteDraw => _writeDraw.Value;

    internal Action<Workspace> Unconstrain => _unconstrain.Value;

    /// <summary>Compiles a program. The same text is compiled once in a process.</summary>
    /// <param name="text">The program, in today's syntax or in that of any version since 2.0.</param>
    /// <param name="name">The name in messages.</param>
    /// <param name="includes">Finds included files; null when there are none.</param>
    /// <param name="pedantic">Whether to look for what compiles and is probably not meant: parameters without a prior, vague priors of scales, missing Jacobians and the like.</param>
    /// <exception cref="StanProgramException">The program is wrong: all faults, each with its place.</exception>
    public static StanModel Compile(string text, string name = "model", IIncludeResolver? includes = null, bool pedantic = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (includes is null && Cache.TryGetValue((text, name, pedantic), out StanModel? known)) return known;
        long start = Clock.GetTimestamp();
        var source = new SourceText(text, name);
        if (text.Length > MaximumLength) throw TooLarge(source, $"the program has {text.Length:N0} characters, and at most {MaximumLength:N0} are compiled", "give data as data");
        (IrProgram program, IReadOnlyList<StanDiagnostic> diagnostics) = Guarded(source, () => StanCompiler.Check(source, includes, pedantic));
        var model = new StanModel(name, source, program, diagnostics, () => StanCompiler.Check(source, includes).Program) { CompileSeconds = Clock.GetElapsedTime(start).TotalSeconds };
        if (includes is not null) return model;
        if (Cache.Count >= CacheSize) Cache.Clear();
        return Cache.GetOrAdd((text, name, pedantic), model);
    }

    /// <summary>The effects that <see cref="NonCentred"/> can rewrite.</summary>
    public IReadOnlyList<StanRewrite> Centred => [.. NonCentring.Candidates(Program).Select(candidate => candidate.Described)];

    /// <summary>
    /// The same program with group effects sampled as location + scale × z: the posterior, the names and the values of all variables stay, the unconstrained coordinates and with them <c>lp__</c> change.
    /// </summary>
    /// <param name="parameters">The effects; null for all of <see cref="Centred"/>.</param>
    /// <exception cref="ArgumentException">A parameter cannot be rewritten.</exception>
    public StanModel NonCentred(IEnumerable<string>? parameters = null)
    {
        long start = Clock.GetTimestamp();
        IrProgram program = _again();
        List<NonCentring.Candidate> candidates = NonCentring.Candidates(program);
        if (parameters is not null)
        {
            string[] wanted = [.. parameters];
            if (wanted.FirstOrDefault(name => candidates.All(candidate => candidate.Effects.Name != name)) is { } odd)
                throw new ArgumentException($"`{odd}` cannot be non-centred: it is no vector or array of parameters without constraint with one normal distribution whose scale is estimated and can be computed from parameters and data. {(candidates.Count == 0 ? "The program has none" : $"Those that can are {string.Join(", ", candidates.Select(candidate => candidate.Effects.Name))}")}.", nameof(parameters));
            candidates = [.. candidates.Where(candidate => wanted.Contains(candidate.Effects.Name))];
        }
        List<NonCentring.Candidate> applied = NonCentring.Apply(program, candidates);
        return new StanModel(Name, _source, program, Diagnostics, _again) { Rewrites = [.. applied.Select(candidate => candidate.Described)], CompileSeconds = CompileSeconds + Clock.GetElapsedTime(start).TotalSeconds };
    }

    /// <summary>The same program with those group effects non-centred of which the data say less than their distribution does: judged by the curvature of the log density at points that Pathfinder finds.</summary>
    /// <param name="data">The data.</param>
    /// <param name="options">Seed and limits.</param>
    /// <exception cref="StanRunException">Data are missing or do not fit, or a statement failed.</exception>
    public StanModel NonCentredFor(StanData data, StanRunOptions? options = null)
    {
        options ??= new StanRunOptions();
        StanModel all = NonCentred();
        if (all.Rewrites.Count == 0) return all;
        string[] names = [.. all.Rewrites.Select(rewrite => rewrite.Parameter)];
        double[] information = GroupInformation.Of(all.Bind(data, options with { Printed = null }), names, options.Seed, options.Cancellation);
        string[] chosen = [.. names.Where((_, k) => information[k] < 1)];
        return chosen.Length == names.Length ? all : NonCentred(chosen);
    }

    /// <summary>Joins the program with data: reads and checks them, and runs the transformed data.</summary>
    /// <param name="data">The data.</param>
    /// <param name="options">Seed, limits, and where the program's output goes.</param>
    /// <exception cref="StanRunException">Data are missing or do not fit, or a statement failed.</exception>
    public BoundStanModel Bind(StanData data, StanRunOptions? options = null) => new(this, data, options ?? new StanRunOptions());

    /// <summary>Runs a phase with enough stack; what is too large for it is told as a fault of the program.</summary>
    private static T Guarded<T>(SourceText source, Func<T> phase)
    {
        try
        {
            return DeepStack.Run(phase);
        }
        catch (InsufficientExecutionStackException)
        {
            throw TooLarge(source, "the program is nested too deep to be compiled", "break expressions up with variables");
        }
        catch (StanFaultException fault)
        {
            throw TooLarge(source, fault.Message, null);
        }
        catch (InvalidProgramException)
        {
            throw TooLarge(source, "a block of the program is too long to be compiled", "use loops, containers and functions");
        }
    }

    private static StanProgramException TooLarge(SourceText source, string message, string? hint) => new([new StanDiagnostic(Severity.Error, "program-size", message, new Span(source, 0, 0), hint)]);

    /// <summary>Joins the program with data and draws from the posterior: <see cref="Bind"/> and <see cref="BoundStanModel.Sample"/> in one.</summary>
    /// <param name="data">The data.</param>
    /// <param name="options">Chains, iterations, seed; null for Stan's defaults.</param>
    /// <param name="cancellation">Ends the run early.</param>
    /// <exception cref="StanRunException">Data are missing or do not fit, or a statement failed.</exception>
    /// <exception cref="SamplingException">There are no initial values, or the posterior is improper.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public SamplingResult Sample(StanData data, NutsOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new NutsOptions();
        return Bind(data, new StanRunOptions { Seed = options.Seed, Cancellation = cancellation }).Sample(options, cancellation);
    }

    /// <summary>The same program with every derivative by the tape: the second computation that tests compare with.</summary>
    internal StanModel ByTape() => new(Name, _source, Program, Diagnostics, _again, false);

    private Action<Workspace> Emitted(Func<Action<Workspace>> emit)
    {
        lock (_emitter)
        {
            long start = Clock.GetTimestamp();
            Action<Workspace> method = Guarded(_source, emit);
            CompileSeconds += Clock.GetElapsedTime(start).TotalSeconds;
            return method;
        }
    }
}
