using System.IO.Compression;
using Terrace.PosteriorDb;

namespace Terrace.CompareStan;

/// <summary>The posteriors that are compared.</summary>
internal static class Selection
{
    extension(Posterior posterior)
    {
        /// <summary>The program's name.</summary>
        public string Program => Path.GetFileNameWithoutExtension(posterior.ModelPath);
    }

    /// <summary>For every program the posterior with the fewest data.</summary>
    public static Posterior[] OnePosteriorEach(string checkout) =>
        [.. Posterior.All(checkout).GroupBy(posterior => posterior.Program).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => group.MinBy(DataLength)!)];

    /// <summary>A few data sets are not kept in the checkout.</summary>
    private static long DataLength(Posterior posterior)
    {
        if (!File.Exists(posterior.DataPath)) return long.MaxValue;
        using ZipArchive archive = ZipFile.OpenRead(posterior.DataPath);
        return archive.Entries[0].Length;
    }
}
