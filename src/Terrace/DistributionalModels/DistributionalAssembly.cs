using Terrace.Design;
using Terrace.Families;
using Terrace.Families.Densities;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.DistributionalModels;

/// <summary>Turns the state at the optimum into the public result: coefficients of the model matrices' own columns, their covariance, modes, fitted means.</summary>
internal static class DistributionalAssembly
{
    private const double LargestError = 10;
    private const double SmallGradient = 1e-7;

    public static DistributionalModelFit Build(ComponentRows rows, DistributionalSearch search, DistributionalOptimum optimum, EstimateCovariance estimates, DistributionalModelOptions options)
    {
        ResponseLikelihood likelihood = search.Likelihood;
        FixedEffectsBasis basis = search.Basis;
        double[] natural = search.Natural(optimum.Point);
        int thetas = search.Cells?.Layout.ThetaCount ?? 0;
        ComponentFit[] components = Components(likelihood, basis, natural.AsSpan(thetas));
        var bases = new FixedEffectsBasis[] { basis }.Concat(likelihood.Parameters.Select(parameter => parameter.Basis)).ToArray();
        Matrix whole = CoefficientCovariance(search, estimates, bases, thetas, out bool[] flat);
        MarkBoundary(likelihood, whole, thetas + basis.Rank, flat);
        Matrix covariance = Coefficients(whole, flat, thetas);
        double[] theta = natural[..thetas];
        RandomTermFit[] terms = Terms(search, theta);
        List<string> singular = search.Scaling is { } scaling ? SingularComponents.Of(terms, scaling) : [];
        bool still = optimum.GradientNorm <= SmallGradient * (1 + Math.Abs(optimum.Value));
        bool converged = (optimum.Converged || still) && estimates.IsPositive;
        double[] cellMean = new double[likelihood.Cells.Count], cellSd = new double[likelihood.Cells.Count];
        Moments(likelihood, search.Eta, cellMean, cellSd);
        OutcomeValues outcomes = likelihood.Cells.Outcomes;
        int[] cell = likelihood.Cells.RowToCell;
        double[] response = [.. cell.Select(c => outcomes.Trials is { } trials ? (trials[c] > 0 ? outcomes.Y[c] / trials[c] : 0) : likelihood.Family.IsOrdered ? outcomes.Y[c] + 1 : outcomes.Y[c])];
        DistributionParameter[] parameters = DistributionParameters.Of(likelihood.Family, components, covariance);
        return new DistributionalModelFit
        {
            Family = likelihood.Family,
            Engine = search.Cells is null ? "ml" : "laplace",
            Information = options.Information,
            ResponseName = rows.Conditional.Response!.Name,
            Categories = outcomes.Levels,
            Components = components,
            Covariance = covariance,
            Parameters = parameters,
            Theta = theta,
            Terms = terms,
            LogLikelihood = -0.5 * optimum.Value,
            Rows = WeightedRows(rows.Conditional),
            Cells = likelihood.Cells.Count,
            LinearPredictor = [.. cell.Select(c => search.Eta[c])],
            Fitted = [.. cell.Select(c => cellMean[c])],
            Response = response,
            PearsonResiduals = [.. cell.Select((c, row) => (response[row] - cellMean[c]) / cellSd[c])],
            Converged = converged,
            GradientNorm = optimum.GradientNorm,
            Evaluations = optimum.Evaluations,
            SingularComponents = singular,
            Warnings = DistributionalWarnings.Of(likelihood.Family, components, covariance, singular, converged, optimum.GradientNorm),
            Uncertainty = Uncertainty(likelihood, search, bases, whole, flat, theta),
            Data = new DistributionalData(rows, options, natural),
        };
    }

    /// <summary>The coefficients of every linear predictor at (γ, δ).</summary>
    public static ComponentFit[] Components(ResponseLikelihood likelihood, FixedEffectsBasis basis, ReadOnlySpan<double> natural)
    {
        var components = new List<ComponentFit> { PartOf(Component.Conditional, likelihood.Cells.Conditional.ColumnNames, basis, natural, 0, true) };
        int first = basis.Rank;
        foreach (ParameterPredictor parameter in likelihood.Parameters)
        {
            components.Add(PartOf(parameter.Name, parameter.Columns, parameter.Basis, natural, first, parameter.HasFormula));
            first += parameter.Count;
        }
        return [.. components];
    }

    private static ComponentFit PartOf(string name, IReadOnlyList<string> columns, FixedEffectsBasis basis, ReadOnlySpan<double> natural, int first, bool hasFormula)
    {
        return new ComponentFit(name, columns, basis.ToColumns(natural.Slice(first, basis.Rank), double.NaN), basis.Kept, first, hasFormula);
    }

    /// <summary>
    /// The covariance of (θ, β, δ) in the columns of the model matrices. A parameter of whose variance flat directions would make more than 100 times what the others do has no finite standard
    /// error: it is marked and has zeros.
    /// </summary>
    private static Matrix CoefficientCovariance(DistributionalSearch search, EstimateCovariance estimates, FixedEffectsBasis[] bases, int thetas, out bool[] flat)
    {
        int n = thetas + bases.Sum(basis => basis.Rank);
        var map = new Matrix(n, n);
        for (int k = 0; k < n; k++)
        {
            var unit = new double[n];
            unit[k] = 1;
            ToColumns(search.Direction(unit), bases, thetas).CopyTo(map.Column(k));
        }
        var half = new Matrix(n, n);
        var covariance = new Matrix(n, n);
        Gemm.AddProduct(half, 1, map, false, estimates.Covariance, false);
        Gemm.AddProduct(covariance, 1, half, false, map, true);
        flat = new bool[n];
        foreach (EstimateCovariance.FlatDirection direction in estimates.FlatDirections)
        {
            double[] own = ToColumns(search.Direction(direction.Direction), bases, thetas);
            for (int i = 0; i < n; i++) flat[i] |= own[i] * own[i] / direction.Curvature > LargestError * LargestError * covariance[i, i];
        }
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                if (flat[i] || flat[j]) covariance[i, j] = 0;
        }
        return covariance;
    }

    /// <summary>Marks the coefficients beside the mean that have run to their boundary, and clears their covariances.</summary>
    private static void MarkBoundary(ResponseLikelihood likelihood, Matrix covariance, int first, bool[] flat)
    {
        double total = 0;
        foreach (double weight in likelihood.Cells.Weight) total += weight;
        foreach (ParameterPredictor parameter in likelihood.Parameters)
        {
            if (!likelihood.Family.IsOrdered) BoundaryDirections.Mark(parameter.Basis, covariance, first, total, flat);
            first += parameter.Count;
        }
        for (int j = 0; j < flat.Length; j++)
        {
            for (int i = 0; i < flat.Length; i++)
                if (flat[i] || flat[j]) covariance[i, j] = 0;
        }
    }

    /// <summary>(θ, γ, δ) in the bases as (θ, β, δ) in the model matrices' kept columns.</summary>
    private static double[] ToColumns(double[] natural, FixedEffectsBasis[] bases, int thetas)
    {
        double[] columns = [.. natural];
        int first = thetas;
        foreach (FixedEffectsBasis basis in bases)
        {
            basis.ToCoefficients(natural.AsSpan(first, basis.Rank)).CopyTo(columns, first);
            first += basis.Rank;
        }
        return columns;
    }

    private static Matrix Coefficients(Matrix whole, bool[] flat, int thetas)
    {
        int n = whole.Rows - thetas;
        var covariance = new Matrix(n, n);
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < n; i++) covariance[i, j] = flat[thetas + i] || flat[thetas + j] ? double.NaN : whole[thetas + i, thetas + j];
        }
        return covariance;
    }

    private static RandomTermFit[] Terms(DistributionalSearch search, double[] theta)
    {
        if (search.Cells is not { } cells || search.Deviance is not { } deviance) return [];
        var b = new double[cells.Coefficients];
        deviance.Modes.Lambda.Multiply(deviance.Modes.Spherical, b);
        double[][] conditional = ConditionalCovariances.Of(cells.Layout, cells.Pattern, deviance.Factor, deviance.Modes.Lambda, 1);
        return [.. cells.Layout.Terms.Select((term, t) => new RandomTermFit(term, theta, 1, b, conditional[t]))];
    }

    private static void Moments(ResponseLikelihood likelihood, double[] eta, double[] mean, double[] sd)
    {
        bool zeroPart = likelihood.Parameters is [.., { Name: Component.ZeroInflation }];
        var psi = new double[likelihood.Parameters.Length];
        for (int c = 0; c < mean.Length; c++)
        {
            for (int k = 0; k < psi.Length; k++) psi[k] = likelihood.Parameters[k].Values[c];
            ResponseMoments moments = ResponseMoments.Of(likelihood.Family, eta[c], psi, zeroPart, likelihood.Cells.Outcomes.Trials?[c] ?? 1);
            (mean[c], sd[c]) = (moments.Mean, Math.Sqrt(moments.Variance));
        }
    }

    private static int WeightedRows(ModelRows rows) => rows.Weights is { } weights ? weights.Count(weight => weight > 0) : rows.Rows;

    private static EstimateUncertainty Uncertainty(ResponseLikelihood likelihood, DistributionalSearch search, FixedEffectsBasis[] bases, Matrix whole, bool[] flat, double[] theta)
    {
        if (search.Cells is not { } cells || search.Deviance is not { } deviance) return new EstimateUncertainty { Covariance = whole, ModeSlopes = new Matrix(0, whole.Rows), Thetas = 0 };
        likelihood.Evaluate(deviance.Modes.Eta, DensityDetail.Gradient);
        Matrix slopes = ToColumnSlopes(new ModeSlopes(cells, likelihood, deviance.Modes).Compute(), bases, theta.Length, flat);
        return new EstimateUncertainty { Covariance = whole, ModeSlopes = slopes, Thetas = theta.Length, Random = Joint(cells, likelihood, deviance, theta) };
    }

    /// <summary>Slopes in γ = Rβ as slopes in β: J R, block by block.</summary>
    private static Matrix ToColumnSlopes(Matrix slopes, FixedEffectsBasis[] bases, int thetas, bool[] flat)
    {
        var result = new Matrix(slopes.Rows, slopes.Columns);
        for (int t = 0; t < thetas; t++) slopes.Column(t).CopyTo(result.Column(t));
        int first = thetas;
        foreach (FixedEffectsBasis basis in bases)
        {
            for (int j = 0; j < basis.Rank; j++)
            {
                for (int i = 0; i <= j; i++)
                {
                    for (int row = 0; row < slopes.Rows; row++) result[row, first + j] += slopes[row, first + i] * basis.Factor[i, j];
                }
            }
            first += basis.Rank;
        }
        for (int k = 0; k < flat.Length; k++)
            if (flat[k]) result.Column(k).Clear();
        return result;
    }

    /// <summary>The distribution of b given all parameters: precision Λ'⁻¹(Λ'Z'WZΛ + I)Λ⁻¹, mean at the modes.</summary>
    private static JointPrecision Joint(MixedModelCells cells, ResponseLikelihood likelihood, DistributionalDeviance deviance, double[] theta)
    {
        BlockedCrossProduct product = deviance.Modes.Product;
        double[] b = new double[cells.Coefficients], score = new double[cells.Coefficients];
        deviance.Modes.Lambda.Multiply(deviance.Modes.Spherical, b);
        product.Multiply(b.AsSpan(0, cells.Layout.Columns), product.RightSide);
        cells.TransposedProduct(likelihood.Derivatives.First, score);
        for (int i = 0; i < cells.Layout.Columns; i++) product.RightSide[i] += score[i];
        product.SumOfSquares = 0;
        for (int i = 0; i < cells.Layout.Columns; i++) product.SumOfSquares += b[i] * product.RightSide[i];
        double weights = 0;
        foreach (double weight in deviance.Modes.ObservedWeights) weights += weight;
        return new JointPrecision(product, new FixedEffectsBasis(0, [], new Matrix(0, 0)), [], theta, 1, false, likelihood.Cells.RowToCell.Length, weights);
    }
}
