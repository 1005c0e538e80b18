using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>
/// M'WM for the design M of all coefficients (fixed columns, then the coefficients of the group-level terms) and a weight for each cell: its lower triangle, dense. Sums over levels run term by term, never forming M; structured terms are
/// projected from their effects by <see cref="CoefficientMap"/>.
/// Checked in <c>WhitenedDensityTests</c> against dense algebra.
/// </summary>
internal sealed class CoefficientInformation(ModelStructure structure)
{
    private readonly double[] _weighted = new double[structure.Cells];
    private readonly Matrix? _ofEffects = structure.Map.IsIdentity ? null : new Matrix(structure.Map.Effects, structure.Map.Effects);

    /// <summary>Overwrites the lower triangle of <paramref name="a"/>, of one linear predictor.</summary>
    public void Compute(double[] weight, Matrix a) => Compute([[weight]], a);

    /// <summary>The same for weights of every pair of linear predictors k ≤ l, <c>weight[k][l]</c>: Σ M_k'W_kl M_l.</summary>
    public void Compute(double[][][] weight, Matrix a)
    {
        Matrix target = _ofEffects ?? a;
        Array.Clear(target.Values);
        for (int k = 0; k < structure.Predictors.Count; k++)
            for (int l = k; l < structure.Predictors.Count; l++) AddPair(structure.Predictors[k], structure.Predictors[l], weight[k][l], target);
        if (_ofEffects is not null) structure.Map.Project(_ofEffects, a);
    }

    private void AddPair(PredictorDesign first, PredictorDesign second, double[] weight, Matrix a)
    {
        bool same = ReferenceEquals(first, second);
        AddFixed(first, second, same, weight, a);
        if (!same) AddFixedOfTerms(second, first, weight, a);
        IReadOnlyList<GroupTerm> terms = structure.Terms;
        for (int k = 0; k < terms.Count; k++)
        {
            if (terms[k].Predictor != first.Predictor) continue;
            for (int l = same ? k : 0; l < terms.Count; l++)
                if (terms[l].Predictor == second.Predictor) Cross(terms[k], terms[l], weight, a);
        }
    }

    /// <summary>Columns of the first predictor with those and the terms of the second, which come after them.</summary>
    private void AddFixed(PredictorDesign first, PredictorDesign second, bool same, double[] weight, Matrix a)
    {
        for (int j = 0; j < first.Count; j++)
        {
            ContiguousLoops.ScaledProduct(first.Columns[j], weight, 1, _weighted);
            for (int i = same ? j : 0; i < second.Count; i++) a[second.Start + i, first.Start + j] = ContiguousLoops.Dot(second.Columns[i], _weighted);
            Span<double> column = a.Column(first.Start + j);
            foreach (GroupTerm term in structure.Terms)
                if (term.Predictor == second.Predictor) Scatter(term, _weighted, column.Slice(term.Start, term.Count));
        }
    }

    /// <summary>Columns of one predictor with the terms of another.</summary>
    private void AddFixedOfTerms(PredictorDesign columns, PredictorDesign ofTerms, double[] weight, Matrix a)
    {
        for (int j = 0; j < columns.Count; j++)
        {
            ContiguousLoops.ScaledProduct(columns.Columns[j], weight, 1, _weighted);
            Span<double> column = a.Column(columns.Start + j);
            foreach (GroupTerm term in structure.Terms)
                if (term.Predictor == ofTerms.Predictor) Scatter(term, _weighted, column.Slice(term.Start, term.Count));
        }
    }

    private static void Scatter(GroupTerm term, double[] values, Span<double> sums)
    {
        int width = term.Width;
        for (int j = 0; j < width; j++)
        {
            double[]? z = term.Covariates[j];
            for (int i = 0; i < values.Length; i++) sums[term.Codes[i] * width + j] += z is null ? values[i] : z[i] * values[i];
        }
    }

    /// <summary>The block of a later term's rows and an earlier term's columns.</summary>
    private static void Cross(GroupTerm early, GroupTerm late, ReadOnlySpan<double> weight, Matrix a)
    {
        for (int j = 0; j < early.Width; j++)
        {
            for (int i = ReferenceEquals(early, late) ? j : 0; i < late.Width; i++)
            {
                double[]? zj = early.Covariates[j], zi = late.Covariates[i];
                int rows = a.Rows, column = early.Start + j, row = late.Start + i, stepColumn = early.Width, stepRow = late.Width;
                for (int c = 0; c < weight.Length; c++)
                {
                    double value = weight[c];
                    if (zj is not null) value *= zj[c];
                    if (zi is not null) value *= zi[c];
                    a.Values[(column + early.Codes[c] * stepColumn) * rows + row + late.Codes[c] * stepRow] += value;
                }
            }
        }
    }
}
