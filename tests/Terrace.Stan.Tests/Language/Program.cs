using Terrace.Inference.LogDensities;
using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Data;

namespace Terrace.Stan.Tests.Language;

/// <summary>A program of a test with its data, and what tests ask of it.</summary>
internal sealed class Program
{
    private readonly BoundStanModel _model;
    private readonly ILogDensity _density;

    public Program(string text, string data = "{}", StanRunOptions? options = null)
    {
        _model = StanModel.Compile(text, "test.stan").Bind(StanData.ParseJson(data, "data.json"), options);
        _density = _model.CreateEvaluator();
    }

    /// <summary>The bound model.</summary>
    public BoundStanModel Model => _model;

    /// <summary>The values of a variable of the draw at a position (0 by default), first index fastest.</summary>
    public double[] Values(string variable, double[]? position = null)
    {
        var draw = new double[_model.Layout.Count];
        _density.WriteDraw(position ?? new double[_model.Dimension], new Rng(1, 1), draw);
        int offset = _model.Layout.OffsetOf(variable);
        return draw[offset..(offset + _model.Layout.Variables.First(v => v.Name == variable).Size)];
    }

    /// <summary>The log density.</summary>
    public DensityValue Evaluate(double[] position, double[]? gradient = null, bool jacobian = true) => _density.Evaluate(position, gradient ?? new double[position.Length], jacobian);

    /// <summary>Checks the gradient against central differences at random positions.</summary>
    public void VerifyGradient(double tolerance = 1e-6, double range = 0.8)
    {
        var rng = new Rng(11, 11);
        int n = _model.Dimension;
        for (int repeat = 0; repeat < 3; repeat++)
        {
            double[] x = [.. Enumerable.Range(0, n).Select(_ => range * ((2 * rng.NextDouble()) - 1))], gradient = new double[n], unused = new double[n];
            DensityValue value = _density.Evaluate(x, gradient);
            Assert.True(value.IsAccepted, $"{value.Rejection?.Reason} {value.Rejection?.Place}");
            for (int i = 0; i < n; i++)
            {
                double step = 1e-5, origin = x[i];
                x[i] = origin + step;
                double high = _density.Evaluate(x, unused).Value;
                x[i] = origin - step;
                double low = _density.Evaluate(x, unused).Value;
                x[i] = origin;
                double difference = (high - low) / (2 * step);
                Assert.True(Math.Abs(difference - gradient[i]) <= tolerance * (1 + Math.Abs(difference)), $"{_model.CoordinateNames[i]}: {gradient[i]:R}, differences {difference:R}");
            }
        }
    }
}
