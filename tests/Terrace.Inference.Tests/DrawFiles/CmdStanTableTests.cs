using System.Globalization;
using Terrace.Inference.Approximations;
using Terrace.Inference.DrawFiles;
using Terrace.Inference.Tests.Approximations;

namespace Terrace.Inference.Tests.DrawFiles;

public sealed class CmdStanTableTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("terrace-tables-").FullName;
    private readonly NormalDensity _normal = NormalDensity.Of(3, 0.5);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (string Path, string[] Rows) Written(Action<TextWriter> write)
    {
        string path = Path.Combine(_folder, "out.csv");
        using (var writer = new StreamWriter(path)) write(writer);
        return (path, [.. File.ReadAllLines(path).Where(line => !line.StartsWith('#'))]);
    }

    private static double[] Numbers(string row) => [.. row.Split(',').Select(field => double.Parse(field, CultureInfo.InvariantCulture))];

    [Fact]
    public void Draws_of_Laplace_stand_beside_both_log_densities()
    {
        ApproximateDraws result = LaplaceApproximation.Run(_normal.Model, new LaplaceOptions { Draws = 7 });
        (string path, string[] rows) = Written(writer => CmdStanTableWriter.WriteLaplace(writer, "m", result, 1));
        Assert.StartsWith("log_p__,log_q__,", rows[0], StringComparison.Ordinal);
        Assert.Equal(8, rows.Length);
        Assert.Equal([result.LogDensity[2], result.LogApproximation[2], result.Draws.Column(0)[2]], Numbers(rows[3])[..3]);
        Assert.Equal(result.Draws.Column(1).ToArray(), CmdStanReader.Read([path]).Draws.Column(1).ToArray());
    }

    [Fact]
    public void Draws_of_Pathfinder_have_the_approximation_first()
    {
        var options = new PathfinderOptions { Draws = 9, PathDraws = 50 };
        ApproximateDraws result = Pathfinder.Run(_normal.Model, options);
        (string path, string[] rows) = Written(writer => CmdStanTableWriter.WritePathfinder(writer, "m", result, options));
        Assert.StartsWith("lp_approx__,lp__,", rows[0], StringComparison.Ordinal);
        Assert.Equal([result.LogApproximation[4], result.LogDensity[4]], Numbers(rows[5])[..2]);
        Assert.Equal(result.LogDensity, CmdStanReader.Read([path]).Draws.Column("lp__").ToArray());
        Assert.Equal(200, result.Proposals);
    }

    [Fact]
    public void The_first_row_of_a_variational_approximation_is_its_mean_which_is_no_draw()
    {
        var options = new VariationalOptions { Draws = 11, Iterations = 300 };
        VariationalResult result = VariationalInference.Run(_normal.Model, options);
        (string path, string[] rows) = Written(writer => CmdStanTableWriter.WriteVariational(writer, "m", result, options));
        Assert.StartsWith("lp__,log_p__,log_g__,", rows[0], StringComparison.Ordinal);
        Assert.Equal(13, rows.Length);
        Assert.Equal([0, 0, 0, .. result.Mean], Numbers(rows[1]));
        Assert.Contains("# eta = ", File.ReadAllText(path), StringComparison.Ordinal);
        SavedDraws saved = CmdStanReader.Read([path]);
        Assert.Equal(11, saved.Draws.Count);
        Assert.Equal(-1, saved.Draws.Layout.IndexOf("lp__"));
        Assert.Equal(result.Approximation.Draws.Column(2).ToArray(), saved.Draws.Column(2).ToArray());
    }

    [Fact]
    public void A_mode_is_one_row()
    {
        var options = new LbfgsOptions();
        Mode mode = ModeSearch.Maximise(_normal.Model.CreateEvaluator(), new double[3], ModeAlgorithm.Newton, options);
        (_, string[] rows) = Written(writer => CmdStanTableWriter.WriteMode(writer, "m", _normal.Model.Layout, mode, [.. mode.Position], ModeAlgorithm.Newton, options, 1));
        Assert.Equal(2, rows.Length);
        Assert.Equal([mode.LogDensity, .. mode.Position], Numbers(rows[1]));
    }
}
