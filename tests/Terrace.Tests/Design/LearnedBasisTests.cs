using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;

namespace Terrace.Tests.Design;

/// <summary>Bases learned from one set of rows and applied to others, inside and outside of the range, against R's <c>predict</c> of the same bases.</summary>
public class LearnedBasisTests
{
    public static TheoryData<string, double[][]> NewRows => new()
    {
        {
            "ns(x, df = 3)",
            [
                [0.142616780207549, -0.584122941996393, 0.441506161788844],
                [-0.00285136028200666, 0.01168144783048407, -0.00882935906976496],
                [0.359291776509166, 0.432147318002887, -0.277762819871511],
                [0.5299033856205675, 0.3265039595162961, -0.0421136661691023],
                [-0.446556381226632, 0.560609210769093, 0.885947170457540],
            ]
        },
        {
            "ns(x, knots = c(-3, 4), intercept = TRUE)",
            [
                [-1.139199449265931, -0.319561674248121, 1.017622793460176, -0.698061119212055],
                [-0.249823559574770, -0.198625442408543, 0.632511078100523, -0.433885123181602],
                [0.467531078086634, 0.399524191732535, 0.173326432408612, -0.103021919559918],
                [0.18049872862095803, 0.59491598954241276, 0.21825932635372502, -0.00269941757600557],
                [0, -0.495233619401334, 0.516124656029289, 0.979108963372044],
            ]
        },
        {
            "poly(x, 2)",
            [
                [-0.487039834790267, 1.192634242480642],
                [-0.321040514846157, 0.316585173764757],
                [0.00119345916299686, -0.36119192676970974],
                [0.108604783832715, -0.287099596918185],
                [0.391780094325608, 0.627286204166472],
            ]
        },
        {
            "bs(x, df = 4)",
            [
                [-3.1422817702384913, 0.5447873511902956, -0.0338702039662138, 0],
                [3.17175437834720e-02, 1.60723991475276e-04, 2.70961631729708e-07, 0],
                [0.231618144495295830, 0.497734264420012562, 0.270371768593642148, 0.000275822491049659],
                [0.0687315270717318, 0.3545176796463084, 0.5234171697202278, 0.0533336235617322],
                [-0.00217265351749925, 0.07051835676268904, -0.78414810136578572, 1.71580239812059587],
            ]
        },
        {
            "bs(x, df = 4, degree = 2)",
            [
                [-3.711424630247651, 0.362600279121637, 0, 0],
                [0.042799077036468090, 0.000145040111648654, 0, 0],
                [0.159090843946078, 0.657437605342119, 0.183471550711803, 0],
                [0.0179148286052517, 0.5054052366446762, 0.4766799347500720, 0],
                [0, 0.0577413106912833, -1.0820773574773117, 2.0243360467860287],
            ]
        },
    };

    [Theory]
    [MemberData(nameof(NewRows))]
    public void Codes_new_rows_with_the_basis_of_the_training_rows(string call, double[][] expected)
    {
        ModelFrame frame = ModelFrame.Learn(Formula.Parse($"~ {call} - 1"), DesignColumnsTests.Rows());
        var rows = new Frame([new NumericColumn("x", [-15, -9.9, 0, 3.3, 12])]);
        DesignMatrices design = frame.Encode(rows, EncodeOptions.Prediction).Design;
        for (int i = 0; i < expected.Length; i++)
            for (int j = 0; j < expected[i].Length; j++)
                Assert.Equal(expected[i][j], design.X[i, j], 1e-11);
    }

    [Fact]
    public void Centres_new_rows_by_the_mean_of_the_training_rows()
    {
        var training = new Frame([new NumericColumn("x", [1, 2, 6, double.NaN])]);
        ModelFrame frame = ModelFrame.Learn(Formula.Parse("~ scale(x) + I(x - mean(x)) + I(log(scale(x, center = 2)^2 + 1)) + scale(x, scale = FALSE)"), training);
        DesignMatrices design = frame.Encode(new Frame([new NumericColumn("x", [5])]), EncodeOptions.Prediction).Design;
        Assert.Equal(2 / Math.Sqrt(7), design.X[0, 1], 1e-14);
        Assert.Equal(2, design.X[0, 2], 1e-14);
        Assert.Equal(Math.Log(9 / 8.5 + 1), design.X[0, 3], 1e-14);
        Assert.Equal(2, design.X[0, 4], 1e-14);
    }

    [Theory]
    [InlineData("cut(x, 4)", "(-0.734,309] (309,618] (618,926] (926,1.24e+03]")]
    [InlineData("cut(x, c(0.0001, 1000000, 123456789))", "(0.0001,1e+06] (1e+06,1.23e+08]")]
    [InlineData("cut(x, c(-Inf, 3, Inf))", "(-Inf,3] (3, Inf]")]
    [InlineData("cut(x, c(0, 3, Inf), right = FALSE)", "[0,3) [3,Inf)")]
    [InlineData("cut(x, c(0, 1.0001, 1.0002, 2000), labels = c(\"low\", \"middle\", \"high\"))", "low high")]
    [InlineData("cut(x, c(0.5, 99, 1235), include.lowest = TRUE)", "[0.5,99] (99,1.24e+03]")]
    public void Labels_the_intervals_of_cut_as_R_does(string call, string levels)
    {
        double[] values = call.Contains("1000000") ? [0.5, 2e6] : [0.5, 99.123, 400, 700, 1234.5, 1000, 5];
        var rows = new Frame([new NumericColumn("x", values)]);
        ModelFrame frame = ModelFrame.Learn(Formula.Parse($"~ {call}"), rows);
        Assert.Equal(levels, string.Join(' ', frame.FactorLevels.Single().Value));
    }

    [Theory]
    [InlineData("~ poly(x, 3)", "distinct")]
    [InlineData("~ ns(x, df = 0)", "whole number")]
    [InlineData("~ bs(x, df = 2)", "degrees of freedom")]
    [InlineData("~ cut(x)", "breaks")]
    [InlineData("~ cut(x, c(1, 1))", "differ")]
    [InlineData("~ factor(x, lvls = 1)", "Did you mean 'levels'?")]
    [InlineData("~ factor(x, levels = c(1, 1))", "twice")]
    [InlineData("~ relevel(factor(x), ref = \"9\")", "no level")]
    [InlineData("~ scale(t)", "text")]
    [InlineData("~ poly(x, x)", "constant")]
    [InlineData("~ scale(poly(x, 2))", "several columns")]
    public void Explains_a_call_that_cannot_be_learned(string formula, string reason)
    {
        var rows = new Frame([new NumericColumn("x", [1, 2, 3]), new TextColumn("t", ["a", "b", "c"])]);
        var fault = Assert.Throws<FormulaException>(() => ModelFrame.Learn(Formula.Parse(formula), rows));
        Assert.Contains(reason, fault.Problem);
    }
}
