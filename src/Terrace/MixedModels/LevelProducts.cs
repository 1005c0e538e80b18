namespace Terrace.MixedModels;

/// <summary>Sums over the levels of a term, which is what derivatives with respect to an entry of its shared factor T are made of.</summary>
/// <remarks>Σ_l v_(l,a) u_(l,b) = v' (∂Λ/∂T_ab) u. Check: the gradient tests of both kinds of mixed model.</remarks>
internal static class LevelProducts
{
    /// <summary>Σ over levels of component <paramref name="a"/> of <paramref name="v"/> times component <paramref name="b"/> of <paramref name="u"/>.</summary>
    public static double Sum(RandomTermLayout term, int a, int b, ReadOnlySpan<double> v, ReadOnlySpan<double> u)
    {
        double sum = 0;
        for (int l = 0; l < term.Levels.Count; l++)
        {
            int first = term.Start + l * term.Stride;
            sum += v[first + a] * u[first + b];
        }
        return sum;
    }
}
