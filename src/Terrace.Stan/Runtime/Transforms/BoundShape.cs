namespace Terrace.Stan.Runtime.Transforms;

/// <summary>What the element-wise transforms share: bounds are scalars or have the shape of the variable; how an element is named in a message.</summary>
internal static class BoundShape
{
    /// <summary>Stops the run when a bound is neither a scalar nor of the variable's size.</summary>
    public static void Require(Block variable, Block bound, string what)
    {
        if (bound.Count != 1 && bound.Count != variable.Count) Workspace.Fail($"the {what} has {bound.Count} elements, the variable {variable.Count}");
    }

    /// <summary>Element i (from 0) of n as a message names it.</summary>
    public static string Element(int i, int n) => n == 1 ? "the value" : $"element {i + 1}";

    /// <summary>Element (i, j), counted from 0, as a message names it.</summary>
    public static string Element(int i, int j, string what) => $"{what} element ({i + 1}, {j + 1})";
}
