using System.Text.Json;
using Terrace.Bayes;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Tests.TestData;

namespace Terrace.Tests.StanCode;

/// <summary>A model as <c>bench/stan-code/cases.txt</c> describes it, built as the command line builds it.</summary>
internal static class StanModelCase
{
    public static BayesianModel Model(JsonElement json)
    {
        string Text(string name) => json.GetProperty(name).GetString()!;
        string[] options = [.. json.GetProperty("options").EnumerateArray().Select(option => option.GetString()!)];
        string[] Options(string name) => [.. options.Where(option => option.StartsWith(name + "=", StringComparison.Ordinal)).Select(option => option[(name.Length + 1)..])];
        var declared = new List<ColumnDeclaration>();
        foreach (string factor in Options("factor")) declared.Add(ColumnDeclaration.Factor(factor));
        foreach (string ordered in Options("ordered")) declared.Add(ColumnDeclaration.Ordered(ordered.Split('=')[0], ordered.Split('=')[1].Split(',')));
        Frame data = CsvFile.Read(Fixtures.DataPath(Text("data")), new CsvOptions { Columns = declared });
        if (Options("where") is [_]) data = data.Where([.. Enumerable.Range(0, data.RowCount).Select(row => double.Parse(data.Get("log_radon").TextAt(row)!, System.Globalization.CultureInfo.InvariantCulture) > 0.2)]);
        Expression? Option(string name) => Options(name) is [{ } text] ? Expression.Parse(text) : null;
        var frameOptions = new ModelFrameOptions { Weights = Option("weights"), Trials = Option("trials") };
        ModelOutline outline = Outline(Text("formula"), Text("family"), Text("link"), data, frameOptions, Options("dispersion"), Options("zero-inflation"));
        PriorPreset preset = Text("priors") == "brms" ? PriorPreset.Brms : PriorPreset.Rstanarm;
        return outline.With(UserPriors.Apply(DefaultPriors.Of(outline, preset), outline, [.. Options("prior").Select(UserPrior.Parse)]).Model);
    }

    private static ModelOutline Outline(string text, string family, string link, Frame data, ModelFrameOptions options, string[] dispersion, string[] zeroInflation)
    {
        var formula = Formula.Parse(text);
        bool distributional = dispersion.Length + zeroInflation.Length > 0 || !Family.Names.Contains(family) && family != "categorical";
        if (distributional)
        {
            Formula? Part(string[] part) => part is [{ } one] ? Formula.Parse(one) : null;
            ComponentRows all = ComponentFrames.Learn(formula, Part(dispersion), Part(zeroInflation), data, options).Encode(data);
            return ModelOutline.Of(all, ResponseFamily.Parse(family, link));
        }
        ModelRows rows = ModelFrame.Learn(formula, data, options).Encode(data);
        return family == "categorical" ? ModelOutline.OfCategories(rows) : ModelOutline.Of(rows, Family.Parse(family, link));
    }
}
