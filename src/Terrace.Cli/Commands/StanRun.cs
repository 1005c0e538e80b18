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
        using var files = new OutputFiles(invocation.Cancellation, path, settings.Data, settings.InitFile);
        Stream[] streams = Reserve(files, settings.Sampling.Chains);
        NutsOptions options;
        SamplingResult result;
        using (var progress = new ProgressLine(invocation))
        {
            options = settings.Sampling with { Seed = invocation.Options.Seed, Threads = invocation.Options.Threads, Progress = progress.ForChains(settings.Sampling.Chains), InitialPositions = InitialPositions() };
            // Without parameters there is nothing to warm up, and every draw is independent, so that thinning changes nothing.
            if (bound.Dimension == 0) options = options with { Warmup = 0, SaveWarmup = false, Thin = 1 };
            result = bound.Dimension == 0 ? FixedParameters(options) : Sampler.Run(bound, options, invocation.Cancellation);
        }
        for (int chain = 0; chain < streams.Length; chain++) WriteChain(streams[chain], result, options, chain);
        files.Commit();
        StanReport.Write(invocation, _name, model, result.Draws, result, options, bound.Dimension == 0 ? "fixed parameters" : "the no-U-turn sampler");
        return CommandLine.Done;
    }

    /// <summary>The mode by L-BFGS.</summary>
    public int Optimize()
    {
        if (settings.Output is not null) throw new UsageException("--output is for methods that draw; --method optimize prints the mode, with --json as a document.");
        ILogDensity density = bound.CreateEvaluator();
        Mode mode = Lbfgs.Maximise(density, Start(density), new LbfgsOptions { IncludeJacobian = settings.Jacobian ?? false }, invocation.Cancellation);
        var draw = new double[bound.Layout.Count];
        density.WriteDraw([.. mode.Position], new Rng(invocation.Options.Seed, StartStream + 1), draw);
        if (!mode.Converged) invocation.Remark($"the search ended early: {mode.Reason}");
        StanReport.WriteMode(invocation, _name, model, bound, mode, draw);
        return CommandLine.Done;
    }

    /// <summary>Laplace, Pathfinder or a variational approximation.</summary>
    public int Approximate()
    {
        using var files = new OutputFiles(invocation.Cancellation, path, settings.Data);
        Stream[] streams = Reserve(files, 1);
        ulong seed = invocation.Options.Seed;
        int draws = settings.Sampling.Iterations;
        ApproximateDraws result = settings.Method switch
        {
            "laplace" => LaplaceApproximation.Run(bound, new LaplaceOptions { Draws = draws, Seed = seed }, invocation.Cancellation),
            "pathfinder" => Pathfinder.Run(bound, new PathfinderOptions { Draws = draws, Seed = seed, Threads = invocation.Options.Threads }, invocation.Cancellation),
            _ => VariationalInference.Run(bound, new VariationalOptions { Draws = draws, Seed = seed, Family = settings.FullRank ? VariationalFamily.FullRank : VariationalFamily.MeanField }, invocation.Cancellation).Approximation,
        };
        var options = new NutsOptions { Chains = 1, Warmup = 0, Iterations = result.Draws.Count, Seed = seed };
        foreach (Stream stream in streams) WriteChain(stream, new SamplingResult { Draws = result.Draws, Statistics = Statistics(1, result.Draws.Count, [.. result.LogDensity]) }, options, 0);
        files.Commit();
        StanReport.Write(invocation, _name, model, result.Draws, null, options, settings.Method, result.Verdict);
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
        var result = new SamplingResult { Draws = draws, Statistics = saved.Statistics ?? Statistics(draws.Chains, draws.Iterations, new double[draws.Count]) };
        for (int chain = 0; chain < streams.Length; chain++) WriteChain(streams[chain], result, options, chain);
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

    private void WriteChain(Stream stream, SamplingResult result, NutsOptions options, int chain)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
        CmdStanWriter.Write(writer, _name, result, options, chain);
    }

    private double[][]? InitialPositions() => settings.InitFile is { } file ? [StanPoints.Initial(file, bound)] : null;

    private double[] Start(ILogDensity density) =>
        InitialPositions() is [{ } given] ? given : StartingPosition.Find(density, settings.Sampling.InitialRange, invocation.Options.Seed, StartStream + 2);

    private SamplingResult FixedParameters(NutsOptions options)
    {
        int count = options.Chains * options.Iterations;
        double[] values = new double[bound.Layout.Count * count], draw = new double[bound.Layout.Count];
        for (int chain = 0; chain < options.Chains; chain++)
        {
            ILogDensity density = bound.CreateEvaluator();
            var rng = new Rng(options.Seed, (ulong)chain);
            for (int iteration = 0; iteration < options.Iterations; iteration++)
            {
                invocation.Cancellation.ThrowIfCancellationRequested();
                density.WriteDraw([], rng, draw);
                for (int column = 0; column < draw.Length; column++) values[(column * count) + (chain * options.Iterations) + iteration] = draw[column];
            }
        }
        return new SamplingResult { Draws = new Draws(bound.Layout, options.Chains, options.Iterations, values), Statistics = Statistics(options.Chains, options.Iterations, new double[count]) };
    }

    private static SamplerStatistics Statistics(int chains, int iterations, double[] logDensity)
    {
        int n = chains * iterations;
        return new SamplerStatistics(chains, iterations, logDensity, [.. Enumerable.Repeat(1.0, n)], new double[n], new int[n], new int[n], new bool[n], new double[n]);
    }
}
