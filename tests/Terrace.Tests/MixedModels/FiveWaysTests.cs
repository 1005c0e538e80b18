using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

/// <summary>
/// Gelman and Hill's (2007, section 12.5) five ways to write a multilevel model, and models that are nested with a predictor at each level and crossed: the estimates, likelihood and fitted values do not depend
/// on the way they are computed. The same on real data: examples/five-ways.cs and examples/nested-and-crossed.cs.
/// </summary>
public class FiveWaysTests
{
    private const string Model = "y ~ x + u + (1 | g)";
    private static readonly Frame Data = Simulate();
    private static readonly double[] Y = Column("y"), X = Column("x"), U = Column("u"), G = Column("g"), H = Column("h");
    private static readonly int[] Group = [.. G.Select(g => (int)g)];
    private static readonly HandFit ByFormula = Fit(Model);

    [Fact]
    public void Local_regressions_joined_by_a_regression_of_their_intercepts()
    {
        int groups = Group.Max() + 1;
        double[] count = Sums(_ => 1), own = [], soil = [.. Sums(i => U[i]).Zip(count, (s, c) => s / c)], alpha = new double[groups], spread = new double[groups];
        double gamma0 = 0, gamma1 = 0, beta = 0, between = 1, within = 1;
        for (double change = 1; change > 1e-14;)
        {
            own = [.. Sums(i => Y[i] - beta * X[i]).Zip(count, (s, c) => s / c)];
            for (int j = 0; j < groups; j++)
            {
                spread[j] = 1 / (count[j] / within + 1 / between);
                alpha[j] = spread[j] * (count[j] / within * own[j] + (gamma0 + gamma1 * soil[j]) / between);
            }
            double[] line = Least(new Matrix(groups, 2, [.. alpha.Select(_ => 1.0), .. soil]), alpha);
            (gamma0, gamma1, double before) = (line[0], line[1], between);
            between = Enumerable.Range(0, groups).Average(j => Math.Pow(alpha[j] - gamma0 - gamma1 * soil[j], 2) + spread[j]);
            beta = X.Select((x, i) => x * (Y[i] - alpha[Group[i]])).Sum() / X.Sum(x => x * x);
            within = X.Select((x, i) => Math.Pow(Y[i] - alpha[Group[i]] - beta * x, 2) + spread[Group[i]]).Average();
            change = Math.Abs(between - before);
        }
        double[] deviations = [Math.Sqrt(between), Math.Sqrt(within)];
        double logLikelihood = LargeRegression.Generalised(Y, FixedColumns(U), deviations, Indicators(G)).LogLikelihood;
        Same(ByFormula, new HandFit([gamma0, beta, gamma1], deviations, logLikelihood, [.. X.Select((x, i) => alpha[Group[i]] + beta * x)]), 1e-6);
    }

    [Fact]
    public void One_large_regression_with_modelled_indicators() => Same(ByFormula, LargeRegression.Fit(Y, FixedColumns(U), Indicators(G)), 1e-6);

    /// <summary>Without the share 1 − √(σ_y²/(σ_y² + n_j σ_α²)) of their group's mean the rows are independent (Fuller and Battese 1973).</summary>
    [Fact]
    public void Two_error_terms()
    {
        double ratio = ByFormula.Deviations[0] / ByFormula.Deviations[1];
        (double[] Beta, double Sigma, double LogLikelihood) best = At(ratio);
        AssertClose(ByFormula.LogLikelihood, best.LogLikelihood, 1e-10, "log likelihood");
        AssertClose(ByFormula.Deviations[1], best.Sigma, 1e-6, "sigma");
        for (int j = 0; j < 3; j++) AssertClose(ByFormula.Beta[j], best.Beta[j], 1e-6, $"coefficient {j}");
        Assert.True(At(ratio + 0.01).LogLikelihood < best.LogLikelihood - 1e-6 && At(ratio - 0.01).LogLikelihood < best.LogLikelihood - 1e-6);
    }

    [Fact]
    public void Correlated_errors()
    {
        Same(ByFormula, LargeRegression.Generalised(Y, FixedColumns(U), ByFormula.Deviations, Indicators(G)), 1e-9);
        IsMaximum(ByFormula, U, Indicators(G));
    }

    [Theory]
    [InlineData("y ~ x + u + v + (1 | g/h)")]
    [InlineData("y ~ x + u + v + (1 | g) + (1 | g:h)")]
    public void A_nested_model_with_a_predictor_at_each_level(string formula)
    {
        double[] nested = [.. G.Select((g, i) => 10 * g + H[i])], v = Column("v");
        HandFit fit = Fit(formula);
        Matrix[] levels = [Indicators(nested), Indicators(G)];
        Same(fit, LargeRegression.Fit(Y, Beside(FixedColumns(U), new Matrix(Y.Length, 1, v)), levels), 1e-6);
        Same(fit, LargeRegression.Generalised(Y, Beside(FixedColumns(U), new Matrix(Y.Length, 1, v)), fit.Deviations, levels), 1e-9);
    }

    /// <summary>Intercepts by one factor, slopes by the other.</summary>
    [Fact]
    public void A_crossed_model()
    {
        HandFit fit = Fit("y ~ x + (1 | g) + (0 + x | c)");
        Matrix slopes = Indicators(Column("c"));
        for (int j = 0; j < slopes.Columns; j++)
        {
            for (int i = 0; i < slopes.Rows; i++) slopes[i, j] *= X[i];
        }
        Same(fit, LargeRegression.Fit(Y, FixedColumns(null), Indicators(G), slopes), 1e-6);
        Same(fit, LargeRegression.Generalised(Y, FixedColumns(null), fit.Deviations, Indicators(G), slopes), 1e-9);
        IsMaximum(fit, null, Indicators(G), slopes);
    }

    private static void IsMaximum(HandFit fit, double[]? u, params Matrix[] z)
    {
        for (int k = 0; k < fit.Deviations.Length; k++)
        {
            foreach (double factor in (double[])[0.97, 1.03])
            {
                double[] moved = [.. fit.Deviations];
                moved[k] *= factor;
                Assert.True(LargeRegression.Generalised(Y, FixedColumns(u), moved, z).LogLikelihood < fit.LogLikelihood - 1e-6, $"standard deviation {k} times {factor}");
            }
        }
    }

    private static (double[] Beta, double Sigma, double LogLikelihood) At(double ratio)
    {
        double[] count = Sums(_ => 1), kept = [.. count.Select(c => 1 / Math.Sqrt(1 + c * ratio * ratio))];
        double[] Transformed(double[] values)
        {
            double[] mean = [.. Sums(i => values[i]).Zip(count, (s, c) => s / c)];
            return [.. values.Select((value, i) => value - (1 - kept[Group[i]]) * mean[Group[i]])];
        }
        var frame = new Frame([new NumericColumn("y", Transformed(Y)), new NumericColumn("one", Transformed([.. Y.Select(_ => 1.0)])), new NumericColumn("x", Transformed(X)), new NumericColumn("u", Transformed(U))]);
        GeneralizedLinearModelFit fit = LinearModel.Fit(ModelFrame.Learn(Formula.Parse("y ~ 0 + one + x + u"), frame).Encode(frame));
        return ([.. fit.Estimates.Values], Math.Sqrt(fit.Deviance / Y.Length), fit.LogLikelihood + kept.Sum(Math.Log));
    }

    private static void Same(HandFit expected, HandFit actual, double tolerance)
    {
        AssertClose(expected.LogLikelihood, actual.LogLikelihood, 1e-10, "log likelihood");
        for (int j = 0; j < expected.Beta.Length; j++) AssertClose(expected.Beta[j], actual.Beta[j], tolerance, $"coefficient {j}");
        for (int k = 0; k < expected.Deviations.Length; k++) AssertClose(expected.Deviations[k], actual.Deviations[k], tolerance, $"standard deviation {k}");
        for (int i = 0; i < expected.Fitted.Length; i++) AssertClose(expected.Fitted[i], actual.Fitted[i], tolerance, $"fitted value {i}");
    }

    private static HandFit Fit(string formula)
    {
        MixedModelFit fit = LinearMixedModel.Fit(ModelFrame.Learn(Formula.Parse(formula), Data).Encode(Data), new LinearMixedModelOptions { Reml = false });
        return new HandFit(fit.Beta, [.. fit.Terms.Select(t => t.StandardDeviation(0)), fit.Sigma], fit.LogLikelihood, [.. fit.RowToCell.Select(cell => fit.Fitted[cell])]);
    }

    private static double[] Least(Matrix x, double[] y) => Multiply(Invert(Multiply(Transpose(x), x)).Inverse, Multiply(Transpose(x), y));

    private static double[] Sums(Func<int, double> value)
    {
        var sums = new double[Group.Max() + 1];
        for (int i = 0; i < Group.Length; i++) sums[Group[i]] += value(i);
        return sums;
    }

    private static Matrix FixedColumns(double[]? u) => new(Y.Length, u is null ? 2 : 3, [.. Y.Select(_ => 1.0), .. X, .. u ?? []]);

    private static Matrix Indicators(double[] codes)
    {
        double[] levels = [.. codes.Distinct().Order()];
        var z = new Matrix(codes.Length, levels.Length);
        for (int i = 0; i < codes.Length; i++) z[i, Array.IndexOf(levels, codes[i])] = 1;
        return z;
    }

    private static double[] Column(string name) => [.. ((NumericColumn)Data.Get(name)).Values];

    /// <summary>14 groups g of 2 to 14 rows with a predictor u, parts h within them with a predictor v, another factor c across them.</summary>
    private static Frame Simulate()
    {
        var rng = new Rng(31, 5);
        var rows = new List<double[]>();
        double[] slope = RandomMixedDesign.Normals(rng, 7);
        for (int g = 0; g < 14; g++)
        {
            double u = rng.NextNormal(), level = u + 0.8 * rng.NextNormal();
            double[] v = RandomMixedDesign.Normals(rng, 3), part = RandomMixedDesign.Normals(rng, 3);
            for (int i = 0; i < 2 + g; i++)
            {
                int h = i % 3, c = rng.NextInt(7);
                double x = rng.NextNormal();
                rows.Add([1 + level + 0.6 * part[h] + 0.5 * v[h] + (0.5 + 0.4 * slope[c]) * x + 0.7 * rng.NextNormal(), x, u, g, h, v[h], c]);
            }
        }
        string[] names = ["y", "x", "u", "g", "h", "v", "c"];
        return new Frame(names.Select((name, k) => new NumericColumn(name, [.. rows.Select(row => row[k])])));
    }
}
