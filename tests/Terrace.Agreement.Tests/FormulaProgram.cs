using System.Text;
using System.Text.Json;
using Terrace.Bayes;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Numerics.RandomNumbers;
using Terrace.Stan;
using Terrace.Stan.Data;
using Terrace.StanCode;
using Terrace.Tests.StanCode;

namespace Terrace.Agreement.Tests;

/// <summary>A formula model beside the Stan program that it prints, compiled by our compiler with the data that it writes.</summary>
internal sealed class FormulaProgram
{
    private readonly BayesianModel _model;
    private readonly BoundStanModel _stan;

    public FormulaProgram(BayesianModel model, string name)
    {
        _model = model;
        StanProgram program = StanProgram.Of(model);
        using var data = new MemoryStream();
        program.WriteData(data);
        _stan = StanModel.Compile(program.Code, name).Bind(StanData.ParseJson(Encoding.UTF8.GetString(data.ToArray()), name));
        Formula = model.CreateEvaluator();
        Stan = _stan.CreateEvaluator();
    }

    /// <summary>The formula model's density.</summary>
    public ILogDensity Formula { get; }

    /// <summary>The program's density.</summary>
    public ILogDensity Stan { get; }

    /// <summary>The position of the program whose parameters have the values of a JSON object.</summary>
    public double[] StanPosition(JsonElement point)
    {
        var draw = new double[_stan.Layout.Count];
        int column = 0;
        foreach (Variable variable in _stan.Layout.Variables)
        {
            if (column < _stan.ParameterColumns)
                for (int k = 0; k < variable.Size; k++) draw[column + k] = Value(point.GetProperty(variable.Name), variable.Dimensions, k);
            column += variable.Size;
        }
        var position = new double[_stan.Dimension];
        Stan.Unconstrain(draw, position);
        return position;
    }

    /// <summary>The element that is number <paramref name="k"/> when the first index runs fastest; rstan drops a dimension of one element.</summary>
    private static double Value(JsonElement element, IReadOnlyList<int> dimensions, int k)
    {
        foreach (int size in dimensions)
        {
            if (element.ValueKind != JsonValueKind.Array) break;
            element = element[k % size];
            k /= size;
        }
        while (element.ValueKind == JsonValueKind.Array) element = element[0];
        return element.GetDouble();
    }

    /// <summary>The formula model's position at a position of the program: their values are made equal.</summary>
    public double[] FormulaPosition(double[] stanPosition)
    {
        var draw = new double[_stan.Layout.Count];
        Stan.WriteDraw(stanPosition, new Rng(1, 1), draw);
        var position = new double[_model.Dimension];
        Formula.Unconstrain(new StanValues(_model, Json(draw)).Draw(), position);
        return position;
    }

    /// <summary>A draw of the program as nested JSON.</summary>
    private JsonElement Json(double[] draw)
    {
        var values = new Dictionary<string, object>();
        int column = 0;
        foreach (Variable variable in _stan.Layout.Variables)
        {
            values[variable.Name] = Nested(draw.AsSpan(column, variable.Size), variable.Dimensions, 0, 0, 1);
            column += variable.Size;
        }
        return JsonSerializer.SerializeToElement(values);
    }

    private static object Nested(ReadOnlySpan<double> values, IReadOnlyList<int> dimensions, int level, int offset, int stride)
    {
        if (level == dimensions.Count) return values[offset];
        var elements = new object[dimensions[level]];
        for (int i = 0; i < elements.Length; i++) elements[i] = Nested(values, dimensions, level + 1, offset + (i * stride), stride * dimensions[level]);
        return elements;
    }
}
