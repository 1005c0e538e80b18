namespace Terrace.Formulas;

/// <summary>How the levels of a grouping factor depend on each other.</summary>
internal enum StructureKind
{
    /// <summary>Neighbouring levels differ by independent steps.</summary>
    RandomWalk1,

    /// <summary>The steps between neighbouring levels differ by independent amounts.</summary>
    RandomWalk2,

    /// <summary>A stationary autoregression of order one.</summary>
    Autoregressive,

    /// <summary>Spatial and independent effects mixed (Riebler et al. 2016).</summary>
    Bym2,

    /// <summary>A covariance that the user gives.</summary>
    Covariance,
}

/// <summary>
/// A structured grouping factor as it stands in a formula: <c>rw1(age)</c>, <c>rw2(age)</c>, <c>ar1(period)</c>, <c>bym2(state, graph=FILE)</c>, <c>gr(g, cov=FILE)</c>. A file is a name or a text in quotes; <c>levels</c> gives the
/// levels in order, <c>scale</c> makes the typical variance of a random walk's effects one.
/// </summary>
internal sealed record StructureCall(StructureKind Kind, Expression Variable, string? File, IReadOnlyList<string>? Levels, bool Scaled, CallExpression Call)
{
    private static readonly Dictionary<string, StructureKind> Kinds = new(StringComparer.Ordinal)
    {
        ["rw1"] = StructureKind.RandomWalk1,
        ["rw2"] = StructureKind.RandomWalk2,
        ["ar1"] = StructureKind.Autoregressive,
        ["bym2"] = StructureKind.Bym2,
        ["gr"] = StructureKind.Covariance,
    };

    /// <summary>The name of the grouping factor, without files and options: <c>bym2(state)</c>.</summary>
    public string Name => $"{Call.Function}({Variable})";

    /// <summary>Whether an expression is a structured grouping factor.</summary>
    public static bool Is(Expression expression) => expression is CallExpression call && Kinds.ContainsKey(call.Function);

    /// <summary>Whether an expression is a structured term by itself, as in <c>y ~ rw1(age)</c>; <c>gr()</c> only stands right of a bar.</summary>
    public static bool IsTerm(Expression expression) => expression is CallExpression call && call.Function != "gr" && Kinds.ContainsKey(call.Function);

    /// <summary>Reads the arguments; null where the expression is no structured grouping factor.</summary>
    /// <exception cref="FormulaException">An argument is missing, unknown or of the wrong kind.</exception>
    public static StructureCall? Of(Expression expression)
    {
        if (expression is not CallExpression call || !Kinds.TryGetValue(call.Function, out StructureKind kind)) return null;
        string? fileArgument = kind switch { StructureKind.Bym2 => "graph", StructureKind.Covariance => "cov", _ => null };
        bool walks = kind is StructureKind.RandomWalk1 or StructureKind.RandomWalk2;
        string[] parameters = fileArgument is not null ? ["variable", fileArgument] : walks ? ["variable", "levels", "scale"] : ["variable", "levels"];
        Expression?[] arguments = call.Match(parameters);
        if (arguments[0] is not NameExpression variable) throw call.Place.Fault($"{call.Function}() takes one variable, as in {Usage(call.Function)}.");
        if (fileArgument is not null)
            return new StructureCall(kind, variable, FileOf(arguments[1] ?? throw call.Place.Fault($"{call.Function}() needs the argument '{fileArgument}', as in {Usage(call.Function)}.")), null, false, call);
        return new StructureCall(kind, variable, null, ConstantArguments.Texts(arguments[1]), walks && ConstantArguments.Flag(arguments[2], false), call);
    }

    private static string Usage(string function) => function switch
    {
        "bym2" => "bym2(state, graph=\"edges.csv\")",
        "gr" => "(1 | gr(animal, cov=\"relatedness.csv\"))",
        _ => $"{function}(age)",
    };

    private static string FileOf(Expression argument) => argument switch
    {
        TextExpression text => text.Value,
        NameExpression name => name.Name,
        _ => throw argument.Place.Fault("A file is a name or a text in quotes: \"edges.csv\"."),
    };
}
