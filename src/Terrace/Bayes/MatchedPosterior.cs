using Terrace.Inference.Evaluation;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Bayes;

/// <summary>The posterior of a fit as moment matching moves it: its draws in non-centred coordinates, densities and likelihoods of single observations elsewhere. A workspace of one thread.</summary>
internal sealed class MatchedPosterior : IMatchedPosterior
{
    private readonly BayesianFit _fit;
    private readonly ILogDensity _density;
    private readonly double[] _gradient;

    public MatchedPosterior(BayesianFit fit)
    {
        _fit = fit;
        _density = fit.Model.CreateEvaluator();
        _gradient = new double[_density.Dimension];
        Positions = new Matrix(_density.Dimension, fit.Draws.Count);
        var draw = new double[fit.Draws.Layout.Count];
        for (int s = 0; s < fit.Draws.Count; s++)
        {
            fit.Draws.CopyDraw(s, draw);
            _density.Unconstrain(draw, Positions.Column(s));
        }
    }

    public int Dimension => _density.Dimension;

    public Matrix Positions { get; }

    public void Evaluate(int observation, Matrix positions, Span<double> logDensity, Span<double> logLikelihood)
    {
        int columns = _fit.Draws.Layout.Count, count = positions.Columns;
        double[] draw = new double[columns], values = new double[columns * count];
        var rng = new Rng(0, 0);
        for (int s = 0; s < count; s++)
        {
            DensityValue value = _density.Evaluate(positions.Column(s), _gradient);
            logDensity[s] = value.IsAccepted ? value.Value : double.NegativeInfinity;
            _density.WriteDraw(positions.Column(s), rng, draw);
            for (int c = 0; c < columns; c++) values[c * count + s] = draw[c];
        }
        new RowLogLikelihood(_fit.Model, new Draws(_fit.Draws.Layout, 1, count, values)).Write(observation, logLikelihood);
    }
}
