using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The Gaussian dynamic linear model: θ₀ ~ N(m₀, C₀), θₜ ~ N(G θₜ₋₁, W), yₜ ~ N(Fᵀ θₜ, V), with the states integrated out by the Kalman filter; columns of y are times. Each step is written with the operations of linear
/// algebra, which carry their adjoints. Source: Stan functions reference, "Gaussian dynamic linear models"; West and Harrison (1997), Bayesian Forecasting and Dynamic Models, section 4.3.
/// </summary>
internal static class GaussianDynamicModel
{
    private const double LogTwoPi = 1.8378770664093453;
    private const string Function = "gaussian_dlm_obs_lpdf";

    /// <summary>The log density; <paramref name="v"/> is the covariance of the observations, or a vector with its diagonal.</summary>
    public static Block Log(Workspace w, int terms, Block y, Block f, Block g, Block v, Block system, Block m0, Block c0)
    {
        int n = y.Rows, p = g.Rows;
        Require(Function, n, p, f, g, v, system, m0, c0);
        if (v.Cols == 1) foreach (double variance in w.Values(v)) ContinuousDomain.NonNegative(Function, "variance of an observation", variance);
        else Factorizations.RequireSymmetric(w, Function, v);
        Factorizations.RequireSymmetric(w, Function, system);
        Factorizations.RequireSymmetric(w, Function, c0);
        if (terms == 0 || y.Cols == 0) return w.AllocateScalar(0, false);
        Block designT = Reshaping.Transpose(w, f), transitionT = Reshaping.Transpose(w, g), half = w.AllocateScalar(-0.5, false);
        Block mean = m0, covariance = c0, total = w.AllocateScalar(terms == -1 ? n * y.Cols * LogTwoPi : 0, false);
        for (int t = 1; t <= y.Cols; t++)
        {
            Block predicted = Products.Multiply(w, g, mean), spread = Elementwise.Add(w, QuadraticForms.OfSymmetric(w, covariance, transitionT), system);
            Block gain = Products.Multiply(w, spread, f), explained = QuadraticForms.OfSymmetric(w, spread, f);
            Block q = v.Cols == 1 ? DiagonalProducts.AddDiagonal(w, explained, v) : Elementwise.Add(w, explained, v);
            Block error = Elementwise.Subtract(w, Parts.Column(w, y, t), Products.Multiply(w, designT, predicted));
            Block weighed = Division.LeftSpd(w, q, error);
            total = Elementwise.Add(w, total, Elementwise.Add(w, Determinants.LogDeterminantSpd(w, q), DotProducts.Dot(w, error, weighed)));
            mean = Elementwise.Add(w, predicted, Products.Multiply(w, gain, weighed));
            covariance = Elementwise.Subtract(w, spread, Products.Multiply(w, gain, Division.LeftSpd(w, q, Reshaping.Transpose(w, gain))));
        }
        return Elementwise.Multiply(w, half, total);
    }

    /// <summary>Observations of <paramref name="times"/> steps.</summary>
    public static Block Draw(Workspace w, Block f, Block g, Block v, Block system, Block m0, Block c0, int times)
    {
        const string name = "gaussian_dlm_obs_rng";
        int n = f.Cols, p = g.Rows;
        Require(name, n, p, f, g, v, system, m0, c0);
        if (times < 0) Workspace.Reject($"{name}: the number of steps is {times}, but must not be negative");
        int noise = SemidefiniteFactor.Of(w, name, v.Cols == 1 && n > 1 ? Construction.DiagonalMatrix(w, v) : v), evolution = SemidefiniteFactor.Of(w, name, system), start = SemidefiniteFactor.Of(w, name, c0);
        Block result = w.Allocate(1, n, times, false);
        int top = w.Top, state = w.AllocateSlots(p), next = w.AllocateSlots(p);
        w.Values(m0).CopyTo(w.V.AsSpan(state));
        SemidefiniteFactor.AddDraw(w, start, p, state);
        for (int t = 0; t < times; t++)
        {
            for (int i = 0; i < p; i++)
            {
                w.V[next + i] = 0;
                for (int j = 0; j < p; j++) w.V[next + i] += w.V[g.Offset + (j * p) + i] * w.V[state + j];
            }
            SemidefiniteFactor.AddDraw(w, evolution, p, next);
            (state, next) = (next, state);
            int observed = result.Offset + (t * n);
            for (int i = 0; i < n; i++)
            {
                w.V[observed + i] = 0;
                for (int j = 0; j < p; j++) w.V[observed + i] += w.V[f.Offset + (i * p) + j] * w.V[state + j];
            }
            SemidefiniteFactor.AddDraw(w, noise, n, observed);
        }
        w.Top = top;
        return result;
    }

    private static void Require(string name, int n, int p, Block f, Block g, Block v, Block system, Block m0, Block c0)
    {
        Size(f, p, n, "the design matrix F");
        Size(g, p, p, "the transition matrix G");
        if (v.Cols == 1 && v.Rows != n) Workspace.Fail($"{name}: {v.Rows} variances of observations for {n} variables");
        if (v.Cols != 1) Size(v, n, n, "the covariance V");
        Size(system, p, p, "the covariance W");
        if (m0.Count != p) Workspace.Fail($"{name}: the initial mean has {m0.Count} elements, but there are {p} states");
        Size(c0, p, p, "the initial covariance C0");

        void Size(Block x, int rows, int cols, string what)
        {
            if (x.Rows != rows || x.Cols != cols) Workspace.Fail($"{name}: {what} is {x.Rows} × {x.Cols}, but must be {rows} × {cols}");
        }
    }
}
