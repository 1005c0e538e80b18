namespace Terrace.Inference.Sampling;

/// <summary>
/// Adapts the step size so that the mean acceptance reaches a target δ.
/// <code>
/// s ← (1 − 1/(m + t₀)) s + (δ − α)/(m + t₀)     log ε = μ − s √m/γ     log ε̄ ← m^−κ log ε + (1 − m^−κ) log ε̄
/// γ = 0.05, t₀ = 10, κ = 0.75, μ = log 10 ε₀
/// </code>
/// Hoffman and Gelman (2014), The No-U-Turn Sampler, section 3.2 and algorithm 5. Checked in <c>AdaptationTests</c>.
/// </summary>
internal sealed class DualAveraging(double target)
{
    private const double Gamma = 0.05, Offset = 10, Kappa = 0.75;

    private double _mean;
    private double _sum;
    private double _average;
    private long _count;

    /// <summary>The averaged step size, for use after adaptation.</summary>
    public double Averaged => Math.Exp(_average);

    /// <summary>Forgets what was learnt and aims at ten times <paramref name="stepSize"/>.</summary>
    public void Restart(double stepSize)
    {
        _mean = Math.Log(10 * stepSize);
        (_sum, _average, _count) = (0, 0, 0);
    }

    /// <summary>Learns from one trajectory's acceptance and returns the next step size.</summary>
    public double Next(double acceptance)
    {
        _count++;
        double share = 1 / (_count + Offset), power = Math.Pow(_count, -Kappa);
        _sum = (1 - share) * _sum + share * (target - Math.Min(1, acceptance));
        double log = _mean - _sum * Math.Sqrt(_count) / Gamma;
        _average = (1 - power) * _average + power * log;
        return Math.Exp(log);
    }

    /// <summary>Writes the state.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(_mean);
        writer.Write(_sum);
        writer.Write(_average);
        writer.Write(_count);
    }

    /// <summary>Reads the state.</summary>
    public void Load(BinaryReader reader) => (_mean, _sum, _average, _count) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt64());
}
