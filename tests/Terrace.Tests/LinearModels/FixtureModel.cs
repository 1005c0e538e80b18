using System.Text.Json;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.LinearModels;
using Terrace.Tests.Families;
using Terrace.Tests.TestData;

namespace Terrace.Tests.LinearModels;

/// <summary>The model behind a reference result of R's lm or glm: its rows, collapsed to cells or not, and its fit.</summary>
internal sealed class FixtureModel
{
    private readonly NamedColumns _columns;
    private readonly string[] _design;
    private readonly bool _collapse;

    public FixtureModel(string name, bool collapse)
    {
        Name = name;
        Reference = Fixtures.Reference(name);
        _collapse = collapse;
        string data = Reference.GetProperty("data").GetString()!.Split(' ', ';')[0];
        Frame frame = Fixtures.Data(data);
        _columns = NamedColumns.Of(frame, Reference);
        _design = [.. Reference.GetProperty("design_columns").EnumerateArray().Select(e => e.GetString()!)];
        Rows = Make(_columns, Response(name), Weights(name));
    }

    public string Name { get; }

    public JsonElement Reference { get; }

    public ModelRows Rows { get; }

    public bool IsLinear => Name.StartsWith("lm_", StringComparison.Ordinal);

    public Family Family => IsLinear ? Family.Gaussian() : Family.Parse(
        Reference.GetProperty("family").GetString() switch { "Gamma" => "gamma", "inverse.gaussian" => "inverse-gaussian", var other => other! },
        Reference.GetProperty("link").GetString());

    public GeneralizedLinearModelFit Fit() => IsLinear ? LinearModel.Fit(Rows) : GeneralizedLinearModel.Fit(Rows, Family);

    public ModelRows NewRows() => Make(NamedColumns.OfNewData(Reference), null, null);

    private ModelRows Make(NamedColumns columns, ResponseValues? response, double[]? weights)
    {
        double[][] x = [.. _design.Select(columns.Column)];
        double[][] rows = [.. Enumerable.Range(0, columns.Rows).Select(i => x.Select(c => c[i]).ToArray())];
        ModelRows made = RowsByHand.Make(rows, response, weights, null, Offset(columns), _collapse);
        return made with
        {
            Design = made.Design with { ColumnNames = _design, Assign = [.. _design.Select(n => n == "(Intercept)" ? 0 : 1)] },
        };
    }

    private double[]? Offset(NamedColumns columns) => Name switch
    {
        "lm_mtcars_weights_offset" => [.. columns.Numbers("disp").Select(d => 0.01 * d)],
        "glm_owls_poisson_offset" => columns.Numbers("logBroodSize"),
        _ => null,
    };

    private double[]? Weights(string name) => name switch
    {
        "lm_mtcars_weights_offset" => _columns.Numbers("hp"),
        "glm_cbpp_proportion_weights" => _columns.Numbers("size"),
        _ => null,
    };

    private ResponseValues Response(string name)
    {
        double[] incidence() => _columns.Numbers("incidence");
        double[] size() => _columns.Numbers("size");
        if (name == "glm_cbpp_proportion_weights") return RowsByHand.Numbers([.. incidence().Zip(size(), (i, s) => i / s)]);
        if (name.StartsWith("glm_cbpp", StringComparison.Ordinal)) return RowsByHand.Cbind(incidence(), [.. incidence().Zip(size(), (i, s) => s - i)]);
        if (name.StartsWith("glm_contraception", StringComparison.Ordinal)) return RowsByHand.Levels(["N", "Y"], [.. _columns.Text("use").Select(t => t == "Y" ? 1.0 : 0)]);
        string[] words = name.Split('_');
        string variable = words[1] switch
        {
            "mtcars" => "mpg",
            "radon" => "log_radon",
            "warpbreaks" => "breaks",
            "students" => "response",
            "owls" => "SiblingNegotiation",
            _ => name == "glm_clotting_gamma_log" ? "lot2" : "lot1",
        };
        return RowsByHand.Numbers(_columns.Numbers(variable));
    }
}
