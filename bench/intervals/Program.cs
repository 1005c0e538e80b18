namespace Terrace.IntervalStudies;

/// <summary>Measurements of intervals: <c>bootstrap FILE</c> times bootstrap refits, <c>coverage FOLDER CASE</c> counts how often intervals cover the truth.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["bootstrap", string file, .. string[] rest]:
                BootstrapTiming.Run(file, rest.Length > 0 ? int.Parse(rest[0], System.Globalization.CultureInfo.InvariantCulture) : 999);
                return 0;
            case ["coverage", string folder, string name, .. string[] counts]:
                int Count(int place, int usual) => counts.Length > place ? int.Parse(counts[place], System.Globalization.CultureInfo.InvariantCulture) : usual;
                foreach (CoverageCase study in CoverageCase.All.Where(c => name == "all" || c.Name == name))
                    CoverageStudy.Run(study, folder, Count(0, 2000), Count(1, 500), Count(2, 199), Count(3, 200));
                return 0;
            default:
                Console.Error.WriteLine("usage: intervals bootstrap STUDENTS.csv.gz [REPLICATES]\n       intervals coverage FOLDER a|b|c|d|e|f|all [DATASETS BOOTSTRAPPED REPLICATES SHARED]");
                return 2;
        }
    }
}
