using Terrace.Design;
using Terrace.Design.Structures;

namespace Terrace.Bayes;

/// <summary>One group-level term of one linear predictor: its levels, covariates, and where its effects lie among all coefficients.</summary>
internal sealed class GroupTerm
{
    private GroupTerm(RandomTermDesign design, string component, int predictor, int start, double[] rowsOfCell)
    {
        Component = component;
        Predictor = predictor;
        Group = design.Group;
        Levels = design.Levels;
        TermNames = design.TermNames;
        Codes = design.Codes;
        Structure = design.Structure;
        if (Structure?.Parameter is { } parameter) Parameter = $"{parameter}[{(component == DistributionalModels.Component.Conditional ? "" : component + ",")}{Group}]";
        Start = start;
        Covariates = [.. Enumerable.Range(0, Width).Select(j => Covariate(design, j))];
        Magnitude = [.. Enumerable.Range(0, Width).Select(j => RootMeanSquare(Covariates[j], rowsOfCell))];
    }

    /// <summary>The component of the model the term belongs to.</summary>
    public string Component { get; }

    /// <summary>The index of the linear predictor.</summary>
    public int Predictor { get; }

    /// <summary>The grouping factor.</summary>
    public string Group { get; }

    /// <summary>The levels.</summary>
    public IReadOnlyList<string> Levels { get; }

    /// <summary>The covariates' names.</summary>
    public IReadOnlyList<string> TermNames { get; }

    /// <summary>The level of each cell.</summary>
    public int[] Codes { get; }

    /// <summary>The values of each covariate per cell; null for the intercept, which is 1 everywhere.</summary>
    public double[]?[] Covariates { get; }

    /// <summary>The root mean square of each covariate, the unit in which its effect's standard deviation is searched.</summary>
    public double[] Magnitude { get; }

    /// <summary>How the levels depend on each other; null where they do not.</summary>
    public LevelStructure? Structure { get; }

    /// <summary>The name of the parameter that the structure adds; null where it has none.</summary>
    public string? Parameter { get; }

    /// <summary>The index of the first effect among fixed coefficients and all effects; component j of level l follows at <c>Start + l * Width + j</c>.</summary>
    public int Start { get; }

    /// <summary>The number of covariates.</summary>
    public int Width => TermNames.Count;

    /// <summary>The number of effects.</summary>
    public int Count => Levels.Count * Width;

    /// <summary>Places the term.</summary>
    public static GroupTerm Of(RandomTermDesign design, string component, int predictor, int start, double[] rowsOfCell) => new(design, component, predictor, start, rowsOfCell);

    private static double[]? Covariate(RandomTermDesign design, int j)
    {
        ReadOnlySpan<double> column = design.Z.Column(j);
        return column.ContainsAnyExcept(1.0) ? column.ToArray() : null;
    }

    private static double RootMeanSquare(double[]? covariate, double[] weight)
    {
        if (covariate is null) return 1;
        double sum = 0, total = 0;
        for (int i = 0; i < weight.Length; i++)
        {
            sum += weight[i] * covariate[i] * covariate[i];
            total += weight[i];
        }
        return sum > 0 ? Math.Sqrt(sum / total) : 1;
    }
}
