using System.Text.Json;
using System.Text.RegularExpressions;
using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Design;

/// <summary>The models of the reference results with the data that they were fitted to.</summary>
internal static partial class ReferenceModels
{
    private static readonly string[] NoDesigns = ["lmer_sleepstudy_profile", "glmer_nb_owls_theta"];

    /// <summary>The names of all references that are a model's fit (not a bootstrap or a profile).</summary>
    public static IEnumerable<string> Names => Directory.GetFiles(Path.Combine(Fixtures.Root, "tests", "Fixtures", "frequentist"), "*.json.gz")
        .Select(path => Path.GetFileName(path)[..^".json.gz".Length]).Where(name => name.StartsWith('l') || (name.StartsWith("glm", StringComparison.Ordinal) && !name.StartsWith("glmmtmb", StringComparison.Ordinal)))
        .Except(NoDesigns).Order();

    /// <summary>The formula of the reference's call.</summary>
    public static Formula Formula(JsonElement reference)
    {
        string call = Blanks().Replace(reference.GetProperty("call").GetString()!, " ");
        return Terrace.Formulas.Formula.Parse(FormulaArgument().Match(call).Groups[1].Value);
    }

    /// <summary>The data of reference <paramref name="name"/>.</summary>
    public static Frame Data(string name, JsonElement reference)
    {
        string set = FirstWord().Match(reference.GetProperty("data").GetString()!).Value;
        Frame rows = Fixtures.Data(set);
        return name switch
        {
            "lm_mtcars_aliased" => With(rows, "wt2", "2 * wt"),
            "glmer_theoph_gamma_log" => RowFilter.Parse("conc > 0").Apply(rows),
            "glmer_cbpp_observation_level" => new Frame([.. rows.Columns, new TextColumn("obs", [.. Enumerable.Range(1, rows.RowCount).Select(row => $"{row:000}")])]),
            "lmer_nes_year_slope_state" => rows.Select([.. Enumerable.Range(0, rows.RowCount).Where(row => rows.Columns.All(column => !column.IsMissing(row)))]),
            _ when set == "election88_polls" => GroupData.Join(rows, Fixtures.Data("election88_states")),
            _ => rows,
        };
    }

    /// <summary>The options of the reference's call.</summary>
    public static ModelFrameOptions Options(string name) => name switch
    {
        "lm_warpbreaks_sum_helmert" => Contrasts(("wool", "sum"), ("tension", "helmert")),
        "lmer_owls_contr_sum" => Contrasts(("FoodTreatment", "sum"), ("SexParent", "sum")),
        "lm_mtcars_weights_offset" => new ModelFrameOptions { Weights = Expression.Parse("hp") },
        "lmer_sleepstudy_weights" => new ModelFrameOptions { Weights = Expression.Parse("Days + 1") },
        "glm_cbpp_proportion_weights" or "glmer_cbpp_proportion_weights" => new ModelFrameOptions { Weights = Expression.Parse("size") },
        _ => new ModelFrameOptions(),
    };

    private static ModelFrameOptions Contrasts(params (string Name, string Kind)[] contrasts) =>
        new() { Contrasts = contrasts.ToDictionary(pair => pair.Name, pair => ContrastCoding.Parse(pair.Kind)) };

    private static Frame With(Frame rows, string name, string expression) =>
        new([.. rows.Columns, ExpressionEvaluator.Evaluate(Expression.Parse(expression), rows).WithName(name)]);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"formula = (.*?), (data|family|weights|REML) = ")]
    private static partial Regex FormulaArgument();

    [GeneratedRegex(@"^\w+")]
    private static partial Regex FirstWord();
}
