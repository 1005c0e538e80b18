using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;

namespace Terrace.NonlinearModels;

/// <summary>A nonlinear formula that has met its data: which names are parameters and which are columns, and how rows are coded. Immutable.</summary>
public sealed class NonlinearModelFrame
{
    internal NonlinearModelFrame(NonlinearFormula formula, NonlinearMean mean, ModelFrame coding)
    {
        Formula = formula;
        Mean = mean;
        Coding = coding;
    }

    /// <summary>The formula.</summary>
    public NonlinearFormula Formula { get; }

    /// <summary>The mean function with its parameters and inputs.</summary>
    public NonlinearMean Mean { get; }

    /// <summary>How rows are coded: the inputs are the columns of the design, and each random term has the levels of its grouping factor.</summary>
    public ModelFrame Coding { get; }

    /// <summary>Whether a text is a formula of a nonlinear model: it has three parts, or calls a self-starting mean function. Of a text that is no formula, whether it has the '~' of one.</summary>
    public static bool IsNonlinear(string formula)
    {
        ArgumentNullException.ThrowIfNull(formula);
        if (formula.TrimStart().StartsWith('~')) return false;
        try
        {
            var (_, mean, random) = ExpressionParser.ParseNonlinearFormula(formula);
            return random is not null || mean.SelfAndParts().Any(part => part is CallExpression call && SelfStartingFunctions.Find(call.Function) is not null);
        }
        catch (FormulaException)
        {
            return formula.Count(c => c == '~') > 1;
        }
    }

    /// <summary>Learns the coding of <paramref name="data"/>.</summary>
    /// <exception cref="FormulaException">A name is neither a column nor a parameter, an input is no number, or a parameter has a column's name; the message shows where.</exception>
    /// <exception cref="ModelException">No row is complete.</exception>
    public static NonlinearModelFrame Learn(NonlinearFormula formula, IRowBlocks data, NonlinearModelOptions? options = null, ModelFrameOptions? frameOptions = null)
    {
        ArgumentNullException.ThrowIfNull(formula);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new NonlinearModelOptions();
        if (frameOptions?.Offset is not null) throw new ModelException("A nonlinear model has no offset beside its formula; write it into the mean function.");
        if (frameOptions?.Trials is not null) throw new ModelException("A nonlinear model is Gaussian and has no trials.");
        var mean = NonlinearMean.Of(formula, options.Start.Keys, options.Functions);
        CheckNames(formula, mean, data);
        ModelFrame coding = ModelFrame.Learn(CodingFormula(formula, mean), data, frameOptions);
        CheckInputs(mean, coding);
        return new NonlinearModelFrame(formula, mean, coding);
    }

    /// <summary>Codes rows as the training data were coded.</summary>
    /// <exception cref="FormulaException">A variable is not there or has another type.</exception>
    /// <exception cref="ModelException">A level is new or a value missing though that is refused.</exception>
    public ModelRows Encode(IRowBlocks data, EncodeOptions? options = null) => Coding.Encode(data, options);

    /// <summary>The linear formula whose design holds the inputs as columns and, for each random term, the codes of its groups.</summary>
    private static Formula CodingFormula(NonlinearFormula formula, NonlinearMean mean)
    {
        SourcePlace place = formula.Mean.Place;
        Expression terms = new NumberExpression(0, place);
        foreach (Expression input in mean.Inputs) terms = new BinaryExpression("+", terms, input, input.Place);
        foreach (RandomTerm term in formula.RandomTerms)
        {
            var bar = new BinaryExpression("|", new NumberExpression(1, place), term.Group, term.Group.Place);
            terms = new BinaryExpression("+", terms, new ParenthesizedExpression(bar, term.Group.Place), term.Group.Place);
        }
        return Formulas.Formula.Of(formula.Response, terms);
    }

    private static void CheckNames(NonlinearFormula formula, NonlinearMean mean, IRowBlocks data)
    {
        string[] columns = [.. data.Header.Columns.Select(column => column.Name)];
        foreach (NameExpression name in formula.Mean.SelfAndParts().OfType<NameExpression>())
        {
            bool isColumn = columns.Contains(name.Name), isParameter = mean.Parameters.Contains(name.Name);
            if (isColumn && isParameter) throw name.Place.Fault($"'{name.Name}' is a column of {data.Source}, so it cannot be a parameter{Signature(mean)}; call the parameter something else.");
            if (isColumn || isParameter) continue;
            string hint = NearestName.Hint(name.Name, columns.Concat(mean.Parameters));
            throw name.Place.Fault($"'{name.Name}' is neither a column of {data.Source} nor a parameter with a start value.{hint} A parameter needs a start value (--start {name.Name}=1).");
        }
        foreach (Expression input in mean.Inputs)
        {
            if (input is CallExpression { Function: "offset" }) throw input.Place.Fault("A mean function has no offset(); add the column itself.");
            if (input.Equals(formula.Response)) throw input.Place.Fault("The response cannot be an input of its own mean.");
        }
    }

    private static string Signature(NonlinearMean mean) => mean.SelfStart is { } function ? $" of {function}" : "";

    private static void CheckInputs(NonlinearMean mean, ModelFrame coding)
    {
        for (int i = 0; i < mean.Inputs.Count; i++)
        {
            Expression input = mean.Inputs[i];
            if (coding.FactorLevels.ContainsKey(input.ToString()))
                throw input.Place.Fault($"'{input}' has no numbers, so it cannot be an input of a mean function; as.numeric() makes numbers of it.");
            if (coding.Assign.Count(term => term == i + 1) != 1)
                throw input.Place.Fault($"'{input}' has several columns; an input of a mean function has one.");
        }
    }
}
