using Terrace.Families;
using Terrace.NonlinearModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Tests.TestData;
using static Terrace.Tests.NonlinearModels.NonlinearFixture;

namespace Terrace.Tests.NonlinearModels;

/// <summary>The Laplace approximation against dense computations and numerical integration.</summary>
public class NonlinearLikelihoodTests
{
    private static readonly double[] Age = Column("Orange", "age");
    private static readonly double[] Circumference = Column("Orange", "circumference");
    private static readonly string[] Trees = [.. Enumerable.Range(0, 35).Select(i => Fixtures.Data("Orange").Get("Tree").TextAt(i)!)];

    private static double[] Column(string data, string name) => [.. Enumerable.Range(0, Fixtures.Data(data).RowCount).Select(i => double.Parse(Fixtures.Data(data).Get(name).TextAt(i)!, System.Globalization.CultureInfo.InvariantCulture))];

    private static double Logistic(double age, double asym, double xmid, double scal) => asym / (1 + Math.Exp((xmid - age) / scal));

    /// <summary>The criterion computed densely by subject, with Z by differences, at the fit's modes, which are stationary points of the penalised sum of squares.</summary>
    [Fact]
    public void The_criterion_is_that_of_a_dense_twin_at_stationary_modes()
    {
        NonlinearMixedModelFit fit = NonlinearMixedModelTests.Fit("conc ~ SSfol(Dose, Time, lKe, lKa, lCl) ~ (lKa + lCl | Subject)", Fixtures.Data("Theoph"));
        double[] dose = Column("Theoph", "Dose"), time = Column("Theoph", "Time"), conc = Column("Theoph", "conc");
        string[] subject = [.. Enumerable.Range(0, conc.Length).Select(i => Fixtures.Data("Theoph").Get("Subject").TextAt(i)!)];
        Matrix t = fit.Terms[0].Factor;
        double squares = 0, logDeterminant = 0;
        for (int level = 0; level < fit.Terms[0].Levels.Count; level++)
        {
            int[] rows = [.. Enumerable.Range(0, conc.Length).Where(i => subject[i] == fit.Terms[0].Levels[level])];
            double u0 = fit.Terms[0].Modes[level, 0] / t[0, 0], u1 = (fit.Terms[0].Modes[level, 1] - t[1, 0] * u0) / t[1, 1];
            double Mean(int i, double a, double b) => fit.Mean.Evaluate([dose[i], time[i]], [fit.Beta[0], fit.Beta[1] + t[0, 0] * a, fit.Beta[2] + t[1, 0] * a + t[1, 1] * b], []);
            double Penalised(double a, double b) => rows.Sum(i => Math.Pow(conc[i] - Mean(i, a, b), 2)) + a * a + b * b;
            const double h = 1e-4;
            Assert.True(Math.Abs(Penalised(u0 + h, u1) - Penalised(u0 - h, u1)) / (2 * h) < 1e-5, "stationary in the first effect");
            Assert.True(Math.Abs(Penalised(u0, u1 + h) - Penalised(u0, u1 - h)) / (2 * h) < 1e-5, "stationary in the second effect");
            squares += Penalised(u0, u1);
            double h00 = 1, h01 = 0, h11 = 1;
            foreach (int i in rows)
            {
                double z0 = (Mean(i, u0 + h, u1) - Mean(i, u0 - h, u1)) / (2 * h), z1 = (Mean(i, u0, u1 + h) - Mean(i, u0, u1 - h)) / (2 * h);
                h00 += z0 * z0;
                h01 += z0 * z1;
                h11 += z1 * z1;
            }
            logDeterminant += Math.Log(h00 * h11 - h01 * h01);
        }
        int n = conc.Length;
        Close(-0.5 * (logDeterminant + n * (1 + Math.Log(2 * Math.PI * squares / n))), fit.LogLikelihood, 1e-8, "logLik");
        Close(Math.Sqrt(squares / n), fit.Sigma, 1e-8, "sigma");
    }

    /// <summary>The mean is linear in Asym, so that the approximation is exact: the integral over each tree's effect by the trapezoidal rule.</summary>
    [Fact]
    public void The_approximation_is_exact_where_the_mean_is_linear_in_the_effect()
    {
        NonlinearMixedModelFit fit = NonlinearMixedModelTests.Fit("circumference ~ SSlogis(age, Asym, xmid, scal) ~ Asym | Tree", Fixtures.Data("Orange"));
        double exact = Integrate(fit, (age, b) => Logistic(age, fit.Beta[0] + b, fit.Beta[1], fit.Beta[2]));
        Close(exact, fit.LogLikelihood, 1e-10, "logLik");
    }

    /// <summary>In xmid the mean is curved, and the approximation is good to a few thousandths of the log likelihood.</summary>
    [Fact]
    public void The_approximation_is_close_where_the_mean_is_curved_in_the_effect()
    {
        NonlinearMixedModelFit fit = NonlinearMixedModelTests.Fit("circumference ~ SSlogis(age, Asym, xmid, scal) ~ xmid | Tree", Fixtures.Data("Orange"));
        Assert.True(fit.Converged);
        double exact = Integrate(fit, (age, b) => Logistic(age, fit.Beta[0], fit.Beta[1] + b, fit.Beta[2]));
        Assert.True(Math.Abs(exact - fit.LogLikelihood) < 0.1, $"{exact} and {fit.LogLikelihood}");
        Assert.NotEqual(exact, fit.LogLikelihood, 1e-6);
    }

    [Fact]
    public void The_observed_curvature_is_that_of_differences()
    {
        NonlinearMixedModelFit fit = NonlinearMixedModelTests.Fit("circumference ~ SSlogis(age, Asym, xmid, scal) ~ xmid | Tree", Fixtures.Data("Orange"), new NonlinearModelOptions { Information = Information.Observed });
        Assert.True(fit.Converged, $"gradient {fit.GradientNorm}");
        double squares = 0, logDeterminant = 0, theta = fit.Theta[0];
        for (int level = 0; level < 5; level++)
        {
            int[] rows = [.. Enumerable.Range(0, 35).Where(i => Trees[i] == fit.Terms[0].Levels[level])];
            double Penalised(double u) => rows.Sum(i => Math.Pow(Circumference[i] - Logistic(Age[i], fit.Beta[0], fit.Beta[1] + theta * u, fit.Beta[2]), 2)) + u * u;
            double mode = fit.Terms[0].Modes[level, 0] / theta;
            const double h = 1e-3;
            squares += Penalised(mode);
            logDeterminant += Math.Log(0.5 * (Penalised(mode + h) - 2 * Penalised(mode) + Penalised(mode - h)) / (h * h));
        }
        Close(-0.5 * (logDeterminant + 35 * (1 + Math.Log(2 * Math.PI * squares / 35))), fit.LogLikelihood, 1e-7, "logLik");
        double exact = Integrate(fit, (age, b) => Logistic(age, fit.Beta[0], fit.Beta[1] + b, fit.Beta[2]));
        Assert.True(Math.Abs(exact - fit.LogLikelihood) < 0.1, $"{exact} and {fit.LogLikelihood}");
    }

    private static double Integrate(NonlinearMixedModelFit fit, Func<double, double, double> mean)
    {
        double sd = fit.Terms[0].StandardDeviation(0), total = 0;
        foreach (string tree in Trees.Distinct())
        {
            int[] rows = [.. Enumerable.Range(0, 35).Where(i => Trees[i] == tree)];
            double sum = 0;
            const int steps = 20_000;
            double step = 16 * sd / steps;
            for (int k = 0; k <= steps; k++)
            {
                double b = -8 * sd + k * step, log = -0.5 * b * b / (sd * sd) - Math.Log(sd * Math.Sqrt(2 * Math.PI));
                foreach (int i in rows) log += -0.5 * Math.Pow((Circumference[i] - mean(Age[i], b)) / fit.Sigma, 2) - Math.Log(fit.Sigma * Math.Sqrt(2 * Math.PI));
                sum += Math.Exp(log + 30) * step;
            }
            total += Math.Log(sum) - 30;
        }
        return total;
    }
}
