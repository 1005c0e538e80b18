#:project ../src/Terrace/Terrace.csproj
#:property PublishAot=false

// "Getting Started with Multilevel Regression and Poststratification" (C. Ford, UVA Library StatLab, 2025), step by step.
// The survey is simulated as in the article, by a generator that repeats R's random numbers bit for bit, so every printed number can be compared with the article's.
// Run: dotnet run examples/students.cs

using System.Globalization;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers.RCompatible;
using Terrace.Poststratification;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int n = 1000;
string[] classes = ["1", "2", "3", "4", "5"];
double[] N = [4000, 4000, 4000, 4000, 7000];
double[] support = [0.65, 0.65, 0.4, 0.4, 0.2];

Title("The truth");
Check("population share in favour", [support.Zip(N, (p, k) => p * k).Sum() / N.Sum()], [0.426087]);

Title("A representative sample: set.seed(10)");
var generator = new RGenerator(10);
int[] people = generator.Sample(n, replace: true, N);
Check("students per class", Table(people), [188, 172, 185, 156, 299]);
Check("mean response", [generator.BinomialValues(n, [1], Pick(support, people)).Average()], [0.432]);

Title("A sample with non-response: set.seed(20), set.seed(30)");
people = new RGenerator(20).Sample(n, replace: true, [0.4, 0.4, 0.2, 0.1, 0.1]);
Check("students per class", Table(people), [341, 326, 148, 95, 90]);
int[] response = new RGenerator(30).BinomialValues(n, [1], Pick(support, people));
Check("mean response (biased)", [response.Average()], [0.552]);

var survey = new Frame(
[
    new IntegerColumn("response", [.. response.Select(r => (long)r)]),
    new Factor("class", [.. people.Select(p => p - 1)], classes),
], "survey");
PoststratificationFrame population = PoststratificationFrame.FromCounts(new Frame([new Factor("class", [0, 1, 2, 3, 4], classes), new NumericColumn("N", N)], "census"));

Title("Simple poststratification");
double[] proportions = [.. classes.Select((_, c) => response.Where((_, i) => people[i] == c + 1).Average())];
Check("share in favour by class", proportions, [0.6539589, 0.6717791, 0.3581081, 0.3684211, 0.2444444]);
Check("weighted mean", Poststratify.Means(population, Areas.Of(population, Grouping.None), proportions), [0.4313122]);

Title("Regression and poststratification: glm(response ~ class, binomial)");
GeneralizedLinearModelFit glm = Glm("response ~ class");
Check("predicted by class", PredictClasses(glm, "response ~ class"), [0.6539589, 0.6717791, 0.3581081, 0.3684211, 0.2444444]);
MrpResult regression = Run("response ~ class", MrpInterval.Default);
Check("estimate", [regression.Overall.Estimate], [0.4313122]);
MrpResult article = Run("response ~ class", MrpInterval.Parse("article"), levelOfTwoErrors: true);
Check("the article's interval", [article.Overall.Lower, article.Overall.Upper], [0.3548098, 0.5078145]);
Console.WriteLine($"  {article.IntervalMeaning}");
Check("the right 95 % interval", [regression.Overall.Lower, regression.Overall.Upper], [0.3946, 0.4681]);
Console.WriteLine($"  {regression.IntervalMeaning}");

Title("Multilevel regression and poststratification: glmer(response ~ 1 + (1|class), binomial)");
ModelRows rows = Rows("response ~ 1 + (1|class)");
MixedModelFit glmer = GeneralizedLinearMixedModel.Fit(rows, Family.Binomial());
Check("intercept of each class", glmer.Coefficients()[0].Values.Column(0).ToArray(), [0.6167566, 0.6930053, -0.5605574, -0.5082169, -1.0284200], 2e-4);
MrpResult mrp = Run("response ~ 1 + (1|class)", MrpInterval.Default);
Check("estimate", [mrp.Overall.Estimate], [0.437579], 2e-5);
MrpResult byClass = Run("response ~ 1 + (1|class)", MrpInterval.Default, by: new Grouping("class"));
Check("partial pooling by class", [.. byClass.By[0].Rows.Select(row => row.Estimate.Estimate)], [0.6494805, 0.6666351, 0.3634185, 0.3756116, 0.2633905], 5e-5);
Check("complete pooling", [Glm("response ~ 1").FittedValues()[0]], [0.552]);
Console.WriteLine($"  95 % interval {mrp.Overall.Lower:F4} to {mrp.Overall.Upper:F4}. {mrp.IntervalMeaning}");

Title("Its bootstrap interval: bootMer(use.u = TRUE), here with 9,999 replicates");
MrpResult bootstrap = Run("response ~ 1 + (1|class)", MrpInterval.Parse("bootstrap:9999"), levelOfTwoErrors: true);
Check("estimate ± 2 sd", [bootstrap.Overall.Lower, bootstrap.Overall.Upper], [0.3983542, 0.4768037], 0.004);
Console.WriteLine($"  {bootstrap.IntervalMeaning}");
return Failures;

MrpResult Run(string formula, MrpInterval interval, bool levelOfTwoErrors = false, Grouping? by = null) => Mrp.Run(new MrpOptions
{
    Formula = Formula.Parse(formula),
    Survey = survey,
    Population = population,
    Family = Family.Binomial(),
    Interval = interval,
    By = by is null ? [] : [by],
    Level = levelOfTwoErrors ? 0.9544997361036416 : 0.95, // the article adds and subtracts two standard errors: 95.45 %
    Threads = Environment.ProcessorCount,
});

ModelRows Rows(string formula) => ModelFrame.Learn(Formula.Parse(formula), survey).Encode(survey);

GeneralizedLinearModelFit Glm(string formula) => GeneralizedLinearModel.Fit(Rows(formula), Family.Binomial());

double[] PredictClasses(GeneralizedLinearModelFit fit, string formula) =>
    fit.Predict(ModelFrame.Learn(Formula.Parse(formula), survey).Encode(population.Cells, EncodeOptions.Prediction)).Response;

static double[] Pick(double[] probabilities, int[] people) => [.. people.Select(p => probabilities[p - 1])];

static double[] Table(int[] people) => [.. Enumerable.Range(1, 5).Select(c => (double)people.Count(p => p == c))];

static void Title(string text) => Console.WriteLine($"\n{text}");

static void Check(string name, double[] values, double[] article, double tolerance = 5e-5)
{
    bool agrees = values.Length == article.Length && values.Zip(article, (a, b) => Math.Abs(a - b) <= tolerance).All(same => same);
    if (!agrees) Failures++;
    Console.WriteLine($"  {name}: {string.Join(" ", values.Select(v => v.ToString("G7")))}{(agrees ? "  (as in the article)" : $"  DIFFERS from {string.Join(" ", article)}")}");
}

partial class Program
{
    private static int Failures { get; set; }
}
