#pragma warning disable
using System.Diagnostics;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using Terrace.Tests.TestData;
using Xunit.Abstractions;

namespace Terrace.Tests.MixedModels;

public class Scratch(ITestOutputHelper o)
{
    internal void Hess()
    {
        foreach (var name in new[] { "glmer_owls_poisson_offset", "glmer_election88_gelmanhill_full" })
        {
            var rows = MixedFixture.Rows(name);
            var fit = MixedFixture.Fit(name);
            var obs = Observations.Resolve(rows, fit.Family);
            var cells = new MixedModelCells(rows.Design, FixedEffectsBasis.Of(rows.Design.X, obs.Weight));
            var lap = new LaplaceDeviance(cells, obs, Information.Observed);
            double[] kept = fit.Beta; double[] g0 = cells.Basis.FromCoefficients(kept);
            double[] x = [.. fit.Theta, .. g0]; int n = x.Length, d = fit.Theta.Length;
            foreach (double h in new[] { 1e-2, 3e-3, 1e-3 })
            {
                // second differences of values only
                var H = new Matrix(n, n);
                double F(int i, double a, int j, double b) { var y = (double[])x.Clone(); y[i] += a; y[j] += b; return lap.Evaluate(y, []); }
                for (int i = 0; i < n; i++) for (int j = 0; j <= i; j++)
                    { double hi = i < d ? h : h * 10, hj = j < d ? h : h * 10; H[i, j] = H[j, i] = (F(i, hi, j, hj) - F(i, hi, j, -hj) - F(i, -hi, j, hj) + F(i, -hi, j, -hj)) / (4 * hi * hj); }
                var inv = DenseAlgebra.Invert(H).Inverse;
                var c = new Matrix(n - d, n - d); for (int i = 0; i < n - d; i++) for (int j = 0; j < n - d; j++) c[i, j] = 2 * inv[d + i, d + j];
                var cov = cells.Basis.ToCoefficientCovariance(c);
                o.WriteLine(name + " h=" + h + " se " + string.Join(" ", Enumerable.Range(0, n - d).Select(i => Math.Sqrt(cov[i, i]))));
            }
            o.WriteLine("  own " + string.Join(" ", fit.StandardErrors()));
            var r = Fixtures.Reference(name);
            o.WriteLine("  default " + r.GetProperty("se") + "\n  polished " + r.GetProperty("polished").GetProperty("se"));
        }
    }

    [Fact]
    public void Times()
    {
        foreach (var name in new[] { "lmer_sleepstudy_slope_REML", "lmer_nes_year_slope_state", "glmer_election88_gelmanhill_full", "glmer_verbagg_crossed", "glmer_grouseticks" })
        {
            var fit = MixedFixture.Fit(name); var rows = MixedFixture.Rows(name);
            double best = 1e9;
            for (int k = 0; k < 3; k++)
            {
                var c = Process.GetCurrentProcess().TotalProcessorTime;
                fit = fit.Engine == "laplace" ? GeneralizedLinearMixedModel.Fit(rows, fit.Family) : LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = fit.Engine == "reml" });
                best = Math.Min(best, (Process.GetCurrentProcess().TotalProcessorTime - c).TotalMilliseconds);
            }
            o.WriteLine($"{name} fit {best:F1} ms, {fit.Evaluations} evals, cells {fit.Cells}");
            if (name.Contains("insteval")) continue;
            var s0 = VarianceParameterSampler.Sample(fit, 1000, new Rng(1, 1));
            var t = Process.GetCurrentProcess().TotalProcessorTime;
            var s = VarianceParameterSampler.Sample(fit, 1000, new Rng(2, 1));
            o.WriteLine($"    draws {(Process.GetCurrentProcess().TotalProcessorTime - t).TotalMilliseconds:F1} ms, ess {s.EffectiveSampleSize:F0} of {s.Proposals}; " + string.Join("; ", fit.Terms.SelectMany(x => Enumerable.Range(0, x.TermNames.Count).Select(j => $"{x.Group} {x.TermNames[j]} {x.StandardDeviation(j):F3} post mean {Enumerable.Range(0, 1000).Average(i => s.StandardDeviation(i, x, j)):F3} median {Enumerable.Range(0, 1000).Select(i => s.StandardDeviation(i, x, j)).Order().ElementAt(500):F3}"))));
        }
    }
}
