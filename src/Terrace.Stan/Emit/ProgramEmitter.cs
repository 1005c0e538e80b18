using System.Linq.Expressions;
using Terrace.Stan.Ir;
using Terrace.Stan.Runtime;

namespace Terrace.Stan.Emit;

/// <summary>Writes the methods of a program: data and transformed data, the sizes of its variables, the log density with derivatives, a draw's values, and the way back from values to the unconstrained space.</summary>
internal sealed class ProgramEmitter
{
    private const int MaximumInstances = 1_000;
    private readonly Dictionary<string, FunctionInstance> _instances = [];
    private readonly List<Action<Workspace>> _functions = [];
    private readonly Queue<FunctionInstance> _pending = new();
    private readonly List<Syntax.Span> _sites = [];
    private readonly Dictionary<Syntax.Span, int> _siteNumbers = [];

    /// <summary>Gives each global variable its place.</summary>
    public ProgramEmitter(IrProgram program)
    {
        Program = program;
        foreach (IrSymbol symbol in Symbols(program))
        {
            symbol.Global = GlobalCount;
            GlobalCount += 1 + symbol.Type.IndexCount;
        }
    }

    /// <summary>The program.</summary>
    public IrProgram Program { get; }

    /// <summary>The number of places of global variables.</summary>
    public int GlobalCount { get; }

    /// <summary>Whether scalar loops are written without the tape; tests switch it off to compare the two.</summary>
    public bool WritesScalarLoops { get; init; } = true;

    /// <summary>Takes each method as it is written, with its number among the functions, or −1; for printing.</summary>
    public Action<LambdaExpression, int>? Written { get; init; }

    /// <summary>The number of nests that were written as scalar loops.</summary>
    public int ScalarLoopCount { get; set; }

    /// <summary>The places in the text by number.</summary>
    public IReadOnlyList<Syntax.Span> Sites => _sites;

    /// <summary>The compiled functions; replaced by a longer array as methods are compiled.</summary>
    public Action<Workspace>[] CompiledFunctions { get; private set; } = [];

    private static IEnumerable<IrSymbol> Symbols(IrProgram program) =>
        program.Data.Concat(IrProgram.TopLevel(program.TransformedData)).Concat(program.Parameters).Concat(IrProgram.TopLevel(program.TransformedParameters)).Concat(IrProgram.TopLevel(program.GeneratedQuantities));

    /// <summary>The number of a place.</summary>
    public int SiteOf(Syntax.Span span)
    {
        if (_siteNumbers.TryGetValue(span, out int number)) return number;
        _siteNumbers[span] = _sites.Count;
        _sites.Add(span);
        return _sites.Count - 1;
    }

    /// <summary>A function for a combination of argument modes, compiled with the method that first needs it.</summary>
    public FunctionInstance Instance(IrFunction function, ArgumentMode[] modes, bool differentiates)
    {
        string key = $"{Program.Functions.IndexOf(function)}:{differentiates}:{string.Join(",", modes)}";
        if (_instances.TryGetValue(key, out FunctionInstance? instance)) return instance;
        // Each combination of constant and other arguments is a method of its own.
        if (_instances.Count >= MaximumInstances) throw new StanFaultException(StanFaultKind.Limit, $"the functions of the program are called with more than {MaximumInstances:N0} combinations of constant and other arguments");
        instance = new FunctionInstance(function, modes, differentiates, _functions.Count);
        _instances[key] = instance;
        _functions.Add(_ => throw new InvalidOperationException("not compiled"));
        _pending.Enqueue(instance);
        return instance;
    }

    /// <summary>Adds a compiled method to the functions.</summary>
    public int AddMethod(Expression<Action<Workspace>> method)
    {
        Written?.Invoke(method, _functions.Count);
        _functions.Add(method.Compile());
        return _functions.Count - 1;
    }

    private Action<Workspace> Compile(string name, bool differentiates, HashSet<IrSymbol> active, Action<MethodEmitter> write)
    {
        var emitter = new MethodEmitter(this, differentiates, active);
        write(emitter);
        Expression<Action<Workspace>> tree = emitter.Finish(name);
        Written?.Invoke(tree, -1);
        Action<Workspace> method = tree.Compile();
        while (_pending.TryDequeue(out FunctionInstance? instance))
        {
            HashSet<IrSymbol> own = ActivityAnalysis.Find([instance.Function.Body!], instance.Function.Arguments.Where((_, k) => instance.Modes[k] != ArgumentMode.Constant));
            var function = new MethodEmitter(this, instance.Differentiates, own);
            function.Survey([instance.Function.Body!]);
            function.Function(instance);
            Expression<Action<Workspace>> body = function.Finish(instance.Function.Name);
            Written?.Invoke(body, instance.Index);
            _functions[instance.Index] = body.Compile();
        }
        CompiledFunctions = [.. _functions];
        return method;
    }

    /// <summary>Reads and checks the data, and runs the transformed data.</summary>
    public Action<Workspace> TransformData() => Compile("transform_data", false, [], emitter =>
    {
        emitter.ReadData(Program.Data);
        emitter.Statements(Program.TransformedData);
        emitter.StoreGlobals(IrProgram.TopLevel(Program.TransformedData));
        emitter.StoreSizes(Program.Parameters.Concat(IrProgram.TopLevel(Program.TransformedParameters)).Concat(IrProgram.TopLevel(Program.GeneratedQuantities)));
    });

    /// <summary>The log density, with derivatives recorded.</summary>
    public Action<Workspace> LogDensity()
    {
        HashSet<IrSymbol> active = ActivityAnalysis.Find(Program.TransformedParameters.Concat(Program.Model), Program.Parameters);
        return Compile("log_density", true, active, emitter =>
        {
            emitter.Survey(Program.TransformedParameters.Concat(Program.Model));
            emitter.ReadParameters(Program.ReadingOrder);
            emitter.Statements(Program.TransformedParameters);
            emitter.CheckConstraints(IrProgram.TopLevel(Program.TransformedParameters));
            emitter.Statements(Program.Model);
        });
    }

    /// <summary>The values of a draw: parameters, transformed parameters and generated quantities.</summary>
    public Action<Workspace> WriteDraw() => Compile("write_draw", false, [], emitter =>
    {
        emitter.ReadParameters(Program.ReadingOrder);
        emitter.Statements(Program.TransformedParameters);
        emitter.CheckConstraints(IrProgram.TopLevel(Program.TransformedParameters));
        emitter.WriteOutputs(Program.Parameters.Concat(IrProgram.TopLevel(Program.TransformedParameters)));
        emitter.Statements(Program.GeneratedQuantities);
        emitter.CheckConstraints(IrProgram.TopLevel(Program.GeneratedQuantities));
        emitter.WriteOutputs(IrProgram.TopLevel(Program.GeneratedQuantities));
    });

    /// <summary>The unconstrained position of given parameters.</summary>
    public Action<Workspace> Unconstrain() => Compile("unconstrain", false, [], emitter => emitter.FreeParameters(Program.Parameters, Program.ReadingOrder));
}
