using System.Collections;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Terrace.Stan.Data;

/// <summary>Values of the data from objects of .NET.</summary>
internal static class ObjectValues
{
    /// <summary>The value of an object.</summary>
    public static StanValue Read(string name, object? value)
    {
        if (value is StanValue ready) return ready;
        var builder = new ValueBuilder();
        Add(builder, name, value, 0, 0);
        return builder.Build([]);
    }

    private static void Add(ValueBuilder builder, string name, object? value, int depth, int nesting)
    {
        if (nesting > DataLimits.Depth) throw Fault($"`{name}` is nested more than {DataLimits.Depth} deep", "Stan knows no such type");
        switch (value)
        {
            case int x: Expect(builder.Number(depth, x, true), name); break;
            case bool x: Expect(builder.Number(depth, x ? 1 : 0, true), name); break;
            case byte or sbyte or short or ushort: Expect(builder.Number(depth, Convert.ToDouble(value, null), true), name); break;
            case long x: Expect(builder.Number(depth, x, x is >= int.MinValue and <= int.MaxValue), name); break;
            case double x: Expect(builder.Number(depth, x, false), name); break;
            case float or decimal: Expect(builder.Number(depth, Convert.ToDouble(value, null), false), name); break;
            case Complex z: AddAll(builder, name, new[] { z.Real, z.Imaginary }, depth, nesting); break;
            case Terrace.Numerics.LinearAlgebra.Matrix matrix: AddMatrix(builder, name, matrix, depth); break;
            case Array { Rank: > 1 } array: AddArray(builder, name, array, 0, new int[array.Rank], depth, nesting); break;
            case ITuple tuple: AddTuple(builder, name, tuple, depth, nesting); break;
            case IDictionary or string: throw Unknown(name, value);
            case IEnumerable list: AddAll(builder, name, list, depth, nesting); break;
            default: throw Unknown(name, value);
        }
    }

    private static void AddAll(ValueBuilder builder, string name, IEnumerable list, int depth, int nesting)
    {
        Expect(builder.Open(depth), name);
        if (list is IEnumerable<double> or IEnumerable<float> or IEnumerable<decimal>) builder.MarkReal();
        int count = 0;
        foreach (object? element in list)
        {
            Add(builder, name, element, depth + 1, nesting + 1);
            count++;
        }
        Expect(builder.Close(depth, count), name);
    }

    private static void AddArray(ValueBuilder builder, string name, Array array, int dimension, int[] index, int depth, int nesting)
    {
        if (dimension == array.Rank)
        {
            Add(builder, name, array.GetValue(index), depth, nesting + 1);
            return;
        }
        Expect(builder.Open(depth), name);
        int size = array.GetLength(dimension), lower = array.GetLowerBound(dimension);
        if (array is double[,] or double[,,]) builder.MarkReal();
        for (int i = 0; i < size; i++)
        {
            index[dimension] = lower + i;
            AddArray(builder, name, array, dimension + 1, index, depth + 1, nesting);
        }
        Expect(builder.Close(depth, size), name);
    }

    private static void AddMatrix(ValueBuilder builder, string name, Terrace.Numerics.LinearAlgebra.Matrix matrix, int depth)
    {
        Expect(builder.Open(depth), name);
        builder.MarkReal();
        for (int i = 0; i < matrix.Rows; i++)
        {
            Expect(builder.Open(depth + 1), name);
            for (int j = 0; j < matrix.Columns; j++) Expect(builder.Number(depth + 2, matrix[i, j], false), name);
            Expect(builder.Close(depth + 1, matrix.Columns), name);
        }
        Expect(builder.Close(depth, matrix.Rows), name);
    }

    private static void AddTuple(ValueBuilder builder, string name, ITuple tuple, int depth, int nesting)
    {
        Expect(builder.Tuple(depth), name);
        if (tuple.Length == 0 || (builder.SlotCount > 0 && builder.SlotCount != tuple.Length)) throw Fault($"a tuple of `{name}` has {tuple.Length} parts", "All tuples of an array have the same parts, at least one");
        for (int k = 0; k < tuple.Length; k++) Add(builder.Slot(k), name, tuple[k], 0, nesting + 1);
    }

    private static void Expect(string? problem, string name)
    {
        if (problem is not null) throw Fault($"`{name}` has {problem}", "Arrays must be rectangular; pad ragged ones, or store them end to end with their sizes");
    }

    private static StanDataException Unknown(string name, object? value) =>
        Fault($"`{name}` has {(value is null ? "a null" : $"a value of the type {value.GetType().Name}")}, which is no number", "Give integers, reals, complex numbers, arrays, lists or tuples of them");

    private static StanDataException Fault(string problem, string remedy) => new("values", 0, 0, problem, remedy);
}
