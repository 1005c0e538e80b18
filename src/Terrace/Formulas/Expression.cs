namespace Terrace.Formulas;

/// <summary>
/// A parsed expression of R's language: a part of a formula, or a stand-alone expression over the columns of a table (<c>age &gt;= 18 &amp; state != "DC"</c>).
/// The kinds are the sealed records below; equality is by what the expression says, not by where it stands.
/// </summary>
public abstract record Expression
{
    private protected Expression(SourcePlace place) => Place = place;

    /// <summary>Where the expression stands: the position of its operator, name or first character.</summary>
    public SourcePlace Place { get; }

    /// <summary>The height of the tree, which the parser limits so that every later walk over it may recurse.</summary>
    internal abstract int Depth { get; }

    /// <summary>Parses an expression, such as <c>log(income) - 10</c> or <c>year == 1988</c>.</summary>
    /// <exception cref="FormulaException">The text is no expression; the message shows where.</exception>
    public static Expression Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ExpressionParser.ParseExpression(text);
    }

    /// <summary>The names of the variables in the expression, each once, in order of appearance; names of functions are not among them.</summary>
    public IReadOnlyList<string> Variables
    {
        get
        {
            var names = new List<string>();
            CollectVariables(names, new HashSet<string>(StringComparer.Ordinal));
            return names;
        }
    }

    /// <summary>The expression as R deparses it; parsing it again gives an equal expression.</summary>
    public sealed override string ToString() => Deparser.Print(this);

    internal void CollectVariables(List<string> names, HashSet<string> seen)
    {
        foreach (Expression part in this.SelfAndParts())
            if (part is NameExpression name && seen.Add(name.Name)) names.Add(name.Name);
    }
}

/// <summary>A number.</summary>
public sealed record NumberExpression(double Value, SourcePlace Place) : Expression(Place)
{
    internal override int Depth => 1;
}

/// <summary>A text in quotation marks.</summary>
public sealed record TextExpression(string Value, SourcePlace Place) : Expression(Place)
{
    internal override int Depth => 1;
}

/// <summary><c>TRUE</c> or <c>FALSE</c>, or <c>NA</c> where <see cref="Value"/> is null.</summary>
public sealed record LogicalExpression(bool? Value, SourcePlace Place) : Expression(Place)
{
    internal override int Depth => 1;
}

/// <summary>The constant <c>NULL</c>.</summary>
public sealed record NullExpression(SourcePlace Place) : Expression(Place)
{
    internal override int Depth => 1;
}

/// <summary>The name of a variable; <c>.</c> in a formula stands for all other columns.</summary>
public sealed record NameExpression(string Name, SourcePlace Place) : Expression(Place)
{
    internal override int Depth => 1;
}

/// <summary>An expression in parentheses (kept, because R keeps them in names).</summary>
public sealed record ParenthesizedExpression(Expression Inner, SourcePlace Place) : Expression(Place)
{
    internal override int Depth { get; } = 1 + Inner.Depth;
}

/// <summary>A prefix operator: <c>-</c>, <c>+</c> or <c>!</c>.</summary>
public sealed record UnaryExpression(string Operator, Expression Operand, SourcePlace Place) : Expression(Place)
{
    internal override int Depth { get; } = 1 + Operand.Depth;
}

/// <summary>An operator between two expressions.</summary>
public sealed record BinaryExpression(string Operator, Expression Left, Expression Right, SourcePlace Place) : Expression(Place)
{
    internal override int Depth { get; } = 1 + Math.Max(Left.Depth, Right.Depth);
}

/// <summary>One argument of a call, with its name if it was given by name.</summary>
public sealed record Argument(string? Name, Expression Value);

/// <summary>A call of a function.</summary>
public sealed record CallExpression(string Function, IReadOnlyList<Argument> Arguments, SourcePlace Place) : Expression(Place)
{
    internal override int Depth { get; } = 1 + Arguments.Select(argument => argument.Value.Depth).DefaultIfEmpty(0).Max();

    /// <summary>Whether both call the same function with equal arguments.</summary>
    public bool Equals(CallExpression? other) => other is not null && Function == other.Function && Arguments.SequenceEqual(other.Arguments);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Function);
        foreach (Argument argument in Arguments) hash.Add(argument);
        return hash.ToHashCode();
    }
}
