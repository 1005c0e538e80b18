using Terrace.Formulas;

namespace Terrace.Poststratification;

/// <summary>Lists how a formula uses each variable of its right-hand side.</summary>
internal static class FormulaVariables
{
    private static readonly string[] FactorFunctions = ["factor", "as.factor", "ordered", "relevel", "droplevels"];

    /// <summary>The variables in the order in which they first appear; covariates of group-level terms count as fixed, since they too need levels they have seen.</summary>
    public static IReadOnlyList<VariableUse> Of(Formula formula)
    {
        var uses = new Dictionary<string, VariableUse>(StringComparer.Ordinal);
        foreach (Expression variable in formula.FixedTerms.SelectMany(term => term.Variables)) Add(uses, variable, isGroup: false);
        foreach (Expression offset in formula.Offsets) Add(uses, offset, isGroup: false);
        foreach (RandomTerm term in formula.RandomTerms)
        {
            foreach (Expression variable in term.Terms.SelectMany(effect => effect.Variables)) Add(uses, variable, isGroup: false);
            foreach (Expression factor in term.GroupFactors) Add(uses, factor, isGroup: true);
            if (term.Structure is { } structure) uses[structure.Variable.ToString()] = uses[structure.Variable.ToString()] with { IsStructured = true };
        }
        return [.. uses.Values];
    }

    private static void Add(Dictionary<string, VariableUse> uses, Expression expression, bool isGroup)
    {
        bool isFactor = !isGroup && expression is CallExpression call && FactorFunctions.Contains(call.Function);
        foreach (string name in expression.Variables)
        {
            VariableUse use = uses.GetValueOrDefault(name, new VariableUse(name, false, false, false));
            uses[name] = use with { IsFixed = use.IsFixed || !isGroup, IsGroup = use.IsGroup || isGroup, IsFactor = use.IsFactor || isFactor };
        }
    }
}
