using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>
/// M'WM for the design M of all coefficients (fixed columns, then the coefficients of the group-level terms) and a weight for each cell: its lower triangle, dense. Sums over levels run term by term, never forming M; structured terms are
/// projected from their effects by <see cref="CoefficientMap"/>.
/// Checked in <c>WhitenedDensityTests</c> against dense algebra.
/// </summary>
internal sealed class CoefficientInformation(ModelStructure structure)
{
    private readonly PredictorDesign _predictor = structure.Predictors[0];
    private readonly double[] _weighted = new double[structure.Cells];
    private readonly Matrix? _ofEffects = structure.Map.IsIdentity ? null : new Matrix(structure.Map.Effects, structure.Map.Effects);

    /// <summary>Overwrites the lower triangle of <paramref name="a"/>.</summary>
    public void Compute(ReadOnlySpan<double> weight, Matrix a)
    {
        if (_ofEffects is null) OfEffects(weight, a);
        else
        {
            OfEffects(weight, _ofEffects);
            structure.Map.Project(_ofEffects, a);
        }
    }

    private void OfEffects(ReadOnlySpan<double> weight, Matrix a)
    {
        IReadOnlyList<GroupTerm> terms = structure.Terms;
        PredictorDesign predictor = _predictor;
        Array.Clear(a.Values);
        for (int j = 0; j < predictor.Count; j++)
        {
            ContiguousLoops.ScaledProduct(predictor.Columns[j], weight, 1, _weighted);
            for (int i = j; i < predictor.Count; i++) a[i, j] = ContiguousLoops.Dot(predictor.Columns[i], _weighted);
            Span<double> column = a.Column(j);
            foreach (GroupTerm term in terms) Scatter(term, _weighted, column.Slice(term.Start, term.Count));
        }
        for (int k = 0; k < terms.Count; k++)
            for (int l = k; l < terms.Count; l++) Cross(terms[k], terms[l], weight, a);
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
