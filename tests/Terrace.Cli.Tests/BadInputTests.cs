using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Terrace.Cli.Tests;

/// <summary>Input that a model cannot use, with and without group-level terms: each a clear error with exit status 1 and nothing written, or a result with a documented warning. The list is that of docs/errors.md.</summary>
public class BadInputTests
{
    [Theory]
    // A grouping factor with one level, or as many as rows.
    [InlineData("y ~ x + (1 | one)", "'one' has only one level")]
    [InlineData("y ~ x + one", "'one' has only the level 'k'")]
    [InlineData("y ~ x + (1 | id)", "'id' has 36 levels for 36 rows")]
    [InlineData("y ~ x + (1 + x | half)", "(Intercept) + x | half", "36 random effects for 36 rows")]
    [InlineData("pos ~ x + (1 | id)", "'id' has 36 levels for 36 rows", "--family", "gamma", "--link", "log")]
    // A column without values.
    [InlineData("y ~ na", "no row with a value for every variable of the model (y, na)")]
    [InlineData("y ~ x + (1 | na)", "no row with a value")]
    [InlineData("y ~ x + (na | g)", "no row with a value")]
    [InlineData("na ~ x", "no row with a value")]
    [InlineData("na ~ x + (1 | g)", "no row with a value")]
    // A response that does not vary.
    [InlineData("const ~ x + (1 | g)", "'const' is constant")]
    [InlineData("const ~ x + (1 | g)", "'const' does not vary: it is 5", "--family", "gamma", "--link", "log")]
    [InlineData("zero ~ x + (1 | g)", "'zero' does not vary: it is 0", "--family", "poisson")]
    [InlineData("zero ~ x + (1 | g)", "'zero' does not vary: it is 0", "--family", "binomial")]
    // Infinite, huge and vanishing values.
    [InlineData("y ~ inf", "row 8: 'inf' is infinite")]
    [InlineData("y ~ inf + (1 | g)", "row 8: 'inf' is infinite")]
    [InlineData("y ~ x + (inf | g)", "row 8: 'inf' is infinite")]
    [InlineData("inf ~ x", "row 8: the response 'inf' is infinite")]
    [InlineData("inf ~ x + (1 | g)", "row 8: the response 'inf' is infinite")]
    [InlineData("y ~ big", "The column 'big' has the value 1E+300")]
    [InlineData("y ~ big + (1 | g)", "The column 'big' has the value 1E+300")]
    [InlineData("y ~ x + (big | g)", "The column 'big' has the value 1E+300")]
    [InlineData("b ~ big + (1 | g)", "The column 'big' has the value 1E+300", "--family", "binomial")]
    [InlineData("b ~ big", "The column 'big' has the value 1E+300", "--family", "binomial")]
    [InlineData("big ~ x", "The response 'big' has the value 1E+300")]
    [InlineData("big ~ x + (1 | g)", "The response 'big' has the value 1E+300")]
    [InlineData("y ~ I(big * big)", "infinite")]
    [InlineData("y ~ big:big2 + (1 | g)", "values that are not finite numbers")]
    [InlineData("y ~ x + offset(big) + (1 | g)", "The offset has the value 1E+300")]
    [InlineData("y ~ x", "The offset has the value 1E+300", "--offset", "big")]
    [InlineData("y ~ x", "The weight of a row has the value 1E+300", "--weights", "abs(big)")]
    [InlineData("y ~ I(x / 1e200)", "no number above")]
    [InlineData("y ~ I(x / 1e200) + (1 | g)", "no number above")]
    [InlineData("I(y / 1e200) ~ x + (1 | g)", "no number above")]
    // Text where a number belongs.
    [InlineData("y ~ log(txt)", "'txt' is text; a number is needed here")]
    [InlineData("y ~ x + (log(txt) | g)", "'txt' is text; a number is needed here")]
    [InlineData("txt ~ x", "'txt' is a category")]
    [InlineData("txt ~ x + (1 | g)", "'txt' is a category")]
    [InlineData("txt ~ x + (1 | g)", "'txt' is a category", "--family", "poisson")]
    [InlineData("y ~ x", "'txt' is text", "--weights", "txt")]
    [InlineData("y ~ x + (1 | g)", "'txt' is text", "--weights", "txt")]
    [InlineData("y ~ x + (1 | g)", "'txt' is text", "--offset", "txt")]
    // Weights.
    [InlineData("y ~ x", "All weights are 0", "--weights", "zero")]
    [InlineData("y ~ x + (1 | g)", "All weights are 0", "--weights", "zero")]
    [InlineData("b ~ x + (1 | g)", "All weights are 0", "--family", "binomial", "--weights", "zero")]
    [InlineData("y ~ x", "row 5: the weight is -1", "--weights", "negative")]
    [InlineData("y ~ x + (1 | g)", "row 5: the weight is -1", "--weights", "negative")]
    [InlineData("y ~ x + (1 | g)", "row 8: the weight is Inf", "--weights", "inf")]
    // Counts and trials.
    [InlineData("negative ~ x", "'negative' is -1 in used row 5", "--family", "poisson")]
    [InlineData("negative ~ x + (1 | g)", "'negative' is -1 in used row 5", "--family", "poisson")]
    [InlineData("fraction ~ x + (1 | g)", "'fraction' is 0.5 in used row 5", "--family", "poisson")]
    [InlineData("zero ~ x + (1 | g)", "'zero' is 0 in used row 1, but the gamma family needs positive values", "--family", "gamma")]
    [InlineData("s ~ x", "'s' is 3 of 2 trials", "--family", "binomial", "--trials", "two")]
    [InlineData("s ~ x + (1 | g)", "'s' is 3 of 2 trials", "--family", "binomial", "--trials", "two")]
    [InlineData("negative ~ x + (1 | g)", "'negative' is -1 of 4 trials", "--family", "binomial", "--trials", "two + 2")]
    [InlineData("s ~ x + (1 | g)", "row 1: the number of trials is -1", "--family", "binomial", "--trials", "s - 1")]
    [InlineData("cbind(s, two - s) ~ x", "3 successes and -1 failures", "--family", "binomial")]
    [InlineData("cbind(s, two - s) ~ x + (1 | g)", "3 successes and -1 failures", "--family", "binomial")]
    [InlineData("zero ~ x", "All trials are 0", "--family", "binomial", "--trials", "zero")]
    [InlineData("zero ~ x + (1 | g)", "All trials are 0", "--family", "binomial", "--trials", "zero")]
    public void Is_refused_with_the_reason(string formula, params string[] wordsAndOptions)
    {
        int options = Array.FindIndex(wordsAndOptions, word => word.StartsWith("--", StringComparison.Ordinal));
        string[] words = options < 0 ? wordsAndOptions : wordsAndOptions[..options], given = options < 0 ? [] : wordsAndOptions[options..];
        using var folder = new Folder();
        Tool.Run(["fit", formula, "--data", folder.File("d.csv", Table()), .. given, "--save", folder.At("never.fit")]).Refuses(1, words);
        Assert.Equal(["d.csv"], folder.Names());
    }

    [Theory]
    // A response that does not vary or is fitted exactly.
    [InlineData("const ~ x", "exact-fit", "'const' is 5 in all 36 rows")]
    [InlineData("I(2 * x + 1) ~ x", "exact-fit", "fits the response 'I(2 * x + 1)' exactly")]
    [InlineData("y ~ x + id", "exact-fit", "as many coefficients as rows (36)")]
    [InlineData("zero ~ x", "separation", "are all 0", "--family", "poisson")]
    [InlineData("zero ~ x", "separation", "are all 0", "--family", "binomial")]
    // Collinear predictors.
    [InlineData("y ~ x + x2", "aliased", "x2")]
    [InlineData("y ~ x + x2 + (1 | g)", "aliased", "x2")]
    [InlineData("y ~ const + (1 | g)", "aliased", "const")]
    [InlineData("b ~ x + x2 + (1 | g)", "aliased", "x2", "--family", "binomial")]
    [InlineData("y ~ x + (x + x2 | g)", "singular-fit", "x2 by g are a linear combination")]
    // Complete separation.
    [InlineData("above ~ x", "separation", "coefficient of x", "--family", "binomial")]
    [InlineData("above ~ x + (1 | g)", "separation", "coefficient of x", "--family", "binomial")]
    [InlineData("above ~ x + (1 | g)", "separation", "coefficient of x", "--family", "binomial", "--link", "probit")]
    [InlineData("ingroup ~ x + (1 | g)", "separation", "Every level of g has one outcome only", "--family", "binomial")]
    // Missing values and weights of 0.
    [InlineData("y ~ x + (1 | g)", "rows-omitted", "1 row lacks", "--weights", "gap")]
    [InlineData("y ~ gap + (1 | g)", "rows-omitted", "1 row lacks")]
    public void Is_fitted_with_a_warning(string formula, string code, string word, params string[] options)
    {
        using var folder = new Folder();
        JsonElement document = Tool.Json(["fit", formula, "--data", folder.File("d.csv", Table()), .. options]);
        JsonElement warning = document.GetProperty("warnings").EnumerateArray().FirstOrDefault(w => w.GetProperty("code").GetString() == code);
        Assert.True(warning.ValueKind == JsonValueKind.Object, document.GetProperty("warnings").ToString());
        Assert.Contains(word, warning.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("y ~ x", "--weights", "some")]
    [InlineData("y ~ x + (1 | g)", "--weights", "some")]
    public void Rows_of_weight_zero_do_not_count(params string[] arguments)
    {
        using var folder = new Folder();
        string file = folder.File("d.csv", Table());
        JsonElement weighted = Tool.Json(["fit", .. arguments, "--data", file]), without = Tool.Json("fit", arguments[0], "--data", file, "--where", "some > 0");
        Assert.Equal(without.GetProperty("logLik").GetDouble(), weighted.GetProperty("logLik").GetDouble(), 1e-8);
        Assert.Equal(without.GetProperty("fixed")[1].GetProperty("estimate").GetDouble(), weighted.GetProperty("fixed")[1].GetProperty("estimate").GetDouble(), 1e-6);
    }

    /// <summary>No outcome model needs the rows of one level to be many: an effect for each row of 0/1 outcomes is a model of lme4's as well.</summary>
    [Fact]
    public void A_level_for_each_row_is_allowed_where_there_is_no_residual_variance()
    {
        using var folder = new Folder();
        Assert.True(Tool.Json("fit", "s ~ x + (1 | id)", "--data", folder.File("d.csv", Table()), "--family", "poisson").GetProperty("converged").GetBoolean());
    }

    /// <summary>36 rows in 6 groups; x and y are fixed pseudo-random numbers.</summary>
    private static string Table()
    {
        var text = new StringBuilder("y,x,x2,g,half,one,id,na,const,zero,txt,inf,big,big2,negative,fraction,two,s,b,above,ingroup,pos,gap,some\n");
        for (int i = 0; i < 36; i++)
        {
            double x = Math.Round(Math.Sin(12.9898 * (i + 1)) * 2, 4), y = Math.Round(2 + x + 0.8 * (i % 6) + Math.Sin(78.233 * (i + 1) * (i + 1)), 4);
            object[] row =
            [
                y, x, 2 * x + 1, "abcdef"[i % 6], "h" + i % 18, "k", "r" + i, "", 5, 0, i % 3 == 0 ? "red" : i % 3 == 1 ? "blue" : "12", i == 7 ? "Inf" : x, i == 7 ? "1e300" : x, i == 7 ? "1e299" : x,
                i == 4 ? -1 : i % 4, i == 4 ? 0.5 : i % 4, 2, i % 4, i * i % 7 < 3 ? 1 : 0, x > 0 ? 1 : 0, i % 6 < 2 ? 1 : 0, Math.Abs(x) + 0.1, i == 4 ? "" : 1 + i % 3, i < 3 ? 0 : 1,
            ];
            text.AppendJoin(',', row.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture))).Append('\n');
        }
        return text.ToString();
    }
}
