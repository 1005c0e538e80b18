using System.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace Terrace.Inference.Diagnostics;

/// <summary>
/// The autocovariances of one chain, γ_t = Σ (x_i − x̄)(x_(i+t) − x̄)/n, computed as lags are asked for: the first ones directly, then all at once by Fourier transforms.
/// Geyer (1992), Practical Markov chain Monte Carlo, section 3.1. Checked in <c>DiagnosticsReferenceTests</c>.
/// </summary>
internal sealed class Autocovariance
{
    private const int Direct = 64;
    private readonly double[] _centred;
    private double[]? _all;

    public Autocovariance(ReadOnlySpan<double> chain)
    {
        Mean = Posterior.SampleMoments.Mean(chain);
        _centred = chain.ToArray();
        for (int i = 0; i < _centred.Length; i++) _centred[i] -= Mean;
    }

    /// <summary>The chain's mean.</summary>
    public double Mean { get; }

    /// <summary>γ at a lag.</summary>
    public double this[int lag]
    {
        get
        {
            if (lag >= Direct) return (_all ??= Transform())[lag];
            int n = _centred.Length;
            return Terrace.Numerics.LinearAlgebra.ContiguousLoops.Dot(_centred.AsSpan(0, n - lag), _centred.AsSpan(lag)) / n;
        }
    }

    private double[] Transform()
    {
        int n = _centred.Length;
        var padded = new Complex[BitOperations.RoundUpToPowerOf2((uint)(2 * n))];
        for (int i = 0; i < n; i++) padded[i] = _centred[i];
        Fourier.Forward(padded, FourierOptions.NoScaling);
        for (int i = 0; i < padded.Length; i++) padded[i] = padded[i].Real * padded[i].Real + padded[i].Imaginary * padded[i].Imaginary;
        Fourier.Inverse(padded, FourierOptions.NoScaling);
        var all = new double[n];
        for (int i = 0; i < n; i++) all[i] = padded[i].Real / ((double)padded.Length * n);
        return all;
    }
}
