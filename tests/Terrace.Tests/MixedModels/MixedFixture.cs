using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MixedModels;

/// <summary>A mixed model of the reference results: its data as the generating R code prepared them, its formula, its rows.</summary>
internal static class MixedFixture
{
    private static readonly ConcurrentDictionary<(string, Information, bool), Lazy<MixedModelFit>> Fits = new();

    /// <summary>The fit; asked for again it is the same one.</summary>
    public static MixedModelFit Fit(string name, Information information = Information.Observed, bool collapse = true) =>
        Fits.GetOrAdd((name, information, collapse), key => new Lazy<MixedModelFit>(() => Compute(name, information, collapse))).Value;

    private static MixedModelFit Compute(string name, Information information, bool collapse)
    {
        var reference = Fixtures.Reference(name);
        var rows = Rows(name, collapse);
        return reference.GetProperty("method").GetString()! switch
        {
            "REML" => LinearMixedModel.Fit(rows),
            "ML" => LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = false }),
            _ => GeneralizedLinearMixedModel.Fit(rows, FamilyOf(reference), new GeneralizedLinearMixedModelOptions { Information = information }),
        };
    }

    public static ModelRows Rows(string name, bool collapse = true)
    {
        var (frame, text, model) = Model(name);
        return model.Encode(frame, new EncodeOptions { Collapse = collapse });
    }

    public static (Frame Frame, string Formula, ModelFrame Model) Model(string name)
    {
        var reference = Fixtures.Reference(name);
        var frame = Data(name, reference);
        string text = reference.GetProperty("formula").GetString()!;
        return (frame, text, ModelFrame.Learn(Formula.Parse(text), frame, Options(name)));
    }

    public static Family FamilyOf(JsonElement reference) =>
        Family.Parse(reference.GetProperty("family").GetString()!.ToLowerInvariant(), reference.GetProperty("link").GetString()!);

    private static ModelFrameOptions Options(string name) => name switch
    {
        "lmer_sleepstudy_weights" => new ModelFrameOptions { Weights = Expression.Parse("Days + 1") },
        "glmer_cbpp_proportion_weights" => new ModelFrameOptions { Weights = Expression.Parse("size") },
        "lmer_owls_contr_sum" => new ModelFrameOptions
        {
            Contrasts = new Dictionary<string, ContrastCoding> { ["FoodTreatment"] = new(ContrastKind.Sum), ["SexParent"] = new(ContrastKind.Sum) },
        },
        _ => new ModelFrameOptions(),
    };

    private static Frame Data(string name, JsonElement reference)
    {
        string data = reference.GetProperty("data").GetString()!.Split(' ', ';', ',')[0];
        var frame = Fixtures.Data(data);
        return name switch
        {
            "glmer_cbpp_observation_level" => frame.With(new IntegerColumn("obs", [.. Enumerable.Range(1, frame.RowCount).Select(i => (long)i)])),
            "glmer_grouseticks" => frame.With(Centred(frame, "HEIGHT", "cHEIGHT")),
            "glmer_theoph_gamma_log" => frame.Where([.. Numbers(frame, "conc").Select(c => c > 0)]),
            "lmer_nes_year_slope_state" => frame.Where([.. Enumerable.Range(0, frame.RowCount).Select(i => frame.Columns.All(c => !c.IsMissing(i)))]),
            _ when data == "election88_polls" => WithStates(frame),
            _ => frame,
        };
    }

    private static NumericColumn Centred(Frame frame, string name, string centred)
    {
        double[] values = Numbers(frame, name);
        double mean = values.Average();
        return new NumericColumn(centred, [.. values.Select(v => v - mean)]);
    }

    private static Frame WithStates(Frame polls)
    {
        var states = Fixtures.Data("election88_states");
        double[] codes = Numbers(states, "state"), share = Numbers(states, "v_prev"), region = Numbers(states, "region"), own = Numbers(polls, "state");
        int[] row = [.. own.Select(s => Array.IndexOf(codes, s))];
        return polls.With(new NumericColumn("v_prev", [.. row.Select(r => share[r])])).With(new IntegerColumn("region", [.. row.Select(r => (long)region[r])]));
    }

    private static double[] Numbers(Frame frame, string name)
    {
        var column = frame.Get(name);
        return [.. Enumerable.Range(0, column.Count).Select(i => column.TextAt(i) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : double.NaN)];
    }
}
