using Terrace.Design;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MixedModels;

public class RowDiagnosticsTests
{
    [Theory]
    [InlineData("sleep_slope", 1e-4)]
    [InlineData("sleep_weights", 1e-4)]
    [InlineData("radon_floor", 1e-4)]
    public void Leverages_residuals_and_distances_agree_with_lme4(string model, double tolerance)
    {
        var reference = DiagnosticsReference.Member("rows", model);
        var (fit, rows) = DiagnosticsReference.Fit(model);
        var diagnostics = MixedRowDiagnostics.Of(fit, rows);
        Near("hat", diagnostics.Leverage);
        Near("cook", diagnostics.CooksDistance);
        Near("pearson", diagnostics.Pearson);
        Near("deviance", diagnostics.Deviance);
        void Near(string name, double[] actual)
        {
            double[] expected = DiagnosticsReference.Numbers(reference.GetProperty(name));
            double size = expected.Max(Math.Abs);
            for (int i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * size, $"{name} {i}: {expected[i]:R} {actual[i]:R}");
        }
    }

    [Fact]
    public void Residuals_of_a_binomial_fit_agree_with_lme4()
    {
        var reference = DiagnosticsReference.Member("rows", "cbpp");
        var (fit, rows) = DiagnosticsReference.Fit("cbpp");
        var diagnostics = MixedRowDiagnostics.Of(fit, rows);
        double[] pearson = DiagnosticsReference.Numbers(reference.GetProperty("pearson")), deviance = DiagnosticsReference.Numbers(reference.GetProperty("deviance"));
        for (int i = 0; i < pearson.Length; i++)
        {
            Assert.Equal(pearson[i], diagnostics.Pearson[i], 1e-3);
            Assert.Equal(deviance[i], diagnostics.Deviance[i], 1e-3);
        }
    }

    /// <summary>The trace of the hat matrix, and every leverage, from dense matrices: random slopes, crossed factors, weights, a generalised model.</summary>
    [Theory]
    [InlineData("lmer_penicillin_crossed")]
    [InlineData("lmer_sleepstudy_weights")]
    [InlineData("lmer_pastes_nested")]
    [InlineData("glmer_grouseticks")]
    [InlineData("glmer_contraception_probit")]
    public void Leverages_and_changes_follow_from_the_dense_joint_problem(string name)
    {
        var rows = MixedFixture.Rows(name);
        var fit = MixedFixture.Fit(name);
        var diagnostics = MixedRowDiagnostics.Of(fit, rows);
        var fitted = new FittedCells(fit, rows);
        Matrix inverse = DenseInverse(fit, fitted, out Matrix design);
        int q = fitted.Cells.Layout.Columns, p = fitted.Cells.FixedColumns;
        for (int i = 0; i < rows.Rows; i += 1 + rows.Rows / 40)
        {
            int cell = rows.RowToCell[i];
            double[] solved = Solve(inverse, design, cell);
            double leverage = 0;
            for (int k = 0; k < q + p; k++) leverage += design[cell, k] * solved[k];
            leverage *= fitted.Weights[cell] * fitted.Share(i);
            Assert.Equal(leverage, diagnostics.Leverage[i], 1e-8);
            double own = fit.Weights[i] * (fit.Response[i] - fit.Fitted[cell]) * fit.Family.Link.Slope(fit.LinearPredictor[cell]) / fit.Family.Variance(fit.Fitted[cell]);
            double[] change = fitted.Cells.Basis.ToCoefficients(solved.AsSpan(q));
            for (int j = 0; j < p; j++)
                Assert.Equal(-change[j] * own / (1 - leverage), diagnostics.Dfbetas[i, j] * Math.Sqrt(fit.BetaCovariance[j, j]), 1e-7 * Math.Sqrt(fit.BetaCovariance[j, j]));
        }
    }

    /// <summary>A row left out by a weight of 0, θ kept: the exact twin of the one-step change.</summary>
    [Fact]
    public void The_change_of_a_linear_model_is_that_of_solving_without_the_row()
    {
        var (fit, rows) = DiagnosticsReference.Fit("sleep_slope");
        var diagnostics = MixedRowDiagnostics.Of(fit, rows);
        var deletion = new OneStepDeletion(fit, rows);
        int[] own = [.. Enumerable.Range(0, rows.Cells)];
        foreach (int i in new[] { 0, 7, 60, 179 })
        {
            double[] without = deletion.Without(own, rows.RowToCell[i], default)!.Beta;
            for (int j = 0; j < 2; j++) Assert.Equal((without[j] - fit.Beta[j]) / Math.Sqrt(fit.BetaCovariance[j, j]), diagnostics.Dfbetas[i, j], 1e-8);
        }
    }

    [Fact]
    public void Rows_of_a_cell_share_its_leverage_and_keep_their_own_residuals()
    {
        var (fit, rows) = DiagnosticsReference.Fit("radon_floor");
        ModelRows apart = DiagnosticsReference.Rows("log_radon ~ floor + (1 | county)", Fixtures.Data("radon"), collapse: false);
        var expected = MixedRowDiagnostics.Of(LinearMixedModel.Fit(apart), apart);
        var actual = MixedRowDiagnostics.Of(fit, rows);
        for (int i = 0; i < apart.Rows; i++)
        {
            Assert.Equal(expected.Leverage[i], actual.Leverage[i], 1e-6);
            Assert.Equal(expected.FixedEffectsDistance[i], actual.FixedEffectsDistance[i], 1e-6);
            Assert.Equal(expected.Marginal[i], actual.Marginal[i], 1e-6);
        }
    }

    private static double[] Solve(Matrix inverse, Matrix design, int row)
    {
        var result = new double[inverse.Rows];
        for (int i = 0; i < result.Length; i++)
        {
            for (int k = 0; k < result.Length; k++) result[i] += inverse[i, k] * design[row, k];
        }
        return result;
    }

    /// <summary>H⁻¹ of the dense rows (ZΛ, X).</summary>
    private static Matrix DenseInverse(MixedModelFit fit, FittedCells fitted, out Matrix design)
    {
        var cells = fitted.Cells;
        int n = cells.Count, q = cells.Layout.Columns, p = cells.FixedColumns;
        Matrix random = Gemm.Product(RandomMixedDesign.DenseZ(cells), false, RandomMixedDesign.DenseLambda(cells.Layout, fit.Theta), false);
        design = new Matrix(n, q + p);
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < q; k++) design[i, k] = random[i, k];
            for (int k = 0; k < p; k++) design[i, q + k] = cells.X[i * p + k];
        }
        Matrix weighted = design.Copy(), normal = new(q + p, q + p);
        for (int k = 0; k < q + p; k++)
        {
            for (int i = 0; i < n; i++) weighted[i, k] *= fitted.Weights[i];
        }
        Gemm.AddProduct(normal, 1, design, true, weighted, false);
        for (int k = 0; k < q; k++) normal[k, k] += 1;
        Assert.True(Cholesky.TryFactor(normal));
        return Cholesky.InverseFromFactor(normal);
    }
}
