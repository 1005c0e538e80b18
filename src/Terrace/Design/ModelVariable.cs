using Terrace.Formulas;

namespace Terrace.Design;

/// <summary>One variable of the right-hand side as it was learned: a number, several numbers (<c>poly(x, 2)</c>), or a factor.</summary>
internal sealed record ModelVariable
{
    /// <summary>What is evaluated: a name or a call.</summary>
    public required Expression Expression { get; init; }

    /// <summary>The name as R deparses it.</summary>
    public string Name => Expression.ToString();

    /// <summary>The name of the column that a call such as <c>factor(cyl)</c> makes a factor of, otherwise the variable's own name.</summary>
    public string ColumnName => Expression is CallExpression { Function: "factor" or "as.factor" or "ordered" or "as.ordered" or "relevel" } call
        && DataDependentFunctions.FirstArgument(call) is NameExpression column ? column.Name : Name;

    /// <summary>The levels of a factor, null for numbers.</summary>
    public IReadOnlyList<string>? Levels { get; init; }

    /// <summary>Whether the levels rise.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>How many numbers a row has; 1 for a factor (its code).</summary>
    public int Parts { get; init; } = 1;

    /// <summary>Whether the variable is coded by contrasts.</summary>
    public bool IsFactor => Levels is not null;
}

/// <summary>The values of a variable in the cells: codes of a factor, or the columns of numbers.</summary>
internal sealed record VariableValues(int[]? Codes, double[][]? Numbers);
