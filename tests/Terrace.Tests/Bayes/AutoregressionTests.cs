using Terrace.Bayes;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using Terrace.Tests.MixedModels;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.Bayes;

public class AutoregressionTests
{
    [Theory]
    [InlineData(1, 0.6, 0.8)]
    [InlineData(2, -0.4, 1.7)]
    [InlineData(7, 0.9, 0.3)]
    public void Precision_density_and_effects_are_those_of_the_covariance(int n, double rho, double sd)
    {
        var covariance = new Matrix(n, n);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) covariance[i, j] = sd * sd * Math.Pow(rho, Math.Abs(i - j));
        (Matrix inverse, double log) = Invert(covariance);
        var prior = new Autoregression();
        prior.Set([sd], rho);
        var precision = new Matrix(n, n);
        prior.AddPrecision(precision, 0, n);
        for (int j = 0; j < n; j++)
            for (int i = j; i < n; i++) AssertClose(inverse[i, j], precision[i, j], 1e-10, $"({i}, {j})");
        double[] u = RandomMixedDesign.Normals(new Rng(1, 0), n), byU = new double[n], byFactor = new double[1];
        double form = 0, unused = 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) form += u[i] * inverse[i, j] * u[j];
        AssertClose(-0.5 * (form + log + n * Math.Log(2 * Math.PI)), prior.Add([sd], u, byU, byFactor, ref unused), 1e-10, "density");
        for (int i = 0; i < n; i++) AssertClose(-Enumerable.Range(0, n).Sum(j => inverse[i, j] * u[j]), byU[i], 1e-9, "slope");
        // u = F z with FF' the covariance.
        var factor = new Matrix(n, n);
        for (int j = 0; j < n; j++) prior.Apply([.. Enumerable.Range(0, n).Select(i => i == j ? 1.0 : 0)], factor.Column(j));
        Matrix square = Multiply(factor, Transpose(factor));
        for (int i = 0; i < square.Values.Length; i++) AssertClose(covariance.Values[i], square.Values[i], 1e-12, "FF'");
        double[] z = new double[n], back = new double[n];
        prior.Standardise(u, z);
        prior.Apply(z, back);
        for (int i = 0; i < n; i++) AssertClose(u[i], back[i], 1e-10, "u");
    }
}
