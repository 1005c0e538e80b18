using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;

namespace Terrace.CompareLme4;

/// <summary>One model of the comparison: its data file, its formula as terrace and as R write it, and the columns that are factors.</summary>
/// <param name="Name">A word for the command line.</param>
/// <param name="Title">What the table says.</param>
/// <param name="File">The data file.</param>
/// <param name="Text">The formula.</param>
/// <param name="Binomial">Whether the family is binomial with the logit link, else Gaussian.</param>
/// <param name="Reml">Whether a linear model is fitted by REML, else by maximum likelihood.</param>
/// <param name="Factors">The columns that are factors, with their levels in order where that matters.</param>
internal sealed record Workload(string Name, string Title, string File, string Text, bool Binomial, bool Reml, params ColumnDeclaration[] Factors)
{
    /// <summary>The models of the comparison, as bench/compare-lme4/compare.R has them.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("sleepstudy", "sleepstudy, REML (180 rows)", "sleepstudy.csv.gz", "Reaction ~ 1 + Days + (1 + Days | Subject)", false, true, Factor("Subject")),
        new("insteval", "InstEval, ML (73,421 rows; 2,972 × 1,128 × 28 levels)", "insteval.csv.gz", "y ~ 1 + service + (1 | s) + (1 | d) + (1 | dept:service)", false, false,
            Factor("s"), Factor("d"), Factor("dept"), Factor("service")),
        new("large", "LMM-large, ML (1,000,000 rows; random slope)", "lmm_large_1000000.csv.gz", "y ~ 1 + x + w + (1 + x | g1) + (1 | g2)", false, false, Factor("g1"), Factor("g2")),
        new("contraception", "Contraception, Laplace (1,934 rows; random slope)", "contraception.csv.gz", "use ~ age + I(age^2) + urban + livch + (1 + urban | district)", true, false,
            Factor("district"), Factor("use", "N", "Y"), Factor("urban", "N", "Y"), Factor("livch")),
        new("verbagg", "VerbAgg, Laplace (7,584 rows)", "verbagg.csv.gz", "r2 ~ Anger + Gender + btype + situ + mode + (1 | id) + (1 | item)", true, false,
            Factor("id"), Factor("item"), Factor("btype", "curse", "scold", "shout"), Factor("situ", "other", "self"), Factor("mode", "do", "want"), Factor("r2", "N", "Y"), Factor("Gender", "F", "M")),
        new("mrp-cells", "MRP, Laplace, 6,933 binomial cells", "mrp_cells_60000.csv.gz", "cbind(yes, trials - yes) ~ " + Mrp, true, false, MrpFactors),
        new("mrp-rows", "MRP, Laplace, the same as 60,000 rows", "mrp_survey_60000.csv.gz", "y ~ " + Mrp, true, false, MrpFactors),
    ];

    private const string Mrp = "male + repvote + region + (1 | state) + (1 | eth) + (1 | educ) + (1 | age) + (1 | male:eth) + (1 | educ:age) + (1 | educ:eth)";

    private static ColumnDeclaration[] MrpFactors =>
        [Factor("state"), Factor("eth"), Factor("educ"), Factor("age"), Factor("region", "North Central", "Northeast", "South", "West")];

    /// <summary>The data in memory.</summary>
    public Frame Read(string folder) => CsvFile.Read(Path.Combine(folder, File), new CsvOptions { Columns = Factors });

    /// <summary>The fit: from the data in memory over the formula, the coding of factors and the model matrices to the estimates.</summary>
    public MixedModelFit Fit(IRowBlocks data) => Estimate(ModelFrame.Learn(Formula.Parse(Text), data).Encode(data));

    /// <summary>The part of the fit that follows the model matrices.</summary>
    public MixedModelFit Estimate(ModelRows rows) =>
        Binomial ? GeneralizedLinearMixedModel.Fit(rows, Family.Binomial()) : LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = Reml });

    private static ColumnDeclaration Factor(string name, params string[] levels) => ColumnDeclaration.Factor(name, levels.Length == 0 ? null : levels);
}
