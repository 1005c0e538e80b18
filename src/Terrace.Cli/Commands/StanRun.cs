using System.Text;
using Terrace.Cli.Documents;
using Terrace.Cli.Options;
using Terrace.Cli.Output;
using Terrace.Cli.Printing;
using Terrace.Inference.Approximations;
using Terrace.Inference.DrawFiles;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Numerics.RandomNumbers;
using Terrace.Stan;

namespace Terrace.Cli.Commands;

/// <summary>One run of a compiled program by the method that the command line names.</summary>
internal sealed class StanRun(BoundStanModel bound, StanModel model, StanRunSettings settings, Invocation invocation, string path)
{
    private const ulong StartStream = 1UL << 60;
    private readonly string _name = Path.GetFileNameWithoutExtension(path);

    /// <summary>The no-U-turn sampler; a program without parameters is run as often as draws are asked for.</summary>
    public int Sample()
    {
        IReadOnlyList<string> init = StanInitialValues.Files(settings.InitFiles, settings.Sampling.Chains);
        using var files = new OutputFiles(invocation.Cancellation, [path, settings.Data, .. init]);
        Stream[] streams = Reserve(files, settings.Sampling.Chains);
        NutsOptions options;
        SamplingResult result;
        using (var progress = new ProgressLine(invocation))
        {
            options = settings.Sampling with { Seed = invocation.Options.Seed, Threads = invocation.Options.Threads, Progress = progress.ForChains(settings.Sampling.Chains), InitialPositions = Positions(settings.Sampling.Chains) };
            // Without parameters there is nothing to warm up or to thin.
            if (bound.Dimension == 0) options = options with { Warmup = 0, SaveWarmup = false, Thin = 1 };
            result = bound.Sample(options, invocation.Cancellation);
        }
        for (int chain = 0; chain < streams.Length; chain++)
        {
            int number = chain;
            Write(streams[chain], writer => CmdStanWriter.Write(writer, _name, result, options, number));
        }
        files.Commit();
        StanReport.Write(invocation, _name, model, result.Draws, result, options, bound.Dimension == 0 ? "fixed parameters" : "the no-U-turn sampler");
        return CommandLine.Done;
    }

    /// <summary>The mode by L-BFGS, BFGS or Newton's method.</summary>
    public int Optimize()
    {
        ulong seed = invocation.Options.Seed;
        using var files = new OutputFiles(invocation.Cancellation, [path, settings.Data, .. settings.InitFiles]);
        Stream[] streams = Reserve(files, 1);
        ILogDensity density = bound.CreateEvaluator();
        LbfgsOptions options = settings.Search(new LbfgsOptions { IncludeJacobian = settings.Jacobian ?? false });
        Mode mode = ModeSearch.Maximise(density, Start(density), settings.Algorithm, options, invocation.Cancellation);
        var draw = new double[bound.Layout.Count];
        density.WriteDraw([.. mode.Position], new Rng(seed, StartStream + 1), draw);
        foreach (Stream stream in streams) Write(stream, writer => CmdStanTableWriter.WriteMode(writer, _name, bound.Layout, mode, draw, settings.Algorithm, options, seed));
        files.Commit();
        if (!mode.Converged) invocation.Remark($"the search ended early: {mode.Reason}{(mode.End == ModeEnd.Iterations ? " Allow more by --iterations." : "")}");
        StanModeReport.Write(invocation, _name, model, bound, mode, settings.Algorithm, options, draw);
        return CommandLine.Done;
    }

    /// <summary>Laplace, Pathfinder or a variational approximation.</summary>
    public int Approximate()
    {
        using var files = new OutputFiles(invocation.Cancellation, [path, settings.Data, .. settings.InitFiles]);
        Stream[] streams = Reserve(files, 1);
        ulong seed = invocation.Options.Seed;
        int draws = settings.Sampling.Iterations;
        double range = settings.Sampling.InitialRange;
        CancellationToken cancellation = invocation.Cancellation;
        ApproximateDraws result;
        VariationalResult? variational = null;
        switch (settings.Method)
        {
            case "laplace":
                var laplace = new LaplaceOptions { Draws = draws, Seed = seed, InitialRange = range, InitialPosition = Positions(1)?[0] };
                result = LaplaceApproximation.Run(bound, laplace with { Search = settings.Search(laplace.Search) }, cancellation);
                foreach (Stream stream in streams) Write(stream, writer => CmdStanTableWriter.WriteLaplace(writer, _name, result, seed));
                break;
            case "pathfinder":
                var pathfinder = new PathfinderOptions { Draws = draws, Seed = seed, Threads = invocation.Options.Threads, Paths = settings.Paths, InitialRange = range, InitialPositions = Positions(settings.Paths) };
                pathfinder = pathfinder with { Search = settings.Search(pathfinder.Search) };
                result = Pathfinder.Run(bound, pathfinder, cancellation);
                foreach (Stream stream in streams) Write(stream, writer => CmdStanTableWriter.WritePathfinder(writer, _name, result, pathfinder));
                break;
            default:
                var advi = new VariationalOptions { Draws = draws, Seed = seed, Family = settings.FullRank ? VariationalFamily.FullRank : VariationalFamily.MeanField, InitialRange = range, InitialPosition = Positions(1)?[0] };
                advi = advi with { Iterations = settings.Iterations ?? advi.Iterations, Tolerance = settings.Tolerance ?? advi.Tolerance };
                variational = VariationalInference.Run(bound, advi, cancellation);
                result = variational.Approximation;
                foreach (Stream stream in streams) Write(stream, writer => CmdStanTableWriter.WriteVariational(writer, _name, variational, advi));
                if (!variational.Converged) invocation.Remark($"the variational search ended after {advi.Iterations} iterations before its lower bound settled; allow more by --iterations.");
                break;
        }
        files.Commit();
        var options = new NutsOptions { Chains = 1, Warmup = 0, Iterations = result.Draws.Count, Seed = seed };
        StanReport.Write(invocation, _name, model, result.Draws, null, options, settings.Method, new StanApproximation(settings.Method, result, variational));
        return CommandLine.Done;
    }

    /// <summary>The log density and its gradient at given points.</summary>
    public int LogProb()
    {
        if (settings.Unconstrained is not { } file) throw new UsageException("--method log-prob needs --unconstrained FILE.json with the points.");
        if (!File.Exists(file)) throw new StanInputException($"there is no file '{file}'.");
        double[][] points = StanPoints.Read(file, bound);
        ILogDensity density = bound.CreateEvaluator();
        var results = new List<(double, double[])>();
        foreach (double[] point in points)
        {
            var gradient = new double[point.Length];
            DensityValue value = density.Evaluate(point, gradient, settings.Jacobian ?? true);
            if (!value.IsAccepted) Array.Fill(gradient, double.NaN);
            if (value.Rejection is { } rejection) invocation.Remark($"the density is 0: {rejection.Reason} {rejection.Place}");
            results.Add((value.Value, gradient));
        }
        invocation.Output.WriteLine(JsonDocumentText.Of(json => StanPoints.Write(json, results)));
        return CommandLine.Done;
    }

    /// <summary>The gradient at an initial point against central differences.</summary>
    public int Diagnose()
    {
        ILogDensity density = bound.CreateEvaluator();
        double[] x = Start(density), gradient = new double[x.Length], unused = new double[x.Length];
        double value = density.Evaluate(x, gradient).Value;
        ScreenTable table = new ScreenTable().Words("parameter").Numbers("value").Numbers("gradient").Numbers("differences").Numbers("error");
        double worst = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double step = 1e-5 * Math.Max(1, Math.Abs(x[i])), origin = x[i];
            x[i] = origin + step;
            double high = density.Evaluate(x, unused).Value;
            x[i] = origin - step;
            double low = density.Evaluate(x, unused).Value;
            x[i] = origin;
            double difference = (high - low) / (2 * step), error = gradient[i] - difference;
            worst = Math.Max(worst, Math.Abs(error) / (1 + Math.Abs(difference)));
            table.Add(bound.CoordinateNames[i], NumberText.Significant(x[i]), NumberText.Significant(gradient[i], 6), NumberText.Significant(difference, 6), NumberText.Significant(error, 2));
        }
        if (invocation.Options.Json)
        {
            invocation.Output.WriteLine(JsonDocumentText.Of(json => StanPoints.Write(json, [(value, gradient)])));
            return worst < 1e-4 ? CommandLine.Done : CommandLine.Failed;
        }
        invocation.Output.WriteLine($"log density {NumberText.Significant(value, 8)} at a random point of the unconstrained space");
        invocation.Output.WriteLine();
        table.Write(invocation.Output);
        invocation.Output.WriteLine();
        invocation.Output.WriteLine(worst < 1e-4 ? "The gradient agrees with differences." : "The gradient does not agree with differences: the density may have a step or a kink near this point.");
        return worst < 1e-4 ? CommandLine.Done : CommandLine.Failed;
    }

    /// <summary>Generated quantities for the parameters of saved draws.</summary>
    public int GenerateQuantities()
    {
        if (settings.Fitted.Count == 0) throw new UsageException("--method generate-quantities needs --fitted FILE, the CmdStan CSV of a fit.");
        using var files = new OutputFiles(invocation.Cancellation, [path, settings.Data, .. settings.Fitted]);
        SavedDraws saved = CmdStanReader.Read(settings.Fitted);
        Stream[] streams = Reserve(files, saved.Draws.Chains);
        Draws draws = StanPoints.Generate(bound, saved.Draws, invocation.Options.Seed, invocation.Cancellation);
        var options = new NutsOptions { Chains = draws.Chains, Warmup = 0, Iterations = draws.Iterations, Seed = invocation.Options.Seed };
        for (int chain = 0; chain < streams.Length; chain++)
        {
            int number = chain;
            Write(streams[chain], writer => CmdStanTableWriter.WriteGenerated(writer, _name, draws, bound.ParameterColumns, number, invocation.Options.Seed));
        }
        files.Commit();
        StanReport.Write(invocation, _name, model, draws, null, options, "generated quantities of saved draws");
        return CommandLine.Done;
    }

    private Stream[] Reserve(OutputFiles files, int chains)
    {
        if (settings.Output is not { } directory) return [];
        files.ReserveDirectory(directory);
        return [.. Enumerable.Range(1, chains).Select(chain => files.Reserve(Path.Combine(directory, $"{_name}-{chain}.csv")))];
    }

    private static void Write(Stream stream, Action<TextWriter> write)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
        write(writer);
    }

    private double[][]? Positions(int chains) => StanInitialValues.Positions(settings, bound, chains, invocation);

    private double[] Start(ILogDensity density) => Positions(1)?[0] ?? StartingPosition.Find(density, settings.Sampling.InitialRange, invocation.Options.Seed, StartStream + 2);
}
