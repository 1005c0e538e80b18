using Terrace.Design;
using Terrace.Families;
using Terrace.LinearModels;
using Terrace.Numerics.LinearAlgebra;
using static Terrace.Tests.Families.RowsByHand;

namespace Terrace.Tests.LinearModels;

/// <summary>Fits against second computations that share nothing with them: derivatives by differences, refits without a row, solutions by hand.</summary>
public class LinearModelTests
{
    private static readonly GlmOptions Exact = new() { Epsilon = 1e-15, MaxIterations = 100 };

    public static TheoryData<string, string> Models => SimulatedModel.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void The_deviance_is_least_and_its_curvature_the_inverse_covariance(string name, string link)
    {
        Family family = Family.Parse(name, link);
        ModelRows rows = SimulatedModel.Rows(family, 11, collapse: true);
        GeneralizedLinearModelFit fit = GeneralizedLinearModel.Fit(rows, family, Exact);
        double[] beta = [.. fit.Estimates.Values];
        double least = DevianceOfRows(rows, family, beta);
        Assert.Equal(least, fit.Deviance, 1e-9);
        for (int j = 0; j < beta.Length; j++)
        {
            double h = 1e-4 * fit.Estimates.StandardErrors()[j];
            double slope = (DevianceOfRows(rows, family, Moved(beta, j, h)) - DevianceOfRows(rows, family, Moved(beta, j, -h))) / (2 * h);
            Assert.True(Math.Abs(slope * fit.Estimates.StandardErrors()[j]) < 1e-4, $"slope {slope} of column {j}");
        }
        Matrix product = Multiply(fit.Estimates.Covariance, ExpectedInformation(rows, family, beta));
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) Assert.Equal(i == j ? fit.Dispersion : 0, product[i, j], 1e-5);
    }

    [Fact]
    public void Cooks_distance_is_how_far_a_refit_without_the_row_moves()
    {
        var model = new FixtureModel("lm_mtcars", false);
        GeneralizedLinearModelFit fit = model.Fit();
        for (int left = 0; left < 5; left++)
        {
            double[] weights = [.. Enumerable.Range(0, model.Rows.Rows).Select(i => i == left ? 0.0 : 1)];
            GeneralizedLinearModelFit refit = LinearModel.Fit(model.Rows with { Weights = weights });
            Assert.Equal(fit.Rows - 1, refit.Rows);
            double distance = 0;
            for (int i = 0; i < model.Rows.Rows; i++) distance += Math.Pow(fit.FittedValues()[i] - refit.FittedValues()[i], 2);
            Assert.Equal(fit.Diagnostics.CooksDistance[left], distance / (fit.Rank * fit.Dispersion), 1e-10);
        }
    }

    [Fact]
    public void A_saturated_binomial_model_fits_the_proportions_exactly()
    {
        ModelRows rows = Make([[1, 0], [1, 1]], Cbind([3, 7], [5, 2]));
        GeneralizedLinearModelFit fit = GeneralizedLinearModel.Fit(rows, Family.Binomial(), Exact);
        Assert.Equal(Math.Log(3.0 / 5), fit.Estimates.Values[0], 1e-9);
        Assert.Equal(Math.Log(3.5) - Math.Log(0.6), fit.Estimates.Values[1], 1e-9);
        Assert.Equal(Math.Sqrt(1 / 3.0 + 1 / 5.0), fit.Estimates.StandardErrors()[0], 1e-7);
        Assert.Equal(0, fit.Deviance, 1e-9);
        Assert.Equal(0, fit.ResidualDf);
    }

    [Fact]
    public void A_saturated_linear_model_has_no_dispersion_and_no_tests()
    {
        GeneralizedLinearModelFit fit = LinearModel.Fit(Make([[1, 0], [1, 1]], Numbers(2, 5)));
        Assert.Equal(3, fit.Estimates.Values[1], 1e-12);
        Assert.True(double.IsNaN(fit.Dispersion));
        Assert.All(fit.Estimates.Table(), row => Assert.True(double.IsNaN(row.PValue)));
    }

    [Fact]
    public void A_model_without_any_term_predicts_the_offset()
    {
        ModelRows rows = Make([[], [], []], Numbers(1, 2, 6), offset: [0, 0.5, 1]);
        GeneralizedLinearModelFit fit = GeneralizedLinearModel.Fit(rows, Family.Poisson());
        Assert.Equal(0, fit.Rank);
        Assert.Equal(3, fit.ResidualDf);
        Assert.Equal(Math.Exp(0.5), fit.FittedValues()[1], 1e-14);
        Assert.Equal(fit.Deviance, fit.NullDeviance, 1e-14);
    }

    [Fact]
    public void The_log_binomial_is_kept_inside_the_possible_means_by_halving_steps()
    {
        double[][] x = [.. Enumerable.Range(0, 40).Select(i => new[] { 1, i / 39.0 })];
        double[] y = [.. Enumerable.Range(0, 40).Select(i => i % 10 < 1 + i / 4 ? 1.0 : 0)];
        GeneralizedLinearModelFit fit = GeneralizedLinearModel.Fit(Make(x, Numbers(y)), Family.Binomial(Link.Log), new GlmOptions { Start = [-1, 0], MaxIterations = 50 });
        Assert.All(fit.FittedValues(), p => Assert.InRange(p, 0, 1));
    }

    [Fact]
    public void A_response_of_zero_with_a_log_link_starts_from_the_mean()
    {
        ModelRows rows = Make([[1, 0], [1, 0], [1, 1], [1, 1]], Numbers(0, 2, 3, 5));
        GeneralizedLinearModelFit fit = GeneralizedLinearModel.Fit(rows, Family.Gaussian(Link.Log), Exact);
        Assert.Equal(0, fit.Estimates.Values[0], 1e-8);
        Assert.Equal(Math.Log(4), fit.Estimates.Values[1], 1e-8);
    }

    [Fact]
    public void Impossible_fits_say_what_to_do()
    {
        Refused("starting", () => GeneralizedLinearModel.Fit(Intercept(Numbers(-2, 1)), Family.Gaussian(Link.Log)));
        Refused("2 starting coefficients for 1 column", () => GeneralizedLinearModel.Fit(Intercept(Numbers(1, 2)), Family.Poisson(), new GlmOptions { Start = [0, 1] }));
        Refused("mixed model", () => LinearModel.Fit(WithGroup(Intercept(Numbers(1, 2)))));
        Refused("'x1'", () => LinearModel.Fit(Make([[1, double.NegativeInfinity], [1, 2]], Numbers(1, 2))));
        Refused("offset", () => LinearModel.Fit(Make([[1], [1]], Numbers(1, 2), offset: [0, double.NaN])));
    }

    [Fact]
    public void Too_few_iterations_are_reported()
    {
        ModelRows rows = SimulatedModel.Rows(Family.Poisson(), 3, collapse: false);
        GeneralizedLinearModelFit fit = GeneralizedLinearModel.Fit(rows, Family.Poisson(), new GlmOptions { MaxIterations = 1 });
        Assert.False(fit.Converged);
        Assert.Contains(fit.Warnings, w => w.Code == "not-converged");
    }

    private static ModelRows WithGroup(ModelRows rows)
    {
        var term = new RandomTermDesign { Group = "county", Levels = ["a"], Codes = [0, 0], TermNames = ["(Intercept)"], Z = new Matrix(2, 1) };
        return rows with { Design = rows.Design with { RandomTerms = [term] } };
    }

    private static void Refused(string part, Func<GeneralizedLinearModelFit> fit) =>
        Assert.Contains(part, Assert.Throws<ModelException>(fit).Message, StringComparison.Ordinal);

    private static double[] Moved(double[] beta, int j, double step)
    {
        var moved = (double[])beta.Clone();
        moved[j] += step;
        return moved;
    }

    private static double Eta(ModelRows rows, int cell, double[] beta)
    {
        double eta = rows.Design.Offset[cell];
        for (int j = 0; j < beta.Length; j++) eta += rows.Design.X[cell, j] * beta[j];
        return eta;
    }

    private static double DevianceOfRows(ModelRows rows, Family family, double[] beta)
    {
        double sum = 0;
        for (int i = 0; i < rows.Rows; i++)
            sum += rows.Weights![i] * family.UnitDeviance(rows.Response!.Values[i], family.Link.Mean(Eta(rows, rows.RowToCell[i], beta)));
        return sum;
    }

    private static Matrix ExpectedInformation(ModelRows rows, Family family, double[] beta)
    {
        var information = new Matrix(beta.Length, beta.Length);
        for (int r = 0; r < rows.Rows; r++)
        {
            double eta = Eta(rows, rows.RowToCell[r], beta), g = family.Link.Slope(eta);
            double w = rows.Weights![r] * g * g / family.Variance(family.Link.Mean(eta));
            for (int i = 0; i < beta.Length; i++)
                for (int j = 0; j < beta.Length; j++)
                    information[i, j] += w * rows.Design.X[rows.RowToCell[r], i] * rows.Design.X[rows.RowToCell[r], j];
        }
        return information;
    }

    private static Matrix Multiply(Matrix a, Matrix b)
    {
        var product = new Matrix(a.Rows, b.Columns);
        for (int i = 0; i < a.Rows; i++)
            for (int j = 0; j < b.Columns; j++)
                for (int k = 0; k < a.Columns; k++) product[i, j] += a[i, k] * b[k, j];
        return product;
    }
}
