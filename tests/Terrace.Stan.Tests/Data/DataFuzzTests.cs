using System.Globalization;
using System.Text;
using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Data;

namespace Terrace.Stan.Tests.Data;

/// <summary>Files changed at random are read, or refused with a place; nothing else happens. TERRACE_FUZZ_CASES sets the number of files.</summary>
public sealed class DataFuzzTests
{
    private const string Json = """
        {"N": 3, "x": [[1, 2.5, -3e4], [4, "NaN", "-Inf"]], "e": [], "t": {"1": 1, "2": [1, 2]},
         "ts": [{"1": 1, "2": 2}, {"1": 3, "2": 4}], "c": [[1, -2.3], [4.9, 0]], "q": Infinity}
        """;

    private const string RDump = """
        N <- 5 # five
        "y" <- c(1, 2L, -3e-4, 1:4)
        z <- structure(c(1, 2, 3, 4.5, 5, 6), .Dim = c(2, 3))
        e <- integer(0); d <- double(2)
        w <- structure(1:4, .Dim = c(2:2, 2L)) i <- Inf
        """;

    private static readonly string[] Pieces = ["[", "]", "{", "}", ",", ":", "\"", "\"1\"", "null", "NaN", "-", "1e400", "9999999999", "c(", ")", "structure(", ".Dim", "=", "<-", "#", "\n", "\\", "\u00e4", "\0", "\ud800", "1:", "L", "NA"];

    private static int Cases => int.TryParse(Environment.GetEnvironmentVariable("TERRACE_FUZZ_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out int cases) ? cases : 100_000;

    [Fact]
    public void The_unchanged_files_are_read()
    {
        Assert.Equal(7, StanData.ParseJson(Json, "f").Values.Count);
        Assert.Equal(7, StanData.ParseRDump(RDump, "f").Values.Count);
    }

    [Fact]
    public void Any_text_is_read_or_refused_with_a_place()
    {
        var rng = new Rng(20, 26);
        int read = 0, refused = 0;
        for (int n = 0; n < Cases; n++)
        {
            bool json = (n & 1) == 0;
            string text = Mutated(json ? Json : RDump, rng);
            try
            {
                StanData data = json ? StanData.ParseJson(text, "f") : StanData.ParseRDump(text, "f");
                read++;
                if (read % 16 == 0) Assert.Equal(data.Values.Count, StanData.ParseJson(data.ToJson(), "again").Values.Count);
            }
            catch (StanDataException fault)
            {
                refused++;
                Assert.InRange(fault.Line, 1, 1 + text.Count(c => c == '\n'));
                Assert.InRange(fault.Column, 1, text.Length + 1);
            }
        }
        Assert.True(read > Cases / 100 && refused > Cases / 10, $"{read} read, {refused} refused");
    }

    private static string Mutated(string text, Rng rng)
    {
        var changed = new StringBuilder(text);
        for (int k = 1 + Whole(rng, 4); k > 0 && changed.Length > 0; k--)
        {
            int at = Whole(rng, changed.Length), length = Math.Min(1 + Whole(rng, 6), changed.Length - at);
            switch (Whole(rng, 5))
            {
                case 0: changed.Remove(at, length); break;
                case 1: changed.Insert(at, Pieces[Whole(rng, Pieces.Length)]); break;
                case 2: changed[at] = (char)(32 + Whole(rng, 96)); break;
                case 3: changed.Insert(Whole(rng, changed.Length), changed.ToString(at, length)); break;
                default: changed.Length = Math.Max(changed.Length - length, 0); break;
            }
        }
        return changed.ToString();
    }

    private static int Whole(Rng rng, int n) => (int)(rng.NextDouble() * n);
}
