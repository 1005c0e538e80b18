using Terrace.Data;
using Terrace.Formulas;

namespace Terrace.Design.Terms;

/// <summary>What a call such as <c>factor(x)</c>, <c>poly(x, 2)</c> or <c>scale(x)</c> learned from the training data: enough to apply it to any rows.</summary>
internal abstract record LearnedCall
{
    /// <summary>The value of the call for the rows of <paramref name="argument"/>.</summary>
    public abstract Column Apply(Column argument, Expression source);

    private protected static ReadOnlySpan<double> Numbers(Column argument, Expression source) => ColumnConversion.Doubles(argument, source);
}

/// <summary>A factor: values that are levels, and the labels that they get. An unknown value is missing if the levels were given, a new level if they were found.</summary>
internal sealed record LearnedFactor(string[] Levels, string[] Labels, bool IsOrdered, bool IsClosed) : LearnedCall
{
    public override Column Apply(Column argument, Expression source)
    {
        var coder = new LevelCoder(Levels);
        int[] codes = coder.Code(argument);
        string[] labels = [.. Labels];
        if (!IsClosed) labels = [.. Labels, .. coder.Levels.Skip(Levels.Length)];
        else
            for (int i = 0; i < codes.Length; i++) codes[i] = codes[i] < Levels.Length ? codes[i] : -1;
        return new Factor(argument.Name, codes, labels, IsOrdered);
    }
}

/// <summary>(x − center) / scale.</summary>
internal sealed record LearnedScale(double Center, double Scale) : LearnedCall
{
    public override Column Apply(Column argument, Expression source)
    {
        double[] values = Numbers(argument, source).ToArray();
        for (int i = 0; i < values.Length; i++) values[i] = (values[i] - Center) / Scale;
        return new NumericColumn(argument.Name, values);
    }
}

/// <summary>A statistic of the whole training column, such as its mean.</summary>
internal sealed record LearnedNumber(double Value) : LearnedCall
{
    public override Column Apply(Column argument, Expression source)
    {
        var values = new double[argument.Count];
        Array.Fill(values, Value);
        return new NumericColumn(argument.Name, values);
    }
}

/// <summary>The powers 1 … degree of a number.</summary>
internal sealed record LearnedPowers(int Degree) : LearnedCall
{
    public override Column Apply(Column argument, Expression source)
    {
        double[] x = Numbers(argument, source).ToArray();
        return new MatrixColumn(argument.Name, [.. Enumerable.Range(1, Degree).Select(power => Array.ConvertAll(x, value => Math.Pow(value, power)))]);
    }
}

/// <summary>Orthogonal polynomials.</summary>
internal sealed record LearnedPolynomial(PolynomialBasis Basis) : LearnedCall
{
    public override Column Apply(Column argument, Expression source) => new MatrixColumn(argument.Name, Basis.Evaluate(Numbers(argument, source)));
}

/// <summary>A spline basis.</summary>
internal sealed record LearnedSpline(SplineBasis Basis) : LearnedCall
{
    public override Column Apply(Column argument, Expression source) => new MatrixColumn(argument.Name, Basis.Evaluate(Numbers(argument, source)));
}

/// <summary>A number cut into intervals between <paramref name="Breaks"/>.</summary>
internal sealed record LearnedCut(double[] Breaks, string[] Labels, bool IsRightClosed, bool IncludesLowest, bool IsOrdered) : LearnedCall
{
    public override Column Apply(Column argument, Expression source)
    {
        ReadOnlySpan<double> values = Numbers(argument, source);
        var codes = new int[values.Length];
        for (int i = 0; i < codes.Length; i++) codes[i] = Interval(values[i]);
        return new Factor(argument.Name, codes, Labels, IsOrdered);
    }

    private int Interval(double value)
    {
        if (double.IsNaN(value)) return -1;
        int last = Breaks.Length - 2;
        if (IncludesLowest && value == (IsRightClosed ? Breaks[0] : Breaks[^1])) return IsRightClosed ? 0 : last;
        for (int i = 0; i <= last; i++)
            if (IsRightClosed ? value > Breaks[i] && value <= Breaks[i + 1] : value >= Breaks[i] && value < Breaks[i + 1]) return i;
        return -1;
    }
}
