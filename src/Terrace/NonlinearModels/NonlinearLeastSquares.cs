using Terrace.Design;
using Terrace.LinearModels;

namespace Terrace.NonlinearModels;

/// <summary>
/// Fits nonlinear models y = f(x; φ) + ε, ε ~ N(0, σ²/w), by least squares, as R's nls: φ by <see cref="LeastSquaresSearch"/> from the start values that are given or that a
/// self-starting function finds (<see cref="StartSearch"/>); σ² = S / (n − p), Cov(φ) = σ² (J'WJ)⁻¹.
/// </summary>
/// <remarks>Bates and Watts (1988), Nonlinear Regression Analysis and Its Applications, section 2.1 and 2.3.1. Check: NonlinearLeastSquaresTests, against R's nls.</remarks>
public static class NonlinearLeastSquares
{
    private const double AliasingTolerance = 1e-7;

    /// <summary>Fits the model.</summary>
    /// <param name="frame">The formula with its coding of the data; without random terms.</param>
    /// <param name="rows">The rows with their response, coded by <paramref name="frame"/>.</param>
    /// <param name="options">Start values and limits.</param>
    /// <param name="cancellation">Ends the fit early.</param>
    /// <exception cref="ModelException">A start value is missing, the mean is not finite at the start, a parameter is not identified, or the search does not converge.</exception>
    public static NonlinearModelFit Fit(NonlinearModelFrame frame, ModelRows rows, NonlinearModelOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(rows);
        if (frame.Formula.RandomTerms.Count > 0) throw new ModelException("The formula has random terms; fit it as a nonlinear mixed model.");
        var problem = new NonlinearProblem(frame.Mean, rows);
        options ??= new NonlinearModelOptions();
        LeastSquaresResult result = Search(problem, options, cancellation);
        return result.Search.Converged ? new NonlinearModelFit(new NonlinearData(frame, rows, options), problem, result) : throw NotConverged(problem, result);
    }

    /// <summary>The search that ended best, of one from each candidate start until one converges to identified parameters.</summary>
    internal static LeastSquaresResult Search(NonlinearProblem problem, NonlinearModelOptions options, CancellationToken cancellation)
    {
        if (problem.Observations.WeightedRows <= problem.Parameters)
            throw new ModelException($"There are {problem.Observations.WeightedRows} rows for {problem.Parameters} parameters; a nonlinear model needs more rows than parameters.");
        IReadOnlyList<double[]> starts = StartSearch.Of(problem, options.Start);
        LeastSquaresResult? best = null;
        foreach (double[] start in starts)
        {
            var search = new LeastSquaresSearch(problem, start);
            if (!search.Run(options.MaximumIterations, cancellation)) continue;
            var result = new LeastSquaresResult(search, start, Regress(problem, search));
            if (best is null || Rank(result) > Rank(best) || (Rank(result) == Rank(best) && search.Squares < best.Search.Squares)) best = result;
            if (Rank(result) == 2) break;
        }
        if (best is null) throw NotFinite(problem, starts[0]);
        return IsIdentified(best) ? best : throw NotIdentified(problem, best);
    }

    private static int Rank(LeastSquaresResult result) => (IsIdentified(result) ? 1 : 0) + (result.Search.Converged ? 1 : 0);

    private static bool IsIdentified(LeastSquaresResult result) => result.Step.Qr.Rank == result.Start.Length;

    /// <summary>The Gauss–Newton step by QR, which finds parameters whose columns of J depend on others'.</summary>
    private static WeightedLeastSquares Regress(NonlinearProblem problem, LeastSquaresSearch search)
    {
        double[] residuals = [.. problem.Observations.Y.Select((y, i) => y - search.Mean[i])];
        return new WeightedLeastSquares(problem.Columns(search.Jacobian), problem.Observations.Weight, residuals, AliasingTolerance);
    }

    private static ModelException NotFinite(NonlinearProblem problem, double[] start)
    {
        var mean = new double[problem.Count];
        var jacobian = new double[problem.Count * start.Length];
        problem.Evaluate(start, mean, jacobian);
        int cell = Array.FindIndex(mean, value => !double.IsFinite(value));
        int row = cell < 0 ? -1 : Array.IndexOf(problem.Observations.RowToCell, cell);
        string where = row < 0 ? "its derivatives are" : $"it is {mean[cell]} in used row {row + 1}, so not";
        return new ModelException($"The mean function cannot be computed at the start values {problem.Show(start)}: {where} {(row < 0 ? "not finite" : "finite")}. Choose other start values, or check the inputs.");
    }

    private static ModelException NotConverged(NonlinearProblem problem, LeastSquaresResult result) => new(FormattableString.Invariant(
        $"The search did not converge: after {result.Search.Iterations} steps from {problem.Show(result.Start)} it stands at {problem.Show(result.Search.Parameters)} with residual sum of squares {result.Search.Squares:G6} and relative offset {result.Search.Offset:G3}, which is at most 1e-5 at an optimum. Choose other start values (--start), or a simpler mean function."));

    private static ModelException NotIdentified(NonlinearProblem problem, LeastSquaresResult result)
    {
        int[] loose = [.. result.Step.Qr.Pivot.Skip(result.Step.Qr.Rank).Order()];
        IReadOnlyList<string> names = problem.Mean.Parameters;
        string which = string.Join(", ", loose.Select(j => $"'{names[j]}'"));
        bool still = loose.All(j => Enumerable.Range(0, problem.Count).All(i => result.Search.Jacobian[i * names.Count + j] == 0));
        string why = still ? "the mean does not change with it" : "a change of it is made up for by the other parameters";
        return new ModelException($"The data do not identify the parameter{(loose.Length > 1 ? "s" : "")} {which}: near {problem.Show(result.Search.Parameters)} {why} (the gradient is singular). "
            + "Leave the parameter out or fix it, choose other start values, or observe where the curves differ.");
    }
}

/// <summary>Where a least-squares search ended.</summary>
/// <param name="Search">The search.</param>
/// <param name="Start">Where it began.</param>
/// <param name="Step">The regression of the residuals on J.</param>
internal sealed record LeastSquaresResult(LeastSquaresSearch Search, double[] Start, WeightedLeastSquares Step);
