using Terrace.DistributionalModels;
using Terrace.Inference.Posterior;

namespace Terrace.Bayes;

/// <summary>
/// The variables of a draw of a Bayesian model, under the names of the command line: <c>b[x]</c>, <c>sd[county,(Intercept)]</c>, <c>cor[county,(Intercept),floor]</c>, <c>r[county,AITKIN,(Intercept)]</c>, the
/// spatial part of mixed spatial terms, <c>spatial[bym2(state),Ohio]</c>, those of shrinkage priors (<c>hs_global</c>), then the parameters that are one number. Names of a component other than the conditional one begin with it: <c>b[zero-inflation,x]</c>.
/// </summary>
internal sealed class DrawLayout
{
    private readonly ModelStructure _structure;
    private readonly int _sd;
    private readonly int _cor;
    private readonly int _r;
    private readonly int _spatial;
    private readonly ShrinkageLayout _shrinkage;
    private readonly int _auxiliary;

    /// <summary>Names the variables.</summary>
    /// <exception cref="ModelException">Two group-level terms have one effect of one grouping factor in common.</exception>
    public DrawLayout(ModelStructure structure)
    {
        _structure = structure;
        string[] b = [.. structure.Predictors.SelectMany(predictor => predictor.CoefficientNames.Select(name => Prefix(predictor.Component) + name))];
        string[] sd = [.. structure.Terms.SelectMany(term => term.TermNames.Select(name => $"{Prefix(term.Component)}{term.Group},{name}"))];
        string[] cor = [.. structure.Terms.SelectMany(Correlations)];
        string[] r = [.. structure.Terms.SelectMany(term => term.Levels.SelectMany(level => term.TermNames.Select(name => $"{Prefix(term.Component)}{term.Group},{level},{name}")))];
        string[] spatial = [.. structure.Blocks.Where(block => block.Share == BlockShare.Spatial).Select(block => structure.Terms[block.Term]).SelectMany(term => term.Levels.Select(level => $"{Prefix(term.Component)}{term.Group},{level}"))];
        if (sd.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1)?.Key is { } twice)
            throw new ModelException($"Two group-level terms have the effect '{twice}', so that their standard deviations cannot be told apart; write it once.");
        Variable[] arrays = [.. new (string Name, string[] Elements)[] { ("b", b), ("sd", sd), ("cor", cor), ("r", r), ("spatial", spatial) }.Where(v => v.Elements.Length > 0).Select(v => new Variable(v.Name, v.Elements))];
        _sd = b.Length;
        _cor = _sd + sd.Length;
        _r = _cor + cor.Length;
        _spatial = _r + r.Length;
        _shrinkage = new ShrinkageLayout(structure, _spatial + spatial.Length);
        _auxiliary = _spatial + spatial.Length + _shrinkage.Count;
        Variables = new VariableLayout([.. arrays, .. _shrinkage.Variables, .. AuxiliaryVariables(structure)]);
    }

    /// <summary>The names of the columns.</summary>
    public VariableLayout Variables { get; }

    /// <summary>The first of the standard deviations.</summary>
    public int StandardDeviations => _sd;

    /// <summary>The first of the correlations.</summary>
    public int CorrelationStart => _cor;

    /// <summary>The first of the group-level effects; in the order of the coefficients x.</summary>
    public int Effects => _r;

    /// <summary>The first of the parameters of shrinkage priors, which go up to those that are one number.</summary>
    public int ShrinkageStart => _auxiliary - _shrinkage.Count;

    /// <summary>The first of the parameters that are one number.</summary>
    public int AuxiliaryStart => _auxiliary;

    /// <summary>Writes a draw from the coefficients x and θ.</summary>
    public void Write(ReadOnlySpan<double> x, ParameterState state, Span<double> draw)
    {
        foreach (PredictorDesign predictor in _structure.Predictors)
            predictor.Coefficients(x.Slice(predictor.Start, predictor.Count), draw.Slice(predictor.Start, predictor.Count));
        for (int k = 0, sd = _sd, cor = _cor; k < _structure.Terms.Count; k++)
        {
            TermCovariance covariance = state.Covariances[k];
            for (int j = 0; j < covariance.Width; j++) draw[sd++] = covariance.StandardDeviation(j);
            for (int i = 1; i < covariance.Width; i++)
                for (int j = 0; j < i; j++) draw[cor++] = covariance.Correlation(i, j);
        }
        _structure.Map.EffectsOf(x, draw.Slice(_r, _structure.EffectCount));
        _structure.Map.SpatialOf(x, draw[_spatial..ShrinkageStart]);
        _shrinkage.Write(state, draw);
        state.Auxiliary.Values.CopyTo(draw[_auxiliary..]);
        ShiftThresholds(draw, 1);
    }

    /// <summary>The coefficients x and the coordinates θ of a draw.</summary>
    /// <exception cref="ArgumentException">A value lies outside its support.</exception>
    public void Read(ReadOnlySpan<double> draw, ParameterState state, Span<double> x, Span<double> theta)
    {
        double[] values = draw.ToArray();
        ShiftThresholds(values, -1);
        foreach (PredictorDesign predictor in _structure.Predictors)
            predictor.FromCoefficients(values.AsSpan(predictor.Start, predictor.Count), x.Slice(predictor.Start, predictor.Count));
        _structure.Map.FromEffects(values.AsSpan(_r, _structure.EffectCount), values.AsSpan(_spatial..ShrinkageStart), x);
        state.Auxiliary.Invert(values.AsSpan(_auxiliary), theta[_structure.AuxiliaryStart..]);
        state.Auxiliary.Set(theta[_structure.AuxiliaryStart..], true);
        _shrinkage.Read(values, state, theta[_structure.ShrinkageStart..]);
        for (int k = 0, sd = _sd, cor = _cor; k < _structure.Terms.Count; k++)
        {
            int width = _structure.Terms[k].Width, first = cor;
            state.Covariances[k].Invert(values.AsSpan(sd, width), (i, j) => values[first + i * (i - 1) / 2 + j], state.Dispersion(k), theta[_structure.CovarianceStart[k]..]);
            sd += width;
            cor += CorrelationCoordinates.Count(width);
        }
    }

    /// <summary>Parameters that are one number; those of structured terms are elements of one variable: <c>mixing[bym2(state)]</c>.</summary>
    private static IEnumerable<Variable> AuxiliaryVariables(ModelStructure structure) => structure.Auxiliary
        .GroupBy(parameter => parameter.Name.Contains('[') ? parameter.Name[..parameter.Name.IndexOf('[')] : parameter.Name)
        .Select(group => group.First().Name.Contains('[') ? new Variable(group.Key, [.. group.Select(parameter => parameter.Name[(group.Key.Length + 1)..^1])]) : new Variable(group.Key));

    private static IEnumerable<string> Correlations(GroupTerm term)
    {
        for (int i = 1; i < term.Width; i++)
            for (int j = 0; j < i; j++) yield return $"{Prefix(term.Component)}{term.Group},{term.TermNames[j]},{term.TermNames[i]}";
    }

    private static string Prefix(string component) => component == Component.Conditional ? "" : component + ",";

    /// <summary>Thresholds are sampled for centred predictors and reported for the predictors as they are: τ = τ_c + x̄'β.</summary>
    private void ShiftThresholds(Span<double> draw, int sign)
    {
        PredictorDesign conditional = _structure.Predictors[0];
        if (conditional.First == 0) return;
        double shift = 0;
        for (int j = 0; j < conditional.Count; j++) shift += conditional.Means[j] * draw[conditional.Start + j];
        for (int k = 0; k < _structure.Auxiliary.Count; k++)
            if (_structure.Auxiliary[k].Kind is AuxiliaryKind.FirstThreshold or AuxiliaryKind.NextThreshold) draw[_auxiliary + k] += sign * shift;
    }
}
