#:project ../src/Terrace/Terrace.csproj
#:property PublishAot=false

// The share of Bush voters of 1988 in the nation and in every state, from polls and the census: read the survey, read the population, read the predictors of the states,
// run, compare with the result of the election. The references are those of glmer (lme4 1.1-31) for the same model.
// Run: dotnet run examples/election88.cs

using System.Globalization;
using Terrace.Data;
using Terrace.Formulas;
using Terrace.Families;
using Terrace.Poststratification;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string data = Path.Combine((string?)AppContext.GetData("EntryPointFileDirectoryPath") ?? "examples", "data");

Frame survey = CsvFile.Read(Path.Combine(data, "election88_polls_all.csv.gz"));
PoststratificationFrame population = PoststratificationFrame.FromCounts(CsvFile.Read(Path.Combine(data, "census88.csv.gz")));
Frame states = CsvFile.Read(Path.Combine(data, "election88_states.csv.gz"));
Formula formula = Formula.Parse("bush ~ female*black + g76_84pr + (1|state) + (1|region) + (1|age) + (1|edu) + (1|age:edu)");
MrpResult result = Mrp.Run(new MrpOptions
{
    Formula = formula,
    Survey = survey,
    Population = population,
    GroupData = [states],
    Family = Family.Binomial(),
    By = [new Grouping("abbr")],
    Truth = states,
    TruthColumn = "actual_bush_1988",
    Threads = Environment.ProcessorCount,
});

IntervalEstimate nation = result.Overall;
Console.WriteLine($"The nation: {nation.Estimate:P2}, 95 % interval {nation.Lower:P1} to {nation.Upper:P1}\n");
Console.WriteLine("  state   respondents   estimate   95 % interval");
foreach (AreaEstimate state in result.By[0].Rows.OrderByDescending(row => row.Estimate.Estimate))
    Console.WriteLine($"  {state.Levels[0],-7} {state.Respondents,11:N0} {state.Estimate.Estimate,10:P1}   {state.Estimate.Lower:P1} to {state.Estimate.Upper:P1}");

TruthComparison truth = result.Truth!;
Console.WriteLine();
Check("national estimate, %", 100 * nation.Estimate, 54.38, 0.02);
Check("mean absolute error of the states, points", 100 * truth.MeanAbsoluteError, 3.17, 0.03);
Check("states compared", truth.Areas, 51, 0);
Check("sd of the age groups", result.MixedFit!.Terms.Single(term => term.Group == "age").StandardDeviation(0), 0, 0);
Console.WriteLine($"  of the 95 % intervals {truth.Coverage:P0} hold the result of the election\n");
foreach (string warning in result.Warnings.Select(warning => $"{warning.Code}: {warning.Message}")) Console.WriteLine(warning);
return Failures;

static void Check(string name, double value, double reference, double tolerance)
{
    bool agrees = Math.Abs(value - reference) <= tolerance;
    if (!agrees) Failures++;
    Console.WriteLine($"  {name}: {value:G5}{(agrees ? "  (as the reference)" : $"  DIFFERS from {reference}")}");
}

partial class Program
{
    private static int Failures { get; set; }
}
