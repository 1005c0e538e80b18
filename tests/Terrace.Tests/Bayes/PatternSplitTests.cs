using Terrace.Bayes;
using Terrace.Design;
using Terrace.Formulas;
using Terrace.Numerics.RandomNumbers;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Bayes;

public class PatternSplitTests
{
    /// <summary>Predictors and scores by patterns against Q̃γ + Zu cell by cell, on random coefficients.</summary>
    [Theory]
    [InlineData("log_radon ~ floor + (1 + floor | county)", "radon")]
    [InlineData("Reaction ~ Days + (1 | Subject)", "sleepstudy")]
    [InlineData("use ~ 0 + urban + livch + (1 | district) + (1 | livch:urban) + (1 | urban)", "Contraception")]
    [InlineData("use ~ urban + livch + (1 + urban | livch) + (1 | livch:urban) + (1 | urban)", "Contraception")]
    public void Both_ways_of_computing_a_predictor_agree(string formula, string data)
    {
        ModelRows rows = ModelFrame.Learn(Formula.Parse(formula), Fixtures.Data(data)).Encode(Fixtures.Data(data));
        double[] rowsOfCell = new double[rows.Cells];
        foreach (int cell in rows.RowToCell) rowsOfCell[cell]++;
        var design = PredictorDesign.Of("conditional", rows.Design, 0, rowsOfCell, 0);
        int start = design.Count;
        var terms = new List<GroupTerm>();
        foreach (RandomTermDesign term in rows.Design.RandomTerms)
        {
            terms.Add(GroupTerm.Of(term, "conditional", 0, start, rowsOfCell));
            start += terms[^1].Count;
        }
        var rng = new Rng(3, 1);
        double[] x = [.. Enumerable.Range(0, start).Select(_ => rng.NextNormal())], score = [.. rowsOfCell.Select(_ => rng.NextNormal())], eta = new double[rowsOfCell.Length], gradient = new double[start];
        var evaluator = new PredictorEvaluator(design, terms);
        evaluator.Predict(x, eta);
        evaluator.Scatter(score, gradient);
        for (int i = 0; i < eta.Length; i++)
        {
            double expected = design.Offset[i];
            for (int j = 0; j < design.Count; j++) expected += design.Columns[j][i] * x[j];
            foreach (GroupTerm term in terms)
                for (int j = 0; j < term.Width; j++) expected += (term.Covariates[j]?[i] ?? 1) * x[term.Start + term.Codes[i] * term.Width + j];
            Assert.Equal(expected, eta[i], 1e-11 * (1 + Math.Abs(expected)));
        }
        var slopes = new double[start];
        for (int i = 0; i < eta.Length; i++)
        {
            for (int j = 0; j < design.Count; j++) slopes[j] += design.Columns[j][i] * score[i];
            foreach (GroupTerm term in terms)
                for (int j = 0; j < term.Width; j++) slopes[term.Start + term.Codes[i] * term.Width + j] += (term.Covariates[j]?[i] ?? 1) * score[i];
        }
        for (int j = 0; j < start; j++) Assert.Equal(slopes[j], gradient[j], 1e-10 * (1 + Math.Abs(slopes[j])));
    }

    /// <summary>A lattice of two factors with further parts on each side is dealt to the two sides; one whose cells are all different in every part is not split.</summary>
    [Fact]
    public void A_lattice_is_split_into_its_sides()
    {
        const int states = 30, groups = 40;
        int cells = states * groups;
        double[] Column(Func<int, double> value) => [.. Enumerable.Range(0, cells).Select(value)];
        double[][] columns = [Column(_ => 1), Column(i => i / groups % 7), Column(i => i % groups % 2), Column(i => i % groups % 5), Column(i => Math.Sin(i / groups)), Column(i => i % groups / 8)];
        PatternSplit split = PatternSplit.Of(columns, [], cells)!;
        Assert.Equal(states + groups, split.First.Count + split.Second.Count);
        var rng = new Rng(1, 1);
        Assert.Null(PatternSplit.Of([.. Enumerable.Range(0, 4).Select(_ => Column(_ => rng.NextNormal()))], [], cells));
    }

    /// <summary>Sorting renumbers the cells and nothing else: every row keeps its covariates and its level.</summary>
    [Fact]
    public void Sorting_cells_keeps_every_row_as_it_is()
    {
        ModelRows rows = ModelFrame.Learn(Formula.Parse("use ~ urban + age + (1 | livch) + (1 | district)"), Fixtures.Data("Contraception")).Encode(Fixtures.Data("Contraception")), sorted = CellOrder.Sorted(rows);
        for (int row = 0; row < rows.Rows; row++)
        {
            int before = rows.RowToCell[row], after = sorted.RowToCell[row];
            for (int j = 0; j < rows.Design.X.Columns; j++) Assert.Equal(rows.Design.X[before, j], sorted.Design.X[after, j]);
            for (int t = 0; t < 2; t++) Assert.Equal(rows.Design.RandomTerms[t].Codes[before], sorted.Design.RandomTerms[t].Codes[after]);
        }
        int[] districts = sorted.Design.RandomTerms.Single(term => term.Group == "district").Codes;
        Assert.Equal(districts.Order(), districts);
    }
}
