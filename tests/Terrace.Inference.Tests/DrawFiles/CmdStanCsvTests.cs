using System.IO.Compression;
using Terrace.Inference.DrawFiles;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;

namespace Terrace.Inference.Tests.DrawFiles;

public sealed class CmdStanCsvTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("terrace-draws-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    public void What_is_written_reads_back_to_the_bit(bool saveWarmup, int thin)
    {
        var options = new NutsOptions { Chains = 3, Warmup = 40, Iterations = 50, Thin = thin, SaveWarmup = saveWarmup, Seed = 5 };
        SamplingResult result = Sampler.Run(Model(), options);
        SavedDraws saved = CmdStanReader.Read(WriteAll(result, options));
        Assert.Equal("model", saved.Model);
        Assert.Equal(10, saved.MaxTreeDepth);
        Assert.Equal(3, saved.Draws.Chains);
        Assert.Equal(["lp__", .. result.Draws.Layout.Columns], saved.Draws.Layout.Columns);
        foreach (string name in result.Draws.Layout.Columns) Assert.Equal(result.Draws.Column(name).ToArray(), saved.Draws.Column(name).ToArray());
        Assert.Equal(result.Statistics.LogDensity, saved.Draws.Column("lp__").ToArray());
        Assert.Equal(result.Statistics.Energy, saved.Statistics!.Energy);
        Assert.Equal(result.Statistics.LeapfrogSteps, saved.Statistics.LeapfrogSteps);
        Assert.Equal(result.Statistics.Divergent, saved.Statistics.Divergent);
    }

    /// <summary>A file as CmdStan 2.3x writes it: dotted names, warm-up saved, comments in the midst, special numbers, Windows line ends.</summary>
    [Fact]
    public void Files_of_CmdStan_are_read()
    {
        string text = "# stan_version_major = 2\n# model = bernoulli_model\n#     num_samples = 2\n#     num_warmup = 1\n#     save_warmup = true\n#     thin = 1 (Default)\n#             max_depth = 12\n"
            + "lp__,accept_stat__,stepsize__,treedepth__,n_leapfrog__,divergent__,energy__,theta,Sigma.1.1,Sigma.2.1\n-9,1,1,1,1,0,9,0.5,1,2\n# Adaptation terminated\n# Step size = 0.9\n# Diagonal elements of inverse mass matrix:\n# 0.4\n"
            + "-7.25,0.75,0.9,2,3,1,8,0.25,inf,-inf\n-7.5,1,0.9,1,1,0,7.9,1e-3,nan,-2.5E+2\n# \n#  Elapsed Time: 0.01 seconds (Warm-up)\n";
        SavedDraws saved = CmdStanReader.Read([Write("a.csv", text.Replace("\n", "\r\n", StringComparison.Ordinal))]);
        Assert.Equal("bernoulli_model", saved.Model);
        Assert.Equal(12, saved.MaxTreeDepth);
        Assert.Equal(["lp__", "theta", "Sigma[1,1]", "Sigma[2,1]"], saved.Draws.Layout.Columns);
        Assert.Equal([0.25, 1e-3], saved.Draws.Column("theta").ToArray());
        Assert.Equal([double.PositiveInfinity, double.NaN], saved.Draws.Column("Sigma[1,1]").ToArray());
        Assert.Equal([double.NegativeInfinity, -250], saved.Draws.Column("Sigma[2,1]").ToArray());
        Assert.Equal([true, false], saved.Statistics!.Divergent);
    }

    [Fact]
    public void Gzipped_files_and_plain_tables_of_draws_are_read()
    {
        string path = Path.Combine(_folder, "plain.csv.gz");
        using (var stream = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        using (var writer = new StreamWriter(stream)) writer.Write("\"sd[county,(Intercept)]\",\"r[county,ST \"\"LOUIS\"\",x]\",b\n1,2,3\n4,5,6\n");
        SavedDraws saved = CmdStanReader.Read([path]);
        Assert.Equal(["sd[county,(Intercept)]", "r[county,ST \"LOUIS\",x]", "b"], saved.Draws.Layout.Columns);
        Assert.Equal([3.0, 6], saved.Draws.Column("b").ToArray());
        Assert.Null(saved.Statistics);
    }

    [Theory]
    [InlineData("", "has no draws")]
    [InlineData("# model = m\n", "has no draws")]
    [InlineData("a,b\n", "no draws after warm-up")]
    [InlineData("a,b\n1,2\n3\n", "row 3", "1 values for 2 columns")]
    [InlineData("a,b\n1,2\n3,x\n", "row 3, column b", "'x' is no number")]
    [InlineData("1,2\n3,4\n", "no file of draws")]
    [InlineData("a,a\n3,4\n", "cannot be read")]
    public void Damaged_files_are_refused_with_the_place(string text, params string[] parts)
    {
        string path = Write("bad.csv", text), message = Assert.Throws<DrawFileException>(() => CmdStanReader.Read([path])).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        foreach (string part in parts) Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Chains_that_do_not_belong_together_are_refused()
    {
        string one = Write("1.csv", "a,b\n1,2\n3,4\n"), other = Write("2.csv", "a,c\n1,2\n3,4\n"), shorter = Write("3.csv", "a,b\n1,2\n");
        Assert.Contains("other columns", Assert.Throws<DrawFileException>(() => CmdStanReader.Read([one, other])).Message, StringComparison.Ordinal);
        Assert.Contains("1 draws", Assert.Throws<DrawFileException>(() => CmdStanReader.Read([one, shorter])).Message, StringComparison.Ordinal);
        Assert.Contains("no file", Assert.Throws<DrawFileException>(() => CmdStanReader.Read([Path.Combine(_folder, "none.csv")])).Message, StringComparison.Ordinal);
    }

    private string[] WriteAll(SamplingResult result, NutsOptions options) => [.. Enumerable.Range(0, options.Chains).Select(chain =>
    {
        string path = Path.Combine(_folder, $"model-{chain + 1}.csv");
        using var writer = new StreamWriter(path);
        CmdStanWriter.Write(writer, "model", result, options, chain);
        return path;
    })];

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Variables with positions and with words for labels.</summary>
    private static NamedDensity Model() => new(new VariableLayout([new Variable("theta"), new Variable("Sigma", ["1,1", "2,1"], [2, 1]), new Variable("sd", ["county,(Intercept)"])]));

    private sealed class NamedDensity(VariableLayout layout) : ILogDensityModel
    {
        private readonly DelegateDensity _inner = new(["a", "b", "c", "d"], (x, gradient) =>
        {
            double value = 0;
            for (int i = 0; i < x.Length; i++)
            {
                value -= 0.5 * x[i] * x[i];
                gradient[i] = -x[i];
            }
            return value;
        });

        public string Name => "model";

        public int Dimension => 4;

        public IReadOnlyList<string> CoordinateNames => _inner.CoordinateNames;

        public VariableLayout Layout => layout;

        public bool DropsConstants => true;

        public ILogDensity CreateEvaluator() => _inner.CreateEvaluator();
    }
}
