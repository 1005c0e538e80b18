using FsCheck;
using FsCheck.Fluent;
using Terrace.Design;
using Terrace.Families;
using Terrace.LinearModels;

namespace Terrace.Tests.LinearModels;

/// <summary>What must hold for any data: collapsing, offsets, weights. Each property is checked on 25 simulated data sets from a fixed seed, for every family and link.</summary>
public class LinearModelProperties
{
    private static readonly GlmOptions Exact = new() { Epsilon = 1e-14, MaxIterations = 100 };

    public static TheoryData<string, string> Models => SimulatedModel.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void Collapsing_rows_changes_nothing(string name, string link)
    {
        Family family = Family.Parse(name, link);
        ForAll(seed =>
        {
            GeneralizedLinearModelFit rows = Fit(family, seed, false), cells = Fit(family, seed, true);
            Assert.True(cells.Cells <= 6 && rows.Cells == 60);
            Close(rows.Estimates.Values, cells.Estimates.Values);
            Close(rows.Estimates.Covariance.Values, cells.Estimates.Covariance.Values);
            Close(rows.Diagnostics.CooksDistance, cells.Diagnostics.CooksDistance);
            Close([rows.Deviance, rows.NullDeviance, rows.Dispersion, rows.LogLikelihood], [cells.Deviance, cells.NullDeviance, cells.Dispersion, cells.LogLikelihood]);
            Assert.Equal(rows.Iterations, cells.Iterations);
        });
    }

    [Theory]
    [InlineData("binomial", "logit")]
    [InlineData("poisson", "log")]
    [InlineData("gamma", "log")]
    [InlineData("gaussian", "identity")]
    public void A_constant_added_to_the_offset_is_taken_from_the_intercept(string name, string link)
    {
        Family family = Family.Parse(name, link);
        ForAll(seed =>
        {
            GeneralizedLinearModelFit plain = Fit(family, seed, true, Exact);
            GeneralizedLinearModelFit shifted = GeneralizedLinearModel.Fit(SimulatedModel.Rows(family, seed, true, shift: 0.7), family, Exact);
            // The iterations start elsewhere, and a deviance that is settled to 1e-14 settles the coefficients to 1e-7 of their scale only.
            Close([plain.Estimates.Values[0] - 0.7, .. plain.Estimates.Values.Skip(1)], shifted.Estimates.Values, 1e-6);
            Close([plain.Deviance, plain.NullDeviance, plain.LogLikelihood], [shifted.Deviance, shifted.NullDeviance, shifted.LogLikelihood]);
        });
    }

    [Theory]
    [InlineData("gaussian", "identity")]
    [InlineData("gamma", "log")]
    [InlineData("quasipoisson", "log")]
    public void Doubling_the_weights_doubles_the_dispersion_and_nothing_else(string name, string link)
    {
        Family family = Family.Parse(name, link);
        ForAll(seed =>
        {
            GeneralizedLinearModelFit once = Fit(family, seed, true, Exact);
            GeneralizedLinearModelFit twice = GeneralizedLinearModel.Fit(SimulatedModel.Rows(family, seed, true, reweight: w => [.. w.Select(v => 2 * v)]), family, Exact);
            Close(once.Estimates.Values, twice.Estimates.Values);
            Close(once.Estimates.StandardErrors(), twice.Estimates.StandardErrors());
            Close([2 * once.Dispersion], [twice.Dispersion]);
        });
    }

    [Fact]
    public void Binomial_and_poisson_weights_count_rows()
    {
        foreach (Family family in new[] { Family.Binomial(), Family.Poisson() })
        {
            ForAll(seed =>
            {
                ModelRows weighted = SimulatedModel.Rows(family, seed, false);
                int[] repeated = [.. Enumerable.Range(0, weighted.Rows).SelectMany(i => Enumerable.Repeat(i, (int)weighted.Weights![i]))];
                ModelRows repeatedRows = weighted with
                {
                    RowToCell = [.. repeated.Select(i => weighted.RowToCell[i])],
                    Weights = null,
                    Response = weighted.Response! with { Values = [.. repeated.Select(i => weighted.Response.Values[i])] },
                };
                GeneralizedLinearModelFit a = GeneralizedLinearModel.Fit(weighted, family, Exact), b = GeneralizedLinearModel.Fit(repeatedRows, family, Exact);
                Close(a.Estimates.Values, b.Estimates.Values);
                Close(a.Estimates.Covariance.Values, b.Estimates.Covariance.Values, 1e-5); // at the last step's weights, from different starts
                Close([a.LogLikelihood, a.Deviance], [b.LogLikelihood, b.Deviance]);
            });
        }
    }

    [Fact]
    public void The_gaussian_model_and_the_linear_model_agree() => ForAll(seed =>
    {
        ModelRows rows = SimulatedModel.Rows(Family.Gaussian(), seed, true);
        GeneralizedLinearModelFit a = GeneralizedLinearModel.Fit(rows, Family.Gaussian()), b = LinearModel.Fit(rows);
        Close(a.Estimates.Values, b.Estimates.Values);
        Close(a.Estimates.Covariance.Values, b.Estimates.Covariance.Values);
        Close([a.Deviance, a.NullDeviance, a.LogLikelihood, a.Dispersion], [b.Deviance, b.NullDeviance, b.LogLikelihood, b.Dispersion]);
    });

    private static GeneralizedLinearModelFit Fit(Family family, ulong seed, bool collapse, GlmOptions? options = null) =>
        GeneralizedLinearModel.Fit(SimulatedModel.Rows(family, seed, collapse), family, options);

    private static void ForAll(Action<ulong> property) =>
        Prop.ForAll(Gen.Choose(1, int.MaxValue).ToArbitrary(), seed => property((ulong)seed))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25).WithReplay(20_261_121UL, 77UL).WithQuietOnSuccess(true));

    private static void Close(IEnumerable<double> expected, IEnumerable<double> actual, double tolerance = 1e-7)
    {
        foreach ((double e, double a) in expected.Zip(actual))
            Assert.True(double.IsNaN(e) && double.IsNaN(a) || Math.Abs(e - a) <= tolerance * (1e-3 + Math.Abs(e)), $"{e:R} is not {a:R}");
    }
}
