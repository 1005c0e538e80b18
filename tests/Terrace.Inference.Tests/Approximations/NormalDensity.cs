using Terrace.Inference.LogDensities;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Inference.Tests.Approximations;

/// <summary>A normal distribution of any dimension, whose means and covariance are known.</summary>
internal sealed record NormalDensity(DelegateDensity Model, double[] Mean, Matrix Covariance)
{
    public static NormalDensity Of(int n, double correlation)
    {
        double[] mean = [.. Enumerable.Range(0, n).Select(i => 0.5 * i - 1)];
        var covariance = new Matrix(n, n);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) covariance[i, j] = (1 + 0.3 * i) * (1 + 0.3 * j) * Math.Pow(correlation, Math.Abs(i - j));
        Matrix factor = covariance.Copy();
        Cholesky.TryFactor(factor);
        Matrix precision = Cholesky.InverseFromFactor(factor);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < i; j++) precision[j, i] = precision[i, j];
        var model = new DelegateDensity([.. Enumerable.Range(1, n).Select(i => $"x{i}")], (x, gradient) =>
        {
            double form = 0;
            for (int i = 0; i < n; i++)
            {
                double sum = 0;
                for (int j = 0; j < n; j++) sum += precision[i, j] * (x[j] - mean[j]);
                gradient[i] = -sum;
                form += sum * (x[i] - mean[i]);
            }
            return -0.5 * form;
        });
        return new NormalDensity(model, mean, covariance);
    }
}
