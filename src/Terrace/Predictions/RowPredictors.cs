using Terrace.Design;
using Terrace.DistributionalModels;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Predictions;

/// <summary>
/// The linear predictors of a row of new data by every component of a distributional model, with the covariances of their errors.
/// <para>Predictor k of the row is a_k'p + z'b for the conditional one, p = (θ, β, δ), and a_k'p for the others. Cov_kl = (a_k + J'z)'V(a_l + J'z) (+ Var(z'b | p) + the variances of
/// new levels for the conditional one); J = ∂b̂/∂p.</para>
/// <para>a_k: <c>_weights[k]</c>; V, J: <see cref="EstimateUncertainty"/>. Kass and Steffey (1989), equation 2.2. Pinned by <c>DistributionalPredictionTests</c> against glmmTMB.</para>
/// </summary>
internal sealed class RowPredictors
{
    private readonly DistributionalPredictionModel _model;
    private readonly ConditionalDistribution? _conditional;
    private readonly LinearCombination? _combination;
    private readonly (RandomTermFit Fit, int Position)[] _terms;
    private readonly bool _newGroups;
    private readonly double[][] _weights;

    public RowPredictors(DistributionalPredictionModel model, PredictionOptions options)
    {
        _model = model;
        _terms = [.. model.Terms.Where(term => options.Groups?.Contains(term.Group) ?? true).Select(term => (term, term.FormulaPosition))];
        _newGroups = options.Interval == PredictionInterval.Group;
        _conditional = model.Uncertainty.Random?.AtEstimate();
        _combination = model.Uncertainty.Random?.NewCombination();
        int count = model.Components.Count;
        Values = new double[count];
        Covariance = new Matrix(count, count);
        _weights = [.. model.Components.Select(_ => new double[model.Uncertainty.Covariance.Rows])];
    }

    /// <summary>The predictors of the row: η first, then ψ in the order of the components.</summary>
    public double[] Values { get; }

    /// <summary>The covariances of their errors.</summary>
    public Matrix Covariance { get; }

    /// <summary>Computes those of row <paramref name="row"/>.</summary>
    public void Set(ComponentRows rows, int row)
    {
        for (int k = 0; k < Values.Length; k++)
        {
            Array.Clear(_weights[k]);
            ComponentFit component = _model.Components[k];
            (DesignMatrices? design, int cell) = Design(rows, component, k, row);
            Values[k] = design is null ? AddColumn(k, component, 0, 1) : AddRow(k, component, design, cell);
        }
        double own = _terms.Length > 0 ? AddGroups(rows.Conditional.Design, rows.Conditional.RowToCell[row]) : 0;
        for (int k = 0; k < Values.Length; k++)
        {
            for (int l = 0; l <= k; l++) Covariance[k, l] = Covariance[l, k] = Form(_weights[k], _weights[l]);
        }
        Covariance[0, 0] += own;
    }

    private static (DesignMatrices? Design, int Cell) Design(ComponentRows rows, ComponentFit component, int k, int row)
    {
        ModelRows? part = k == 0 ? rows.Conditional : component.Component switch
        {
            Component.Dispersion => rows.Dispersion,
            Component.ZeroInflation => rows.ZeroInflation,
            _ => null,
        };
        return (part?.Design, part?.RowToCell[row] ?? 0);
    }

    private double AddRow(int k, ComponentFit component, DesignMatrices design, int cell)
    {
        int skipped = design.X.Columns - component.Names.Count;
        double sum = design.Offset[cell];
        for (int j = 0; j < component.Names.Count; j++) sum += AddColumn(k, component, j, design.X[cell, j + skipped]);
        return sum;
    }

    private double AddColumn(int k, ComponentFit component, int column, double value)
    {
        int place = Place(component, column);
        if (place < 0) return 0;
        _weights[k][_model.Uncertainty.Thetas + component.First + place] += value;
        return value * component.Estimates[column];
    }

    private static int Place(ComponentFit component, int column)
    {
        for (int j = 0; j < component.Estimated.Count; j++)
            if (component.Estimated[j] == column) return j;
        return -1;
    }

    /// <summary>Adds the random effects to η and their slopes to its weights; returns their variance given the parameters, that of new levels included.</summary>
    private double AddGroups(DesignMatrices design, int cell)
    {
        double extra = 0;
        _combination!.Clear();
        foreach ((RandomTermFit fit, int position) in _terms)
        {
            RandomTermDesign term = design.RandomTerms[position];
            int level = term.Codes[cell];
            if (level >= term.Levels.Count || _newGroups) extra += NewLevelVariance(fit, term, cell);
            else AddLevel(fit, term, cell, level);
        }
        return extra + _conditional!.Variance(_combination);
    }

    private void AddLevel(RandomTermFit fit, RandomTermDesign term, int cell, int level)
    {
        Matrix slopes = _model.Uncertainty.ModeSlopes;
        for (int j = 0; j < fit.TermNames.Count; j++)
        {
            double z = term.Z[cell, j];
            Values[0] += z * fit.Modes[level, j];
            _combination!.AddRandom(fit, level, j, z);
            int index = fit.Layout.Index(level, j);
            for (int p = 0; p < slopes.Columns; p++) _weights[0][p] += z * slopes[index, p];
        }
    }

    private static double NewLevelVariance(RandomTermFit fit, RandomTermDesign term, int cell)
    {
        double sum = 0;
        for (int i = 0; i < fit.TermNames.Count; i++)
        {
            for (int j = 0; j < fit.TermNames.Count; j++) sum += term.Z[cell, i] * fit.Covariance[i, j] * term.Z[cell, j];
        }
        return sum;
    }

    private double Form(double[] a, double[] b)
    {
        Matrix v = _model.Uncertainty.Covariance;
        double sum = 0;
        for (int j = 0; j < b.Length; j++)
        {
            if (b[j] == 0) continue;
            ReadOnlySpan<double> column = v.Column(j);
            double product = 0;
            for (int i = 0; i < a.Length; i++) product += column[i] * a[i];
            sum += product * b[j];
        }
        return sum;
    }
}
