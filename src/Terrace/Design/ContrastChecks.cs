using Terrace.Data;

namespace Terrace.Design;

/// <summary>Refuses factors and contrasts that make no columns, before a matrix is built.</summary>
internal static class ContrastChecks
{
    /// <summary>Checks a coding just learned from data with the columns of <paramref name="header"/>.</summary>
    /// <exception cref="ModelException">A factor has one level, or contrasts are asked for of something that is no factor.</exception>
    public static void Check(ModelCoding coding, Frame header)
    {
        foreach (ModelVariable variable in coding.Variables)
        {
            if (variable.Levels is [var only])
                throw new ModelException($"'{variable.Name}' has only the level '{only}' in the rows that are used, so it has no effect to estimate; take it out of the formula.");
        }
        foreach (string name in coding.Options.Contrasts.Keys) CheckName(coding, name, header);
    }

    private static void CheckName(ModelCoding coding, string name, Frame header)
    {
        ModelVariable? variable = coding.Variables.FirstOrDefault(candidate => candidate.Name == name);
        if (variable is { IsFactor: false })
            throw new ModelException($"'{name}' is a number in this model, and contrasts are for factors; declare it a factor, or write factor({name}).");
        if (variable is not null || header.Find(name) is not null) return;
        IEnumerable<string> known = coding.Variables.Where(candidate => candidate.IsFactor).Select(candidate => candidate.Name);
        throw new ModelException($"Contrasts are given for '{name}', which is neither a factor of the model nor a column.{NearestName.Hint(name, known)}");
    }
}
