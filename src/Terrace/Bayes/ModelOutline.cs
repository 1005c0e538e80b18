using Terrace.Design;
using Terrace.DistributionalModels;
using Terrace.Families;

namespace Terrace.Bayes;

/// <summary>What of a model needs priors, with what default priors look at: spreads of predictors and of the response. Immutable.</summary>
public sealed record ModelOutline
{
    private ModelOutline(ModelParts parts)
    {
        Parts = parts;
        Family = parts.Family;
        Link = parts.Link;
        PredictorDesign conditional = parts.Predictors[0];
        HasIntercept = conditional.HasIntercept;
        Coefficients = Described(conditional, parts.RowsOfCell);
        int terms = parts.Terms.Count(term => term.Predictor == 0);
        Terms = [.. parts.Terms.Take(terms).Select(term => (term.Group, term.TermNames))];
        Auxiliary = [.. parts.Auxiliary.Select(part => part.Prior).Distinct()];
        Components = [.. parts.Predictors.Where(p => p.Component is Component.Dispersion or Component.ZeroInflation).Select(p => new OutlinedComponent(p.Component, p.HasIntercept, [.. p.CoefficientNames.Skip(p.HasIntercept ? 1 : 0)]))];
        Response = parts.Response;
        double weight = parts.RowsOfCell.Sum();
        for (int cell = 0; cell < parts.RowsOfCell.Length; cell++) MeanOffset += parts.RowsOfCell[cell] * conditional.Offset[cell] / weight;
    }

    /// <summary>The family's name.</summary>
    public string Family { get; }

    /// <summary>The link.</summary>
    public Link Link { get; }

    /// <summary>Whether there is an intercept (thresholds are auxiliary parameters).</summary>
    public bool HasIntercept { get; }

    /// <summary>The coefficients but the intercept: name and standard deviation of the column over the rows.</summary>
    public IReadOnlyList<(string Name, double Sd)> Coefficients { get; }

    /// <summary>The group-level terms: grouping factor and covariates.</summary>
    public IReadOnlyList<(string Group, IReadOnlyList<string> Terms)> Terms { get; }

    /// <summary>The parameters that are one number: <c>sigma</c>, <c>phi</c>, <c>shape</c>, <c>nu</c>, <c>zi</c>, <c>thresholds</c>.</summary>
    public IReadOnlyList<string> Auxiliary { get; }

    /// <summary>The parameters with a formula of their own.</summary>
    public IReadOnlyList<OutlinedComponent> Components { get; }

    /// <summary>The response of each row: of a binomial the proportion, of categories their position.</summary>
    public IReadOnlyList<double> Response { get; }

    /// <summary>The mean offset of the rows.</summary>
    public double MeanOffset { get; }

    /// <summary>The number of cells that the rows collapse to.</summary>
    public int Cells => Parts.RowsOfCell.Length;

    internal ModelParts Parts { get; }

    /// <summary>Of a model of an exponential dispersion family.</summary>
    /// <exception cref="ModelException">The response or the weights do not suit the family.</exception>
    public static ModelOutline Of(ModelRows rows, Family family) => new(BayesianModelAssembly.Of(rows, family));

    /// <summary>Of a model of a family with parameters beside the mean.</summary>
    /// <exception cref="ModelException">The response or the weights do not suit the family.</exception>
    public static ModelOutline Of(ComponentRows rows, ResponseFamily family) => new(BayesianModelAssembly.Of(rows, family));

    /// <summary>Of a multinomial logit model.</summary>
    /// <exception cref="ModelException">The response has no categories.</exception>
    public static ModelOutline OfCategories(ModelRows rows) => new(BayesianModelAssembly.OfCategories(rows));

    /// <summary>The model under priors.</summary>
    /// <exception cref="ModelException">A prior is missing.</exception>
    public BayesianModel With(ModelPriors priors, bool priorOnly = false) => Parts.With(priors, priorOnly);

    private static (string Name, double Sd)[] Described(PredictorDesign predictor, double[] rowsOfCell)
    {
        int skipped = predictor.First + (predictor.HasIntercept ? 1 : 0);
        return [.. predictor.Basis.Kept.Skip(skipped).Select(column => (predictor.ColumnNames[column], Spread(predictor.ColumnValues(column), rowsOfCell)))];
    }

    private static double Spread(ReadOnlySpan<double> column, double[] weight)
    {
        double total = weight.Sum(), mean = 0, squares = 0;
        for (int i = 0; i < weight.Length; i++) mean += weight[i] * column[i] / total;
        for (int i = 0; i < weight.Length; i++) squares += weight[i] * (column[i] - mean) * (column[i] - mean);
        return Math.Sqrt(squares / (total - 1));
    }
}

/// <summary>A parameter with a formula of its own.</summary>
/// <param name="Name"><c>dispersion</c> or <c>zero-inflation</c>.</param>
/// <param name="HasIntercept">Whether its formula has an intercept.</param>
/// <param name="Coefficients">The other coefficients' names.</param>
public sealed record OutlinedComponent(string Name, bool HasIntercept, IReadOnlyList<string> Coefficients);
