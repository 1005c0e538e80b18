using Terrace.Design;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>
/// One linear predictor of a Bayesian model, per cell: η = offset + Q̃γ + Σ Zu, Q̃ the fixed-effects columns orthogonalised and scaled to unit mean square over the rows, so that the first is the intercept
/// of the centred design and all coordinates are of one size.
/// <code>
/// X = Q̃ (R/√n)   β = B γ, B = √n R⁻¹   intercept at the predictors' means: γ₀ = β₀ + x̄'β
/// </code>
/// Stan Development Team, Stan User's Guide, "The QR reparameterization"; the centred intercept is that of rstanarm and brms. Checked in <c>BayesianDensityTests</c>.
/// </summary>
internal sealed class PredictorDesign
{
    private readonly Matrix _x;
    private readonly Lock _gate = new();
    private PatternSplit? _split;
    private bool _isSplit;

    private PredictorDesign(string component, DesignMatrices design, int predictor, double[] rowsOfCell, int start, bool dropsIntercept)
    {
        Component = component;
        Predictor = predictor;
        Offset = design.Offset;
        Start = start;
        ColumnNames = design.ColumnNames;
        _x = design.X;
        Basis = FixedEffectsBasis.Of(design.X, rowsOfCell);
        bool intercept = Basis.Rank > 0 && Basis.Kept[0] == 0 && design.ColumnNames[0] == "(Intercept)";
        First = dropsIntercept && intercept ? 1 : 0;
        HasIntercept = intercept && !dropsIntercept;
        double root = Math.Sqrt(rowsOfCell.Sum());
        Columns = [.. Basis.ColumnValues.Skip(First).Select(column => Array.ConvertAll(column, q => q * root))];
        Back = ToCoefficients(Basis, First, root);
        Means = intercept ? [.. Enumerable.Range(1, Basis.Rank - 1).Select(j => Basis.Factor[0, j] / Basis.Factor[0, 0])] : new double[Basis.Rank];
    }

    /// <summary>The component's name: <c>conditional</c>, <c>dispersion</c>, <c>zero-inflation</c>, or a category.</summary>
    public string Component { get; }

    /// <summary>The index among the linear predictors.</summary>
    public int Predictor { get; }

    /// <summary>The offset of each cell.</summary>
    public double[] Offset { get; }

    /// <summary>The names of the columns of X, aliased ones included.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>The orthogonal basis of X.</summary>
    public FixedEffectsBasis Basis { get; }

    /// <summary>The columns of Q̃.</summary>
    public double[][] Columns { get; }

    /// <summary>The number of fixed coefficients.</summary>
    public int Count => Columns.Length;

    /// <summary>The place of the first among all coefficients.</summary>
    public int Start { get; }

    /// <summary>1 where thresholds stand for the intercept, whose column is left out.</summary>
    public int First { get; }

    /// <summary>Whether the first coefficient is the intercept of the centred design.</summary>
    public bool HasIntercept { get; }

    /// <summary>B, the upper triangle that turns γ into the coefficients of the columns kept.</summary>
    public Matrix Back { get; }

    /// <summary>x̄ of the columns kept but the intercept.</summary>
    public double[] Means { get; }

    /// <summary>The names of the coefficients.</summary>
    public IEnumerable<string> CoefficientNames => Basis.Kept.Skip(First).Select(j => ColumnNames[j]);

    /// <summary>A column of X per cell.</summary>
    public ReadOnlySpan<double> ColumnValues(int column) => _x.Column(column);

    /// <summary>The predictor of a design.</summary>
    public static PredictorDesign Of(string component, DesignMatrices design, int predictor, double[] rowsOfCell, int start, bool dropsIntercept = false) =>
        new(component, design, predictor, rowsOfCell, start, dropsIntercept);

    /// <summary>β = B γ.</summary>
    public void Coefficients(ReadOnlySpan<double> gamma, Span<double> beta)
    {
        for (int i = 0; i < Count; i++)
        {
            double sum = 0;
            for (int j = i; j < Count; j++) sum += Back[i, j] * gamma[j];
            beta[i] = sum;
        }
    }

    /// <summary>
    /// The columns whose slopes β and, first, the intercept of the centred design make the predictor: 1 and x_j − x̄_j of the columns kept, or the columns as they are where there is no intercept.
    /// </summary>
    private double[][] CentredColumns() =>
    [
        .. Basis.Kept.Skip(First).Select((column, k) =>
        {
            if (HasIntercept && k == 0) return Array.ConvertAll(Offset, _ => 1.0);
            double mean = HasIntercept || First > 0 ? Means[k - 1 + First] : 0;
            return _x.Column(column).ToArray().Select(value => value - mean).ToArray();
        }),
    ];

    /// <summary>The split of this predictor's columns and terms by patterns, found once; null where it does not pay.</summary>
    public PatternSplit? SplitWith(GroupTerm[] terms)
    {
        lock (_gate)
        {
            if (!_isSplit) _split = PatternSplit.Of(CentredColumns(), terms, Offset.Length);
            _isSplit = true;
            return _split;
        }
    }

    /// <summary>∂/∂γ from the derivatives in the intercept of the centred design (where there is one, first) and in β: B'.</summary>
    public void ByGamma(ReadOnlySpan<double> bySlopes, Span<double> byGamma)
    {
        for (int j = 0; j < Count; j++)
        {
            double sum = HasIntercept && j == 0 ? bySlopes[0] : 0;
            for (int i = HasIntercept ? 1 : 0; i <= j; i++) sum += Back[i, j] * bySlopes[i];
            byGamma[j] = sum;
        }
    }

    /// <summary>γ = B⁻¹ β.</summary>
    public void FromCoefficients(ReadOnlySpan<double> beta, Span<double> gamma)
    {
        for (int i = Count - 1; i >= 0; i--)
        {
            double sum = beta[i];
            for (int j = i + 1; j < Count; j++) sum -= Back[i, j] * gamma[j];
            gamma[i] = sum / Back[i, i];
        }
    }

    private static Matrix ToCoefficients(FixedEffectsBasis basis, int first, double root)
    {
        int p = basis.Rank - first;
        var back = new Matrix(p, p);
        for (int j = 0; j < p; j++)
        {
            for (int i = j; i >= 0; i--)
            {
                double sum = i == j ? root : 0;
                for (int c = i + 1; c <= j; c++) sum -= basis.Factor[first + i, first + c] * back[c, j];
                back[i, j] = sum / basis.Factor[first + i, first + i];
            }
        }
        return back;
    }
}
