using Terrace.Data;
using Terrace.Formulas;

namespace Terrace.Cli.Options;

/// <summary>The family that the outcome of a survey calls for where none was named.</summary>
internal static class OutcomeFamily
{
    /// <summary><c>binomial</c> for yes-or-no outcomes (0/1, logical, two levels, a comparison, successes with failures or trials), otherwise <c>gaussian</c>.</summary>
    public static string Of(Formula formula, Frame survey, bool hasTrials)
    {
        bool binary = hasTrials || formula.Response switch
        {
            CallExpression call => call.Function == "cbind",
            BinaryExpression comparison => comparison.Operator is "==" or "!=" or "<" or ">" or "<=" or ">=" or "&" or "|" or "%in%",
            UnaryExpression negation => negation.Operator == "!",
            NameExpression name => survey.Find(name.Name) is { } column && IsBinary(column),
            _ => false,
        };
        return binary ? "binomial" : "gaussian";
    }

    private static bool IsBinary(Column column) => column switch
    {
        LogicalColumn => true,
        Factor factor => factor.Levels.Count == 2,
        TextColumn text => FactorConversion.From(text).Levels.Count == 2,
        IntegerColumn integers => integers.Values.ToArray().All(value => value is 0 or 1 or IntegerColumn.Missing),
        NumericColumn numbers => numbers.Values.ToArray().All(value => value is 0 or 1 or double.NaN),
        _ => false,
    };
}
