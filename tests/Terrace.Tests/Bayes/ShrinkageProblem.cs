using Terrace.Bayes;
using Terrace.Design;
using Terrace.Families;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Tests.Bayes;

/// <summary>Regressions on correlated random columns <c>x1</c>, <c>x2</c>, …, with an intercept, of any family; with a group-level term where asked for.</summary>
internal sealed record ShrinkageProblem(ModelOutline Outline, ModelRows Rows)
{
    public static ShrinkageProblem Create(string family, int rows, int columns, Func<double[], Rng, double> response, bool grouped = true, bool dispersion = false)
    {
        var rng = new Rng(31, 0);
        var x = new double[rows][];
        var y = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            double common = rng.NextNormal();
            x[i] = [.. Enumerable.Range(1, columns).Select(j => (common + 2 * rng.NextNormal()) / Math.Sqrt(5) + 0.3 * j)];
            y[i] = response(x[i], rng);
        }
        return Of(family, x, y, grouped, dispersion);
    }

    /// <summary>The regression of y on the columns of x, which is given row by row.</summary>
    public static ShrinkageProblem Of(string family, double[][] predictors, double[] y, bool grouped = false, bool dispersion = false)
    {
        int rows = y.Length, columns = predictors[0].Length;
        var x = new Matrix(rows, columns + 1);
        for (int i = 0; i < rows; i++)
        {
            x[i, 0] = 1;
            for (int j = 1; j <= columns; j++) x[i, j] = predictors[i][j - 1];
        }
        var ones = new Matrix(rows, 1);
        for (int i = 0; i < rows; i++) ones[i, 0] = 1;
        var term = new RandomTermDesign { Group = "g", Levels = [.. "abcde".Select(c => c.ToString())], Codes = [.. Enumerable.Range(0, rows).Select(i => i % 5)], TermNames = ["(Intercept)"], Z = ones };
        ModelRows RowsOf(Matrix design, string[] names, RandomTermDesign[] terms) => new()
        {
            Design = new DesignMatrices { X = design, ColumnNames = names, Assign = [.. Enumerable.Range(0, names.Length)], RandomTerms = terms, Offset = new double[rows] },
            RowToCell = [.. Enumerable.Range(0, rows)],
            SourceRows = [.. Enumerable.Range(0, rows)],
            OmittedRows = 0,
        };
        bool ordered = family == "cumulative", categorical = ordered || family == "categorical";
        ModelRows own = RowsOf(x, ["(Intercept)", .. Enumerable.Range(1, columns).Select(j => $"x{j}")], grouped ? [term] : []) with
        {
            Response = new ResponseValues { Name = "y", Kind = categorical ? ResponseKind.Categorical : ResponseKind.Numeric, Values = y, Levels = categorical ? ["low", "mid", "high"] : null, IsOrdered = ordered },
        };
        ModelOutline outline = family == "categorical" ? ModelOutline.OfCategories(own)
            : !dispersion && Family.Names.Contains(family) ? ModelOutline.Of(own, Family.Parse(family))
            : ModelOutline.Of(new ComponentRows(own, dispersion ? RowsOf(ones, ["(Intercept)"], []) : null), ResponseFamily.Parse(family));
        return new ShrinkageProblem(outline, own);
    }

    /// <summary>Small data of a family, any response.</summary>
    public static ShrinkageProblem Small(string family, int columns = 4, bool dispersion = false) => Create(family, 40, columns, (_, rng) => family switch
    {
        "cumulative" or "categorical" => rng.NextInt(3),
        "binomial" => rng.NextInt(2),
        "poisson" => rng.NextInt(5),
        _ => 3 + rng.NextNormal(),
    }, dispersion: dispersion);

    /// <summary>The model under brms's priors with those in their place.</summary>
    public BayesianModel Under(bool priorOnly, params string[] priors) => Outline.With(UserPriors.Apply(DefaultPriors.Of(Outline, PriorPreset.Brms), Outline, [.. priors.Select(UserPrior.Parse)]).Model, priorOnly);
}
