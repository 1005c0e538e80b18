using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// normal over containers at once: Σ −zᵢ²/2 − log σᵢ − ½ log 2π with zᵢ = (yᵢ − μᵢ)/σᵢ. Derivatives: by μᵢ zᵢ/σᵢ, by yᵢ its negative, by σᵢ (zᵢ² − 1)/σᵢ; of an argument that is one for all, their sum.
/// </summary>
internal static class NormalVector
{
    private const string Function = "normal_lpdf";

    /// <summary>The log density; each argument is one number for all, or all have as many elements.</summary>
    public static Block Log(Workspace w, int terms, Block y, Block mu, Block sigma)
    {
        int n = Math.Max(y.Count, Math.Max(mu.Count, sigma.Count));
        if (y.Count == 0 || mu.Count == 0 || sigma.Count == 0) n = 0;
        foreach (Block argument in (ReadOnlySpan<Block>)[y, mu, sigma])
            if (argument.Count != 1 && argument.Count != n) Workspace.Fail($"{Function}: the arguments have the sizes {y.Count}, {mu.Count} and {sigma.Count}, which must agree or be 1");
        var partials = new DensityPartials(w);
        if (n == 0 || (terms & 7) == 0) return partials.Close(0);
        ReadOnlySpan<double> scales = w.Values(sigma);
        foreach (double scale in scales) if (!(scale > 0)) Workspace.Reject($"{Function}: scale is {scale}, but must be positive");
        Span<double> dy = partials.Of(y), dmu = partials.Of(mu), dsigma = partials.Of(sigma);
        // z is kept where it will be wanted: in the derivatives of an argument that has an element for each.
        Span<double> z = dmu.Length == n ? dmu : dy.Length == n ? dy : w.V.AsSpan(w.AllocateSlots(n), n);
        Difference(w.Values(y), w.Values(mu), z);
        double sum;
        if (scales.Length == 1)
        {
            double scale = scales[0], inverse = 1 / scale, squares = TensorPrimitives.SumOfSquares<double>(z) * inverse * inverse;
            sum = -0.5 * squares;
            if ((terms & 4) != 0) sum -= n * Math.Log(scale);
            if (dsigma.Length == 1) dsigma[0] = (squares - n) * inverse;
            if (dy.Length + dmu.Length > 0) TensorPrimitives.Multiply(z, inverse * inverse, z);
        }
        else
        {
            TensorPrimitives.Divide(z, scales, z);
            sum = -0.5 * TensorPrimitives.SumOfSquares<double>(z);
            if ((terms & 4) != 0) foreach (double scale in scales) sum -= Math.Log(scale);
            for (int i = 0; i < dsigma.Length; i++) dsigma[i] = ((z[i] * z[i]) - 1) / scales[i];
            if (dy.Length + dmu.Length > 0) TensorPrimitives.Divide(z, scales, z);
        }
        if (terms < 0) sum -= n * NormalTail.HalfLogTwoPi;
        if (double.IsNaN(sum)) Reject(w, y, mu);
        Spread(z, dmu, 1);
        Spread(z, dy, -1);
        return partials.Close(sum);
    }

    private static void Difference(ReadOnlySpan<double> y, ReadOnlySpan<double> mu, Span<double> z)
    {
        if (y.Length == z.Length && mu.Length == z.Length) TensorPrimitives.Subtract(y, mu, z);
        else if (mu.Length == 1 && y.Length == z.Length) TensorPrimitives.Subtract(y, mu[0], z);
        else if (y.Length == 1 && mu.Length == z.Length) TensorPrimitives.Subtract(y[0], mu, z);
        else z.Fill(y[0] - mu[0]);
    }

    private static void Spread(ReadOnlySpan<double> z, Span<double> partials, double sign)
    {
        if (partials.IsEmpty) return;
        if (partials.Length == 1 && z.Length != 1) partials[0] = sign * TensorPrimitives.Sum(z);
        else TensorPrimitives.Multiply(z, sign, partials);
    }

    private static void Reject(Workspace w, Block y, Block mu)
    {
        foreach (double value in w.Values(y)) if (double.IsNaN(value)) Workspace.Reject($"{Function}: the outcome is not a number");
        foreach (double value in w.Values(mu)) if (double.IsNaN(value)) Workspace.Reject($"{Function}: location is not a number");
    }
}
