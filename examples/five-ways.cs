#:project ../src/Terrace/Terrace.csproj
#:property PublishAot=false

// Five ways to write one multilevel model (A. Gelman, J. Hill, "Data Analysis Using Regression and Multilevel/Hierarchical Models", 2007, section 12.5), each computed in its own way on the
// radon data of chapter 12: a house's radon given its floor, counties with the uranium of their soil. All five give the same estimates, likelihood, county lines and fitted values.
// The guide's page docs/guide/five-ways.md explains the pieces.
// Run: dotnet run examples/five-ways.cs

using System.Globalization;
using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string data = Path.Combine((string?)AppContext.GetData("EntryPointFileDirectoryPath") ?? "examples", "data");
Frame radon = CsvFile.Read(Path.Combine(data, "radon.csv.gz"));
int n = radon.RowCount;
double[] y = Numbers("log_radon"), floor = Numbers("floor"), uranium = Numbers("log_uranium");
string[] names = [.. Enumerable.Range(0, n).Select(i => radon.Get("county").TextAt(i)!)], counties = [.. names.Distinct().Order(StringComparer.Ordinal)];
int J = counties.Length;
int[] county = [.. names.Select(name => Array.BinarySearch(counties, name, StringComparer.Ordinal))];
double[] houses = Sums(_ => 1), soil = Means(i => uranium[i]);

Estimates first = VaryingCoefficients();
Console.WriteLine($"{n} houses in {J} counties\n");
Console.WriteLine("                                   intercept      floor    uranium   sd counties   sd houses   log likelihood");
Report("1 coefficients that vary by county", first);
Report("2 local regressions, joined", LocalRegressions());
Report("3 one large regression", LargeRegression());
Report("4 two error terms", TwoErrors());
Report("5 correlated errors", CorrelatedErrors());
Check("lme4's estimates (ML)", [.. first.Beta, first.SdCounties, first.SdHouses, first.LogLikelihood], [1.4642651, -0.6664446, 0.7232005, 0.1458314, 0.7582779, -1061.4084470]);
return Failures;

// 1. y_i ~ N(α_j[i] + β floor_i, σ_y²), α_j ~ N(γ₀ + γ₁ uranium_j, σ_α²): in one formula, county's coefficient is γ₀ + γ₁ uranium_j plus its own deviation.
Estimates VaryingCoefficients()
{
    ModelRows rows = ModelFrame.Learn(Formula.Parse("log_radon ~ floor + log_uranium + (1 | county)"), radon).Encode(radon);
    MixedModelFit fit = LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = false });
    GroupCoefficients lines = fit.Coefficients()[0];
    double[] alpha = [.. counties.Select((name, j) => lines.Values[lines.Levels.ToList().IndexOf(name), 0] + fit.Beta[2] * soil[j])];
    return new Estimates(fit.Beta, fit.Terms[0].StandardDeviation(0), fit.Sigma, fit.LogLikelihood, alpha, [.. Enumerable.Range(0, n).Select(i => fit.Fitted[fit.RowToCell[i]])]);
}

// 2. In every county a regression of its own, whose intercept is known up to N(mean, variance); across counties a regression of the intercepts on uranium. Each tells the other what it knows,
// by the EM algorithm (Dempster, Laird and Rubin 1977), until nothing changes.
Estimates LocalRegressions()
{
    double gamma0 = 0, gamma1 = 0, beta = 0, vAlpha = 1, vY = 1, change = 1;
    double[] alpha = new double[J], uncertainty = new double[J];
    while (change > 1e-13)
    {
        double[] own = Means(i => y[i] - beta * floor[i]);
        for (int j = 0; j < J; j++)
        {
            uncertainty[j] = 1 / (houses[j] / vY + 1 / vAlpha);
            alpha[j] = uncertainty[j] * (houses[j] / vY * own[j] + 1 / vAlpha * (gamma0 + gamma1 * soil[j]));
        }
        double before = vAlpha;
        (gamma0, gamma1) = Line(soil, alpha);
        vAlpha = Enumerable.Range(0, J).Average(j => Square(alpha[j] - gamma0 - gamma1 * soil[j]) + uncertainty[j]);
        beta = Enumerable.Range(0, n).Sum(i => floor[i] * (y[i] - alpha[county[i]])) / floor.Sum(x => x * x);
        vY = Enumerable.Range(0, n).Average(i => Square(y[i] - alpha[county[i]] - beta * floor[i]) + uncertainty[county[i]]);
        change = Math.Abs(vAlpha - before);
    }
    double logLikelihood = 0;
    double[] squares = Sums(i => Square(y[i] - beta * floor[i] - gamma0 - gamma1 * uranium[i])), sums = Sums(i => y[i] - beta * floor[i] - gamma0 - gamma1 * uranium[i]);
    for (int j = 0; j < J; j++)
        logLikelihood -= 0.5 * (houses[j] * Math.Log(2 * Math.PI * vY) + Math.Log(1 + houses[j] * vAlpha / vY) + (squares[j] - sums[j] * sums[j] / (houses[j] + vY / vAlpha)) / vY);
    return new Estimates([gamma0, beta, gamma1], Math.Sqrt(vAlpha), Math.Sqrt(vY), logLikelihood, alpha, Fitted(alpha, beta));
}

// 3. One regression with a column for every county as well, whose coefficients are not free but η_j ~ N(0, σ_α²): least squares with the penalty (σ_y²/σ_α²) Ση_j². The variances follow from the
// coefficients: σ_α² = Ση_j² / Σ(pooling weights), σ_y² = y'(residuals)/n (Harville 1977), and the other way round.
Estimates LargeRegression()
{
    var columns = new Matrix(n, 3 + J);
    for (int i = 0; i < n; i++) (columns[i, 0], columns[i, 1], columns[i, 2], columns[i, 3 + county[i]]) = (1, floor[i], uranium[i], 1);
    Matrix products = Gemm.Product(columns, true, columns, false);
    double[] coefficients = [], residuals = [], right = Times(columns, y, transposed: true);
    double vAlpha = 1, vY = 1, change = 1;
    while (change > 1e-13)
    {
        Matrix penalised = products.Copy();
        for (int j = 0; j < J; j++) penalised[3 + j, 3 + j] += vY / vAlpha;
        coefficients = Solve(penalised, right);
        residuals = [.. y.Zip(Times(columns, coefficients), (a, b) => a - b)];
        double before = vAlpha, weights = houses.Sum(count => count / (count + vY / vAlpha));
        vAlpha = coefficients[3..].Sum(eta => eta * eta) / weights;
        vY = y.Zip(residuals, (a, b) => a * b).Sum() / n;
        change = Math.Abs(vAlpha - before);
    }
    double[] eta = coefficients[3..];
    double penalisedSquares = residuals.Sum(Square) + vY / vAlpha * eta.Sum(Square);
    double logLikelihood = -0.5 * (n * Math.Log(2 * Math.PI * vY) + houses.Sum(count => Math.Log(1 + count * vAlpha / vY)) + penalisedSquares / vY);
    double[] alpha = [.. eta.Select((e, j) => coefficients[0] + coefficients[2] * soil[j] + e)];
    return new Estimates(coefficients[..3], Math.Sqrt(vAlpha), Math.Sqrt(vY), logLikelihood, alpha, Times(columns, coefficients));
}

// 4. y_i = X_i β + η_j[i] + ε_i: two error terms. Subtracting the share 1 − √(σ_y²/(σ_y² + n_j σ_α²)) of every county's mean makes the errors independent (Fuller and Battese 1973), so lm fits the rest.
Estimates TwoErrors()
{
    (GeneralizedLinearModelFit Fit, double LogLikelihood) At(double ratio)
    {
        double[] kept = [.. houses.Select(count => 1 / Math.Sqrt(1 + count * ratio * ratio))];
        double[] Transformed(double[] x)
        {
            double[] mean = Means(i => x[i]);
            return [.. x.Select((value, i) => value - (1 - kept[county[i]]) * mean[county[i]])];
        }
        var frame = new Frame([new NumericColumn("y", Transformed(y)), new NumericColumn("one", Transformed([.. y.Select(_ => 1.0)])), new NumericColumn("floor", Transformed(floor)), new NumericColumn("uranium", Transformed(uranium))]);
        GeneralizedLinearModelFit fit = LinearModel.Fit(ModelFrame.Learn(Formula.Parse("y ~ 0 + one + floor + uranium"), frame).Encode(frame));
        return (fit, fit.LogLikelihood + kept.Sum(Math.Log)); // the transformation's Jacobian
    }
    double ratio = Maximum(r => At(r).LogLikelihood);
    var (fit, logLikelihood) = At(ratio);
    double[] beta = [.. fit.Estimates.Values];
    double sd = Math.Sqrt(fit.Deviance / n);
    double[] own = Means(i => y[i] - beta[1] * floor[i]), alpha = [.. own.Select((mean, j) => Pooled(mean, beta[0] + beta[2] * soil[j], houses[j], ratio))];
    return new Estimates(beta, ratio * sd, sd, logLikelihood, alpha, Fitted(alpha, beta[1]));
}

// 5. y ~ N(Xβ, Σ), Σ = σ_y² I + σ_α² (1 where two houses share their county): generalised least squares with the whole 919 × 919 matrix, nothing known of its structure.
Estimates CorrelatedErrors()
{
    var x = new Matrix(n, 3, [.. y.Select(_ => 1.0), .. floor, .. uranium]);
    (double[] Beta, double Variance, double LogLikelihood, Matrix Factor) At(double ratio)
    {
        var v = new Matrix(n, n);
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < n; k++) v[i, k] = (i == k ? 1 : 0) + (county[i] == county[k] ? ratio * ratio : 0);
        }
        if (!Cholesky.TryFactor(v)) throw new InvalidOperationException("Σ is not positive definite.");
        Matrix whiteX = x.Copy();
        Cholesky.SolveLower(v, whiteX);
        double[] whiteY = [.. y];
        Cholesky.SolveLower(v, whiteY);
        double[] beta = Solve(Gemm.Product(whiteX, true, whiteX, false), Times(whiteX, whiteY, transposed: true));
        double variance = whiteY.Zip(Times(whiteX, beta), (a, b) => Square(a - b)).Sum() / n;
        return (beta, variance, -0.5 * (n * Math.Log(2 * Math.PI * variance) + n + Cholesky.LogDeterminant(v)), v);
    }
    double ratio = Maximum(r => At(r).LogLikelihood);
    var (beta, variance, logLikelihood, factor) = At(ratio);
    double[] weighted = [.. y.Zip(Times(x, beta), (a, b) => a - b)]; // Σ⁻¹(y − Xβ), but for σ_y²
    Cholesky.SolveLower(factor, weighted);
    Cholesky.SolveLowerTransposed(factor, weighted);
    double[] alpha = [.. Sums(i => weighted[i]).Select((sum, j) => beta[0] + beta[2] * soil[j] + ratio * ratio * sum)];
    return new Estimates(beta, ratio * Math.Sqrt(variance), Math.Sqrt(variance), logLikelihood, alpha, Fitted(alpha, beta[1]));
}

// The pooling formula: a county's own intercept and the county line, weighted with their precisions.
static double Pooled(double own, double line, double count, double ratio) => (count * own + line / (ratio * ratio)) / (count + 1 / (ratio * ratio));

double[] Fitted(double[] alpha, double beta) => [.. Enumerable.Range(0, n).Select(i => alpha[county[i]] + beta * floor[i])];

double[] Numbers(string name) => [.. Enumerable.Range(0, n).Select(i => double.Parse(radon.Get(name).TextAt(i)!, CultureInfo.InvariantCulture))];

double[] Sums(Func<int, double> value)
{
    var sums = new double[J];
    for (int i = 0; i < n; i++) sums[county[i]] += value(i);
    return sums;
}

double[] Means(Func<int, double> value) => [.. Sums(value).Zip(Sums(_ => 1), (sum, count) => sum / count)];

static double Square(double value) => value * value;

// Ordinary least squares with one predictor.
static (double Intercept, double Slope) Line(double[] x, double[] y)
{
    double meanX = x.Average(), meanY = y.Average(), slope = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => Square(a - meanX));
    return (meanY - slope * meanX, slope);
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

// Golden-section search for σ_α/σ_y.
static double Maximum(Func<double, double> f)
{
    double golden = (Math.Sqrt(5) - 1) / 2, low = 0.02, high = 1, a = high - golden * (high - low), b = low + golden * (high - low), fa = f(a), fb = f(b);
    while (high - low > 1e-8)
    {
        if (fa > fb)
        {
            (high, b, fb) = (b, a, fa);
            a = high - golden * (high - low);
            fa = f(a);
        }
        else
        {
            (low, a, fa) = (a, b, fb);
            b = low + golden * (high - low);
            fb = f(b);
        }
    }
    return (low + high) / 2;
}

void Report(string name, Estimates own)
{
    Console.WriteLine($"{name,-36} {own.Beta[0],7:F4} {own.Beta[1],10:F4} {own.Beta[2],10:F4} {own.SdCounties,13:F4} {own.SdHouses,11:F4} {own.LogLikelihood,16:F6}");
    Check("estimates", own.Beta, first.Beta);
    Check("standard deviations", [own.SdCounties, own.SdHouses], [first.SdCounties, first.SdHouses]);
    Check("log likelihood", [own.LogLikelihood], [first.LogLikelihood]);
    Check("county intercepts", own.County, first.County);
    Check("fitted values", own.Fitted, first.Fitted);
}

static void Check(string name, double[] values, double[] reference)
{
    double difference = values.Zip(reference, (a, b) => Math.Abs(a - b)).Max();
    double tolerance = 1e-6;
    if (difference <= tolerance) return;
    Failures++;
    Console.WriteLine($"  {name} DIFFER by {difference:G3}");
}

partial class Program
{
    private static int Failures { get; set; }
}

// β = (γ₀, β, γ₁), σ_α, σ_y, the counties' α_j, and the fitted values of the houses.
internal sealed record Estimates(double[] Beta, double SdCounties, double SdHouses, double LogLikelihood, double[] County, double[] Fitted);
