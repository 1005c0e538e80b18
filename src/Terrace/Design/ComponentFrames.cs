using Terrace.Data;
using Terrace.Design.Terms;
using Terrace.Formulas;

namespace Terrace.Design;

/// <summary>
/// The model frames of a model with several linear predictors, learned from the same rows: that of the response's conditional distribution, and those of the dispersion and of the
/// probability of a structural zero where they have a formula. A row that lacks a value of any of them is left out of all. Immutable.
/// </summary>
public sealed class ComponentFrames
{
    /// <summary>Puts frames together that belong to one model.</summary>
    public ComponentFrames(ModelFrame conditional, ModelFrame? dispersion = null, ModelFrame? zeroInflation = null)
    {
        Conditional = conditional;
        Dispersion = dispersion;
        ZeroInflation = zeroInflation;
    }

    /// <summary>The response and its conditional predictor.</summary>
    public ModelFrame Conditional { get; }

    /// <summary>The dispersion's predictor; null where it is one number.</summary>
    public ModelFrame? Dispersion { get; }

    /// <summary>The predictor of the probability of a structural zero; null without a formula.</summary>
    public ModelFrame? ZeroInflation { get; }

    /// <summary>Learns the coding of <paramref name="data"/> for a formula and the one-sided formulas of the other components.</summary>
    /// <exception cref="FormulaException">A formula does not fit the data.</exception>
    /// <exception cref="ModelException">The formula of a component has a response or group-level terms; or as <see cref="ModelFrame.Learn"/>.</exception>
    public static ComponentFrames Learn(Formula formula, Formula? dispersion, Formula? zeroInflation, IRowBlocks data, ModelFrameOptions? options = null)
    {
        options ??= new ModelFrameOptions();
        Formula[] others = [.. new[] { Refused(dispersion, "dispersion"), Refused(zeroInflation, "zero-inflation") }.OfType<Formula>()];
        IRowBlocks complete = others.Length == 0 ? data : CompleteIn(others, data);
        ModelFrame? Frame(Formula? part) => part is null ? null : ModelFrame.Learn(part, complete, Options(part, options));
        return new ComponentFrames(ModelFrame.Learn(formula, complete, others.Length == 0 ? options : Without(others, formula, options)), Frame(dispersion), Frame(zeroInflation));
    }

    /// <summary>Codes the rows of <paramref name="data"/>: those that have a value of every variable of every component.</summary>
    /// <exception cref="FormulaException">A variable is not there or has another type.</exception>
    /// <exception cref="ModelException">As <see cref="ModelFrame.Encode"/>.</exception>
    public ComponentRows Encode(IRowBlocks data, EncodeOptions? options = null)
    {
        ModelRows conditional = Conditional.Encode(data, options);
        EncodeOptions other = (options ?? new EncodeOptions()) with { IncludeResponse = false };
        return ComponentRows.Align(conditional, Dispersion?.Encode(data, other), ZeroInflation?.Encode(data, other));
    }

    private static Formula? Refused(Formula? formula, string component)
    {
        if (formula is null) return null;
        if (formula.Response is not null) throw new ModelException($"The {component} formula '{formula}' has a response; write only the right-hand side, as in '~ x'.");
        if (formula.RandomTerms.Count > 0)
            throw new ModelException($"The {component} formula '{formula}' has group-level terms; only those of the main formula can be fitted. Leave them out there, or use the grouping variable as a fixed effect.");
        return formula;
    }

    /// <summary>The rows that have a value of every variable of the other components, so that levels are learned from rows that are used.</summary>
    private static BlockFilter CompleteIn(Formula[] others, IRowBlocks data)
    {
        (RowExpressions Expressions, LearnedCalls Learned)[] parts = [.. others.Select(formula => RowExpressions.Of(formula.ExpandDot(data.Header.Columns.Select(column => column.Name)), new ModelFrameOptions()))
            .Select(expressions => (expressions, LearnedCalls.Learn(expressions.All, data)))];
        return new BlockFilter(data, block =>
        {
            var keep = new bool[block.RowCount];
            Array.Fill(keep, true);
            foreach (var (expressions, learned) in parts)
            {
                bool[] complete = BlockValues.Evaluate(expressions, block, learned).IsComplete;
                for (int row = 0; row < keep.Length; row++) keep[row] &= complete[row];
            }
            return keep;
        });
    }

    private static ModelFrameOptions Options(Formula part, ModelFrameOptions options) =>
        new() { Contrasts = Chosen(options, name => Mentions(part, name)), MissingValues = options.MissingValues };

    /// <summary>The options without contrasts of variables that only another component has.</summary>
    private static ModelFrameOptions Without(Formula[] others, Formula formula, ModelFrameOptions options) =>
        options with { Contrasts = Chosen(options, name => Mentions(formula, name) || !others.Any(other => Mentions(other, name))) };

    private static Dictionary<string, ContrastCoding> Chosen(ModelFrameOptions options, Func<string, bool> wanted) =>
        options.Contrasts.Where(contrast => wanted(contrast.Key)).ToDictionary(contrast => contrast.Key, contrast => contrast.Value);

    private static bool Mentions(Formula formula, string name) =>
        formula.FixedTerms.Any(term => term.Variables.Any(variable => variable.ToString() == name || variable.Variables.Contains(name)));
}
