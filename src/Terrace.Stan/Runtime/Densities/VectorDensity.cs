using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The log density of many observations given their linear predictors (or one for all), by SIMD and with the residuals kept for the reverse pass.</summary>
internal static class VectorDensity
{
    private const int Tile = 1024;

    /// <summary>The number of observations: arguments have one element or that many.</summary>
    public static int Rows(string function, int outcomes, int predictors, int other = 1)
    {
        int n = outcomes != 1 ? outcomes : predictors != 1 ? predictors : other;
        if ((predictors != 1 && predictors != n) || (other != 1 && other != n))
            Workspace.Fail($"{function}: sizes {outcomes}, {predictors}{(other == 1 ? "" : $", {other}")} of the arguments do not agree");
        return n;
    }

    /// <summary>The sum over the observations, with the derivatives by <paramref name="eta"/>.</summary>
    public static double Sum<R>(Workspace w, scoped R rows, int n, in Block eta, bool otherSlopes, ref DensityPartials partials) where R : struct, ILinkedRows, allows ref struct
    {
        Span<double> dEta = partials.Of(eta);
        bool slopes = otherSlopes || !dEta.IsEmpty;
        ReadOnlySpan<double> predictors = w.Values(eta);
        int tile = Math.Min(n, Tile), top = w.Top;
        Span<double> scratch = w.V.AsSpan(w.AllocateSlots(tile * (1 + R.ScratchColumns)), tile * (1 + R.ScratchColumns));
        double sum = 0;
        for (int from = 0; from < n; from += tile)
        {
            int length = Math.Min(tile, n - from);
            bool own = dEta.Length == n;
            scoped Span<double> at = own ? dEta.Slice(from, length) : scratch[..length];
            if (predictors.Length == 1) at.Fill(predictors[0]);
            else predictors.Slice(from, length).CopyTo(at);
            sum += rows.Evaluate(from, at, scratch.Slice(tile, length * R.ScratchColumns), slopes);
            if (dEta.Length == 1 && !own) dEta[0] += TensorPrimitives.Sum<double>(at);
        }
        w.Top = top;
        return sum;
    }

    /// <summary>Refuses what is not a number; looked for only when the sum is not.</summary>
    public static void CheckNumbers(string function, string name, ReadOnlySpan<double> x)
    {
        foreach (double value in x) DiscreteDomain.Number(function, name, value);
    }
}
