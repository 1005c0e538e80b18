using Terrace.Design;
using Terrace.DistributionalModels;
using Terrace.Inference.Posterior;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Bayes;

/// <summary>
/// The linear predictors of rows of new data under every draw (rstanarm's and brms's <c>posterior_linpred</c>), row by row. A level that the fit has not seen has effects drawn from N(0, Σ) of each draw, or those of levels of the fit (<see cref="NewLevelEffects"/>), the same for all
/// its rows and independent between levels and draws (brms's <c>sample_new_levels = "gaussian"</c>). A workspace of one thread.
/// </summary>
/// <remarks>Gelman and Hill (2007), section 21.2, on predicting new groups. Checked in <c>BayesianPredictionTests</c>.</remarks>
internal sealed class PosteriorPredictors
{
    private const ulong NewLevelStream = 1UL << 43;
    private readonly PosteriorCoefficients _coefficients;
    private readonly ComponentRows _rows;
    private readonly bool _newGroups;
    private readonly ulong _seed;
    private readonly NewLevelEffects _newLevels;
    private readonly (TermColumns Term, int Index)[] _terms;
    private readonly Dictionary<(int Term, int Level), double[]> _newEffects = [];

    /// <param name="coefficients">The posterior.</param>
    /// <param name="rows">The rows, coded as the training data were, new levels allowed.</param>
    /// <param name="groups">The grouping factors whose effects count; null for all.</param>
    /// <param name="newGroups">Whether every level counts as unseen.</param>
    /// <param name="seed">The seed of new levels' effects.</param>
    /// <param name="newEffects">Where these come from.</param>
    public PosteriorPredictors(PosteriorCoefficients coefficients, ComponentRows rows, IReadOnlyCollection<string>? groups, bool newGroups, ulong seed, NewLevelEffects newEffects = NewLevelEffects.Gaussian)
    {
        (_coefficients, _rows, _newGroups, _seed, _newLevels) = (coefficients, rows, newGroups, seed, newEffects);
        _terms = [.. coefficients.Terms.Select((term, k) => (term, k)).Where(t => groups?.Contains(t.term.Group) ?? true)];
        Values = [.. coefficients.Predictors.Select(_ => new double[coefficients.Draws.Count])];
    }

    /// <summary>The linear predictors of the row set last: one array of draws for each.</summary>
    public double[][] Values { get; }

    /// <summary>Computes those of a row.</summary>
    public void Set(int row)
    {
        for (int k = 0; k < Values.Length; k++) SetFixed(k, row);
        foreach ((TermColumns term, int index) in _terms) AddTerm(term, index, row);
    }

    private ModelRows RowsOf(string component) => component switch
    {
        Component.Dispersion => _rows.Dispersion!,
        Component.ZeroInflation => _rows.ZeroInflation!,
        _ => _rows.Conditional,
    };

    private void SetFixed(int k, int row)
    {
        PredictorColumns predictor = _coefficients.Predictors[k];
        ModelRows rows = RowsOf(predictor.Component);
        int cell = rows.RowToCell[row];
        Array.Fill(Values[k], rows.Design.Offset[cell]);
        for (int j = 0; j < predictor.Kept.Length; j++)
        {
            double x = rows.Design.X[cell, predictor.Kept[j]];
            if (x != 0) ContiguousLoops.AddMultiple(x, _coefficients.Draws.Column(predictor.First + j), Values[k]);
        }
    }

    private void AddTerm(TermColumns term, int index, int row)
    {
        int cell = _rows.Conditional.RowToCell[row];
        RandomTermDesign design = _rows.Conditional.Design.RandomTerms[term.Position];
        int level = design.Codes[cell];
        bool unseen = _newGroups || level >= term.Levels.Count;
        double[] drawn = unseen ? NewEffects(term, index, level) : [];
        int draws = _coefficients.Draws.Count;
        for (int j = 0; j < term.Width; j++)
        {
            ReadOnlySpan<double> effects = unseen ? drawn.AsSpan(j * draws, draws) : _coefficients.Draws.Column(term.Effects + level * term.Width + j);
            ContiguousLoops.AddMultiple(design.Z[cell, j], effects, Values[term.Predictor]);
        }
    }

    /// <summary>The effects of a level that the fit has not seen: component by component, one value for each draw.</summary>
    private double[] NewEffects(TermColumns term, int index, int level)
    {
        if (_newEffects.TryGetValue((index, level), out double[]? known)) return known;
        Draws draws = _coefficients.Draws;
        int count = draws.Count, width = term.Width;
        var effects = new double[width * count];
        var rng = new Rng(_seed, NewLevelStream + ((ulong)index << 32) + (ulong)level);
        var values = new double[draws.Layout.Count];
        var own = new double[width];
        var sampler = new NewLevelSampler(_newLevels, term.Levels.Count, width, _seed, ((ulong)index << 32) + (ulong)level);
        for (int s = 0; s < count; s++)
        {
            draws.CopyDraw(s, values);
            sampler.Into(values, term.Effects, term.Sd, term.Correlations, rng, own);
            for (int j = 0; j < width; j++) effects[j * count + s] = own[j];
        }
        return _newEffects[(index, level)] = effects;
    }
}
