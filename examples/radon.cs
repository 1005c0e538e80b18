#:project ../src/Terrace/Terrace.csproj
#:property PublishAot=false

// Radon in the houses of Minnesota (A. Gelman, J. Hill, "Data Analysis Using Regression and Multilevel/Hierarchical Models", 2007, chapter 12): complete pooling, no pooling, and
// partial pooling as the compromise between them. Every number is checked against R's lm and lme4's lmer, and the book's pooling formula against the model's own estimates.
// Run: dotnet run examples/radon.cs

using System.Globalization;
using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;
using Terrace.LinearModels;
using Terrace.MixedModels;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string data = Path.Combine((string?)AppContext.GetData("EntryPointFileDirectoryPath") ?? "examples", "data");
Frame radon = CsvFile.Read(Path.Combine(data, "radon.csv.gz"));
double[] y = [.. ((NumericColumn)radon.Get("log_radon")).Values];
double[] floor = [.. ((IntegerColumn)radon.Get("floor")).Values.ToArray().Select(v => (double)v)];
string[] county = [.. Enumerable.Range(0, radon.RowCount).Select(row => radon.Get("county").TextAt(row)!)];

Title("Complete pooling: lm(log_radon ~ floor)");
GeneralizedLinearModelFit complete = Lm("log_radon ~ floor");
Check("intercept, floor", complete.Estimates.Values, [1.3267439, -0.6133948]);

Title("No pooling: lm(log_radon ~ floor + county - 1), an intercept of its own for each of 85 counties");
GeneralizedLinearModelFit separate = Lm("log_radon ~ floor + county - 1");
Dictionary<string, double> own = separate.Estimates.Terms.Zip(separate.Estimates.Values).ToDictionary(pair => pair.First, pair => pair.Second);
Check("floor", [own["floor"]], [-0.7205390]);
Check("Aitkin, Lac qui Parle, St. Louis, Lake", [own["countyAITKIN"], own["countyLAC QUI PARLE"], own["countyST LOUIS"], own["countyLAKE"]], [0.8405411, 2.9589652, 0.8676321, 0.4020884]);

Title("Partial pooling without predictors: lmer(log_radon ~ 1 + (1 | county))");
MixedModelFit means = Lmer("log_radon ~ 1 + (1 | county)");
Check("mean of the counties", means.Beta, [1.3125758]);
Check("sd between counties, sd within", [CountySd(means), means.Sigma], [0.3095382, 0.7978850]);
CheckPooling(means, slope: 0);
Console.WriteLine($"  with the mean of all houses instead of the mean of the counties, as a rough formula: at most {LargestPoolingError(means, 0, y.Average()):F3} off");

Title("Partial pooling with the floor: lmer(log_radon ~ floor + (1 | county))");
MixedModelFit partial = Lmer("log_radon ~ floor + (1 | county)");
Check("intercept, floor", partial.Beta, [1.4615979, -0.6929937]);
Check("standard errors", partial.StandardErrors(), [0.0515762, 0.0704308]);
Check("sd between counties, sd within", [CountySd(partial), partial.Sigma], [0.3282224, 0.7555892]);
Check("the same, as the book rounds them", [Math.Round(CountySd(partial), 2), Math.Round(partial.Sigma, 2)], [0.33, 0.76]);
Check("REML criterion", [partial.RemlCriterion ?? double.NaN], [2171.3052928], 1e-4);
GroupCoefficients lines = partial.Coefficients()[0];
Check("Aitkin, Lac qui Parle, St. Louis, Lake", [Intercept("AITKIN"), Intercept("LAC QUI PARLE"), Intercept("ST LOUIS"), Intercept("LAKE")], [1.1915004, 1.8680899, 0.8899487, 0.7928242]);
CheckPooling(partial, slope: partial.Beta[1]);

Title("How strongly counties are pooled");
double ratio = Math.Pow(CountySd(partial) / partial.Sigma, 2);
Check("variance ratio, 0.33² / 0.76²", [Math.Round(ratio, 2)], [0.19]);
Console.WriteLine($"  so the variance between counties is that of the mean of {1 / ratio:F1} houses: with fewer, a county's estimate is nearer to the common line, with more, to its own");
Check("intraclass correlation", [partial.Icc ?? double.NaN], [0.1587427]);

Console.WriteLine("\n  county            houses   no pooling   partial pooling   weight of its own data");
foreach (string name in new[] { "LAC QUI PARLE", "MURRAY", "LAKE", "AITKIN", "CLAY", "ANOKA", "HENNEPIN", "ST LOUIS" })
    Console.WriteLine($"  {name,-16} {Houses(name).Count(),7} {own["county" + name],12:F3} {Intercept(name),17:F3} {OwnWeight(partial, name),24:F2}");
Console.WriteLine($"  all counties     {y.Length,7} {complete.Estimates.Values[0],12:F3} {partial.Beta[0],17:F3}   (complete pooling; mean of the counties)");

Title("A predictor of the counties: lmer(log_radon ~ floor + log_uranium + (1 | county))");
MixedModelFit uranium = Lmer("log_radon ~ floor + log_uranium + (1 | county)");
Check("intercept, floor, log_uranium", uranium.Beta, [1.4657628, -0.6682448, 0.7202676]);
Check("sd between counties, sd within", [CountySd(uranium), uranium.Sigma], [0.1564023, 0.7584393]);
Console.WriteLine($"  the soil's uranium explains {1 - Math.Pow(CountySd(uranium) / CountySd(partial), 2):P0} of the variance between counties");
return Failures;

ModelRows Rows(string formula) => ModelFrame.Learn(Formula.Parse(formula), radon).Encode(radon);

GeneralizedLinearModelFit Lm(string formula) => LinearModel.Fit(Rows(formula));

MixedModelFit Lmer(string formula) => LinearMixedModel.Fit(Rows(formula)); // by REML, lmer's default

double Intercept(string name) => lines.Values[lines.Levels.ToList().IndexOf(name), 0];

IEnumerable<int> Houses(string name) => Enumerable.Range(0, y.Length).Where(row => county[row] == name);

static double CountySd(MixedModelFit fit) => fit.Terms[0].StandardDeviation(0);

// n_j/σ_y² : 1/σ_α², the information in the county's own houses and in the other counties
double OwnWeight(MixedModelFit fit, string name)
{
    double within = Houses(name).Count() / Math.Pow(fit.Sigma, 2), between = 1 / Math.Pow(CountySd(fit), 2);
    return within / (within + between);
}

double LargestPoolingError(MixedModelFit fit, double slope, double center)
{
    GroupCoefficients estimates = fit.Coefficients()[0];
    return estimates.Levels.Select((name, j) =>
    {
        double ownIntercept = Houses(name).Average(row => y[row] - slope * floor[row]), weight = OwnWeight(fit, name);
        return Math.Abs(weight * ownIntercept + (1 - weight) * center - estimates.Values[j, 0]);
    }).Max();
}

void CheckPooling(MixedModelFit fit, double slope) =>
    Check("pooling formula against the model, largest difference of 85 counties", [LargestPoolingError(fit, slope, fit.Beta[0])], [0], 1e-9);

static void Title(string text) => Console.WriteLine($"\n{text}");

static void Check(string name, IReadOnlyList<double> values, double[] reference, double tolerance = 2e-6)
{
    bool agrees = values.Count == reference.Length && values.Zip(reference, (a, b) => Math.Abs(a - b) <= tolerance).All(same => same);
    if (!agrees) Failures++;
    Console.WriteLine($"  {name}: {string.Join(" ", values.Select(v => v.ToString("G7")))}{(agrees ? "  (as the reference)" : $"  DIFFERS from {string.Join(" ", reference)}")}");
}

partial class Program
{
    private static int Failures { get; set; }
}
