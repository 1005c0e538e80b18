using System.Globalization;
using Terrace.Bayes;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;

namespace Terrace.CompareBayes;

/// <summary>The models of the comparison, with the priors of the benchmark's description.</summary>
internal static class SurveyModel
{
    private const string Groups = "male + repvote + region + (1 | state) + (1 | eth) + (1 | educ) + (1 | age) + (1 | male:eth) + (1 | educ:age) + (1 | educ:eth)";

    /// <summary>The MRP model of a file of cells (<c>mrp_cells_*.csv.gz</c>).</summary>
    public static BayesianModel OfCells(string path, out IReadOnlyList<PriorDescription> told) => Of(Read(path), out told);

    /// <summary>The MRP model of a file of respondents.</summary>
    public static BayesianModel OfRows(Frame data, out IReadOnlyList<PriorDescription> told) => Of(data, $"y ~ {Groups}", out told);

    /// <summary>The data with text as factors, "North Central" first among the regions.</summary>
    public static Frame Read(string path) => CsvFile.Read(path, new CsvOptions { Columns = [new ColumnDeclaration("region", ColumnType.Factor, ["North Central", "Northeast", "South", "West"])] });

    /// <summary><c>log_radon ~ floor + log_uranium + (1 | county)</c> under rstanarm's default priors.</summary>
    public static BayesianModel Radon(string path, out IReadOnlyList<PriorDescription> told)
    {
        Frame data = CsvFile.Read(path);
        ModelOutline outline = ModelOutline.Of(ModelFrame.Learn(Formula.Parse("log_radon ~ floor + log_uranium + (1 | county)"), data).Encode(data), Family.Gaussian());
        ChosenPriors priors = DefaultPriors.Of(outline, PriorPreset.Rstanarm);
        told = priors.Descriptions;
        return outline.With(priors.Model);
    }

    public static BayesianModel Of(Frame cells, out IReadOnlyList<PriorDescription> told) => Of(cells, $"cbind(yes, trials - yes) ~ {Groups}", out told);

    private static BayesianModel Of(Frame data, string formula, out IReadOnlyList<PriorDescription> told)
    {
        ModelOutline outline = ModelOutline.Of(ModelFrame.Learn(Formula.Parse(formula), data).Encode(data), Family.Binomial());
        var own = new List<UserPrior> { UserPrior.Parse("normal(0, 2.5) on intercept"), UserPrior.Parse("exponential(2) on sd") };
        foreach (var (name, sd) in outline.Coefficients) own.Add(UserPrior.Parse(string.Create(CultureInfo.InvariantCulture, $"normal(0, {1 / sd:R}) on b:{name}")));
        ChosenPriors priors = UserPriors.Apply(DefaultPriors.Of(outline, PriorPreset.Brms), outline, own);
        told = priors.Descriptions;
        return outline.With(priors.Model);
    }
}
