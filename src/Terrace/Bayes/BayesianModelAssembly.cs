using Terrace.Design;
using Terrace.DistributionalModels;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Inference.Posterior;

namespace Terrace.Bayes;

/// <summary>What a Bayesian model is made of before its priors are known.</summary>
internal sealed record ModelParts
{
    public required string Family { get; init; }

    public required Link Link { get; init; }

    public required IReadOnlyList<PredictorDesign> Predictors { get; init; }

    public required GroupTerm[] Terms { get; init; }

    public IReadOnlyList<AuxiliaryPart> Auxiliary { get; init; } = [];

    public required ResponseScale Scale { get; init; }

    public required double[] RowsOfCell { get; init; }

    public required Func<ResponseModel> Responses { get; init; }

    /// <summary>The response of each row, as default priors look at it.</summary>
    public required double[] Response { get; init; }

    public required ObservedRows Rows { get; init; }

    public required RowDensity RowDensity { get; init; }

    /// <summary>The same of some of the rows, by their positions.</summary>
    public required Func<int[], ModelParts> Subset { get; init; }

    /// <summary>With the parameters that structured terms add.</summary>
    public ModelParts WithStructures()
    {
        foreach (GroupTerm term in Terms.Where(term => term.Parameter is not null && term.Width > 1))
            throw new ModelException($"{term.Group} has effects of {string.Join(", ", term.TermNames)}; it can only have those of the intercept.");
        return this with
        {
            Auxiliary = [.. Auxiliary, .. Terms.Where(term => term.Parameter is not null).Select(term =>
                new AuxiliaryPart(term.Parameter!, term.Structure!.Kind == StructureKind.Bym2 ? AuxiliaryKind.Probability : AuxiliaryKind.Correlation, term.Structure.Parameter!))],
        };
    }

    /// <summary>The model under priors.</summary>
    /// <exception cref="ModelException">A prior is missing.</exception>
    public BayesianModel With(ModelPriors priors, bool priorOnly)
    {
        AuxiliaryParameter[] auxiliary = [.. Auxiliary.Select(part => new AuxiliaryParameter(part.Name, part.Kind,
            priors.Auxiliary.GetValueOrDefault(part.Prior) ?? throw new ModelException($"No prior is given for '{part.Prior}'."), part.Unit))];
        var structure = new ModelStructure(Predictors, Terms, auxiliary, BayesianModelAssembly.Priors(priors, Predictors, Terms), Scale, RowsOfCell.Length);
        if (priorOnly) RefuseFlat(structure);
        return new BayesianModel(Family, structure, this, priors, priorOnly);
    }

    private static void RefuseFlat(ModelStructure structure)
    {
        string[] flat = [.. structure.Predictors.SelectMany((predictor, p) => predictor.CoefficientNames.Where((_, i) => structure.Priors.Fixed[p][i] is FlatPrior))];
        if (flat.Length > 0) throw new ModelException($"Without the data the distribution is improper: the prior of {string.Join(", ", flat.Take(8))} is flat. Give a proper one, as in 'normal(0, 1) on b'.");
    }
}

/// <summary>A parameter that is one number, before its prior is known.</summary>
internal sealed record AuxiliaryPart(string Name, AuxiliaryKind Kind, string Prior, double Unit = 1);

/// <summary>Takes rows and families apart into what Bayesian models are made of.</summary>
internal static class BayesianModelAssembly
{
    public static ModelParts Of(ModelRows rows, Family family)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (!family.HasLikelihood) throw new ModelException($"The {family.Name} family has no likelihood and so no posterior; choose {family.Name.Replace("quasi", "", StringComparison.Ordinal)}, or neg-binomial or beta-binomial for extra variation.");
        rows = CellOrder.Sorted(rows);
        Observations observations = Observations.Resolve(rows, family);
        double[] rowsOfCell = RowsOfCell(rows.RowToCell, rows.Cells);
        var predictor = PredictorDesign.Of(Component.Conditional, rows.Design, 0, rowsOfCell, 0);
        GroupTerm[] terms = Terms(rows.Design, [Component.Conditional], predictor.Count, rowsOfCell);
        ResponseScale scale = Scale(observations);
        return new ModelParts
        {
            Family = family.Name,
            Link = family.Link,
            Predictors = [predictor],
            Terms = terms,
            Auxiliary = family.Distribution switch
            {
                Distribution.Gaussian => [new("sigma", AuxiliaryKind.Positive, "sigma", Spread(observations))],
                Distribution.Gamma or Distribution.InverseGaussian => [new("shape", AuxiliaryKind.Positive, "shape")],
                _ => [],
            },
            Scale = scale,
            RowsOfCell = rowsOfCell,
            Responses = family.IsGaussian && family.Link == Link.Identity ? () => new GaussianResponses(observations) : () => new ExponentialFamilyResponses(observations),
            Response = observations.RowY,
            Rows = new ObservedRows(rows.RowToCell, observations.RowY, observations.RowWeight, observations.RowTrials),
            RowDensity = new FamilyRowDensity(family),
            Subset = kept => Of(ComponentRows.Keep(rows, kept), family),
        }.WithStructures();
    }

    public static ModelParts Of(ComponentRows rows, ResponseFamily family)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ModelChecks.Components(rows, family);
        OutcomeValues outcomes = OutcomeValues.Resolve(rows.Conditional, family);
        DistributionalCells cells = DistributionalCells.Of(rows, outcomes, family);
        double[] rowsOfCell = RowsOfCell(cells.RowToCell, cells.Count);
        DesignMatrices conditional = ComponentRows.Select(rows.Conditional.Design, FirstRows(cells, rows.Conditional.RowToCell));
        List<PredictorDesign> predictors = [PredictorDesign.Of(Component.Conditional, conditional, 0, rowsOfCell, 0, family.IsOrdered)];
        var predictorOf = new List<int>();
        var auxiliary = new List<AuxiliaryPart>();
        void Predicted(string component, DesignMatrices design)
        {
            predictorOf.Add(predictors.Count);
            predictors.Add(PredictorDesign.Of(component, design, predictors.Count, rowsOfCell, predictors.Sum(predictor => predictor.Count)));
        }
        void Number(string name, AuxiliaryKind kind, string prior, double unit = 1)
        {
            predictorOf.Add(-1);
            auxiliary.Add(new AuxiliaryPart(name, kind, prior, unit));
        }
        double spread = family.Kind is ResponseType.Real or ResponseType.Positive ? Spread(outcomes, family) : 1;
        for (int k = 0; k < family.ParameterNames.Count; k++)
        {
            string name = family.ParameterNames[k];
            if (k == 0 && cells.Dispersion is { } design) Predicted(Component.Dispersion, design);
            else Number(name, name == "nu" ? AuxiliaryKind.AboveOne : AuxiliaryKind.Positive, name, name == "sigma" ? spread : 1);
        }
        for (int level = 0; level + 1 < outcomes.Levels.Count; level++)
            Number($"{outcomes.Levels[level]}|{outcomes.Levels[level + 1]}", level == 0 ? AuxiliaryKind.FirstThreshold : AuxiliaryKind.NextThreshold, "thresholds");
        if (cells.ZeroInflation is { } zero) Predicted(Component.ZeroInflation, zero);
        else if (family.IsHurdle) Number("zi", AuxiliaryKind.Probability, "zi");
        GroupTerm[] terms = Terms(conditional, [Component.Conditional], predictors.Sum(predictor => predictor.Count), rowsOfCell);
        int[] places = [.. predictorOf];
        return new ModelParts
        {
            Family = family.Name,
            Link = family.Link,
            Predictors = predictors,
            Terms = terms,
            Auxiliary = auxiliary,
            Scale = Scale(outcomes, family),
            RowsOfCell = rowsOfCell,
            Responses = () => new DensityResponses(family.Density(cells.Outcomes, cells.ZeroInflation is not null), cells.Weight, places),
            Response = outcomes.Y,
            Rows = new ObservedRows(cells.RowToCell, outcomes.Y, outcomes.Weight, outcomes.Trials),
            Subset = kept => Of(rows.Keep(kept), family),
            RowDensity = new DensityRowDensity(family, outcomes.Levels, cells.ZeroInflation is not null, places, [.. auxiliary.Select(part => part.Kind)]),
        }.WithStructures();
    }

    public static ModelParts OfCategories(ModelRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ResponseValues response = rows.Response ?? throw new ModelException("The formula has no response; write it before the tilde, as in 'y ~ x'.");
        if (response.Kind != ResponseKind.Categorical || response.Levels is not { Count: >= 2 } levels)
            throw new ModelException($"The response '{response.Name}' has no categories, but the categorical family needs some; declare them with --factor {response.Name}.");
        double[] weight = RowResponses.Weights(rows);
        (int[] rowToCell, int[] first) = CategoryCells(rows, response.Values);
        double[] rowsOfCell = RowsOfCell(rowToCell, first.Length), cellWeight = new double[first.Length];
        for (int i = 0; i < rowToCell.Length; i++) cellWeight[rowToCell[i]] += weight[i];
        DesignMatrices design = ComponentRows.Select(rows.Design, [.. first.Select(row => rows.RowToCell[row])]);
        var predictors = new List<PredictorDesign>();
        for (int k = 1; k < levels.Count; k++) predictors.Add(PredictorDesign.Of(levels[k], design, k - 1, rowsOfCell, predictors.Sum(predictor => predictor.Count)));
        GroupTerm[] terms = Terms(design, [.. levels.Skip(1)], predictors.Sum(predictor => predictor.Count), rowsOfCell);
        double[] category = [.. first.Select(row => response.Values[row])];
        return new ModelParts
        {
            Family = "categorical",
            Link = Link.Logit,
            Predictors = predictors,
            Terms = terms,
            Scale = new ResponseScale(0, 1),
            RowsOfCell = rowsOfCell,
            Responses = () => new CategoricalResponses(category, cellWeight),
            Response = response.Values,
            Rows = new ObservedRows(rowToCell, response.Values, weight, null),
            RowDensity = new CategoricalRowDensity(),
            Subset = kept => OfCategories(ComponentRows.Keep(rows, kept)),
        }.WithStructures();
    }

    private static GroupTerm[] Terms(DesignMatrices design, string[] components, int start, double[] rowsOfCell)
    {
        var terms = new List<GroupTerm>();
        for (int predictor = 0; predictor < components.Length; predictor++)
        {
            foreach (RandomTermDesign term in design.RandomTerms)
            {
                terms.Add(GroupTerm.Of(term, components[predictor], predictor, start, rowsOfCell));
                start += terms[^1].Count;
            }
        }
        return [.. terms];
    }

    /// <summary>The priors in the structure's order: categories share those of one predictor, components have their own.</summary>
    internal static StructurePriors Priors(ModelPriors priors, IReadOnlyList<PredictorDesign> predictors, GroupTerm[] terms)
    {
        var fixedPriors = new List<IReadOnlyList<Prior>>();
        foreach (PredictorDesign predictor in predictors)
        {
            Prior[] list = predictor.Component is Component.Dispersion or Component.ZeroInflation
                ? [.. priors.Components.GetValueOrDefault(predictor.Component) ?? throw new ModelException($"No prior is given for the {predictor.Component} formula's coefficients.")]
                : predictor.HasIntercept ? [priors.Intercept ?? throw new ModelException("No prior is given for the intercept."), .. priors.Coefficients] : [.. priors.Coefficients];
            if (list.Length != predictor.Count) throw new ModelException($"There are {list.Length} priors for {predictor.Count} coefficients ({string.Join(", ", predictor.CoefficientNames)}); give one for each.");
            fixedPriors.Add(list);
        }
        int perPredictor = priors.Terms.Count;
        if (perPredictor == 0 ? terms.Length > 0 : terms.Length % perPredictor != 0) throw new ModelException($"There are {perPredictor} priors for {terms.Length} group-level terms; give one for each.");
        return new StructurePriors(fixedPriors, [.. terms.Select((_, k) => priors.Terms[k % perPredictor])]);
    }

    private static double[] RowsOfCell(int[] rowToCell, int cells)
    {
        var count = new double[cells];
        foreach (int cell in rowToCell) count[cell]++;
        return count;
    }

    private static int[] FirstRows(DistributionalCells cells, int[] rowToDesignCell)
    {
        var first = new int[cells.Count];
        Array.Fill(first, -1);
        for (int row = 0; row < cells.RowToCell.Length; row++)
            if (first[cells.RowToCell[row]] < 0) first[cells.RowToCell[row]] = rowToDesignCell[row];
        return first;
    }

    private static (int[] RowToCell, int[] FirstRow) CategoryCells(ModelRows rows, double[] category)
    {
        var table = new CellTable(2);
        var rowToCell = new int[rows.Rows];
        var first = new List<int>();
        Span<ulong> words = stackalloc ulong[2];
        for (int row = 0; row < rowToCell.Length; row++)
        {
            words[0] = (ulong)rows.RowToCell[row];
            words[1] = (ulong)category[row];
            rowToCell[row] = table.FindOrAdd(words);
            if (rowToCell[row] == first.Count) first.Add(row);
        }
        return (rowToCell, [.. first]);
    }

    private static ResponseScale Scale(Observations observations)
    {
        Family family = observations.Family;
        double mean = 0;
        for (int i = 0; i < observations.Rows; i++) mean += observations.RowWeight[i] * observations.RowY[i] / observations.WeightSum;
        if (family.IsBinomial) mean = Math.Clamp(mean, 0.01, 0.99);
        if (family.Distribution == Distribution.Poisson) mean = Math.Max(mean, 0.01);
        bool identity = family.Link == Link.Identity;
        return new ResponseScale(family.Link.Eta(mean) is var location && double.IsFinite(location) ? location : 0, identity && !family.IsBinomial ? Spread(observations) : 1);
    }

    private static double Spread(Observations observations) => Positive(SampleMoments.StandardDeviation(observations.RowY));

    private static double Spread(OutcomeValues outcomes, ResponseFamily family) =>
        Positive(SampleMoments.StandardDeviation(family.Distribution == ResponseDistribution.LogNormal ? Array.ConvertAll(outcomes.Y, Math.Log) : outcomes.Y));

    private static ResponseScale Scale(OutcomeValues outcomes, ResponseFamily family)
    {
        if (family.IsOrdered) return new ResponseScale(0, 1);
        double[] y = family.Distribution == ResponseDistribution.LogNormal ? Array.ConvertAll(outcomes.Y, Math.Log)
            : outcomes.Trials is { } trials ? [.. outcomes.Y.Zip(trials, (successes, m) => successes / Math.Max(m, 1))] : outcomes.Y;
        double mean = SampleMoments.Mean(y);
        if (family.Kind is ResponseType.Share or ResponseType.Trials) mean = Math.Clamp(mean, 0.01, 0.99);
        if (family.Kind == ResponseType.Count) mean = Math.Max(mean, 0.01);
        double location = family.Link.Eta(mean);
        return new ResponseScale(double.IsFinite(location) ? location : 0, family.Link == Link.Identity ? Positive(SampleMoments.StandardDeviation(y)) : 1);
    }

    /// <summary>A spread that can be divided by: 1 in the place of one that is 0 or not finite.</summary>
    internal static double Positive(double spread) => spread > 0 && double.IsFinite(spread) ? spread : 1;
}
