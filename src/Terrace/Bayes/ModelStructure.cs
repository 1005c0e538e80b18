namespace Terrace.Bayes;

/// <summary>
/// What all evaluators of one Bayesian model share: designs, terms, priors, how coefficients and parameters lie in the vector of coordinates, and how to make a likelihood. Immutable.
/// </summary>
/// <remarks>
/// Coefficients x: the fixed γ of all linear predictors, then the coefficients of all group-level terms: their effects, or where levels depend on each other what the effects are made of (<see cref="CoefficientBlock"/>). Parameters θ: for each term its log standard deviations and correlations, then the parameters that are one
/// number, then those of shrinkage priors. A further kind of term or parameter is a new entry in one of these lists.
/// </remarks>
internal sealed class ModelStructure
{
    /// <summary>Puts the parts together.</summary>
    public ModelStructure(IReadOnlyList<PredictorDesign> predictors, IReadOnlyList<GroupTerm> terms, IReadOnlyList<AuxiliaryParameter> auxiliary, StructurePriors priors, ResponseScale scale, int cells)
    {
        (Predictors, Terms, Auxiliary, Priors, Scale, Cells) = (predictors, terms, auxiliary, priors, scale, cells);
        FixedCount = predictors.Sum(predictor => predictor.Count);
        EffectCount = terms.Sum(term => term.Count);
        Blocks = CoefficientBlock.Of(terms, FixedCount, auxiliary);
        CoefficientCount = FixedCount + Blocks.Sum(block => block.Count);
        Map = new CoefficientMap(this);
        CovarianceStart = new int[terms.Count];
        int at = 0;
        for (int k = 0; k < terms.Count; k++)
        {
            CovarianceStart[k] = at;
            at += terms[k].Width + CorrelationCoordinates.Count(terms[k].Width);
        }
        AuxiliaryStart = at;
        ShrinkageStart = at + auxiliary.Count;
        IsShrunken = priors.Fixed.Any(list => list.Any(prior => prior is ShrinkagePrior));
        ParameterCount = ShrinkageStart + (IsShrunken ? CreateShrinkage().Sum(block => block?.Scales.Count ?? 0) : 0);
    }

    /// <summary>The linear predictors; the first is the conditional one.</summary>
    public IReadOnlyList<PredictorDesign> Predictors { get; }

    /// <summary>The group-level terms of all predictors.</summary>
    public IReadOnlyList<GroupTerm> Terms { get; }

    /// <summary>The coefficients of the terms.</summary>
    public IReadOnlyList<CoefficientBlock> Blocks { get; }

    /// <summary>From coefficients to effects.</summary>
    public CoefficientMap Map { get; }

    /// <summary>The parameters that are one number.</summary>
    public IReadOnlyList<AuxiliaryParameter> Auxiliary { get; }

    /// <summary>The priors of coefficients and terms.</summary>
    public StructurePriors Priors { get; }

    /// <summary>Location and scale of the responses on the linear predictor's scale.</summary>
    public ResponseScale Scale { get; }

    /// <summary>Whether every category has a linear predictor of its own.</summary>
    public bool IsCategorical => Predictors[0].Component != DistributionalModels.Component.Conditional;

    /// <summary>The number of cells.</summary>
    public int Cells { get; }

    /// <summary>The number of fixed coefficients.</summary>
    public int FixedCount { get; }

    /// <summary>The number of effects of all terms.</summary>
    public int EffectCount { get; }

    /// <summary>The number of all coefficients x.</summary>
    public int CoefficientCount { get; }

    /// <summary>The number of parameters θ.</summary>
    public int ParameterCount { get; }

    /// <summary>Where each term's coordinates begin in θ.</summary>
    public int[] CovarianceStart { get; }

    /// <summary>Where the coordinates of the parameters that are one number begin in θ.</summary>
    public int AuxiliaryStart { get; }

    /// <summary>Where the coordinates of the parameters of shrinkage priors begin in θ.</summary>
    public int ShrinkageStart { get; }

    /// <summary>Whether coefficients have a shrinkage prior.</summary>
    public bool IsShrunken { get; }

    /// <summary>Fresh shrunken coefficients, one for each predictor; null where a predictor has none.</summary>
    /// <exception cref="ModelException">There are two different shrinkage priors, or an intercept has one.</exception>
    public ShrunkenCoefficients?[] CreateShrinkage() => [.. Predictors.Select((predictor, p) => ShrunkenCoefficients.Of(predictor, Priors.Fixed[p], Auxiliary))];

    /// <summary>Fresh covariances, one for each term.</summary>
    public TermCovariance[] CreateCovariances() => [.. Terms.Select((term, k) => new TermCovariance(Priors.Terms[k], Units(term, Priors.Terms[k])))];

    private double[] Units(GroupTerm term, TermPrior prior)
    {
        double scale = term.Predictor == 0 && !prior.RelativeToSigma ? Scale.Unit : 1;
        return [.. term.Magnitude.Select(magnitude => scale / magnitude)];
    }
}

/// <summary>The priors of coefficients and terms in the order of the structure.</summary>
/// <param name="Fixed">For each predictor the priors of its coefficients: intercept of the centred design first where there is one.</param>
/// <param name="Terms">One for each term.</param>
internal sealed record StructurePriors(IReadOnlyList<IReadOnlyList<Prior>> Fixed, IReadOnlyList<TermPrior> Terms);

/// <summary>Where the responses lie and how far they spread on the scale of the linear predictor, so that searches begin near them.</summary>
/// <param name="Location">About the linear predictor of the mean response.</param>
/// <param name="Unit">The spread of responses on an identity link; 1 on others.</param>
internal sealed record ResponseScale(double Location, double Unit);
