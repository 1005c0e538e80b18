using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;

namespace Terrace.Tests.Design;

/// <summary>The columns of tricky formulas in three rows, against what R's <c>model.matrix</c> gives.</summary>
public class DesignColumnsTests
{
    // A full factorial of a and b three times; z varies with another period than x.
    private static readonly double[] X = [8.41, 9.09, 1.41, -7.57, -9.59, -2.79, 6.57, 9.89, 4.12, -5.44, -10.00, -5.37, 4.20, 9.91, 6.50, -2.88, -9.61, -7.51];
    private static readonly double[] Z = [4.61, 2.10, 6.13, 7.61, 3.19, 2.86, 7.36, 6.54, 2.25, 4.17, 7.97, 5.06, 2.02, 5.71, 7.80, 3.57, 2.57, 7.06];

    public static TheoryData<string, string[], double[][]> Matrices => new()
    {
        { "~a:b:x", ["(Intercept)", "ax:bp:x", "ay:bp:x", "ax:bq:x", "ay:bq:x", "ax:br:x", "ay:br:x"], [[1, 8.41, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, -9.59, 0], [1, 0, 0, 0, 0, -10, 0]] },
        { "~o*a-1", ["op", "oq", "or", "ay", "o.L:ay", "o.Q:ay"], [[1, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0], [0, 0, 1, 0, 0, 0]] },
        { "~x:z+poly(x,3)", ["(Intercept)", "poly(x, 3)1", "poly(x, 3)2", "poly(x, 3)3", "x:z"], [[1, 0.2749295926394604, 0.1236208042634852, -0.0411880832368388, 38.770100000000006], [1, -0.310950360104457, 0.274886101987799, -0.195923196483089, -30.5921], [1, -0.324295403472513, 0.330318873357613, -0.300702544546939, -79.7]] },
        { "~poly(x,2):a-1", ["poly(x, 2)1:ax", "poly(x, 2)2:ax", "poly(x, 2)1:ay", "poly(x, 2)2:ay"], [[0.27492959263946, 0.123620804263485, 0, 0], [-0.310950360104457, 0.274886101987799, 0, 0], [-0.324295403472513, 0.330318873357613, 0, 0]] },
        { "~ns(x,df=3)", ["(Intercept)", "ns(x, df = 3)1", "ns(x, df = 3)2", "ns(x, df = 3)3"], [[1, 0.121182647824442, 0.395780232197506, 0.480796353582648], [1, -0.0116273557995115, 0.0478284014618315, -0.0361508381809794], [1, 0, 0, 0]] },
        { "~ns(x,knots=c(-3,4),intercept=TRUE)-1", ["ns(x, knots = c(-3, 4), intercept = TRUE)1", "ns(x, knots = c(-3, 4), intercept = TRUE)2", "ns(x, knots = c(-3, 4), intercept = TRUE)3", "ns(x, knots = c(-3, 4), intercept = TRUE)4"], [[0.0021183013412995, 0.1149410250489094, 0.3808397289518162, 0.5019975287135968], [-0.195836868296172, -0.191246078988546, 0.60912283930649, -0.417841437590159], [-0.267261241912424, -0.200997150471361, 0.640061991856346, -0.439064841384986]] },
        { "~bs(x,df=5)", ["(Intercept)", "bs(x, df = 5)1", "bs(x, df = 5)2", "bs(x, df = 5)3", "bs(x, df = 5)4", "bs(x, df = 5)5"], [[1, 0, 0.00224076639540464, 0.07504624589552054, 0.5847434859508885, 0.3379695017581861], [1, 0.2369149863699873, 0.006980378273194291, 5.0207481340718e-05, 0, 0], [1, 0, 0, 0, 0, 0]] },
        { "~bs(x,df=4,degree=2)", ["(Intercept)", "bs(x, df = 4, degree = 2)1", "bs(x, df = 4, degree = 2)2", "bs(x, df = 4, degree = 2)3", "bs(x, df = 4, degree = 2)4"], [[1, 0, 0.0297424392883376, 0.4850602992330661, 0.4851972614785962], [1, 0.16764351247941311, 0.00243812427681389, 0, 0], [1, 0, 0, 0, 0]] },
        { "~bs(x,knots=c(-2,5))", ["(Intercept)", "bs(x, knots = c(-2, 5))1", "bs(x, knots = c(-2, 5))2", "bs(x, knots = c(-2, 5))3", "bs(x, knots = c(-2, 5))4", "bs(x, knots = c(-2, 5))5"], [[1, 0, 0.00289874000069008, 0.09592888908405961, 0.5661925387740876, 0.3349798321411626], [1, 0.141912505980903, 0.00406357095286428, 2.88468943579441e-05, 0, 0], [1, 0, 0, 0, 0, 0]] },
        { "~cut(x,c(-10,0,5,10),right=FALSE)", ["(Intercept)", "cut(x, c(-10, 0, 5, 10), right = FALSE)[0,5)", "cut(x, c(-10, 0, 5, 10), right = FALSE)[5,10)"], [[1, 0, 1], [1, 0, 0], [1, 0, 0]] },
        { "~cut(z,3)", ["(Intercept)", "cut(z, 3)(4,5.99]", "cut(z, 3)(5.99,7.98]"], [[1, 1, 0], [1, 0, 0], [1, 0, 1]] },
        { "~relevel(factor(b),ref=\"q\")", ["(Intercept)", "relevel(factor(b), ref = \"q\")p", "relevel(factor(b), ref = \"q\")r"], [[1, 1, 0], [1, 0, 1], [1, 0, 1]] },
        { "~scale(x)+scale(z,scale=FALSE)", ["(Intercept)", "scale(x)", "scale(z, scale = FALSE)"], [[1, 1.133563750060531, -0.311111111111111], [1, -1.28208117903452, -1.73111111111111], [1, -1.33710420241947, 3.04888888888889]] },
        { "~ns(x,4):l", ["(Intercept)", "ns(x, 4)1:lFALSE", "ns(x, 4)2:lFALSE", "ns(x, 4)3:lFALSE", "ns(x, 4)4:lFALSE", "ns(x, 4)1:lTRUE", "ns(x, 4)2:lTRUE", "ns(x, 4)3:lTRUE", "ns(x, 4)4:lTRUE"], [[1, 0, 0, 0, 0, 0.00561049198073784, 0.2225411943339968, 0.36358644752276115, 0.40826186616250426], [1, 0.000148707426066288, -0.01818815942996849, 0.0756101966474416, -0.057422037217473125, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0, 0]] },
        { "~factor(b,levels=c(\"r\",\"q\",\"p\"),ordered=TRUE)", ["(Intercept)", "factor(b, levels = c(\"r\", \"q\", \"p\"), ordered = TRUE).L", "factor(b, levels = c(\"r\", \"q\", \"p\"), ordered = TRUE).Q"], [[1, 0.707106781186547, 0.408248290463863], [1, -0.707106781186548, 0.408248290463863], [1, -0.707106781186548, 0.408248290463863]] },
        { "~I(x^2)*l", ["(Intercept)", "I(x^2)", "lTRUE", "I(x^2):lTRUE"], [[1, 70.7281, 1, 70.7281], [1, 91.9681, 0, 0], [1, 100, 0, 0]] },
        { "~poly(x,2,raw=TRUE)", ["(Intercept)", "poly(x, 2, raw = TRUE)1", "poly(x, 2, raw = TRUE)2"], [[1, 8.41, 70.7281], [1, -9.59, 91.9681], [1, -10, 100]] },
        { "~(a+b+l)^2-a:b", ["(Intercept)", "ay", "bq", "br", "lTRUE", "ay:lTRUE", "bq:lTRUE", "br:lTRUE"], [[1, 0, 0, 0, 1, 0, 0, 0], [1, 0, 0, 1, 0, 0, 0, 0], [1, 0, 0, 1, 0, 0, 0, 0]] },
        { "~x %in% a", ["(Intercept)", "x:ax", "x:ay"], [[1, 8.41, 0], [1, -9.59, 0], [1, -10, 0]] },
        { "~log(z)/a", ["(Intercept)", "log(z)", "log(z):ay"], [[1, 1.52822785700856, 0], [1, 1.16002091679675, 0], [1, 2.07568449280212, 0]] },
        { "~l:a:o", ["(Intercept)", "lFALSE:ax:op", "lTRUE:ax:op", "lFALSE:ay:op", "lTRUE:ay:op", "lFALSE:ax:oq", "lTRUE:ax:oq", "lFALSE:ay:oq", "lTRUE:ay:oq", "lFALSE:ax:or", "lTRUE:ax:or", "lFALSE:ay:or", "lTRUE:ay:or"], [[1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]] },
    };

    internal static Frame Rows() => new(
    [
        new NumericColumn("x", X),
        new NumericColumn("z", Z),
        new TextColumn("a", [.. X.Select((_, i) => i % 2 == 0 ? "x" : "y")]),
        new Factor("b", [.. X.Select((_, i) => i / 2 % 3)], ["p", "q", "r"]),
        new Factor("o", [.. X.Select((_, i) => i / 2 % 3)], ["p", "q", "r"], isOrdered: true),
        new LogicalColumn("l", [.. X.Select(x => (bool?)(x > 0))]),
    ]);

    [Theory]
    [MemberData(nameof(Matrices))]
    public void Builds_the_model_matrix_of_R(string formula, string[] names, double[][] rows)
    {
        Frame data = Rows();
        DesignMatrices design = ModelFrame.Learn(Formula.Parse(formula), data).Encode(data, new EncodeOptions { Collapse = false }).Design;
        Assert.Equal(names, design.ColumnNames);
        int[] shown = [0, 4, 10];
        for (int i = 0; i < shown.Length; i++)
            for (int j = 0; j < names.Length; j++)
                Assert.True(Math.Abs(design.X[shown[i], j] - rows[i][j]) < 1e-11, $"row {shown[i]}, {names[j]}: {design.X[shown[i], j]} instead of {rows[i][j]}");
    }

    [Theory]
    [InlineData("z ~ x + (a | g)", "g [(Intercept) ay]")]
    [InlineData("z ~ x + (a || g)", "g [(Intercept)] g [ay]")]
    [InlineData("z ~ x + (0 + a || g)", "g [ax] g [ay]")]
    [InlineData("z ~ x + (o || g)", "g [(Intercept)] g [o.L] g [o.Q]")]
    [InlineData("z ~ (x * a || g)", "g [(Intercept)] g [x] g [ay] g [x:ay]")]
    [InlineData("z ~ (poly(x, 2) || g)", "g [(Intercept)] g [poly(x, 2)1] g [poly(x, 2)2]")]
    [InlineData("z ~ (a || g) + (x | b)", "g [(Intercept)] g [ay] b [(Intercept) x]")]
    [InlineData("z ~ x + (0 + a | g)", "g [ax ay]")]
    [InlineData("z ~ (x * a | g)", "g [(Intercept) x ay x:ay]")]
    [InlineData("z ~ (o | g)", "g [(Intercept) o.L o.Q]")]
    [InlineData("z ~ (0 + o + a | g)", "g [op oq or ay]")]
    [InlineData("z ~ (x:a | g)", "g [(Intercept) x:ax x:ay]")]
    [InlineData("z ~ (1 | a:b:g)", "a:b:g [(Intercept)]")]
    [InlineData("z ~ (1 | b/a)", "a:b [(Intercept)] b [(Intercept)]")]
    public void Names_random_effects_as_lme4_does(string formula, string terms)
    {
        Frame data = new([.. Rows().Columns, new IntegerColumn("g", [.. X.Select((_, i) => (long)(i / 6))])]);
        DesignMatrices design = ModelFrame.Learn(Formula.Parse(formula), data).Encode(data).Design;
        Assert.Equal(terms, string.Join(' ', design.RandomTerms.Select(term => $"{term.Group} [{string.Join(' ', term.TermNames)}]")));
        Assert.All(design.RandomTerms, term => Assert.Equal(term.TermNames.Count, term.Z.Columns));
    }
}
