using Terrace.Data;
using Terrace.Design.Terms;
using Terrace.Formulas;

namespace Terrace.Design;

/// <summary>
/// A formula that has met its training data and remembers how they are coded: levels of factors, contrasts, polynomial and spline bases, means and standard deviations.
/// Any rows, the training data's own or new ones, are coded with it in the same way. Immutable.
/// </summary>
public sealed class ModelFrame
{
    private readonly RowExpressions _expressions;
    private readonly DesignColumns _fixed;
    private readonly (DesignColumns Columns, int Group)[] _random;

    internal ModelFrame(ModelCoding coding)
    {
        Coding = coding;
        _expressions = RowExpressions.Of(coding.Formula, coding.Options);
        _fixed = DesignColumns.Plan(coding.Formula.HasIntercept, coding.Formula.FixedTerms, coding.Variables, FixedContrasts);
        string[] groups = [.. coding.Groups.Select(group => group.Name)];
        _random = [.. coding.Formula.RandomTerms.SelectMany(term => RandomColumns(term, coding.Variables).Select(columns => (columns, Array.IndexOf(groups, term.GroupName))))];
    }

    /// <summary>The formula, with <c>.</c> written out.</summary>
    public Formula Formula => Coding.Formula;

    /// <summary>How the formula met the data.</summary>
    public ModelFrameOptions Options => Coding.Options;

    /// <summary>The columns of the fixed-effects design, named as R names them.</summary>
    public IReadOnlyList<string> ColumnNames => _fixed.Names;

    /// <summary>The term of each column: 0 the intercept, then the terms from 1.</summary>
    public IReadOnlyList<int> Assign => _fixed.Assign;

    /// <summary>What the response is, or null for a one-sided formula.</summary>
    public ResponseKind? ResponseKind => Coding.ResponseKind;

    /// <summary>The levels of a categorical response, otherwise null.</summary>
    public IReadOnlyList<string>? ResponseLevels => Coding.ResponseLevels;

    /// <summary>The levels of each factor, text or logical variable of the fixed and random effects, by the variable's name (<c>edu</c>, <c>factor(cyl)</c>).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> FactorLevels =>
        Coding.Variables.Where(variable => variable.IsFactor).ToDictionary(variable => variable.Name, variable => variable.Levels!);

    /// <summary>The levels of each grouping factor, by its name (<c>county</c>, <c>age:edu</c>).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> GroupLevels =>
        Coding.Groups.ToDictionary(group => group.Name, group => (IReadOnlyList<string>)group.LevelNames(Coding.GroupVariableLevels));

    /// <summary>The number of rows of the training data without missing values; 0 for a frame that was read from a file.</summary>
    public long TrainingRows { get; private init; }

    internal ModelCoding Coding { get; }

    /// <summary>The plan of the fixed effects' columns.</summary>
    internal DesignColumns Fixed => _fixed;

    /// <summary>The plans of the random terms' columns, in the order of the formula.</summary>
    internal IReadOnlyList<DesignColumns> Random => [.. _random.Select(term => term.Columns)];

    /// <summary>The plan of fixed effects with other terms of the same variables; with <paramref name="coding"/> for all factors instead of their own.</summary>
    internal DesignColumns PlanFixed(IReadOnlyList<FormulaTerm> terms, ContrastCoding? coding = null) =>
        DesignColumns.Plan(Formula.HasIntercept, terms, Coding.Variables, coding is null ? FixedContrasts : _ => coding);

    /// <summary>The plan of a random term of the same variables.</summary>
    internal DesignColumns PlanRandom(RandomTerm term) => DesignColumns.Plan(term.HasIntercept, term.Terms, Coding.Variables, DefaultContrasts);

    /// <summary>The coding by contrasts of a variable of the fixed effects.</summary>
    internal ContrastCoding ContrastsOf(ModelVariable variable) => FixedContrasts(variable);

    /// <summary>Learns the coding of <paramref name="data"/> for <paramref name="formula"/>.</summary>
    /// <remarks>Reads the data once, and once more for each nesting of functions such as <c>poly()</c> and <c>factor()</c>, holding only their columns.</remarks>
    /// <exception cref="FormulaException">The formula does not fit the data: an unknown variable, a function of the wrong type.</exception>
    /// <exception cref="ModelException">No row is complete, a factor has one level, or a contrast fits no factor.</exception>
    public static ModelFrame Learn(Formula formula, IRowBlocks data, ModelFrameOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(formula);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new ModelFrameOptions();
        Frame header = data.Header;
        formula = formula.ExpandDot(header.Columns.Select(column => column.Name));
        RowExpressions expressions = RowExpressions.Of(formula, options);
        LearnedCalls learned = LearnedCalls.Learn(expressions.All, data);
        var learning = new CodingLearning(formula, expressions, BlockValues.Evaluate(expressions, header, learned));
        foreach (Frame block in data.Blocks()) learning.Add(BlockValues.Evaluate(expressions, block, learned));
        if (learning.CompleteRows == 0) throw NoRows(formula, data);
        ModelCoding coding = learning.Finish(formula, options, expressions, learned);
        ContrastChecks.Check(coding, header);
        return new ModelFrame(coding) { TrainingRows = learning.CompleteRows };
    }

    /// <summary>Codes the rows of <paramref name="data"/> as the training data were coded.</summary>
    /// <exception cref="FormulaException">A variable is not there or has another type.</exception>
    /// <exception cref="ModelException">A level is new, a number infinite, a weight negative, or a value missing though that is refused.</exception>
    public ModelRows Encode(IRowBlocks data, EncodeOptions? options = null) => EncodeFrom(data, options, 0);

    /// <summary>As <see cref="Encode(IRowBlocks, EncodeOptions?)"/> for a part of the data that begins after <paramref name="rowsBefore"/> rows.</summary>
    internal ModelRows EncodeFrom(IRowBlocks data, EncodeOptions? options, int rowsBefore)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new EncodeOptions();
        RowExpressions expressions = options.IncludeResponse ? _expressions : _expressions.WithoutResponse();
        var encoder = new RowEncoder(Coding, expressions, options, data.Source, rowsBefore);
        foreach (Frame block in data.Blocks()) encoder.Add(BlockValues.Evaluate(expressions, block, Coding.Learned));
        return encoder.Finish(Build(new CellValues(Coding, encoder, expressions.Offsets.Count > 0), options, data.Source));
    }

    private static ModelException NoRows(Formula formula, IRowBlocks data)
    {
        return new ModelException($"{data.Source} has no row with a value for every variable of the model ({string.Join(", ", formula.Variables)}).");
    }

    private DesignMatrices Build(CellValues cells, EncodeOptions options, string source)
    {
        (int[] Codes, string[] New)[] groups = [.. Coding.Groups.Select(group => cells.GroupCodes(group, options.NewLevels, source))];
        return new DesignMatrices
        {
            X = _fixed.Build(cells.Count, cells.Variables),
            ColumnNames = _fixed.Names,
            Assign = _fixed.Assign,
            RandomTerms = [.. _random.Select(term => RandomTerm(term.Columns, cells, term.Group, groups[term.Group]))],
            Offset = cells.Offset,
        };
    }

    private RandomTermDesign RandomTerm(DesignColumns columns, CellValues cells, int group, (int[] Codes, string[] New) levels) => new()
    {
        Group = Coding.Groups[group].Name,
        Levels = Coding.Groups[group].LevelNames(Coding.GroupVariableLevels),
        NewLevels = levels.New,
        Codes = levels.Codes,
        Structure = Coding.Groups[group].Structure,
        TermNames = columns.Names,
        Z = columns.Build(cells.Count, cells.Variables),
    };

    /// <summary>The columns of a term together; of a part of <c>(1 + f || g)</c> each by itself, coded as in <c>(1 + f | g)</c>.</summary>
    private static IEnumerable<DesignColumns> RandomColumns(RandomTerm term, IReadOnlyList<ModelVariable> variables)
    {
        RandomTerm whole = term.Undivided ?? term;
        var columns = DesignColumns.Plan(whole.HasIntercept, whole.Terms, variables, DefaultContrasts);
        return term.Undivided is null ? [columns] : columns.SingleColumns(term.HasIntercept ? 0 : 1 + whole.Terms.ToList().IndexOf(term.Terms[0]));
    }

    private ContrastCoding FixedContrasts(ModelVariable variable) => Options.Contrasts.GetValueOrDefault(variable.Name)
        ?? Options.Contrasts.GetValueOrDefault(variable.ColumnName) ?? DefaultContrasts(variable);

    private static ContrastCoding DefaultContrasts(ModelVariable variable) => new(variable.IsOrdered ? ContrastKind.Polynomial : ContrastKind.Treatment);
}
