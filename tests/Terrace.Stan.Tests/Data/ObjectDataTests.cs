using System.Numerics;
using Terrace.Stan.Data;

namespace Terrace.Stan.Tests.Data;

public sealed class ObjectDataTests
{
    private static StanValue Value(object value) => StanData.FromDictionary(new Dictionary<string, object> { ["x"] = value }).Values["x"];

    [Fact]
    public void Arrays_of_any_shape_and_lists_have_the_dimensions_they_show()
    {
        Assert.Equal([2, 3], Value(new[,] { { 1, 2, 3 }, { 4, 5, 6 } }).Dimensions);
        Assert.Equal([1, 2, 3, 4, 5, 6], Value(new[,] { { 1, 2, 3 }, { 4, 5, 6 } }).Values);
        Assert.Equal([2, 2], Value(new List<double[]> { new double[] { 1, 2 }, new double[] { 3, 4 } }).Dimensions);
        Assert.Equal([2, 2, 2], Value(new[] { new[,] { { 1, 2 }, { 3, 4 } }, new[,] { { 5, 6 }, { 7, 8 } } }).Dimensions);
        Assert.Equal([2], Value(new Complex(1, 2)).Dimensions);
        Assert.Equal([1, 2, 3, 4], Value(new Terrace.Numerics.LinearAlgebra.Matrix(2, 2, [1, 3, 2, 4])).Values);
        Assert.Empty(Value(3).Dimensions);
    }

    [Fact]
    public void Integers_stay_integers()
    {
        Assert.True(Value(new[] { 1, 2 }).IsInteger);
        Assert.True(Value(5L).IsInteger);
        Assert.False(Value(1L << 40).IsInteger);
        Assert.False(Value(new[] { 1.0, 2.0 }).IsInteger);
        Assert.False(Value(Array.Empty<double>()).IsInteger);
        Assert.True(Value(Array.Empty<int>()).IsInteger);
    }

    [Fact]
    public void Tuples_have_parts() => Assert.Equal([1.5, 2], Value((1, new[] { 1.5, 2 })).Elements![1].Values);

    [Fact]
    public void Ragged_arrays_and_other_objects_are_refused()
    {
        Assert.Contains("1 elements", Assert.Throws<StanDataException>(() => Value(new[] { new[] { 1, 2 }, new[] { 3 } })).Problem, StringComparison.Ordinal);
        Assert.Contains("String", Assert.Throws<StanDataException>(() => Value("1")).Problem, StringComparison.Ordinal);
        var endless = new List<object>();
        endless.Add(endless);
        Assert.Contains("nested", Assert.Throws<StanDataException>(() => Value(endless)).Problem, StringComparison.Ordinal);
    }
}
