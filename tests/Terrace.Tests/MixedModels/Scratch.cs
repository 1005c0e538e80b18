#pragma warning disable
using System.Diagnostics;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Tests.TestData;
using Xunit.Abstractions;

namespace Terrace.Tests.MixedModels;

internal sealed class HandDesign(Frame frame)
{
    private readonly List<(string, double[])> _x = [("(Intercept)", [.. Enumerable.Repeat(1.0, frame.RowCount)])];
    private readonly List<RandomTermDesign> _terms = [];
    public static double[] Num(Frame f, string n) => f.Get(n) switch { NumericColumn c => c.Values.ToArray(), IntegerColumn c => [.. Enumerable.Range(0, c.Count).Select(i => double.Parse(c.TextAt(i) ?? "NaN", System.Globalization.CultureInfo.InvariantCulture))], LogicalColumn c => [.. Enumerable.Range(0, c.Count).Select(i => c.TextAt(i) == "TRUE" ? 1.0 : 0)], Factor c => [.. c.Codes.ToArray().Select(k => (double)k)], _ => throw new InvalidOperationException(n) };
    public HandDesign X(string name, double[] v) { _x.Add((name, v)); return this; }
    public HandDesign X(string name) => X(name, Num(frame, name));
    public HandDesign Dummies(string name) { var f = FactorConversion.From(frame.Get(name)); for (int l = 1; l < f.Levels.Count; l++) { int k = l; X(name + f.Levels[l], [.. f.Codes.ToArray().Select(c => c == k ? 1.0 : 0)]); } return this; }
    public HandDesign R(string group, params (string, double[]?)[] cols) => R(group, frame.Get(group), cols);
    public HandDesign R(string group, Column column, params (string, double[]?)[] cols)
    {
        if (cols.Length == 0) cols = [("(Intercept)", null)];
        var f = FactorConversion.From(column);
        var used = f.Codes.ToArray().Distinct().Order().ToArray();
        var z = new Matrix(frame.RowCount, cols.Length);
        for (int j = 0; j < cols.Length; j++) for (int i = 0; i < frame.RowCount; i++) z[i, j] = cols[j].Item2?[i] ?? 1;
        _terms.Add(new RandomTermDesign { Group = group, Levels = [.. used.Select(u => f.Levels[u])], Codes = [.. f.Codes.ToArray().Select(c => Array.IndexOf(used, c))], TermNames = [.. cols.Select(c => c.Item1)], Z = z });
        return this;
    }
    public ModelRows Rows(double[] y, double[]? failures = null, double[]? weights = null, double[]? offset = null, bool collapse = false)
    {
        int n = frame.RowCount;
        var x = new Matrix(n, _x.Count);
        for (int j = 0; j < _x.Count; j++) _x[j].Item2.CopyTo(x.Column(j));
        var rows = new ModelRows
        {
            Design = new DesignMatrices { X = x, ColumnNames = [.. _x.Select(c => c.Item1)], Assign = [.. Enumerable.Range(0, _x.Count)], RandomTerms = _terms, Offset = offset ?? new double[n] },
            RowToCell = [.. Enumerable.Range(0, n)], SourceRows = [.. Enumerable.Range(0, n)], OmittedRows = 0, Weights = weights,
            Response = new ResponseValues { Name = "y", Kind = failures == null ? ResponseKind.Numeric : ResponseKind.SuccessesAndFailures, Values = y, Failures = failures },
        };
        return collapse ? Collapse(rows) : rows;
    }
    private static ModelRows Collapse(ModelRows r)
    {
        var map = new Dictionary<string, int>(); var first = new List<int>(); var cell = new int[r.Rows];
        for (int i = 0; i < r.Rows; i++)
        {
            string key = string.Join(",", Enumerable.Range(0, r.Design.X.Columns).Select(j => r.Design.X[i, j])) + "|" + string.Join(",", r.Design.RandomTerms.Select(t => t.Codes[i] + ":" + string.Join(";", Enumerable.Range(0, t.Z.Columns).Select(j => t.Z[i, j])))) + "|" + r.Design.Offset[i];
            if (!map.TryGetValue(key, out int c)) { map[key] = c = first.Count; first.Add(i); }
            cell[i] = c;
        }
        Matrix Sub(Matrix m) { var s = new Matrix(first.Count, m.Columns); for (int j = 0; j < m.Columns; j++) for (int i = 0; i < first.Count; i++) s[i, j] = m[first[i], j]; return s; }
        return r with { RowToCell = cell, Design = r.Design with { X = Sub(r.Design.X), Offset = [.. first.Select(i => r.Design.Offset[i])], RandomTerms = [.. r.Design.RandomTerms.Select(t => t with { Codes = [.. first.Select(i => t.Codes[i])], Z = Sub(t.Z) })] } };
    }
}

public class Scratch(ITestOutputHelper o)
{
    private void Show(string name, Func<MixedModelFit> f)
    {
        var w = Stopwatch.StartNew(); var fit = f(); double first = w.Elapsed.TotalMilliseconds;
        double best = 1e9; for (int k = 0; k < 3; k++) { var c = Process.GetCurrentProcess().TotalProcessorTime; fit = f(); best = Math.Min(best, (Process.GetCurrentProcess().TotalProcessorTime - c).TotalMilliseconds); }
        o.WriteLine($"{name}: first {first:F1} ms, best {best:F1}; cells {fit.Cells} evals {fit.Evaluations} conv {fit.Converged} |g| {fit.GradientNorm:G3} logLik {fit.LogLikelihood:R} sigma {fit.Sigma}");
        o.WriteLine("   beta " + string.Join(" ", fit.Beta) + " se " + string.Join(" ", fit.StandardErrors()));
        o.WriteLine("   theta " + string.Join(" ", fit.Theta) + " " + string.Join(";", fit.Terms.Select(t => t.Group + t.Levels.Count + ":" + t.StandardDeviation(0))));
        foreach (var x in fit.Warnings) o.WriteLine("   " + x.Message);
        if (Fixtures.Root.Length > 0)
        {
            var r = Fixtures.Reference(name); var p = r.TryGetProperty("polished", out var pp) ? pp : r;
            o.WriteLine("   ref " + r.GetProperty("logLik") + " " + (p.TryGetProperty("logLik", out var ll) ? ll : "") + " theta " + string.Join(" ", (p.TryGetProperty("theta", out var th) ? th : r.GetProperty("theta")).EnumerateObject().Select(e => e.Value)) + " se " + string.Join(" ", r.GetProperty("se").EnumerateObject().Select(e => e.Value)));
            o.WriteLine("   fixef " + string.Join(" ", (p.TryGetProperty("fixef", out var fe) ? fe : r.GetProperty("fixef")).EnumerateObject().Select(e => e.Value)));
        }
    }

    [Fact]
    public void Run()
    {
        var s = Fixtures.Data("sleepstudy");
        double[] days = HandDesign.Num(s, "Days"), y = HandDesign.Num(s, "Reaction");
        Show("lmer_sleepstudy_slope_REML", () => LinearMixedModel.Fit(new HandDesign(s).X("Days").R("Subject", ("(Intercept)", null), ("Days", days)).Rows(y)));
        Show("lmer_sleepstudy_weights", () => LinearMixedModel.Fit(new HandDesign(s).X("Days").R("Subject", ("(Intercept)", null), ("Days", days)).Rows(y, weights: [.. days.Select(d => d + 1)])));
        var d2 = Fixtures.Data("Dyestuff2");
        Show("lmer_dyestuff2_singular_REML", () => LinearMixedModel.Fit(new HandDesign(d2).R("Batch").Rows(HandDesign.Num(d2, "Yield"))));
        var cb = Fixtures.Data("cbpp");
        double[] inc = HandDesign.Num(cb, "incidence"), size = HandDesign.Num(cb, "size");
        Show("glmer_cbpp_laplace", () => GeneralizedLinearMixedModel.Fit(new HandDesign(cb).Dummies("period").R("herd").Rows(inc, [.. size.Zip(inc, (a, b) => a - b)]), Family.Binomial()));
        var th = Fixtures.Data("Theoph"); var keep = HandDesign.Num(th, "conc").Select(c => c > 0).ToArray(); th = th.Where(keep);
        Show("glmer_theoph_gamma_log", () => GeneralizedLinearMixedModel.Fit(new HandDesign(th).X("Time").R("Subject").Rows(HandDesign.Num(th, "conc")), Family.Gamma(Link.Log), new GeneralizedLinearMixedModelOptions { Information = Information.Expected }));
        var p = Fixtures.Data("election88_polls"); var st = Fixtures.Data("election88_states");
        p = p.Where([.. HandDesign.Num(p, "bush").Select(b => !double.IsNaN(b))]);
        foreach (var c in p.Columns) o.WriteLine(c.Name + " " + c.GetType().Name + " " + c.TextAt(0));
        foreach (var c in st.Columns) o.WriteLine("  " + c.Name + " " + c.GetType().Name + " " + c.TextAt(0));
    }

    [Fact]
    public void InstEval()
    {
        var d = Fixtures.Data("InstEval");
        Show("lmer_insteval_ML", () => LinearMixedModel.Fit(new HandDesign(d).Dummies("service").R("s").R("d").R("dept").Rows(HandDesign.Num(d, "y")), new LinearMixedModelOptions { Reml = false }));
    }
}
