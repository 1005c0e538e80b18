using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;
using Terrace.HypothesisTests;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MarginalMeans;

/// <summary>
/// The combinations of all factors' levels of a model's fixed effects, covariates at their means, with the row of the model matrix that each has: what marginal means average. Immutable.
/// </summary>
/// <remarks>
/// <para>Searle, Speed and Milliken (1980), <em>Population marginal means in the linear model: an alternative to least squares means</em>. The data are those rows that the fit used. A column is a factor if it
/// holds categories or stands in <c>factor()</c>; every other one is a covariate, those of two values too (emmeans makes factors of these). A function of a covariate is taken at the covariate's mean: log(mean(x)).
/// Offsets count, at the mean of their variables.</para>
/// <para>Check: MarginalMeansTests (emmeans).</para>
/// </remarks>
public sealed class ReferenceGrid
{
    private const long MostPoints = 1_000_000;
    private readonly GridVariable[] _factors;
    private readonly int[][] _codes;

    private ReferenceGrid(FixedEffectsEstimates estimates, GridVariable[] factors, GridVariable[] covariates, int[][] codes, DesignMatrices design)
    {
        (Estimates, _factors, _codes) = (estimates, factors, codes);
        Factors = [.. factors.Select(factor => factor.Name)];
        Covariates = covariates.ToDictionary(covariate => covariate.Name, covariate => covariate.Value);
        X = design.X;
        Offset = design.Offset;
    }

    /// <summary>The fixed effects of the fit.</summary>
    public FixedEffectsEstimates Estimates { get; }

    /// <summary>The factors, and covariates that were given values.</summary>
    public IReadOnlyList<string> Factors { get; }

    /// <summary>The covariates and their means.</summary>
    public IReadOnlyDictionary<string, double> Covariates { get; }

    /// <summary>The number of combinations.</summary>
    public int Points => X.Rows;

    /// <summary>The model matrix of the combinations, the first factor's levels running fastest.</summary>
    internal Matrix X { get; }

    /// <summary>The offset of each combination.</summary>
    internal double[] Offset { get; }

    /// <summary>The grid of a fit.</summary>
    /// <param name="estimates">The fixed effects.</param>
    /// <param name="data">The data that the model was fitted to.</param>
    /// <param name="options">Values of predictors, where the means and all levels are not wanted.</param>
    /// <exception cref="ModelException">A predictor in the options is not in the model, a value does not suit it, or there are more than a million combinations.</exception>
    public static ReferenceGrid Of(FixedEffectsEstimates estimates, IRowBlocks data, ReferenceGridOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(estimates);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new ReferenceGridOptions();
        Frame all = data.ReadAll();
        ModelFrame frame = estimates.Frame;
        int[] rows = estimates.Rows.SourceRows;
        if (rows.Length == 0 || rows[^1] >= all.RowCount) throw new ArgumentException("The rows are not of these data.", nameof(data));
        string[] names = FixedVariables(frame);
        RefuseUnknown(options, names);
        GridVariable[] variables = [.. names.Select(name => GridVariable.Of(all.Get(name), rows, IsCategorical(frame, all, name), options.At.GetValueOrDefault(name)))];
        GridVariable[] factors = [.. variables.Where(variable => variable.IsFactor)];
        int[][] codes = Combinations(factors);
        Frame grid = Build(frame, all, rows[0], variables, factors, codes);
        ModelRows encoded = frame.Encode(grid, EncodeOptions.Prediction with { Collapse = false, NewLevels = NewLevels.Allow });
        if (encoded.Rows != grid.RowCount) throw new ModelException("Some predictor has no value at the means of the covariates (a logarithm of a negative number, say); choose others by --at.");
        return new ReferenceGrid(estimates, factors, [.. variables.Where(variable => !variable.IsFactor)], codes, encoded.Design);
    }

    /// <summary>The levels of factor <paramref name="factor"/>.</summary>
    public IReadOnlyList<string> Levels(int factor) => _factors[factor].Levels;

    /// <summary>The level of factor <paramref name="factor"/> at a point.</summary>
    internal int Code(int factor, int point) => _codes[factor][point];

    /// <summary>How many used rows have the levels that a point has in some factors; 1 where none of these has levels in the data.</summary>
    internal Func<int, double> Frequencies(IReadOnlyList<int> factors)
    {
        int[] counted = [.. factors.Where(factor => _factors[factor].Codes.Length > 0)];
        if (counted.Length == 0) return _ => 1;
        var counts = new Dictionary<long, int>();
        for (int row = 0; row < _factors[counted[0]].Codes.Length; row++)
        {
            int own = row;
            if (counted.All(factor => _factors[factor].Codes[own] >= 0)) counts[Key(factor => _factors[factor].Codes[own])] = counts.GetValueOrDefault(Key(factor => _factors[factor].Codes[own])) + 1;
        }
        return point => counts.GetValueOrDefault(Key(factor => _codes[factor][point]));

        long Key(Func<int, int> code) => counted.Aggregate(0L, (key, factor) => key * _factors[factor].Levels.Length + code(factor));
    }

    private static string[] FixedVariables(ModelFrame frame)
    {
        IEnumerable<Expression> used = frame.Formula.FixedTerms.SelectMany(term => term.Variables).Concat(frame.Formula.Offsets);
        if (frame.Options.Offset is { } offset) used = used.Append(offset);
        return [.. used.SelectMany(expression => expression.Variables).Distinct()];
    }

    private static bool IsCategorical(ModelFrame frame, Frame all, string name)
    {
        HashSet<Expression> inFixed = [.. frame.Formula.FixedTerms.SelectMany(term => term.Variables)];
        return GridVariable.IsCategorical(all.Get(name), frame.Coding.Variables.Where(variable => inFixed.Contains(variable.Expression)));
    }

    private static void RefuseUnknown(ReferenceGridOptions options, string[] names)
    {
        if (options.At.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
            throw new ModelException($"The fixed effects have no predictor '{unknown}' to give values to.{NearestName.Hint(unknown, names)} Their predictors are: {string.Join(", ", names)}.");
    }

    private static int[][] Combinations(GridVariable[] factors)
    {
        long points = 1;
        foreach (GridVariable factor in factors)
        {
            points *= factor.Levels.Length;
            if (points > MostPoints)
                throw new ModelException($"The factors {string.Join(", ", factors.Select(f => f.Name))} have more than {MostPoints} combinations of levels; marginal means need fewer, or fixed levels of some (--at).");
        }
        var codes = new int[factors.Length][];
        int period = 1;
        for (int f = 0; f < factors.Length; f++)
        {
            int levels = factors[f].Levels.Length, each = period;
            codes[f] = [.. Enumerable.Range(0, (int)points).Select(i => i / each % levels)];
            period *= levels;
        }
        return codes;
    }

    /// <summary>The grid's data: the levels and means, and some value of every column that only random effects use.</summary>
    private static Frame Build(ModelFrame frame, Frame all, int firstRow, GridVariable[] variables, GridVariable[] factors, int[][] codes)
    {
        int points = codes.Length == 0 ? 1 : codes[0].Length;
        var columns = new List<Column>();
        foreach (GridVariable variable in variables)
        {
            int place = Array.IndexOf(factors, variable);
            columns.Add(variable.Build(place < 0 ? new int[points] : codes[place]));
        }
        int[] repeated = [.. Enumerable.Repeat(firstRow, points)];
        IEnumerable<string> others = frame.Formula.RandomTerms.SelectMany(term => term.Terms.SelectMany(effect => effect.Variables).Concat(term.GroupFactors)).SelectMany(expression => expression.Variables);
        foreach (string name in others.Distinct().Where(name => variables.All(variable => variable.Name != name))) columns.Add(all.Get(name).Select(repeated));
        return columns.Count == 0 ? new Frame([new NumericColumn("(none)", [0])], "reference grid") : new Frame(columns, "reference grid");
    }
}
