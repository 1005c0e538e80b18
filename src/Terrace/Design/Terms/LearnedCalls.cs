using Terrace.Data;
using Terrace.Formulas;

namespace Terrace.Design.Terms;

/// <summary>All calls of a model that depend on whole columns, as learned from the training data, by the text of the call.</summary>
internal sealed class LearnedCalls : ILearnedCalls
{
    private readonly Dictionary<string, LearnedCall> _calls;

    /// <summary>Restores calls that were learned before.</summary>
    public LearnedCalls(IEnumerable<KeyValuePair<string, LearnedCall>> calls) => _calls = new Dictionary<string, LearnedCall>(calls, StringComparer.Ordinal);

    /// <summary>The calls by their text.</summary>
    public IReadOnlyDictionary<string, LearnedCall> Calls => _calls;

    /// <summary>Learns the calls in <paramref name="expressions"/>, inner ones first; each round of nesting reads the data once and holds the columns of that round.</summary>
    public static LearnedCalls Learn(IEnumerable<Expression> expressions, IRowBlocks data)
    {
        var learned = new LearnedCalls([]);
        CallExpression[] open = [.. expressions.SelectMany(expression => expression.SelfAndParts()).OfType<CallExpression>()
            .Where(DataDependentFunctions.Contains).DistinctBy(call => call.ToString(), StringComparer.Ordinal)];
        while (open.Length > 0)
        {
            CallExpression[] ready = [.. open.Where(learned.IsReady)];
            Column[] columns = Collect(ready, data, learned);
            for (int i = 0; i < ready.Length; i++) learned._calls.Add(ready[i].ToString(), CallLearning.Learn(ready[i], columns[i]));
            open = [.. open.Except(ready)];
        }
        return learned;
    }

    /// <inheritdoc/>
    public Column Apply(CallExpression call, Column argument) => _calls[call.ToString()].Apply(argument, DataDependentFunctions.FirstArgument(call));

    private bool IsReady(CallExpression call) => call.Parts().SelectMany(part => part.SelfAndParts()).OfType<CallExpression>()
        .Where(DataDependentFunctions.Contains).All(inner => _calls.ContainsKey(inner.ToString()));

    private static Column[] Collect(CallExpression[] calls, IRowBlocks data, LearnedCalls learned)
    {
        Expression[] arguments = [.. calls.Select(DataDependentFunctions.FirstArgument)];
        var parts = Array.ConvertAll(arguments, argument => new List<Column> { new ExpressionEvaluator(data.Header, learned).Rows(argument) });
        foreach (Frame block in data.Blocks())
        {
            var evaluator = new ExpressionEvaluator(block, learned);
            for (int i = 0; i < arguments.Length; i++) parts[i].Add(evaluator.Rows(arguments[i]));
        }
        for (int i = 0; i < arguments.Length; i++)
            if (parts[i][0] is MatrixColumn) throw arguments[i].Place.Fault($"'{arguments[i]}' has several columns; {calls[i].Function}() takes one.");
        return Array.ConvertAll(parts, columns => Concatenation.Of(columns));
    }
}
