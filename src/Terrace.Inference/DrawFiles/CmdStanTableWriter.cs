using System.Globalization;
using Terrace.Inference.Approximations;
using Terrace.Inference.Posterior;
using Terrace.Inference.Tables;

namespace Terrace.Inference.DrawFiles;

/// <summary>
/// Results of methods other than sampling as CmdStan CSV: the mode, draws of an approximation with log p and log q, generated quantities. Columns stand first as CmdStan has them: <c>lp__</c> of a mode;
/// <c>log_p__, log_q__</c> of Laplace; <c>lp_approx__, lp__</c> of Pathfinder; <c>lp__, log_p__, log_g__</c> of a variational approximation, whose first row is its mean.
/// </summary>
/// <remarks>CmdStan User's Guide, the chapters of the methods. <see cref="CmdStanReader"/> reads them back. Checked in <c>CmdStanTableTests</c>.</remarks>
public static class CmdStanTableWriter
{
    /// <summary>The mode: one row.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="layout">The variables.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="draw">The variables there.</param>
    /// <param name="algorithm">How it was found.</param>
    /// <param name="options">How it was looked for.</param>
    /// <param name="seed">The seed.</param>
    public static void WriteMode(TextWriter output, string model, VariableLayout layout, Mode mode, ReadOnlySpan<double> draw, ModeAlgorithm algorithm, LbfgsOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(mode);
        ArgumentNullException.ThrowIfNull(options);
        Begin(output, model, seed,
        [
            "method = optimize", "  optimize", $"    algorithm = {algorithm.ToString().ToLowerInvariant()}{(algorithm == ModeAlgorithm.Lbfgs ? " (Default)" : "")}",
            $"    jacobian = {(options.IncludeJacobian ? 1 : 0)}", $"    iter = {options.Iterations}", "    save_iterations = 0 (Default)",
        ]);
        Header(output, ["lp__"], layout, 0);
        Row(output, [mode.LogDensity], draw);
    }

    /// <summary>Draws of the Laplace approximation.</summary>
    public static void WriteLaplace(TextWriter output, string model, ApproximateDraws result, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(result);
        Begin(output, model, seed, ["method = laplace", "  laplace", "    jacobian = 1 (Default)", $"    draws = {result.Draws.Count}"]);
        Header(output, ["log_p__", "log_q__"], result.Draws.Layout, 0);
        Rows(output, result.Draws, s => [result.LogDensity[s], result.LogApproximation[s]]);
    }

    /// <summary>Draws of Pathfinder.</summary>
    public static void WritePathfinder(TextWriter output, string model, ApproximateDraws result, PathfinderOptions options)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(options);
        Begin(output, model, options.Seed,
        [
            "method = pathfinder", "  pathfinder", $"    history_size = {options.Search.History}", $"    num_psis_draws = {options.Draws}", $"    num_paths = {options.Paths}",
            $"    psis_resample = {(options.Resample ? 1 : 0)}", $"    num_draws = {options.PathDraws}", $"    num_elbo_draws = {options.ElboDraws}",
        ]);
        Header(output, ["lp_approx__", "lp__"], result.Draws.Layout, 0);
        Rows(output, result.Draws, s => [result.LogApproximation[s], result.LogDensity[s]]);
    }

    /// <summary>The mean of a variational approximation and its draws.</summary>
    public static void WriteVariational(TextWriter output, string model, VariationalResult result, VariationalOptions options)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(options);
        ApproximateDraws draws = result.Approximation;
        Begin(output, model, options.Seed,
        [
            "method = variational", "  variational", $"    algorithm = {(options.Family == VariationalFamily.FullRank ? "fullrank" : "meanfield (Default)")}", $"    iter = {options.Iterations}",
            $"    grad_samples = {options.GradientDraws}", $"    elbo_samples = {options.ElboDraws}", $"    tol_rel_obj = {Number(options.Tolerance)}", $"    eval_elbo = {options.EvaluateElbo}", $"    output_samples = {draws.Draws.Count}",
        ]);
        Header(output, ["lp__", "log_p__", "log_g__"], draws.Draws.Layout, 0);
        output.WriteLine("# Stepsize adaptation complete.");
        output.WriteLine($"# eta = {Number(result.StepSize)}");
        Row(output, [0, 0, 0], [.. result.Mean]);
        Rows(output, draws.Draws, s => [0, draws.LogDensity[s], draws.LogApproximation[s]]);
    }

    /// <summary>One chain of generated quantities.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="draws">The draws of all variables.</param>
    /// <param name="first">The first column to write: those of parameters, which the fitted draws have, come before.</param>
    /// <param name="chain">The chain, from 0.</param>
    /// <param name="seed">The seed.</param>
    public static void WriteGenerated(TextWriter output, string model, Draws draws, int first, int chain, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(draws);
        Begin(output, model, seed, ["method = generate_quantities", "  generate_quantities"], chain + 1);
        Header(output, [], draws.Layout, first);
        var values = new double[draws.Layout.Count];
        for (int i = 0; i < draws.Iterations; i++)
        {
            draws.CopyDraw((chain * draws.Iterations) + i, values);
            Row(output, [], values.AsSpan(first));
        }
    }

    private static void Begin(TextWriter output, string model, ulong seed, IEnumerable<string> method, int id = 1)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.NewLine = "\n";
        foreach (string line in (IEnumerable<string>)["stan_version_major = 2", "stan_version_minor = 37", "stan_version_patch = 0", $"model = {model}", .. method, $"id = {id}", "random", $"  seed = {seed}"])
            output.WriteLine("# " + line.ReplaceLineEndings(" "));
    }

    private static void Header(TextWriter output, IEnumerable<string> leading, VariableLayout layout, int first)
    {
        IEnumerable<string> names = layout.Variables.SelectMany(variable => Enumerable.Range(0, variable.Size).Select(element => ColumnNames.ToFile(variable, element))).Skip(first);
        output.WriteLine(string.Join(',', leading.Concat(names).Select(name => CsvField.Of(name))));
    }

    private static void Rows(TextWriter output, Draws draws, Func<int, double[]> leading)
    {
        var values = new double[draws.Layout.Count];
        for (int s = 0; s < draws.Count; s++)
        {
            draws.CopyDraw(s, values);
            Row(output, leading(s), values);
        }
    }

    private static void Row(TextWriter output, ReadOnlySpan<double> leading, ReadOnlySpan<double> values)
    {
        bool first = true;
        void Field(double value)
        {
            if (!first) output.Write(',');
            first = false;
            output.Write(Number(value));
        }
        foreach (double value in leading) Field(value);
        foreach (double value in values) Field(value);
        output.WriteLine();
    }

    private static string Number(double value) => double.IsNaN(value) ? "nan" : double.IsInfinity(value) ? (value > 0 ? "inf" : "-inf") : value.ToString("R", CultureInfo.InvariantCulture);
}
