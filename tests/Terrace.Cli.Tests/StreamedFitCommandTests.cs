using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Terrace.Cli.Tests;

public class StreamedFitCommandTests
{
    /// <summary>A fit that is to be saved holds its rows in memory, so the same command with and without --save compares the two ways.</summary>
    [Fact]
    public void A_file_of_a_million_rows_is_streamed_and_gives_the_same_fit()
    {
        using var folder = new Folder();
        string file = folder.File("many.csv", Rows(1_000_000));
        JsonElement streamed = Tool.Json("fit", "y ~ x + (1 | g)", "--data", file), held = Tool.Json("fit", "y ~ x + (1 | g)", "--data", file, "--save", folder.At("fit.json"));
        Assert.Contains("streamed", Codes(streamed));
        Assert.DoesNotContain("streamed", Codes(held));
        foreach (string member in (string[])["n", "omitted"]) Assert.Equal(held.GetProperty(member).GetInt64(), streamed.GetProperty(member).GetInt64());
        foreach (string member in (string[])["logLik", "remlCriterion", "residualSd"])
            Assert.Equal(held.GetProperty(member).GetDouble(), streamed.GetProperty(member).GetDouble(), 1e-9 * Math.Abs(held.GetProperty(member).GetDouble()));
        for (int j = 0; j < 2; j++)
            Assert.Equal(held.GetProperty("fixed")[j].GetProperty("estimate").GetDouble(), streamed.GetProperty("fixed")[j].GetProperty("estimate").GetDouble(), 1e-9);
        Assert.Equal(0, Tool.Run("fit", "y ~ x + (1 | g)", "--data", file).Status);
    }

    private static IEnumerable<string?> Codes(JsonElement fit) => fit.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetProperty("code").GetString());

    /// <summary>y of 20 groups by a linear congruence, one value of x missing.</summary>
    private static string Rows(int count)
    {
        var text = new StringBuilder("y,x,g\nNA,1,0\n");
        uint state = 1;
        for (int i = 0; i < count; i++)
        {
            state = state * 1_664_525 + 1_013_904_223;
            uint g = (state >> 8) % 20, x = (state >> 13) % 10;
            text.Append(CultureInfo.InvariantCulture, $"{0.1 * x + 0.3 * (g % 7) + (state >> 20) % 100 * 0.02:F2},{x},{g}\n");
        }
        return text.ToString();
    }
}
