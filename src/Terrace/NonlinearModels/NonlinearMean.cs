using Terrace.Data;
using Terrace.Formulas;

namespace Terrace.NonlinearModels;

/// <summary>The mean function of a nonlinear model: what the formula's expression is of its inputs (columns, or functions of columns) and its parameters. Immutable; may be used by several threads.</summary>
public sealed class NonlinearMean
{
    private readonly MeanProgram _program;
    private readonly MeanFunction? _direct;

    private NonlinearMean(NonlinearFormula formula, MeanCompiler compiled, Func<string, MeanFunction?> find)
    {
        Formula = formula;
        Parameters = compiled.Parameters;
        Inputs = compiled.Inputs;
        _program = new MeanProgram(compiled.Steps);
        (SelfStart, SelfStartInputs, SelfStartParameters) = FindSelfStart(formula.Mean, compiled, find);
        _direct = SelfStart is not null && IsIdentity(SelfStartInputs) && IsIdentity(SelfStartParameters) ? SelfStart : null;
        UsesOnlyBuiltIn = formula.Mean.SelfAndParts().OfType<CallExpression>().All(call => find(call.Function) is null or SelfStartingFunction);
        TermParameters = [.. formula.RandomTerms.Select(term => term.Terms.Select(effect => PositionOf((NameExpression)effect.Variables[0])).ToArray())];
        CheckFixedPart(formula.FixedPart);
    }

    /// <summary>The formula.</summary>
    public NonlinearFormula Formula { get; }

    /// <summary>The expression.</summary>
    public Expression Expression => Formula.Mean;

    /// <summary>The names of the parameters, in order of appearance.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>The inputs, in order of appearance.</summary>
    public IReadOnlyList<Expression> Inputs { get; }

    /// <summary>The function that finds initial values, where the whole mean is a call of one with a name for each parameter; otherwise null.</summary>
    internal SelfStartingFunction? SelfStart { get; }

    /// <summary>Which input of the mean each input of <see cref="SelfStart"/> is.</summary>
    internal IReadOnlyList<int> SelfStartInputs { get; }

    /// <summary>Which parameter of the mean each parameter of <see cref="SelfStart"/> is.</summary>
    internal IReadOnlyList<int> SelfStartParameters { get; }

    /// <summary>Whether no function of the user's own is called, so that the formula's text says all.</summary>
    internal bool UsesOnlyBuiltIn { get; }

    /// <summary>The positions of the parameters that vary in each random term.</summary>
    internal IReadOnlyList<int[]> TermParameters { get; }

    /// <summary>Finds parameters and inputs of a formula's mean function.</summary>
    /// <param name="formula">The formula.</param>
    /// <param name="parameters">Names that are parameters, besides those that stand where a mean function has one.</param>
    /// <param name="functions">Mean functions of one's own that the formula may call.</param>
    /// <exception cref="FormulaException">The mean is no such function, has no parameter, or a random term varies something else than a parameter; the message shows where.</exception>
    public static NonlinearMean Of(NonlinearFormula formula, IEnumerable<string> parameters, IReadOnlyList<MeanFunction>? functions = null)
    {
        ArgumentNullException.ThrowIfNull(formula);
        ArgumentNullException.ThrowIfNull(parameters);
        MeanFunction? Find(string name) => functions?.FirstOrDefault(function => function.Name == name) ?? SelfStartingFunctions.Find(name);
        string[] given = [.. parameters];
        var compiled = new MeanCompiler(formula.Mean, given, Find);
        if (given.FirstOrDefault(name => !compiled.Parameters.Contains(name)) is { } unused)
            throw formula.Mean.Place.Fault($"The mean function has no parameter '{unused}', for which there is a start value.{NearestName.Hint(unused, formula.Mean.Variables)}");
        if (compiled.Parameters.Count == 0) throw NoParameters(formula);
        return new NonlinearMean(formula, compiled, Find);
    }

    /// <summary>The mean of one row; unless <paramref name="gradient"/> is empty, its derivative in each parameter is written to it. NaN or infinite where the function is not defined.</summary>
    public double Evaluate(ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, Span<double> gradient) =>
        _direct is not null ? _direct.Evaluate(inputs, parameters, gradient) : _program.Evaluate(inputs, parameters, gradient);

    private static bool IsIdentity(IReadOnlyList<int> places) => places.Select((place, i) => place == i).All(same => same);

    private static FormulaException NoParameters(NonlinearFormula formula)
    {
        foreach (CallExpression call in formula.Mean.SelfAndParts().OfType<CallExpression>())
        {
            string hint = NearestName.Hint(call.Function, SelfStartingFunctions.All.Select(function => function.Name));
            if (hint.Length > 0) return call.Place.Fault($"There is no mean function '{call.Function}'.{hint}");
        }
        string example = string.Join(", ", formula.Mean.Variables.Take(2).Select(name => name + "=1"));
        return formula.Mean.Place.Fault($"The mean function has no parameters: every name counts as a column until it has a start value{(example.Length > 0 ? $" (such as {example})" : "")}, or stands where a function such as SSlogis(input, Asym, xmid, scal) has a parameter.");
    }

    private static (SelfStartingFunction? Function, IReadOnlyList<int> Inputs, IReadOnlyList<int> Parameters) FindSelfStart(Expression mean, MeanCompiler compiled, Func<string, MeanFunction?> find)
    {
        if (mean.WithoutParentheses() is not CallExpression call || find(call.Function) is not SelfStartingFunction function) return (null, [], []);
        Expression[] arguments = MeanCompiler.Arguments(call, function);
        int[] parameters = [.. arguments.Skip(function.Inputs.Count).Select(argument => argument is NameExpression name ? compiled.Parameters.ToList().IndexOf(name.Name) : -1)];
        bool bare = !parameters.Contains(-1) && parameters.Distinct().Count() == parameters.Length;
        int[] inputs = [.. arguments.Take(function.Inputs.Count).Select(input => compiled.Inputs.ToList().IndexOf(MeanCompiler.AsInput(input)))];
        return bare && !inputs.Contains(-1) ? (function, inputs, parameters) : (null, [], []);
    }

    private int PositionOf(NameExpression name)
    {
        int position = Parameters.ToList().IndexOf(name.Name);
        if (position >= 0) return position;
        throw name.Place.Fault($"'{name.Name}' is no parameter of the mean function, so it cannot vary by group.{NearestName.Hint(name.Name, Parameters)} The parameters are {string.Join(", ", Parameters)}.");
    }

    // Every parameter has one fixed effect; saying so, as in ~ 0 + Asym + xmid + scal + (Asym | Tree), changes nothing.
    private void CheckFixedPart(Expression? part)
    {
        if (part is null) return;
        foreach (NameExpression name in part.SelfAndParts().OfType<NameExpression>()) PositionOf(name);
        Expression? other = part.SelfAndParts().FirstOrDefault(p => p is not (NameExpression or ParenthesizedExpression or BinaryExpression { Operator: "+" } or NumberExpression { Value: 0 }));
        if (other is not null) throw other.Place.Fault("Every parameter has one fixed effect; beside the random terms there can only be their names, as in 0 + Asym + xmid + scal + (Asym | Tree).");
        if (Parameters.FirstOrDefault(name => !part.Variables.Contains(name)) is { } missing)
            throw part.Place.Fault($"Every parameter has a fixed effect: add '{missing}', or name none beside the random terms.");
    }
}
