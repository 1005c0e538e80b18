using Terrace.Data;
using Terrace.Formulas;

namespace Terrace.NonlinearModels;

/// <summary>Turns the mean function of a formula into steps, and finds which of its names are parameters and which parts of it are inputs, that is columns or functions of columns.</summary>
internal sealed class MeanCompiler
{
    private readonly Func<string, MeanFunction?> _find;
    private readonly List<MeanStep> _steps = [];
    private readonly List<string> _parameters = [];
    private readonly List<Expression> _inputs = [];
    private readonly HashSet<string> _known;

    /// <summary>Prepares the compilation; <paramref name="known"/> are names that are parameters wherever they stand, beside those where a mean function wants one.</summary>
    public MeanCompiler(Expression mean, IEnumerable<string> known, Func<string, MeanFunction?> find)
    {
        _find = find;
        _known = new HashSet<string>(known, StringComparer.Ordinal);
        foreach (CallExpression call in mean.SelfAndParts().OfType<CallExpression>()) CollectParameters(call);
        foreach (string name in mean.Variables.Where(_known.Contains)) _parameters.Add(name);
        Compile(mean);
    }

    /// <summary>The parameters in order of appearance.</summary>
    public IReadOnlyList<string> Parameters => _parameters;

    /// <summary>The inputs in order of appearance, each once.</summary>
    public IReadOnlyList<Expression> Inputs => _inputs;

    /// <summary>The steps, the last of which is the value.</summary>
    public IReadOnlyList<MeanStep> Steps => _steps;

    /// <summary>The arguments of a call of a mean function, in the order of its inputs and parameters.</summary>
    /// <exception cref="FormulaException">One is missing, unknown or given twice.</exception>
    public static Expression[] Arguments(CallExpression call, MeanFunction function)
    {
        Expression?[] matched = call.Match([.. function.Inputs, .. function.Parameters]);
        int missing = Array.IndexOf(matched, null);
        if (missing < 0) return matched!;
        string name = missing < function.Inputs.Count ? function.Inputs[missing] : function.Parameters[missing - function.Inputs.Count];
        throw call.Place.Fault($"{call.Function}() needs the argument '{name}'; it is {function}.");
    }

    // A bare name where a mean function has a parameter is a parameter.
    private void CollectParameters(CallExpression call)
    {
        if (_find(call.Function) is not { } function) return;
        foreach (Expression argument in Arguments(call, function).Skip(function.Inputs.Count))
            if (argument is NameExpression name) _known.Add(name.Name);
    }

    /// <summary>An input of a mean function as one column: arithmetic of columns as I(…).</summary>
    public static Expression AsInput(Expression argument) => argument.WithoutParentheses() switch
    {
        NameExpression or CallExpression or NumberExpression => argument.WithoutParentheses(),
        Expression arithmetic => new CallExpression("I", [new Argument(null, arithmetic)], arithmetic.Place),
    };

    private bool Depends(Expression expression) => expression.Variables.Any(_known.Contains) || expression.SelfAndParts().Any(part => part is CallExpression call && _find(call.Function) is not null);

    private int Compile(Expression expression)
    {
        switch (expression)
        {
            case NumberExpression number: return Add(new MeanStep.Constant(number.Value));
            case ParenthesizedExpression inner: return Compile(inner.Inner);
            case NameExpression name when _known.Contains(name.Name): return Add(new MeanStep.Parameter(_parameters.IndexOf(name.Name)));
            case NameExpression: return Input(expression);
            case CallExpression call when !Depends(call): return Input(call);
            case CallExpression call when _find(call.Function) is { } function: return Call(call, function);
            case CallExpression call: return Function(call);
            case UnaryExpression { Operator: "+" } plus: return Compile(plus.Operand);
            case UnaryExpression { Operator: "-" } minus: return Operation('-', Add(new MeanStep.Constant(0)), Compile(minus.Operand));
            case BinaryExpression { Operator: "+" or "-" or "*" or "/" or "^" } binary: return Operation(binary.Operator[0], Compile(binary.Left), Compile(binary.Right));
            case BinaryExpression { Operator: "|" or "||" } bar: throw bar.Place.Fault("Random terms stand in the third part of a nonlinear formula: y ~ SSlogis(x, Asym, xmid, scal) ~ (Asym | group).");
            case BinaryExpression binary: throw binary.Place.Fault($"A mean function is arithmetic with + - * / ^ and functions; '{binary.Operator}' is none of it. A comparison of columns is written as.numeric(x > 0).");
            default: throw expression.Place.Fault($"{expression} cannot be part of a mean function.");
        }
    }

    private int Add(MeanStep step)
    {
        _steps.Add(step);
        return _steps.Count - 1;
    }

    private int Input(Expression input)
    {
        int index = _inputs.IndexOf(input);
        if (index < 0)
        {
            index = _inputs.Count;
            _inputs.Add(input);
        }
        return Add(new MeanStep.Input(index));
    }

    private int Operation(char symbol, int left, int right) => Add(new MeanStep.Operation(symbol, left, right, _steps[left].Depends, _steps[right].Depends));

    private int Function(CallExpression call)
    {
        if (DifferentiableFunctions.Find(call.Function) is not { } function)
        {
            IEnumerable<string> names = DifferentiableFunctions.Names.Concat(SelfStartingFunctions.All.Select(f => f.Name));
            throw call.Place.Fault($"There is no function '{call.Function}' that can be applied to parameters.{NearestName.Hint(call.Function, names)} There are {string.Join(", ", names)}.");
        }
        Expression argument = call.Match("x")[0]!;
        int at = Compile(argument);
        return Add(new MeanStep.Function(function, at, _steps[at].Depends));
    }

    private int Call(CallExpression call, MeanFunction function)
    {
        Expression[] arguments = Arguments(call, function);
        for (int i = 0; i < function.Inputs.Count; i++)
            if (Depends(arguments[i])) throw arguments[i].Place.Fault($"The argument '{function.Inputs[i]}' of {call.Function}() is an input: a column or a function of columns without parameters. It is {function}.");
        int[] steps = [.. arguments.Select((argument, i) => i < function.Inputs.Count ? Compile(AsInput(argument)) : Compile(argument))];
        int[] parameters = steps[function.Inputs.Count..];
        return Add(new MeanStep.Call(function, steps[..function.Inputs.Count], parameters, Array.ConvertAll(parameters, i => _steps[i].Depends)));
    }
}
