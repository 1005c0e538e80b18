using System.Globalization;
using Terrace.Design;
using Terrace.Families;

namespace Terrace.LinearModels;

/// <summary>
/// Finds coefficients whose maximum-likelihood estimates are infinite: a combination of columns predicts the responses of some cells perfectly (all 0, or all 1
/// for a binomial), so the likelihood keeps rising along it.
/// <para>Where the likelihood of a cell decays like e^−|η|, a Newton step of IRLS keeps adding about 1 to |η| for ever (about 1/|η| for the probit), while a cell
/// whose estimate is finite no longer moves when the iterations have converged. So one further step tells the two apart: cells with a boundary response that
/// still move by more than <c>MovingStep</c>, and the coefficients that carry them. Albert and Anderson (1984), "On the existence of maximum likelihood estimates
/// in logistic regression models", section 3, define separation; the test by a further step is ours. Checked in <c>SeparationTests</c> on separated, quasi-separated
/// and ordinary data.</para>
/// </summary>
internal static class Separation
{
    private const double MovingStep = 0.05;
    private const double CarryingShare = 0.25;

    /// <summary>A warning that names the diverging coefficients, or null where all estimates are finite.</summary>
    public static ModelWarning? Find(Irls irls, IrlsResult result, Observations observations, DesignMatrices design, string advice = "use a multilevel model, which pools it")
    {
        if (observations.Family.Distribution is not (Distribution.Binomial or Distribution.Poisson) || result.Coefficients.Length == 0) return null;
        double[] next = irls.NextStep(), change = new double[next.Length];
        for (int j = 0; j < next.Length; j++) change[j] = next[j] - result.Coefficients[j];
        double[] moves = WeightedLeastSquares.LinearPredictor(design.X, change, new double[design.Rows]);
        int[] moving = [.. Enumerable.Range(0, moves.Length).Where(c => observations.Weight[c] > 0 && IsPredicted(observations, c, result.Mean[c]) && Math.Abs(moves[c]) > MovingStep)];
        if (moving.Length == 0) return null;
        int[] columns = Carriers(design, change, moving);
        if (columns.Length == 0) return null;
        return new ModelWarning("separation", Message(observations, result, design, moving, columns, advice));
    }

    // A response on the boundary whose mean has come close to it.
    private static bool IsPredicted(Observations observations, int cell, double mean)
    {
        double y = observations.Y[cell];
        bool boundary = y == 0 || observations.Family.IsBinomial && y == 1;
        return boundary && Math.Abs(y - mean) < 1e-3;
    }

    // The columns that carry a good part of the moves of the moving cells.
    private static int[] Carriers(DesignMatrices design, double[] change, int[] moving)
    {
        var carried = new double[change.Length];
        for (int j = 0; j < change.Length; j++)
            foreach (int c in moving) carried[j] = Math.Max(carried[j], Math.Abs(change[j] * design.X[c, j]));
        double largest = carried.Max();
        return [.. Enumerable.Range(0, change.Length).Where(j => carried[j] > CarryingShare * largest)];
    }

    private static string Message(Observations observations, IrlsResult result, DesignMatrices design, int[] moving, int[] columns, string advice)
    {
        string names = string.Join(", ", columns.Select(j => $"{design.ColumnNames[j]} ({result.Coefficients[j].ToString("G4", CultureInfo.InvariantCulture)})"));
        double rows = observations.RowToCell.Count(new HashSet<int>(moving).Contains);
        bool zeros = Array.TrueForAll(moving, c => observations.Y[c] == 0), ones = Array.TrueForAll(moving, c => observations.Y[c] == 1);
        string responses = zeros ? "are all 0" : ones ? "are all 1" : "are perfectly predicted";
        string coefficients = columns.Length == 1
            ? $"the coefficient of {names} has no finite estimate: it grows for ever and its standard error means nothing"
            : $"the coefficients of {names} have no finite estimates: they grow for ever and their standard errors mean nothing";
        return $"The responses of {rows} row{(rows == 1 ? "" : "s")} {responses}{Where(design, moving)}, so {coefficients}. Merge or drop the level, or {advice}.";
    }

    // ", where classB is 1" if one 0/1 column marks exactly the moving cells.
    private static string Where(DesignMatrices design, int[] moving)
    {
        var cells = new HashSet<int>(moving);
        for (int j = 0; j < design.X.Columns; j++)
        {
            bool marks = true;
            for (int c = 0; c < design.Rows && marks; c++) marks = design.X[c, j] == (cells.Contains(c) ? 1 : 0);
            if (marks && cells.Count < design.Rows) return $", where {design.ColumnNames[j]} is 1";
        }
        return "";
    }
}
