using System.Globalization;
using Terrace.CompareLme4;
using Terrace.Data;

// compare FOLDER NAME    one model of the comparison: CPU seconds of the first fit and of a warm one, evaluations and log likelihood, tab separated
// names                  the models' names and titles
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["names"]:
        foreach (Workload one in Workload.All) Console.WriteLine($"{one.Name}\t{one.Title}");
        return 0;
    case ["compare", string folder, string name] when Workload.All.FirstOrDefault(w => w.Name == name) is { } workload:
        Compare(workload, workload.Read(folder));
        return 0;
    default:
        Console.Error.WriteLine($"Use: names | compare FOLDER NAME, NAME one of {string.Join(", ", Workload.All.Select(w => w.Name))}.");
        return 2;
}

static void Compare(Workload workload, Frame data)
{
    double likelihood = 0;
    int evaluations = 0;
    void Fit()
    {
        var fit = workload.Fit(data);
        (likelihood, evaluations) = (fit.LogLikelihood, fit.Evaluations);
    }
    double first = CpuTime.Of(Fit);
    double warm = CpuTime.Least(Fit, Math.Max(2, 6 * first));
    Console.WriteLine($"{first:F4}\t{warm:G4}\t{evaluations}\t{likelihood:F4}");
}
