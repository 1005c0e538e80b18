using Terrace.Design;
using Terrace.Families;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;

namespace Terrace.Bayes;

/// <summary>
/// The posterior distribution of a regression model with group-level terms, of any family: what a formula, data and priors make together. Immutable; chains share it.
/// </summary>
/// <remarks>
/// <para>Coordinates, densities and draws: <see cref="NonCentredDensity"/>, <see cref="DrawLayout"/>. Gelman and Hill (2007), <em>Data Analysis Using Regression and Multilevel/Hierarchical Models</em>, chapters 12 to
/// 14, for the models. Check: BayesianDensityTests (finite differences, plain computation of every family), BayesianReferenceTests.</para>
/// </remarks>
public sealed class BayesianModel : ILogDensityModel
{
    private readonly ModelParts _parts;
    private readonly Lazy<GaussianMoments?> _moments;

    internal BayesianModel(string name, ModelStructure structure, ModelParts parts, ModelPriors priors, bool priorOnly)
    {
        Name = name;
        Structure = structure;
        _parts = parts;
        Priors = priors;
        PriorOnly = priorOnly;
        _moments = new Lazy<GaussianMoments?>(() => GaussianMoments.Of(structure, parts.Responses()));
        DrawLayout = new DrawLayout(structure);
        CoordinateNames = [.. Coordinates()];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Whether the data are left out, so that draws come from the prior.</summary>
    public bool PriorOnly { get; }

    /// <inheritdoc/>
    public int Dimension => Structure.CoefficientCount + Structure.ParameterCount;

    /// <inheritdoc/>
    public IReadOnlyList<string> CoordinateNames { get; }

    /// <inheritdoc/>
    public VariableLayout Layout => DrawLayout.Variables;

    /// <inheritdoc/>
    public bool DropsConstants => false;

    internal ModelStructure Structure { get; }

    /// <summary>The priors.</summary>
    internal ModelPriors Priors { get; }

    /// <summary>The model without its data: its prior.</summary>
    /// <exception cref="ModelException">A prior is flat, so that there is nothing to draw from.</exception>
    internal BayesianModel PriorModel() => _parts.With(Priors, true);

    /// <summary>The model of some of the rows, by their positions, under the same priors.</summary>
    /// <exception cref="ModelException">Those rows do not determine the same coefficients, or do not suit the family.</exception>
    internal BayesianModel Subset(int[] rows)
    {
        BayesianModel part = _parts.Subset(rows).With(Priors, PriorOnly);
        string[] lost = [.. Layout.Columns.Except(part.Layout.Columns)];
        return lost.Length == 0 ? part : throw new ModelException($"{string.Join(", ", lost.Take(5))} cannot be told apart from other coefficients without the rows left out.");
    }

    /// <summary>The link of the conditional predictor.</summary>
    internal Families.Link Link => _parts.Link;

    internal DrawLayout DrawLayout { get; }

    /// <summary>The rows behind the model.</summary>
    internal ObservedRows Rows => _parts.Rows;

    /// <summary>Whether responses of rows are numbers of successes, and not shares of the trials.</summary>
    internal bool CountsSuccesses => RowDensity.CountsSuccesses;

    /// <summary>The density of one row's response.</summary>
    internal RowDensity RowDensity => _parts.RowDensity;

    /// <summary>The model of responses of an exponential dispersion family: Gaussian, binomial, Poisson, gamma, inverse Gaussian.</summary>
    /// <param name="rows">The rows with their response.</param>
    /// <param name="family">The family; not a quasi one, which has no likelihood.</param>
    /// <param name="priors">The priors, after scaling.</param>
    /// <param name="priorOnly">Whether the data are to be left out.</param>
    /// <exception cref="ModelException">The response or the weights do not suit the family, or priors are missing.</exception>
    public static BayesianModel Of(ModelRows rows, Family family, ModelPriors priors, bool priorOnly = false) => BayesianModelAssembly.Of(rows, family).With(priors, priorOnly);

    /// <summary>The model of responses of a family with parameters beside the mean: negative binomial, beta, beta-binomial, zero-inflated and hurdle counts, Student, lognormal, ordered categories.</summary>
    /// <param name="rows">The rows of all components with their response.</param>
    /// <param name="family">The family.</param>
    /// <param name="priors">The priors, after scaling.</param>
    /// <param name="priorOnly">Whether the data are to be left out.</param>
    /// <exception cref="ModelException">The response or the weights do not suit the family, or priors are missing.</exception>
    public static BayesianModel Of(ComponentRows rows, ResponseFamily family, ModelPriors priors, bool priorOnly = false) => BayesianModelAssembly.Of(rows, family).With(priors, priorOnly);

    /// <summary>The multinomial logit model of an unordered categorical response, whose first level is the reference; every other level has coefficients and group-level effects of its own.</summary>
    /// <param name="rows">The rows with their response.</param>
    /// <param name="priors">The priors of one category's predictor, used for each.</param>
    /// <param name="priorOnly">Whether the data are to be left out.</param>
    /// <exception cref="ModelException">The response has no categories, or priors are missing.</exception>
    public static BayesianModel OfCategories(ModelRows rows, ModelPriors priors, bool priorOnly = false) => BayesianModelAssembly.OfCategories(rows).With(priors, priorOnly);

    /// <inheritdoc/>
    public ILogDensity CreateEvaluator() => new NonCentredDensity(this);

    /// <summary>A fresh likelihood in terms of coefficients, or null where the data are left out.</summary>
    internal CoefficientLikelihood? CreateLikelihood() => PriorOnly ? null : _moments.Value is { } moments ? new GaussianQuadratic(moments) : new DesignLikelihood(Structure, _parts.Responses());

    /// <summary>A fresh model of the responses.</summary>
    internal ResponseModel CreateResponses() => _parts.Responses();

    /// <summary>Location of the intercept and unit of the coefficients in coordinates.</summary>
    internal (double Location, double Unit) Standard(PredictorDesign predictor) => predictor.Predictor == 0 && !Structure.IsCategorical ? (Structure.Scale.Location, Structure.Scale.Unit) : (0, 1);

    private IEnumerable<string> Coordinates()
    {
        foreach (PredictorDesign predictor in Structure.Predictors)
            foreach (string name in predictor.CoefficientNames) yield return $"b[{name}], {(Structure.Priors.Fixed[predictor.Predictor].Any(prior => prior is ShrinkagePrior) ? "standardised" : "orthogonalised")}";
        foreach (string name in Structure.Blocks.SelectMany(EffectCoordinates)) yield return name;
        foreach (GroupTerm term in Structure.Terms)
        {
            foreach (string name in term.TermNames) yield return $"log sd[{term.Group},{name}]";
            for (int k = 0; k < CorrelationCoordinates.Count(term.Width); k++) yield return $"partial correlation {k + 1} of {term.Group}";
        }
        foreach (AuxiliaryParameter parameter in Structure.Auxiliary) yield return $"{parameter.Name}, transformed";
        for (int k = Structure.ShrinkageStart; k < Structure.ParameterCount; k++) yield return $"parameter {k - Structure.ShrinkageStart + 1} of the shrinkage prior, transformed";
    }

    private IEnumerable<string> EffectCoordinates(CoefficientBlock block)
    {
        GroupTerm term = Structure.Terms[block.Term];
        return block.Basis is null
            ? term.Levels.SelectMany(level => term.TermNames.Select(name => $"r[{term.Group},{level},{name}], {(block.Share == BlockShare.Whole ? "standardised" : "independent part")}"))
            : Enumerable.Range(1, block.Basis.Columns).SelectMany(k => term.TermNames.Select(name => $"{term.Group}, coefficient {k} of {name}"));
    }
}
