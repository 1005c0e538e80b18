using Terrace.Stan.Data;

namespace Terrace.Stan.Tests.Data;

public sealed class JsonDataTests
{
    private static StanValue Value(string json) => StanData.ParseJson($$"""{"x": {{json}}}""", "data.json").Values["x"];

    private static StanDataException Refused(string json) => Assert.Throws<StanDataException>(() => StanData.ParseJson(json, "data.json"));

    [Fact]
    public void Numbers_without_a_point_or_exponent_are_integers()
    {
        Assert.True(Value("17").IsInteger);
        Assert.True(Value("[1, -2, 0]").IsInteger);
        Assert.False(Value("1.0").IsInteger);
        Assert.False(Value("1e2").IsInteger);
        Assert.False(Value("[1, 2.5]").IsInteger);
        Assert.Equal(100, Value("1e2").Values[0]);
        Assert.Empty(Value("17").Dimensions);
    }

    [Fact]
    public void Integers_that_do_not_fit_32_bits_are_reals()
    {
        Assert.True(Value("2147483647").IsInteger);
        Assert.True(Value("-2147483648").IsInteger);
        Assert.False(Value("2147483648").IsInteger);
        Assert.Equal(2147483648.0, Value("2147483648").Values[0]);
    }

    [Fact]
    public void Nested_arrays_are_read_with_the_last_index_running_fastest()
    {
        StanValue x = Value("[[[0,1,2,3],[4,5,6,7],[8,9,10,11]],[[12,13,14,15],[16,17,18,19],[20,21,22,23]]]");
        Assert.Equal([2, 3, 4], x.Dimensions);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (double)i), x.Values);
    }

    [Theory]
    [InlineData("[]", new[] { 0 })]
    [InlineData("[[], []]", new[] { 2, 0 })]
    [InlineData("[[[]], [[]]]", new[] { 2, 1, 0 })]
    public void Empty_arrays_have_the_dimensions_that_can_be_seen(string json, int[] dimensions)
    {
        Assert.Equal(dimensions, Value(json).Dimensions);
        Assert.Empty(Value(json).Values);
        Assert.True(Value(json).IsInteger);
    }

    [Theory]
    [InlineData("[\"NaN\", \"Inf\", \"-Inf\", \"Infinity\", \"-Infinity\", \"+inf\", \"-inf\"]")]
    [InlineData("[NaN, Inf, -Inf, Infinity, -Infinity,Infinity,-Infinity]")]
    public void Words_stand_for_nan_and_the_infinities_with_and_without_quotes(string json)
    {
        StanValue x = Value(json);
        double inf = double.PositiveInfinity;
        Assert.Equal([double.NaN, inf, -inf, inf, -inf, inf, -inf], x.Values);
        Assert.False(x.IsInteger);
    }

    [Fact]
    public void Names_that_look_like_words_for_numbers_stay_names() => Assert.Equal(["NaN", "a\"Inf"], StanData.ParseJson("""{"NaN": 1, "a\"Inf": 2}""", "s").Values.Keys);

    [Fact]
    public void A_tuple_has_its_parts_by_number_in_any_order()
    {
        StanValue x = Value("""{"2": [1, 2], "1": 1.5}""");
        Assert.Equal([1.5], x.Elements![0].Values);
        Assert.Equal([2], x.Elements[1].Dimensions);
        Assert.True(x.Elements[1].IsInteger);
    }

    [Fact]
    public void Parts_of_an_array_of_tuples_have_the_dimensions_of_the_array_in_front()
    {
        StanValue x = Value("""[{"1": 1, "2": [1.5, 2]}, {"1": 2, "2": [3, 4]}, {"1": 3, "2": [5, 6]}]""");
        Assert.Equal([3], x.Dimensions);
        Assert.Equal([3], x.Elements![0].Dimensions);
        Assert.Equal([3, 2], x.Elements[1].Dimensions);
        Assert.Equal([1.5, 2, 3, 4, 5, 6], x.Elements[1].Values);
    }

    [Theory]
    [InlineData("{\n \"y\": [[1, 2], [3]]}", 2, 18, "1 elements")]
    [InlineData("{\n \"y\": [1, [2]]}", 2, 11, "an array")]
    [InlineData("{\"y\": [[1], 2]}", 1, 13, "single element")]
    [InlineData("{\"y\": [[], [1]]}", 1, 14, "1 elements")]
    [InlineData("{\"y\": null}", 1, 7, "missing values")]
    [InlineData("{\"y\": true}", 1, 7, "truth value")]
    [InlineData("{\"ä\": 1,\n\"ö\": \"höhe\"}", 2, 6, "höhe")]
    [InlineData("{\"y\": 1, \"y\": 2}", 1, 10, "given twice, first on line 1")]
    [InlineData("{\"y\": 1e999}", 1, 7, "too large")]
    [InlineData("{\"y\": {\"1\": 1, \"3\": 2}}", 1, 7, "number 3")]
    [InlineData("{\"y\": {\"a\": 1}}", 1, 8, "tuple")]
    [InlineData("{\"y\": {}}", 1, 7, "0 parts")]
    [InlineData("{\"y\": {\"1\": 1, \"1\": 2}}", 1, 16, "twice")]
    [InlineData("{\"y\": [{\"1\": 1}, {\"1\": 2, \"2\": 3}]}", 1, 18, "2 parts")]
    [InlineData("[1]", 1, 1, "begin with an object")]
    [InlineData("", 1, 1, "not JSON")]
    [InlineData("{\"y\": 01}", 1, 8, "not JSON")]
    [InlineData("{\"y\": 1} x", 1, 10, "not JSON")]
    [InlineData("{\"y\": 1", 1, 8, "not JSON")]
    public void What_is_wrong_is_said_with_its_place(string json, int line, int column, string part)
    {
        StanDataException fault = Refused(json);
        Assert.Contains(part, fault.Problem, StringComparison.Ordinal);
        Assert.Equal((line, column), (fault.Line, fault.Column));
        Assert.StartsWith($"data.json:{line}:{column}: ", fault.Message, StringComparison.Ordinal);
        Assert.NotEmpty(fault.Remedy);
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(101, false)]
    [InlineData(100_000, false)]
    public void Nesting_is_limited(int depth, bool allowed)
    {
        string json = $$"""{"x": {{new string('[', depth)}}1{{new string(']', depth)}}}""";
        if (allowed) Assert.Equal(depth, StanData.ParseJson(json, "s").Values["x"].Dimensions.Length);
        else Refused(json);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        const string json = """
            {"n": 3, "one": 1.0, "x": [[1, 2.5], ["NaN", "-Inf"]], "none": [[], []], "small": 1e-300, "third": 0.3333333333333333, "quo\"te": [5],
             "t": {"1": 1, "2": [[1, 2], [3, 4]]}, "ts": [[{"1": {"1": 1, "2": 2.5}, "2": [7, 8]}], [{"1": {"1": 3, "2": 4.5}, "2": [9, 10]}]], "big": 1e300}
            """;
        StanData data = StanData.ParseJson(json, "s"), again = StanData.ParseJson(data.ToJson(), "written");
        Assert.Equal(data.Values.Keys, again.Values.Keys);
        foreach (string name in data.Values.Keys) Same(data.Values[name], again.Values[name]);
    }

    private static void Same(StanValue a, StanValue b)
    {
        Assert.Equal(a.IsInteger, b.IsInteger);
        Assert.Equal(a.Dimensions, b.Dimensions);
        Assert.Equal(a.Values, b.Values);
        Assert.Equal(a.Elements?.Count, b.Elements?.Count);
        for (int k = 0; k < (a.Elements?.Count ?? 0); k++) Same(a.Elements![k], b.Elements![k]);
    }

    [Fact]
    public void A_file_that_is_missing_is_named()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Equal(path, Assert.Throws<StanDataException>(() => StanData.ReadJson(path)).File);
        File.WriteAllText(path, "{\"x\": 1}", System.Text.Encoding.UTF8);
        Assert.Equal(1, StanData.ReadJson(path).Values["x"].Values[0]);
        File.Delete(path);
    }
}
