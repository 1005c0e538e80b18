using Terrace.Design;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Tests.MixedModels;

/// <summary>A linear mixed model by dense matrices of n rows, from the definitions: the second computation of the degrees of freedom.</summary>
internal sealed class DenseLinearMixedModel
{
    private readonly MixedModelFit _fit;
    private readonly Matrix _x;
    private readonly Matrix _z;
    private readonly double[] _y;
    private readonly double[] _weights;
    private readonly RandomEffectsLayout _layout;

    public DenseLinearMixedModel(MixedModelFit fit, ModelRows rows)
    {
        _fit = fit;
        _x = rows.Design.X;
        _weights = fit.Weights;
        _y = [.. fit.Response.Select((y, i) => y - rows.Design.Offset[rows.RowToCell[i]])];
        var cells = RandomMixedDesign.Cells(rows.Design, _weights);
        _layout = cells.Layout;
        _z = RandomMixedDesign.DenseZ(cells);
        Assert.Equal(rows.Rows, rows.Cells);
    }

    /// <summary>df from second differences of the deviance in (θ, σ) and first differences of (X'V⁻¹X)⁻¹.</summary>
    public double[] Satterthwaite()
    {
        double[] at = [.. _fit.Theta, _fit.Sigma];
        int m = at.Length, p = _x.Columns;
        double[] steps = [.. at.Select(v => 1e-2 * Math.Max(Math.Abs(v), 0.05))];
        var hessian = new Matrix(m, m);
        var gradients = new double[m][];
        for (int a = 0; a < m; a++)
        {
            double[] above = Evaluate(at, steps, (a, 1)).Variances, below = Evaluate(at, steps, (a, -1)).Variances;
            gradients[a] = [.. above.Zip(below, (u, l) => (u - l) / (2 * steps[a]))];
            for (int b = a; b < m; b++)
            {
                double mixed = Evaluate(at, steps, (a, 1), (b, 1)).Deviance - Evaluate(at, steps, (a, 1), (b, -1)).Deviance
                    - Evaluate(at, steps, (a, -1), (b, 1)).Deviance + Evaluate(at, steps, (a, -1), (b, -1)).Deviance;
                hessian[a, b] = hessian[b, a] = mixed / (4 * steps[a] * steps[b]);
            }
        }
        var inverse = DenseAlgebra.Invert(hessian).Inverse;
        double[] variances = Evaluate(at, steps).Variances;
        return [.. Enumerable.Range(0, p).Select(j => 2 * variances[j] * variances[j] / Form(inverse, [.. gradients.Select(g => g[j])]))];
    }

    /// <summary>Φ_A and df from P, Q and the traces over n rows, the residual's G being W⁻¹.</summary>
    public (Matrix Covariance, double[] Degrees) KenwardRoger()
    {
        var inverse = DenseAlgebra.Invert(MarginalCovariance(_fit.Theta, _fit.Sigma)).Inverse;
        var xt = DenseAlgebra.Transpose(_x);
        var phi = DenseAlgebra.Invert(DenseAlgebra.Multiply(xt, DenseAlgebra.Multiply(inverse, _x))).Inverse;
        Matrix[] weighted = [.. Structure().Select(g => DenseAlgebra.Multiply(inverse, g))];
        Matrix[] p = [.. weighted.Select(h => Scale(DenseAlgebra.Multiply(xt, DenseAlgebra.Multiply(h, DenseAlgebra.Multiply(inverse, _x))), -1))];
        int m = p.Length;
        var q = new Matrix[m, m];
        var information = new Matrix(m, m);
        for (int r = 0; r < m; r++)
        {
            for (int s = 0; s < m; s++)
            {
                var both = DenseAlgebra.Multiply(weighted[s], DenseAlgebra.Multiply(inverse, _x));
                q[r, s] = DenseAlgebra.Multiply(xt, DenseAlgebra.Multiply(weighted[r], both));
                information[r, s] = ProductTrace(weighted[r], weighted[s]) - 2 * ProductTrace(phi, q[r, s])
                    + ProductTrace(DenseAlgebra.Multiply(phi, p[r]), DenseAlgebra.Multiply(phi, p[s]));
            }
        }
        var spread = Scale(DenseAlgebra.Invert(information).Inverse, 2);
        var covariance = phi.Copy();
        var variances = new double[phi.Rows];
        for (int r = 0; r < m; r++)
        {
            for (int s = 0; s < m; s++)
            {
                var pp = DenseAlgebra.Multiply(p[r], DenseAlgebra.Multiply(phi, p[s]));
                var u = new Matrix(pp.Rows, pp.Columns, [.. q[r, s].Values.Zip(pp.Values, (a, b) => a - b)]);
                var added = Sandwich(phi, u);
                for (int i = 0; i < covariance.Values.Length; i++) covariance.Values[i] += 2 * spread[r, s] * added.Values[i];
                for (int j = 0; j < variances.Length; j++) variances[j] += spread[r, s] * Sandwich(phi, p[r])[j, j] * Sandwich(phi, p[s])[j, j];
            }
        }
        return (covariance, [.. variances.Select((v, j) => 2 * phi[j, j] * phi[j, j] / v)]);
    }

    /// <summary>G_r of every variance and covariance, and W⁻¹.</summary>
    private List<Matrix> Structure()
    {
        var list = new List<Matrix>();
        foreach (var term in _layout.Terms)
        {
            for (int k = 0; k < term.ThetaCount; k++)
            {
                var (a, b) = Enumerable.Range(0, term.Width).SelectMany(i => Enumerable.Range(0, i + 1).Select(j => (i, j))).ElementAt(k);
                var e = new Matrix(_z.Columns, _z.Columns);
                for (int l = 0; l < term.Levels.Count; l++) e[term.Index(l, a), term.Index(l, b)] = e[term.Index(l, b), term.Index(l, a)] = 1;
                list.Add(DenseAlgebra.Multiply(_z, DenseAlgebra.Multiply(e, DenseAlgebra.Transpose(_z))));
            }
        }
        var residual = new Matrix(_z.Rows, _z.Rows);
        for (int i = 0; i < _z.Rows; i++) residual[i, i] = 1 / _weights[i];
        list.Add(residual);
        return list;
    }

    private static Matrix Sandwich(Matrix phi, Matrix m) => DenseAlgebra.Multiply(phi, DenseAlgebra.Multiply(m, phi));

    private static Matrix Scale(Matrix m, double factor) => new(m.Rows, m.Columns, [.. m.Values.Select(v => factor * v)]);

    private static double ProductTrace(Matrix a, Matrix b)
    {
        double sum = 0;
        for (int i = 0; i < a.Rows; i++)
        {
            for (int j = 0; j < a.Columns; j++) sum += a[i, j] * b[j, i];
        }
        return sum;
    }

    private static double Form(Matrix inverse, double[] g)
    {
        double sum = 0;
        for (int a = 0; a < g.Length; a++)
        {
            for (int b = 0; b < g.Length; b++) sum += 2 * inverse[a, b] * g[a] * g[b];
        }
        return sum;
    }

    private (double Deviance, double[] Variances) Evaluate(double[] at, double[] steps, params (int Index, int Sign)[] moves)
    {
        double[] point = [.. at];
        foreach (var (index, sign) in moves) point[index] += sign * steps[index];
        var (inverse, log) = DenseAlgebra.Invert(MarginalCovariance(point[..^1], point[^1]));
        var solved = DenseAlgebra.Multiply(inverse, _x);
        var (phi, logInformation) = DenseAlgebra.Invert(DenseAlgebra.Multiply(DenseAlgebra.Transpose(_x), solved));
        double[] score = DenseAlgebra.Multiply(DenseAlgebra.Transpose(solved), _y), beta = DenseAlgebra.Multiply(phi, score), weighted = DenseAlgebra.Multiply(inverse, _y);
        double squares = _y.Zip(weighted, (y, w) => y * w).Sum() - beta.Zip(score, (b, s) => b * s).Sum();
        double deviance = log + squares + (_fit.Engine == "reml" ? logInformation : 0);
        return (deviance, [.. Enumerable.Range(0, _x.Columns).Select(j => phi[j, j])]);
    }

    /// <summary>σ² (W⁻¹ + ZΛΛ'Z').</summary>
    private Matrix MarginalCovariance(double[] theta, double sigma)
    {
        var half = DenseAlgebra.Multiply(_z, RandomMixedDesign.DenseLambda(_layout, theta));
        var v = DenseAlgebra.Multiply(half, DenseAlgebra.Transpose(half));
        for (int i = 0; i < v.Rows; i++) v[i, i] += 1 / _weights[i];
        for (int i = 0; i < v.Values.Length; i++) v.Values[i] *= sigma * sigma;
        return v;
    }
}
