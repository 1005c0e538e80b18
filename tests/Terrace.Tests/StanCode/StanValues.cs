using System.Text.Json;
using Terrace.Bayes;
using Terrace.DistributionalModels;

namespace Terrace.Tests.StanCode;

/// <summary>A draw of a model's variables from the values that its Stan program's variables have.</summary>
internal sealed class StanValues(BayesianModel model, JsonElement point)
{
    private readonly double[] _draw = [.. Enumerable.Repeat(double.NaN, model.Layout.Count)];

    public double[] Draw()
    {
        ModelStructure structure = model.Structure;
        foreach (AuxiliaryParameter parameter in structure.Auxiliary.Where(parameter => point.TryGetProperty(parameter.Name, out _))) Set(parameter.Name, Number(parameter.Name));
        int number = 1;
        foreach (PredictorDesign predictor in structure.Predictors)
        {
            string suffix = predictor.Component switch { Component.Dispersion => "_dispersion", Component.ZeroInflation => "_zero", _ => structure.IsCategorical ? $"_{predictor.Predictor + 2}" : "" };
            Fixed(predictor, suffix);
            foreach (GroupTerm term in structure.Terms.Where(term => term.Predictor == predictor.Predictor)) Term(term, structure.Priors.Terms[structure.Terms.ToList().IndexOf(term)], number++);
        }
        Assert.DoesNotContain(double.NaN, _draw);
        return _draw;
    }

    private void Fixed(PredictorDesign predictor, string suffix)
    {
        string prefix = Prefix(predictor.Component);
        int first = predictor.HasIntercept ? 1 : 0;
        string[] names = [.. predictor.CoefficientNames];
        double[] b = names.Length > first ? Numbers($"b{suffix}") : [];
        double shift = b.Select((value, j) => value * (predictor.HasIntercept || predictor.First > 0 ? predictor.Means[j] : 0)).Sum();
        if (first == 1) Set($"b[{prefix}(Intercept)]", Number($"Intercept{suffix}") - shift);
        for (int j = first; j < names.Length; j++) Set($"b[{prefix}{names[j]}]", b[j - first]);
        AuxiliaryParameter[] thresholds = [.. model.Structure.Auxiliary.Where(parameter => parameter.Kind is AuxiliaryKind.FirstThreshold or AuxiliaryKind.NextThreshold)];
        for (int k = 0; k < thresholds.Length; k++) Set(thresholds[k].Name, Numbers("thresholds")[k] + shift);
        foreach (string name in new[] { "hs_global", "hs_slab", "R2D2_R2" })
            if (point.TryGetProperty(name, out _)) Set(name, Number(name));
        foreach (string name in new[] { "hs_local", "R2D2_phi" })
            if (point.TryGetProperty(name, out _))
                for (int j = first; j < names.Length; j++) Set($"{name}[{names[j]}]", Numbers(name)[j - first]);
    }

    private void Term(GroupTerm term, TermPrior prior, int number)
    {
        string prefix = Prefix(term.Component);
        double unit = prior.RelativeToSigma ? Number(model.Structure.Auxiliary[0].Name) : 1;
        for (int j = 0; j < term.Width; j++) Set($"sd[{prefix}{term.Group},{term.TermNames[j]}]", unit * (term.Width == 1 ? Number($"sd_{number}") : Numbers($"sd_{number}")[j]));
        for (int i = 1; i < term.Width; i++)
            for (int j = 0; j < i; j++) Set($"cor[{prefix}{term.Group},{term.TermNames[j]},{term.TermNames[i]}]", Row($"L_{number}", i).Zip(Row($"L_{number}", j), (a, b) => a * b).Sum());
        for (int level = 0; level < term.Levels.Count; level++)
            for (int j = 0; j < term.Width; j++) Set($"r[{prefix}{term.Group},{term.Levels[level]},{term.TermNames[j]}]", term.Width == 1 ? Numbers($"r_{number}")[level] : Row($"r_{number}", j)[level]);
        if (term.Parameter is { } parameter) Set(parameter, Number($"{term.Structure!.Parameter}_{number}"));
    }

    private static string Prefix(string component) => component == Component.Conditional ? "" : component + ",";

    private void Set(string name, double value)
    {
        int column = model.Layout.IndexOf(name);
        Assert.True(column >= 0, $"There is no variable {name}.");
        _draw[column] = value;
    }

    private double Number(string name) => point.GetProperty(name) is { ValueKind: JsonValueKind.Array } array ? array[0].GetDouble() : point.GetProperty(name).GetDouble();

    private double[] Numbers(string name) => point.GetProperty(name) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray().Select(value => value.GetDouble())] : [point.GetProperty(name).GetDouble()];

    private double[] Row(string name, int row) => [.. point.GetProperty(name)[row].EnumerateArray().Select(value => value.GetDouble())];
}
