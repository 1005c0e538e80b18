#:project ../src/Terrace.Stan/Terrace.Stan.csproj
#:property PublishAot=false

// A program in the Stan language, compiled and sampled within C#: Rubin's eight schools.
// Run: dotnet run examples/eight-schools.cs

using System.Globalization;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.Sampling;
using Terrace.Stan;
using Terrace.Stan.Data;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
StanModel model = StanModel.Compile(File.ReadAllText("examples/eight_schools.stan"));
StanData data = StanData.FromDictionary(new Dictionary<string, object>
{
    ["J"] = 8,
    ["y"] = new double[] { 28, 8, -3, 7, -1, 1, 18, 12 },
    ["sigma"] = new double[] { 15, 10, 16, 11, 9, 11, 10, 18 },
});
SamplingResult result = model.Sample(data, new NutsOptions { Seed = 1 });
int wrong = 0;
foreach (VariableSummary s in VariableSummary.OfAll(result.Draws)) Console.WriteLine($"{s.Name,-9} mean {s.Mean,6:0.00}  sd {s.Sd,5:0.00}  R-hat {s.Rhat:0.000}  {s.EssBulk,5:0} effective draws");

// The reference posterior of posteriordb: mu 4.41 (sd 3.31), tau 3.60 (3.20); a fifth of a standard deviation is more than 4 Monte Carlo errors.
Check("mu", 4.41, 3.31);
Check("tau", 3.60, 3.20);
return wrong;

void Check(string name, double mean, double sd)
{
    double found = VariableSummary.Of(name, [.. result.Draws.Column(name)], result.Draws.Chains).Mean;
    if (Math.Abs(found - mean) < sd / 5) return;
    Console.WriteLine($"{name}: {found:0.00}, but the reference has {mean:0.00}");
    wrong++;
}
