using System.Diagnostics.CodeAnalysis;

namespace Terrace.Stan.Runtime;

/// <summary>The faults of indexing and sizes, out of line so that the checks stay small.</summary>
internal static class Faults
{
    /// <summary>An index out of range.</summary>
    [DoesNotReturn]
    public static void Index(int index, int size) => Workspace.Fail(size == 0 ? $"index {index} out of range: the container is empty" : $"index {index} out of range: the size is {size}, indexes start at 1");

    /// <summary>A division of integers by 0.</summary>
    [DoesNotReturn]
    public static void DivisionByZero() => Workspace.Fail("division of an integer by 0");

    /// <summary>Sizes that differ in an assignment.</summary>
    [DoesNotReturn]
    public static void Size(string name, int declared, int given) => Workspace.Fail($"`{name}` has the size {declared}, but the value assigned to it has {given}");

    /// <summary>Sizes that differ between the sides of an operator.</summary>
    [DoesNotReturn]
    public static void Operands(string sign, int left, int right) => Workspace.Fail($"`{sign}` of containers of different sizes: {left} on the left, {right} on the right");

    /// <summary>Arguments outside the domain of the normal density; returns if they are inside after all.</summary>
    [DoesNotReturn]
    public static void Normal(double outcome, double location, double scale)
    {
        if (double.IsNaN(outcome)) Workspace.Reject("normal_lpdf: the outcome is not a number");
        if (!double.IsFinite(location)) Workspace.Reject($"normal_lpdf: location is {location}, but must be finite");
        if (!(scale > 0)) Workspace.Reject($"normal_lpdf: scale is {scale}, but must be positive");
        Workspace.Reject($"normal_lpdf: the density of {outcome} with location {location} and scale {scale} is not a number");
    }

    /// <summary>A negative size.</summary>
    [DoesNotReturn]
    public static void NegativeSize(string name, int size) => Workspace.Fail($"`{name}` is declared with the size {size}, which is negative");

    /// <summary>The ends of a range, checked; returns the number of elements.</summary>
    public static int Range(int first, int last, int size)
    {
        if (last < first) return 0;
        if ((uint)(first - 1) >= (uint)size) Index(first, size);
        if ((uint)(last - 1) >= (uint)size) Index(last, size);
        return last - first + 1;
    }
}
