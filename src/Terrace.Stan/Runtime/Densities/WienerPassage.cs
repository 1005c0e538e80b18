namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The log density of the first passage of a Wiener process over the upper of two boundaries, with normal variation of the drift between trials.
/// <para>Formula: with t = y − τ, w = 1 − β, v = −δ, q = s_δ², Q = 1 + qt: log p = −2 log α − ½ log Q + (qα²w² − 2αvw − v²t)/(2Q) + log f(t/α², w), where f has two expansions,
/// (2πs³)^(−½) Σₖ (w + 2k) exp(−(w + 2k)²/(2s)) over all k, used for s below 0.35, and π Σₖ k exp(−k²π²s/2) sin(kπw) over k ≥ 1. Both are summed until the terms are 10⁻¹⁷ of the first.</para>
/// <para>Source: Navarro and Fuss (2009), "Fast and accurate calculations for first-passage times in Wiener diffusion models", eqs. 5, 6; Tuerlinckx (2004) for the drift's variation. Test: WienerTests.</para>
/// </summary>
internal static unsafe class WienerPassage
{
    private const double SmallTimes = 0.35, Cut = 40, HalfSquarePi = 0.5 * Math.PI * Math.PI;

    /// <summary>The log density of outcome, α, τ, β, δ (places 0–4) given s_δ, its partials by these, and that by s_δ.</summary>
    public static double Log(string function, double* x, double* d, double variability, out double byVariability)
    {
        double alpha = x[1], tau = x[2], beta = x[3];
        ContinuousDomain.Positive(function, "outcome", x[0]);
        ContinuousDomain.Positive(function, "boundary separation", alpha);
        ContinuousDomain.NonNegative(function, "nondecision time", tau);
        if (!(beta > 0 && beta < 1)) ContinuousDomain.Refuse(function, "starting point", beta, "in the interval (0, 1)");
        ContinuousDomain.Finite(function, "drift rate", x[4]);
        ContinuousDomain.NonNegative(function, "drift variability", variability);
        if (!(x[0] > tau)) ContinuousDomain.Refuse(function, "outcome", x[0], "greater than the nondecision time");
        double t = x[0] - tau, w = 1 - beta, v = -x[4], q = variability * variability, big = 1 + (q * t), s = t / (alpha * alpha);
        double numerator = (q * alpha * alpha * w * w) - (2 * alpha * v * w) - (v * v * t);
        double passage = s < SmallTimes ? Small(s, w, out double byS, out double byW) : Large(s, w, out byS, out byW);
        d[0] = ((-q - (v * v) - (numerator * q / big)) / (2 * big)) + (byS / (alpha * alpha));
        d[1] = (-2 / alpha) + (((q * alpha * w * w) - (v * w)) / big) - (2 * s * byS / alpha);
        d[2] = -d[0];
        d[3] = -((((q * alpha * alpha * w) - (alpha * v)) / big) + byW);
        d[4] = ((alpha * w) + (v * t)) / big;
        byVariability = variability * ((alpha * alpha * w * w) - t - (numerator * t / big)) / big;
        return (-2 * Math.Log(alpha)) - (0.5 * Math.Log(big)) + (numerator / (2 * big)) + passage;
    }

    /// <summary>The expansion for short times, over its term exp(−w²/(2s)).</summary>
    private static double Small(double s, double w, out double byS, out double byW)
    {
        double sum = 0, sumS = 0, sumW = 0;
        for (int k = 0; ; k = k >= 0 ? -k - 1 : -k)
        {
            // Order 0, −1, 1, −2, 2 …: half the difference of squares, 2k(w + k), grows.
            double place = w + (2 * k), excess = 2 * k * (w + k), exponent = excess / s;
            if (exponent > Cut) break;
            double e = Math.Exp(-exponent);
            sum += place * e;
            sumS += place * exponent / s * e;
            sumW += (1 - (2 * k * place / s)) * e;
        }
        byS = (((w * w / s) - 3) / (2 * s)) + (sumS / sum);
        byW = (-w / s) + (sumW / sum);
        return -NormalTail.HalfLogTwoPi - (1.5 * Math.Log(s)) - (w * w / (2 * s)) + Math.Log(sum);
    }

    /// <summary>The expansion for long times, over its factor exp(−π²s/2).</summary>
    private static double Large(double s, double w, out double byS, out double byW)
    {
        double sum = 0, sumS = 0, sumW = 0;
        for (int k = 1; ; k++)
        {
            double rate = ((k * k) - 1) * HalfSquarePi;
            if (rate * s > Cut) break;
            double e = k * Math.Exp(-rate * s), wave = e * double.SinPi(k * w);
            sum += wave;
            sumS -= wave * rate;
            sumW += e * k * Math.PI * double.CosPi(k * w);
        }
        byS = -HalfSquarePi + (sumS / sum);
        byW = sumW / sum;
        return Math.Log(Math.PI * sum) - (HalfSquarePi * s);
    }
}
