using Terrace.Design;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Poststratification;

/// <summary>
/// The designs of the two models that a multilevel model lies between. Complete pooling leaves the group-level terms out; no pooling has an own fixed effect for
/// every level of every grouping factor: the columns of each term's Z, once for each level that has respondents. Columns that others determine are dropped by the fit as aliased.
/// </summary>
/// <remarks>A. Gelman and J. Hill (2007), Data Analysis Using Regression and Multilevel/Hierarchical Models, section 12.2.</remarks>
internal static class GroupsAsFixedEffects
{
    /// <summary>The design without its group-level terms.</summary>
    public static DesignMatrices Without(DesignMatrices design) => design with { RandomTerms = [] };

    /// <summary>The number of columns that <see cref="Expand"/> makes.</summary>
    public static int Columns(DesignMatrices design) => design.X.Columns + design.RandomTerms.Sum(term => term.Levels.Count * term.TermNames.Count);

    /// <summary>The design with an own column for every level; a row with a new level has zeros there and <see cref="HasNewLevel"/> tells it.</summary>
    public static DesignMatrices Expand(DesignMatrices design)
    {
        var x = new Matrix(design.Rows, Columns(design));
        design.X.Values.CopyTo(x.Values.AsSpan());
        var names = new List<string>(design.ColumnNames);
        var assign = new List<int>(design.Assign);
        int first = design.X.Columns, lastTerm = assign.DefaultIfEmpty(0).Max();
        foreach (RandomTermDesign term in design.RandomTerms)
        {
            Fill(x, first, term);
            names.AddRange(from level in term.Levels from effect in term.TermNames select Name(term.Group, level, effect));
            int columns = term.Levels.Count * term.TermNames.Count;
            assign.AddRange(Enumerable.Repeat(++lastTerm, columns));
            first += columns;
        }
        return design with { X = x, ColumnNames = names, Assign = assign, RandomTerms = [] };
    }

    /// <summary>Whether a row has a level without respondents in any grouping factor.</summary>
    public static bool HasNewLevel(DesignMatrices design, int row) => design.RandomTerms.Any(term => term.Codes[row] >= term.Levels.Count);

    private static void Fill(Matrix x, int first, RandomTermDesign term)
    {
        int width = term.TermNames.Count;
        for (int row = 0; row < x.Rows; row++)
        {
            int code = term.Codes[row];
            if (code >= term.Levels.Count) continue;
            for (int j = 0; j < width; j++) x[row, first + code * width + j] = term.Z[row, j];
        }
    }

    private static string Name(string group, string level, string effect) => effect == "(Intercept)" ? group + level : $"{group}{level}:{effect}";
}
