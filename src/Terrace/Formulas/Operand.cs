using Terrace.Data;

namespace Terrace.Formulas;

/// <summary>How the values of an operand meet the rows.</summary>
internal enum OperandShape
{
    /// <summary>One value for each row.</summary>
    Rows,

    /// <summary>One value for all rows.</summary>
    Scalar,

    /// <summary>A list such as <c>c("a", "b")</c>, for functions that take one.</summary>
    List,
}

/// <summary>The value of a part of an expression.</summary>
internal readonly record struct Operand(Column Column, OperandShape Shape)
{
    /// <summary>0 for a scalar, 1 for rows: the step from row to row.</summary>
    public int Step => Shape == OperandShape.Scalar ? 0 : 1;

    public static Operand Rows(Column column) => new(column, OperandShape.Rows);

    public static Operand Scalar(Column column) => new(column, OperandShape.Scalar);

    public static Operand List(Column column) => new(column, OperandShape.List);

    /// <summary>The shape of an operation by element on these operands, and its number of values.</summary>
    public static (OperandShape Shape, int Count) Common(Expression source, params ReadOnlySpan<Operand> operands)
    {
        (OperandShape, int) common = (OperandShape.Scalar, 1);
        foreach (Operand operand in operands)
        {
            if (operand.Shape == OperandShape.List && operand.Column.Count != 1) throw source.Place.Fault("c() and ':' make lists, which can only be arguments of a function.");
            if (operand.Shape == OperandShape.Rows) common = (OperandShape.Rows, operand.Column.Count);
        }
        return common;
    }
}
