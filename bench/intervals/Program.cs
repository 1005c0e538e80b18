namespace Terrace.IntervalStudies;

/// <summary>Measurements of intervals: <c>bootstrap FILE</c> times bootstrap refits, <c>coverage</c> counts how often intervals cover the truth.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["bootstrap", string file, .. string[] rest]:
                BootstrapTiming.Run(file, rest.Length > 0 ? int.Parse(rest[0], System.Globalization.CultureInfo.InvariantCulture) : 999);
                return 0;
            default:
                Console.Error.WriteLine("usage: intervals bootstrap STUDENTS.csv.gz [REPLICATES]\n       intervals coverage ...");
                return 2;
        }
    }
}
