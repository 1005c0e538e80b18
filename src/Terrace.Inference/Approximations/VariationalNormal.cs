using Terrace.Numerics.RandomNumbers;

namespace Terrace.Inference.Approximations;

/// <summary>A normal distribution of variational inference, by its parameters: means, then log standard deviations or the lower triangle of a factor, row by row. Kucukelbir et al. (2017), sections 2.4 and 2.5.</summary>
internal sealed class VariationalNormal
{
    private readonly int _n;
    private readonly bool _full;

    /// <summary>Unit variances about a position.</summary>
    public VariationalNormal(double[] mean, VariationalFamily family)
    {
        (_n, _full) = (mean.Length, family == VariationalFamily.FullRank);
        Parameters = new double[_n + (_full ? _n * (_n + 1) / 2 : _n)];
        mean.CopyTo(Parameters, 0);
        for (int i = 0; i < _n && _full; i++) Parameters[At(i, i)] = 1;
    }

    /// <summary>The parameters, which a search changes.</summary>
    public double[] Parameters { get; }

    /// <summary>The entropy.</summary>
    public double Entropy => 0.5 * _n * (1 + Math.Log(2 * Math.PI)) + LogScale;

    private double LogScale
    {
        get
        {
            double sum = 0;
            for (int i = 0; i < _n; i++) sum += _full ? Math.Log(Math.Abs(Parameters[At(i, i)])) : Parameters[_n + i];
            return sum;
        }
    }

    /// <summary>Draws u ~ N(0, I) and x; gives log q(x).</summary>
    public double Draw(Rng rng, double[] u, double[] x)
    {
        double squares = 0;
        for (int i = 0; i < _n; i++)
        {
            u[i] = rng.NextNormal();
            squares += u[i] * u[i];
        }
        for (int i = 0; i < _n; i++)
        {
            double sum = Parameters[i];
            if (_full)
                for (int j = 0; j <= i; j++) sum += Parameters[At(i, j)] * u[j];
            else sum += Math.Exp(Parameters[_n + i]) * u[i];
            x[i] = sum;
        }
        return -LogScale - 0.5 * (squares + _n * Math.Log(2 * Math.PI));
    }

    /// <summary>Adds the gradient of log p(x) by the chain rule, times a weight.</summary>
    public void AddGradient(double[] slope, double[] u, double weight, double[] gradient)
    {
        for (int i = 0; i < _n; i++)
        {
            gradient[i] += weight * slope[i];
            if (_full)
                for (int j = 0; j <= i; j++) gradient[At(i, j)] += weight * slope[i] * u[j];
            else gradient[_n + i] += weight * slope[i] * u[i] * Math.Exp(Parameters[_n + i]);
        }
    }

    /// <summary>Adds the gradient of the entropy.</summary>
    public void AddEntropyGradient(double[] gradient)
    {
        for (int i = 0; i < _n; i++)
        {
            if (_full) gradient[At(i, i)] += 1 / Parameters[At(i, i)];
            else gradient[_n + i] += 1;
        }
    }

    private int At(int i, int j) => _n + i * (i + 1) / 2 + j;
}
