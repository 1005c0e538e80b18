namespace Terrace.Stan.Runtime.Solvers;

/// <summary>How exactly a problem is solved: the error of a step, relative to abs + rel·|value|, is at most 1.</summary>
internal readonly record struct OdeTolerance(double Relative, double Absolute, int MaximumSteps)
{
    /// <summary>Refuses what is not positive.</summary>
    public OdeTolerance Checked(string name)
    {
        if (!(Relative > 0) || !(Absolute > 0)) Workspace.Reject($"{name}: tolerances must be positive");
        if (MaximumSteps <= 0) Workspace.Reject($"{name}: the largest number of steps must be positive");
        return this;
    }

    /// <summary>The error that counts as 1.</summary>
    public double Scale(double value) => Absolute + (Relative * Math.Abs(value));

    /// <summary>A first step from the sizes of values and slopes (Hairer, Nørsett &amp; Wanner 1993, §II.4, steps a and b).</summary>
    public double FirstStep(ReadOnlySpan<double> y, ReadOnlySpan<double> slope)
    {
        double values = 0, slopes = 0;
        for (int i = 0; i < y.Length; i++)
        {
            double scale = Scale(y[i]);
            values = Math.Max(values, Math.Abs(y[i]) / scale);
            slopes = Math.Max(slopes, Math.Abs(slope[i]) / scale);
        }
        return values < 1e-5 || slopes < 1e-5 ? 1e-6 : 0.01 * values / slopes;
    }
}
