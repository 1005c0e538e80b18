#:project ../src/Terrace/Terrace.csproj
#:property PublishAot=false

// Hierarchies: the 2000 National Election Study by state, then a nested model with a predictor at each level and a crossed model, as lecture notes on multilevel models present them. The latter two are on
// simulated data (their data are not public) and computed three ways: by formula, as one large regression with modelled indicators, and with the whole covariance matrix of all rows.
// The guide's page docs/guide/five-ways.md explains the pieces.
// Run: dotnet run examples/nested-and-crossed.cs

using System.Globalization;
using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;
using Terrace.Numerics.RandomNumbers;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string data = Path.Combine((string?)AppContext.GetData("EntryPointFileDirectoryPath") ?? "examples", "data");

Console.WriteLine("Ideology given party identification, intercepts by state (real_ideo ~ 1 + partyid7 + (1 | state))");
Frame nes = CsvFile.Read(Path.Combine(data, "nes2000.csv.gz"));
ModelRows survey = ModelFrame.Learn(Formula.Parse("real_ideo ~ 1 + partyid7 + (1 | state)"), nes).Encode(nes);
MixedModelFit byState = LinearMixedModel.Fit(survey);
Print("by REML", byState.Beta, [byState.Terms[0].StandardDeviation(0), byState.Sigma], byState.LogLikelihood);
Check("lme4's estimates", [.. byState.Beta, byState.Terms[0].StandardDeviation(0), byState.Sigma, byState.LogLikelihood], [3.0569357, 0.3329386, 0.2778342, 1.1716940, -763.5040243]);

Console.WriteLine("\nNested: turnout of precincts within states, a predictor at each level");
Frame turnout = Turnout();
Estimates nested = ByFormula("turnout ~ approval + rain + voter_id + (1 | state/precinct)", turnout);
Show("one formula", nested);
Show("the same, spelled out", ByFormula("turnout ~ approval + rain + voter_id + (1 | state:precinct) + (1 | state)", turnout), nested);
Term[] levels = [new(Codes(turnout, "state", "precinct"), null), new(Codes(turnout, "state"), null)];
Show("one large regression", LargeRegression(Numbers(turnout, "turnout"), [Ones(turnout), Numbers(turnout, "approval"), Numbers(turnout, "rain"), Numbers(turnout, "voter_id")], levels), nested);
Show("correlated errors", CorrelatedErrors(Numbers(turnout, "turnout"), [Ones(turnout), Numbers(turnout, "approval"), Numbers(turnout, "rain"), Numbers(turnout, "voter_id")], levels), nested);

Console.WriteLine("\nCrossed: votes of legislators in chambers and parties; the parties differ in what a president of theirs means");
Frame votes = Votes();
Estimates crossed = ByFormula("vote ~ ideology + obama + (1 | chamber) + (0 + obama | party)", votes);
Term[] factors = [new(Codes(votes, "chamber"), null), new(Codes(votes, "party"), Numbers(votes, "obama"))];
Show("one formula", crossed);
Show("one large regression", LargeRegression(Numbers(votes, "vote"), [Ones(votes), Numbers(votes, "ideology"), Numbers(votes, "obama")], factors), crossed);
Show("correlated errors", CorrelatedErrors(Numbers(votes, "vote"), [Ones(votes), Numbers(votes, "ideology"), Numbers(votes, "obama")], factors), crossed);
return Failures;

// y_i ~ N(α_jk + β approval_i, σ_y²), α_jk ~ N(γ_j + γ₁ rain_jk, σ_α²), γ_j ~ N(λ₀ + λ₁ voter_id_j, σ_γ²): precincts k within states j, elections i.
static Frame Turnout()
{
    var rng = new Rng(seed: 4, stream: 1);
    var rows = new List<Election>();
    for (int state = 0; state < 20; state++)
    {
        int voterId = state % 2, precincts = 3 + rng.NextInt(6);
        double stateLevel = 55 - 3 * voterId + 3 * rng.NextNormal();
        for (int precinct = 0; precinct < precincts; precinct++)
        {
            double rain = Math.Round(10 * rng.NextDouble(), 1), level = stateLevel - 0.5 * rain + 2 * rng.NextNormal();
            for (int election = 0; election < 3; election++)
            {
                double approval = Math.Round(45 + 8 * rng.NextNormal(), 1);
                rows.Add(new Election($"state {state:00}", $"precinct {precinct}", approval, rain, voterId, Math.Round(level + 0.2 * approval + 2.5 * rng.NextNormal(), 2)));
            }
        }
    }
    return Frame.FromRecords(rows);
}

// y_i ~ N(α_k + β ideology_i + γ_j obama_i, σ_y²), α_k ~ N(η₀, σ_α²) for chambers k, γ_j ~ N(λ₀, σ_γ²) for parties j.
static Frame Votes()
{
    var rng = new Rng(seed: 4, stream: 2);
    double[] chamber = [.. Enumerable.Range(0, 25).Select(_ => 0.6 * rng.NextNormal())], party = [.. Enumerable.Range(0, 12).Select(_ => 0.4 + 0.8 * rng.NextNormal())];
    var rows = new List<Vote>();
    for (int i = 0; i < 400; i++)
    {
        int k = rng.NextInt(25), j = rng.NextInt(12), obama = rng.NextInt(2);
        double ideology = Math.Round(rng.NextNormal(), 2);
        rows.Add(new Vote($"chamber {k:00}", $"party {j:00}", ideology, obama, Math.Round(1 + chamber[k] - 0.7 * ideology + party[j] * obama + rng.NextNormal(), 3)));
    }
    return Frame.FromRecords(rows);
}

Estimates ByFormula(string formula, Frame frame)
{
    ModelRows rows = ModelFrame.Learn(Formula.Parse(formula), frame).Encode(frame);
    MixedModelFit fit = LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = false });
    return new Estimates(fit.Beta, [.. fit.Terms.Select(term => term.StandardDeviation(0)), fit.Sigma], fit.LogLikelihood, [.. fit.RowToCell.Select(cell => fit.Fitted[cell])]);
}

// y = Xβ + Σ_t Z_t η_t + ε with a penalty σ_y²/σ_t² on every η_t. The variances follow from the coefficients (Harville 1977): σ_t² = |η_t|² / (q_t − penalty_t × trace of the inverse's block t), σ_y² = y'(residuals)/n.
static Estimates LargeRegression(double[] y, double[][] x, Term[] terms)
{
    int n = y.Length, p = x.Length, q = terms.Sum(term => term.Levels);
    int[] termOf = [.. terms.SelectMany((term, t) => Enumerable.Repeat(t, term.Levels))];
    Matrix z = Indicators(n, terms), columns = new(n, p + q, [.. x.SelectMany(column => column), .. z.Values]);
    Matrix products = Gemm.Product(columns, true, columns, false), products2 = Gemm.Product(z, true, z, false);
    double[] right = Times(columns, y, transposed: true), coefficients = [], residuals = [], variances = [.. terms.Select(_ => 1.0), 1];
    double logDeterminant = 0, penalty = 0, change = 1;
    while (change > 1e-12)
    {
        Matrix penalised = products.Copy(), random = products2.Copy();
        for (int k = 0; k < q; k++)
        {
            penalised[p + k, p + k] += variances[^1] / variances[termOf[k]];
            random[k, k] += variances[^1] / variances[termOf[k]];
        }
        coefficients = Solve(penalised, right);
        residuals = [.. y.Zip(Times(columns, coefficients), (a, b) => a - b)];
        if (!Cholesky.TryFactor(random)) throw new InvalidOperationException("The variances are not positive.");
        logDeterminant = Cholesky.LogDeterminant(random) - termOf.Sum(t => Math.Log(variances[^1] / variances[t]));
        penalty = Enumerable.Range(0, q).Sum(k => variances[^1] / variances[termOf[k]] * coefficients[p + k] * coefficients[p + k]);
        Matrix inverse = Cholesky.InverseFromFactor(random);
        double[] next = [.. terms.Select((term, t) =>
        {
            int[] own = [.. Enumerable.Range(0, q).Where(k => termOf[k] == t)];
            return own.Sum(k => coefficients[p + k] * coefficients[p + k]) / (own.Length - variances[^1] / variances[t] * own.Sum(k => inverse[k, k]));
        }), y.Zip(residuals, (a, b) => a * b).Sum() / n];
        change = next.Zip(variances, (a, b) => Math.Abs(a - b)).Max();
        variances = next;
    }
    double logLikelihood = -0.5 * (n * Math.Log(2 * Math.PI * variances[^1]) + logDeterminant + (residuals.Sum(r => r * r) + penalty) / variances[^1]);
    return new Estimates(coefficients[..p], [.. variances.Select(Math.Sqrt)], logLikelihood, Times(columns, coefficients));
}

// y ~ N(Xβ, Σ), Σ = σ_y² I + Σ_t σ_t² Z_t Z_t': generalised least squares with all of Σ, its variances by a quasi-Newton search.
static Estimates CorrelatedErrors(double[] y, double[][] x, Term[] terms)
{
    int n = y.Length;
    var design = new Matrix(n, x.Length, [.. x.SelectMany(column => column)]);
    Matrix[] shared = [.. terms.Select(term => Indicators(n, [term])).Select(z => Gemm.Product(z, false, z, true))];
    (double[] Beta, double Variance, double LogLikelihood, Matrix Factor) At(ReadOnlySpan<double> ratios)
    {
        var v = Matrix.Identity(n);
        for (int t = 0; t < terms.Length; t++)
        {
            for (int k = 0; k < v.Values.Length; k++) v.Values[k] += ratios[t] * ratios[t] * shared[t].Values[k];
        }
        if (!Cholesky.TryFactor(v)) throw new InvalidOperationException("Σ is not positive definite.");
        Matrix whiteX = design.Copy();
        Cholesky.SolveLower(v, whiteX);
        double[] whiteY = [.. y];
        Cholesky.SolveLower(v, whiteY);
        double[] beta = Solve(Gemm.Product(whiteX, true, whiteX, false), Times(whiteX, whiteY, transposed: true));
        double variance = whiteY.Zip(Times(whiteX, beta), (a, b) => (a - b) * (a - b)).Sum() / n;
        return (beta, variance, -0.5 * (n * Math.Log(2 * Math.PI * variance) + n + Cholesky.LogDeterminant(v)), v);
    }
    double MinusLogLikelihood(ReadOnlySpan<double> ratios, Span<double> gradient)
    {
        double[] probe = [.. ratios];
        for (int t = 0; t < gradient.Length; t++)
        {
            const double h = 1e-4;
            double Step(double by)
            {
                probe[t] += by;
                double value = -At(probe).LogLikelihood;
                probe[t] -= by;
                return value;
            }
            gradient[t] = (8 * (Step(h) - Step(-h)) - (Step(2 * h) - Step(-2 * h))) / (12 * h);
        }
        return -At(ratios).LogLikelihood;
    }
    double[] start = [.. terms.Select(_ => 0.7)], zero = new double[terms.Length], none = [.. terms.Select(_ => double.PositiveInfinity)];
    double[] best = BoundedQuasiNewton.Minimize(MinusLogLikelihood, start, zero, none, new OptimizationOptions { GradientTolerance = 1e-7 }, CancellationToken.None).Point;
    var (coefficients, variance, logLikelihood, factor) = At(best);
    double[] weighted = [.. y.Zip(Times(design, coefficients), (a, b) => a - b)];
    Cholesky.SolveLower(factor, weighted);
    Cholesky.SolveLowerTransposed(factor, weighted); // V⁻¹(y − Xβ); what V leaves of it is the residual
    return new Estimates(coefficients, [.. best.Append(1).Select(r => r * Math.Sqrt(variance))], logLikelihood, [.. y.Zip(weighted, (a, b) => a - b)]);
}

static Matrix Indicators(int n, Term[] terms)
{
    var z = new Matrix(n, terms.Sum(term => term.Levels));
    int first = 0;
    foreach (Term term in terms)
    {
        for (int i = 0; i < n; i++) z[i, first + term.Codes[i]] = term.Covariate is { } x ? x[i] : 1;
        first += term.Levels;
    }
    return z;
}

static double[] Solve(Matrix a, double[] b)
{
    Matrix factor = a.Copy();
    double[] x = [.. b];
    if (!Cholesky.TryFactor(factor)) throw new InvalidOperationException("The columns are collinear.");
    Cholesky.SolveLower(factor, x);
    Cholesky.SolveLowerTransposed(factor, x);
    return x;
}

static double[] Times(Matrix a, double[] v, bool transposed = false) => Gemm.Product(a, transposed, new Matrix(v.Length, 1, v), false).Values;

static double[] Numbers(Frame frame, string name) => [.. Enumerable.Range(0, frame.RowCount).Select(i => double.Parse(frame.Get(name).TextAt(i)!, CultureInfo.InvariantCulture))];

static double[] Ones(Frame frame) => [.. Enumerable.Repeat(1.0, frame.RowCount)];

static int[] Codes(Frame frame, params string[] columns)
{
    string[] keys = [.. Enumerable.Range(0, frame.RowCount).Select(i => string.Join(':', columns.Select(name => frame.Get(name).TextAt(i))))], levels = [.. keys.Distinct()];
    return [.. keys.Select(key => Array.IndexOf(levels, key))];
}

static void Show(string name, Estimates own, Estimates? first = null)
{
    Print(name, own.Beta, own.Deviations, own.LogLikelihood);
    if (first is null) return;
    Check("estimates", own.Beta, first.Beta);
    Check("standard deviations", own.Deviations, first.Deviations);
    Check("log likelihood", [own.LogLikelihood], [first.LogLikelihood]);
    Check("fitted values", own.Fitted, first.Fitted);
}

static void Print(string name, double[] beta, double[] deviations, double logLikelihood) =>
    Console.WriteLine($"  {name,-24} {string.Join(" ", beta.Select(b => $"{b,9:F4}"))}   sd {string.Join(" ", deviations.Select(s => $"{s,7:F4}"))}   log likelihood {logLikelihood:F6}");

static void Check(string name, double[] values, double[] reference)
{
    double difference = values.Zip(reference, (a, b) => Math.Abs(a - b)).Max(), tolerance = 2e-6;
    if (difference <= tolerance) return;
    Failures++;
    Console.WriteLine($"    {name} DIFFER by {difference:G3}");
}

partial class Program
{
    private static int Failures { get; set; }
}

// Group-level effects: the group of every row, and the covariate whose slope varies (null for the intercept).
internal sealed record Term(int[] Codes, double[]? Covariate)
{
    public int Levels { get; } = Codes.Max() + 1;
}

// Fixed effects, standard deviations of the terms and of the residuals, log likelihood, fitted values.
internal sealed record Estimates(double[] Beta, double[] Deviations, double LogLikelihood, double[] Fitted);

internal sealed record Election(string state, string precinct, double approval, double rain, int voter_id, double turnout);

internal sealed record Vote(string chamber, string party, double ideology, int obama, double vote);
