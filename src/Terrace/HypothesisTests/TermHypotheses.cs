using Terrace.Design;
using Terrace.Formulas;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.HypothesisTests;

/// <summary>The hypotheses Lβ = 0 behind the tests of a model's terms.</summary>
/// <remarks>
/// <para>Types I and II test the coefficients β_T of the term in the model without the columns R that come after it, or whose terms contain it. Under β_R = 0 the estimate of β_T is
/// β_T − V_TR V_RR⁻¹ β_R (restricted generalised least squares; Rao (1973), <em>Linear Statistical Inference</em>, section 4a.9), so L = (I on T, −V_TR V_RR⁻¹ on R), with variance parameters held at their
/// estimates. In linear models these are the classical sums of squares; in mixed ones the sequential tests that Bates et al. (2015) print, and type II as Fox and Weisberg's (2019) <em>An R Companion
/// to Applied Regression</em> has it, section 5.3.</para>
/// <para>Type III: the coefficients of the term under contrasts that add up to 0 over the levels (<see cref="ContrastKind.Simple"/>), as combinations of the model's own: β** = Tβ with X = X** T
/// (<see cref="DesignMapping"/>). Searle (1971), section 8.1. How the equations are written matters to Satterthwaite's degrees of freedom alone (<see cref="MixedModels.SatterthwaiteDegreesOfFreedom.Test"/>), and follows
/// Kuznetsova et al. (2017): differences from the first level, and in a model of one term the rows of U in X'X = U'DU.</para>
/// <para>Check: TermTestsTests (lmerTest, car, R's anova).</para>
/// </remarks>
internal sealed class TermHypotheses(FixedEffectsEstimates estimates)
{
    private readonly IReadOnlyList<FormulaTerm> _terms = estimates.Frame.Formula.FixedTerms;
    private readonly IReadOnlyList<int> _assign = estimates.Frame.Assign;
    private readonly int _columns = estimates.Beta.Count;
    private Matrix? _averaging;

    /// <summary>L for term <paramref name="term"/> (from 0); null where the data cannot answer.</summary>
    public Matrix? Of(int term, TermTestKind kind) => kind switch
    {
        TermTestKind.Sequential => Adjusted(term, t => t > term),
        TermTestKind.Marginal => Adjusted(term, t => Contains(_terms[t], _terms[term])),
        TermTestKind.AsCoded => Adjusted(term, _ => false),
        _ => Averaged(term),
    };

    /// <summary>Whether <paramref name="larger"/> has all variables of <paramref name="smaller"/> and more.</summary>
    public static bool Contains(FormulaTerm larger, FormulaTerm smaller) =>
        larger.Degree > smaller.Degree && smaller.Variables.All(variable => larger.Variables.Contains(variable));

    private Matrix Adjusted(int term, Func<int, bool> leftOut)
    {
        int[] own = Places(t => t == term), rest = Places(leftOut);
        var l = new Matrix(own.Length, _columns);
        Matrix weights = Regression(own, rest);
        for (int i = 0; i < own.Length; i++)
        {
            l[i, estimates.Estimated[own[i]]] = 1;
            for (int j = 0; j < rest.Length; j++) l[i, estimates.Estimated[rest[j]]] = -weights[j, i];
        }
        return l;
    }

    /// <summary>The places among the estimated columns of those of chosen terms.</summary>
    private int[] Places(Func<int, bool> chosen) => [.. Enumerable.Range(0, estimates.Estimated.Count).Where(j => _assign[estimates.Estimated[j]] is > 0 and var t && chosen(t - 1))];

    /// <summary>V_RR⁻¹ V_RT, on the scale of correlations.</summary>
    private Matrix Regression(int[] own, int[] rest)
    {
        double[] sd = [.. Enumerable.Range(0, estimates.Covariance.Rows).Select(j => Math.Sqrt(estimates.Covariance[j, j]))];
        Matrix inner = Correlations(rest, rest, sd), outer = Correlations(rest, own, sd);
        if (rest.Length == 0) return outer;
        if (!Cholesky.TryFactor(inner)) throw new ModelException("The covariance of the coefficients is singular, so that terms cannot be tested apart; simplify the fixed effects.");
        Cholesky.SolveLower(inner, outer);
        Cholesky.SolveLowerTransposed(inner, outer);
        for (int j = 0; j < own.Length; j++)
        {
            for (int i = 0; i < rest.Length; i++) outer[i, j] *= sd[own[j]] / sd[rest[i]];
        }
        return outer;
    }

    private Matrix Correlations(int[] rows, int[] columns, double[] sd)
    {
        var part = new Matrix(rows.Length, columns.Length);
        for (int j = 0; j < columns.Length; j++)
        {
            for (int i = 0; i < rows.Length; i++) part[i, j] = estimates.Covariance[rows[i], columns[j]] / (sd[rows[i]] * sd[columns[j]]);
        }
        return part;
    }

    private Matrix? Averaged(int term)
    {
        if (_terms.Count == 1 && estimates.Estimated.Count == _columns) return OnlyTerm();
        _averaging ??= AveragingMap(estimates.Frame);
        int[] own = [.. Enumerable.Range(0, _columns).Where(j => _assign[j] == term + 1)];
        var l = new Matrix(own.Length, _columns);
        var row = new double[_columns];
        for (int i = 0; i < own.Length; i++)
        {
            for (int j = 0; j < _columns; j++) l[i, j] = row[j] = _averaging[own[i], j];
            if (!estimates.IsEstimable(row)) return null;
        }
        return l;
    }

    /// <summary>All coefficients of the only term, by the rows of U.</summary>
    private Matrix OnlyTerm()
    {
        Matrix x = estimates.Rows.Design.X, weighted = x.Copy();
        double[] count = new double[x.Rows], root = new double[_columns];
        foreach (int cell in estimates.Rows.RowToCell) count[cell]++;
        for (int i = 0; i < weighted.Values.Length; i++) weighted.Values[i] *= count[i % x.Rows];
        Matrix product = Gemm.Product(x, true, weighted, false);
        for (int j = 0; j < _columns; j++) root[j] = Math.Sqrt(product[j, j]);
        for (int i = 0; i < product.Values.Length; i++) product.Values[i] /= root[i % _columns] * root[i / _columns];
        int[] own = [.. Enumerable.Range(0, _columns).Where(j => _assign[j] == 1)];
        var l = new Matrix(own.Length, _columns);
        bool factored = Cholesky.TryFactor(product);
        for (int i = 0; i < own.Length; i++)
        {
            l[i, own[i]] = 1;
            for (int j = own[i] + 1; j < _columns && factored; j++) l[i, j] = product[j, own[i]] * root[j] / (product[own[i], own[i]] * root[own[i]]);
        }
        return l;
    }

    /// <summary>T with X = X** T, X** coded by contrasts that add up to 0.</summary>
    private static Matrix AveragingMap(ModelFrame frame) =>
        DesignMapping.Between(frame.PlanFixed(frame.Formula.FixedTerms, new ContrastCoding(ContrastKind.Simple)), frame.Fixed, frame.Coding.Variables)
        ?? throw new ModelException("The terms of this formula cannot be coded by contrasts that add up to 0, so there are no type III tests; use type II.");
}
