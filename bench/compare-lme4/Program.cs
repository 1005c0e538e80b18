using System.Globalization;
using Terrace.CompareLme4;
using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;

// compare FOLDER NAME    one model of the comparison: CPU seconds of the first fit and of a warm one, evaluations, log likelihood, CPU seconds of the process up to the end of the first fit; tab separated
// phases FOLDER NAME     where the warm seconds of a fit go: learning the coding, model matrices, estimation
// tails FOLDER            InstEval with a dense and with a sparse tail
// kernels                 GFLOP/s of the dense kernels on one core
// levels FOLDER           crossed data with the levels fixed and 1, 4, 16 times the rows
// generate FILE COUNT     writes a file of that many rows for the next
// stream FILE             y ~ x + (1 | g) of a file as a stream: one row of a table
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
    case ["phases", string folder, string name] when Workload.All.FirstOrDefault(w => w.Name == name) is { } workload:
        Phases(workload, workload.Read(folder));
        return 0;
    case ["kernels"]:
        Kernels.Table();
        return 0;
    case ["tails", string folder]:
        TailWays.Table(folder);
        return 0;
    case ["levels", string folder]:
        Growth.FixedLevels(folder);
        return 0;
    case ["generate", string path, string count]:
        Growth.Generate(path, long.Parse(count, CultureInfo.InvariantCulture));
        return 0;
    case ["stream", string path]:
        Growth.Streamed(path);
        return 0;
    default:
        Console.Error.WriteLine($"Use: names | compare FOLDER NAME | phases FOLDER NAME | tails FOLDER | kernels | levels FOLDER | generate FILE COUNT | stream FILE; NAME is one of {string.Join(", ", Workload.All.Select(w => w.Name))}.");
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
    double first = CpuTime.Of(Fit), whole = CpuTime.Now;
    double warm = CpuTime.Least(Fit, Math.Max(2, 6 * first));
    Console.WriteLine($"{first:F4}\t{warm:G4}\t{evaluations}\t{likelihood:F4}\t{whole:F2}");
}

static void Phases(Workload workload, Frame data)
{
    Formula formula = Formula.Parse(workload.Text);
    ModelFrame frame = ModelFrame.Learn(formula, data);
    ModelRows rows = frame.Encode(data);
    double learn = CpuTime.Least(() => ModelFrame.Learn(formula, data), 2), encode = CpuTime.Least(() => frame.Encode(data), 2), estimate = CpuTime.Least(() => workload.Estimate(rows), 4);
    Console.WriteLine($"{workload.Name}: coding {1000 * learn:G4} ms, matrices {1000 * encode:G4} ms ({rows.Rows} rows, {rows.Cells} cells), estimation {1000 * estimate:G4} ms.");
}
