namespace Terrace.Cli.Tests;

/// <summary>Faults in files: exit status 1, a message that names the file and the place, nothing on standard output.</summary>
public class BadDataTests
{
    [Fact]
    public void A_number_beyond_the_range_of_doubles_is_refused_and_Inf_is_not()
    {
        using var folder = new Folder();
        Tool.Run("describe", folder.File("d.csv", "y,x\n1,2.5\n2,-1e400\n")).Refuses(1, "line 3", "column 'x'", "'-1e400'", "range");
        Assert.Equal(0, Tool.Run("describe", folder.File("i.csv", "y,x\n1,2.5\n2,-Inf\n3,1e308\n")).Status);
        Assert.Equal(0, Tool.Run("describe", folder.File("f.csv", "y,x\n1,2.5\n2,1e400\n"), "--factor", "x").Status);
    }

    [Fact]
    public void A_file_that_is_not_there() => Tool.Run("describe", "no-such-file.csv").Refuses(1, "no-such-file.csv");

    [Fact]
    public void A_folder_in_place_of_a_file()
    {
        using var folder = new Folder();
        Tool.Run("describe", folder.Path).Refuses(1, Path.GetFileName(folder.Path));
    }

    [Fact]
    public void A_ragged_line()
    {
        using var folder = new Folder();
        Tool.Run("describe", folder.File("ragged.csv", "a,b\n1,2\n3\n")).Refuses(1, "ragged.csv", "line 3");
    }

    [Fact]
    public void An_empty_file()
    {
        using var folder = new Folder();
        Tool.Run("describe", folder.File("empty.csv", "")).Refuses(1, "empty.csv");
    }

    [Fact]
    public void Text_in_a_column_declared_as_numbers()
    {
        using var folder = new Folder();
        string schema = folder.File("schema.json", """{"columns":[{"name":"x","type":"double"}]}""");
        Tool.Run("describe", folder.File("x.csv", "x\n1\nmany\n"), "--schema", schema).Refuses(1, "x.csv", "line 3", "'x'", "many");
    }

    [Fact]
    public void A_dictionary_that_is_not_json()
    {
        using var folder = new Folder();
        Tool.Run("describe", folder.File("x.csv", "x\n1\n"), "--schema", folder.File("schema.json", "columns: x")).Refuses(1, "schema.json");
    }

    [Fact]
    public void A_declared_column_that_the_file_lacks() => Tool.Run("describe", Folder.Example("radon"), "--factor", "contry").Refuses(1, "'contry'", "'county'");

    [Fact]
    public void A_compressed_file_that_breaks_off()
    {
        using var folder = new Folder();
        byte[] whole = File.ReadAllBytes(Folder.Example("radon"));
        string path = folder.At("short.csv.gz");
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
        Tool.Run("describe", path).Refuses(1, "short.csv.gz");
    }
}
