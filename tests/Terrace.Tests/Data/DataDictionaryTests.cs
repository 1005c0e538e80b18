using Terrace.Data;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Data;

public sealed class DataDictionaryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_types_levels_and_labels_and_ignores_other_keys()
    {
        DataDictionary dictionary = DataDictionary.Parse("""
            {"version": 2, "columns": [
              {"name": "age", "type": "integer", "label": "Age in years", "unit": "a"},
              {"name": "name", "type": "string"},
              {"name": "edu", "type": "ordered", "levels": ["low", "high"]},
              {"name": "class", "type": "factor", "levels": [2, 1]}]}
            """);
        Frame frame = CsvFile.Read(_folder.Write("x.csv", "age,name,edu,class,more\n3.0,7,low,1,2\n"), new CsvOptions { Schema = dictionary });
        Assert.Equal(
            [ColumnType.Integer, ColumnType.Text, ColumnType.Ordered, ColumnType.Factor, ColumnType.Integer], frame.Columns.Select(ColumnTypes.Of));
        Assert.Equal("Age in years", frame.Get("age").Label);
        Assert.Equal(["2", "1"], ((Factor)frame.Get("class")).Levels);
    }

    [Theory]
    [InlineData("polls.csv", "polls.csv")]
    [InlineData("polls.csv.gz", "polls.csv")]
    [InlineData("polls.csv", "polls.csv.gz")]
    public void Takes_the_entry_of_the_data_file_from_a_dictionary_keyed_by_data_set(string declared, string asked)
    {
        DataDictionary dictionary = DataDictionary.Parse($$$"""{"p": {"file": "{{{declared}}}", "columns": [{"name": "a", "type": "text"}]}, "note": "x"}""");
        Assert.Equal([ColumnDeclaration.Text("a")], dictionary.ColumnsFor(asked));
        Assert.Empty(dictionary.ColumnsFor("other.csv"));
    }

    [Theory]
    [InlineData("{", "schema.json, line 1: not valid JSON")]
    [InlineData("", "schema.json, line 1: not valid JSON")]
    [InlineData("[]", "schema.json: expected an object")]
    [InlineData("{}", "schema.json: found no \"columns\"")]
    [InlineData("""{"columns": [{"type": "text"}]}""", "schema.json, column 1: \"name\" is missing")]
    [InlineData("""{"columns": [{"name": "a"}]}""", "schema.json, column 1 ('a'): \"type\" is missing")]
    [InlineData("""{"columns": [{"name": "a", "type": "number"}]}""", "schema.json, column 1 ('a'): unknown type 'number'; the types are double,")]
    [InlineData("""{"columns": [3]}""", "schema.json, column 1: expected an object")]
    [InlineData("""{"columns": [{"name": "a", "type": "text"}, {"name": "a", "type": "text"}]}""", "schema.json: column 'a' is declared twice")]
    [InlineData("""{"columns": [{"name": "a", "type": "factor", "levels": ["x", "x"]}]}""", "schema.json, column 1 ('a'): the level 'x' is listed twice")]
    [InlineData("""{"columns": [{"name": "a", "type": "factor", "levels": [null]}]}""", "schema.json, column 1 ('a'): every level must be")]
    [InlineData("""{"columns": [{"name": "a", "type": "factor", "levels": "x"}]}""", "schema.json, column 1 ('a'): \"levels\" must be an array")]
    public void Names_what_is_wrong(string json, string expected)
    {
        string path = _folder.Write("schema.json", json);
        Assert.StartsWith(expected, Assert.Throws<DataException>(() => DataDictionary.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_nested_without_end_is_an_error()
    {
        Assert.Throws<DataException>(() => DataDictionary.Parse(new string('[', 100_000)));
    }
}
