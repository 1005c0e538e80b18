using System.Security.Cryptography;
using Terrace.Inference.LogDensities;

namespace Terrace.Inference.Sampling;

/// <summary>
/// Tells a model with its data and priors from others, for checkpoints: the SHA-256 of the log density and its gradient at a fixed point of all coordinates. A changed datum or prior changes them. Checked in
/// <c>CheckpointTests</c>.
/// </summary>
public static class ModelIdentity
{
    /// <summary>The identity in hexadecimal digits.</summary>
    public static string Of(ILogDensityModel model)
    {
        ILogDensity density = model.CreateEvaluator();
        var position = new double[density.Dimension];
        for (int i = 0; i < position.Length; i++) position[i] = 0.1 * Math.Sin(i + 1);
        var gradient = new double[position.Length];
        DensityValue value = density.Evaluate(position, gradient);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(value.IsAccepted ? value.Value : double.NaN));
        foreach (double slope in gradient) hash.AppendData(BitConverter.GetBytes(slope));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
