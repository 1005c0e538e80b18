using System.Globalization;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Design;

/// <summary>
/// Refuses numbers whose squares and sums leave the range of double precision: beyond 10^100 they overflow, and a column whose largest number is below 10^-100 vanishes. Either would give a wrong estimate without a word.
/// </summary>
internal static class NumberRange
{
    private const double Largest = 1e100;
    private const double Smallest = 1e-100;

    /// <summary>Checks the model matrix, the covariates of the group-level terms and the offset.</summary>
    /// <exception cref="ModelException">A column has a number that is not finite, too large, or nothing but numbers that are too small.</exception>
    public static void Require(DesignMatrices design)
    {
        Require(design.X, design.ColumnNames);
        foreach (RandomTermDesign term in design.RandomTerms) Require(term.Z, term.TermNames);
        Require("The offset", design.Offset);
    }

    /// <summary>Checks the numbers of one variable; <paramref name="what"/> begins the message.</summary>
    /// <exception cref="ModelException">They are out of range.</exception>
    public static void Require(string what, ReadOnlySpan<double> values)
    {
        double largest = 0;
        foreach (double value in values)
        {
            double size = Math.Abs(value);
            if (!(size <= Largest)) throw double.IsFinite(value) ? TooLarge(what, value) : NotFinite(what);
            largest = Math.Max(largest, size);
        }
        if (largest is > 0 and < Smallest)
            throw new ModelException($"{what} has no number above {largest.ToString("G3", CultureInfo.InvariantCulture)} in size; squares of such small numbers are lost in double precision. Rescale it.");
    }

    private static void Require(Matrix columns, IReadOnlyList<string> names)
    {
        for (int j = 0; j < columns.Columns; j++) Require($"The column '{names[j]}'", columns.Column(j));
    }

    private static ModelException NotFinite(string what) => new($"{what} has values that are not finite numbers; check the logarithms and divisions in the formula.");

    private static ModelException TooLarge(string what, double value) =>
        new($"{what} has the value {value.ToString("G3", CultureInfo.InvariantCulture)}; squares of numbers beyond 1E+100 overflow. If it is a code for a missing value, name it (--na-tokens); otherwise rescale the variable.");
}
