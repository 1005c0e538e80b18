namespace Terrace.Poststratification;

/// <summary>How a formula uses a variable, as far as the comparison of survey and population needs it.</summary>
/// <param name="Name">The variable.</param>
/// <param name="IsFixed">Whether a term outside the bars uses it: a level without respondents cannot be predicted.</param>
/// <param name="IsGroup">Whether it makes groups behind a bar: a level without respondents is predicted from the distribution of the groups.</param>
/// <param name="IsFactor">Whether the formula makes a factor of it, whatever its type in the data.</param>
public sealed record VariableUse(string Name, bool IsFixed, bool IsGroup, bool IsFactor)
{
    /// <summary>Whether a structured term relates its levels to each other, so that a level without respondents is predicted from those.</summary>
    public bool IsStructured { get; init; }
}
