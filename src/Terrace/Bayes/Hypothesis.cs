using System.Text.RegularExpressions;
using Terrace.Data;
using Terrace.Formulas;
using Terrace.Inference.Posterior;

namespace Terrace.Bayes;

/// <summary>
/// A hypothesis about the variables of draws, such as <c>floor &lt; 0</c>, <c>b[x] - 2 * b[z] = 0</c> or <c>sd[county,(Intercept)] &gt; 0.3</c>, judged by the draws as brms's <c>hypothesis</c> does: left side less right side. Immutable.
/// <code>
/// one-sided   evidence ratio = P(H | y)/P(not H | y), interval of 90 %       posterior probability = ratio/(1 + ratio)
/// equal       evidence ratio = p(0 | y)/p(0), the Savage–Dickey density ratio, interval of 95 %
/// </code>
/// Bürkner (2017), brms: An R package for Bayesian multilevel models using Stan, section 5; Wagenmakers, Lodewyckx, Kuriyal and Grasman (2010), Bayesian hypothesis testing for psychologists, for the density ratio, whose densities at 0 are by normal kernels with
/// Silverman's bandwidth (1986, equation 3.31). Checked in <c>HypothesisTests</c>.
/// </summary>
public sealed partial record Hypothesis
{
    private Hypothesis(string text, bool isEqual, double[] values)
    {
        (Text, IsEqual) = (text, isEqual);
        Estimate = SampleMoments.Mean(values);
        Error = SampleMoments.StandardDeviation(values);
        double tail = isEqual ? 0.025 : 0.05;
        double[] limits = SampleQuantile.Of(values, [tail, 1 - tail]);
        (Lower, Upper) = (limits[0], limits[1]);
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Whether it says that both sides are equal.</summary>
    public bool IsEqual { get; }

    /// <summary>The mean of the left side less the right side.</summary>
    public double Estimate { get; }

    /// <summary>Its standard deviation.</summary>
    public double Error { get; }

    /// <summary>The lower limit of its interval: of 90 % where the hypothesis is one-sided, otherwise of 95 %.</summary>
    public double Lower { get; }

    /// <summary>The upper limit.</summary>
    public double Upper { get; }

    /// <summary>The evidence ratio; infinite where every draw agrees, NaN of equality without draws of the prior.</summary>
    public double EvidenceRatio { get; private init; }

    /// <summary>The posterior probability, with even odds before where it is of equality.</summary>
    public double PosteriorProbability => double.IsPositiveInfinity(EvidenceRatio) ? 1 : EvidenceRatio / (1 + EvidenceRatio);

    /// <summary>Whether 0 lies outside the interval, or a one-sided hypothesis has more than 95 % probability.</summary>
    public bool IsNotable => IsEqual ? Lower > 0 || Upper < 0 : PosteriorProbability > 0.95;

    /// <summary>Judges a hypothesis.</summary>
    /// <param name="text">Two expressions with &lt;, &gt; or = between them. Coefficients go by their names (<c>Intercept</c> for the intercept), other variables by those of the draws; names with signs may stand in backticks.</param>
    /// <param name="draws">The draws.</param>
    /// <param name="prior">Draws of the prior for the density ratio of equality, or null.</param>
    /// <exception cref="ModelException">There is no or more than one sign of comparison.</exception>
    /// <exception cref="FormulaException">A side cannot be read, or a name is unknown: the message has a caret and the nearest name.</exception>
    public static Hypothesis Of(string text, Draws draws, Draws? prior = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(draws);
        string quoted = Quoted(text, draws.Layout);
        Match[] signs = [.. Signs().Matches(quoted).Where(match => match.Groups["sign"].Success)];
        if (signs.Length != 1) throw new ModelException($"The hypothesis '{text}' needs one '<', '>' or '=' between two expressions, as in 'floor < 0'; it has {(signs.Length == 0 ? "none" : $"{signs.Length}")}.");
        string sign = signs[0].Value, difference = $"({quoted[..signs[0].Index].Trim()}) - ({quoted[(signs[0].Index + sign.Length)..].Trim()})";
        bool equal = sign is "=" or "==";
        double[] values = Values(difference, draws);
        if (!values.All(double.IsFinite)) throw new ModelException($"The hypothesis '{text}' has no finite value in some draws; a division by 0 or the logarithm of a negative number may be in it.");
        return new Hypothesis(text, equal, values) { EvidenceRatio = equal ? DensityRatio(values, prior is null ? null : Values(difference, prior)) : Odds(values, sign[0]) };
    }

    private static double Odds(double[] values, char sign)
    {
        double holds = values.Count(value => sign == '<' ? value < 0 : value > 0);
        return holds / (values.Length - holds);
    }

    private static double DensityRatio(double[] posterior, double[]? prior) => prior is null ? double.NaN : DensityAtZero(posterior) / DensityAtZero(prior);

    private static double DensityAtZero(double[] values)
    {
        double[] quartiles = SampleQuantile.Of(values, [0.25, 0.75]);
        double spread = Math.Min(SampleMoments.StandardDeviation(values), (quartiles[1] - quartiles[0]) / 1.34), width = 0.9 * spread * Math.Pow(values.Length, -0.2), sum = 0;
        foreach (double value in values) sum += Math.Exp(-0.5 * value * value / (width * width));
        return sum / (values.Length * width * Math.Sqrt(2 * Math.PI));
    }

    /// <summary>The text with names that are no names of the formula language put in backticks.</summary>
    private static string Quoted(string text, VariableLayout layout)
    {
        string[] names = [.. layout.Columns.Concat(Coefficients(layout)).Where(name => !PlainName().IsMatch(name)).OrderByDescending(name => name.Length)];
        if (names.Length == 0) return text;
        string pattern = "`[^`]*`|" + string.Join('|', names.Select(Regex.Escape));
        return Regex.Replace(text, pattern, match => match.Value[0] == '`' ? match.Value : $"`{match.Value}`");
    }

    private static double[] Values(string difference, Draws draws)
    {
        Expression expression = Expression.Parse(difference);
        var columns = new List<Column>();
        IReadOnlyList<string> used = expression.Variables;
        foreach (string name in Names(draws.Layout).Where(used.Contains).Distinct()) columns.Add(new NumericColumn(name, draws.Column(ColumnOf(draws.Layout, name)).ToArray()));
        string? unknown = used.FirstOrDefault(name => columns.All(column => column.Name != name));
        if (unknown is not null)
        {
            Expression at = expression.SelfAndParts().First(part => part is NameExpression { Name: { } name } && name == unknown);
            throw at.Place.Fault($"The fit has no variable '{unknown}'.{NearestName.Hint(unknown, Names(draws.Layout))} It has {string.Join(", ", Names(draws.Layout).Take(12))}{(Names(draws.Layout).Skip(12).Any() ? ", …" : "")}.");
        }
        if (columns.Count == 0) throw new ModelException("The hypothesis names no variable of the fit.");
        return ColumnConversion.Doubles(ExpressionEvaluator.Evaluate(expression, new Frame(columns, "the draws")), expression).ToArray();
    }

    private static string ColumnOf(VariableLayout layout, string name) => layout.IndexOf(name) >= 0 ? name : name == "Intercept" ? "b[(Intercept)]" : $"b[{name}]";

    private static IEnumerable<string> Names(VariableLayout layout) => Coefficients(layout).Concat(layout.Columns);

    private static IEnumerable<string> Coefficients(VariableLayout layout) =>
        layout.Columns.Where(column => column.StartsWith("b[", StringComparison.Ordinal)).Select(column => column == "b[(Intercept)]" ? "Intercept" : column[2..^1]);

    [GeneratedRegex(@"`[^`]*`|(?<sign><=|>=|==|<|>|=)")]
    private static partial Regex Signs();

    [GeneratedRegex(@"^[A-Za-z.][A-Za-z0-9._]*$")]
    private static partial Regex PlainName();
}
