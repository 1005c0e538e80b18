using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.NonlinearModels;

/// <summary>Simulates responses of the rows of a nonlinear model from its estimates: y* = f(x; φ) + σε/√w, φ = β + b for the row's groups, b at its modes or drawn anew.</summary>
/// <remarks>Bates, Mächler, Bolker and Walker (2015), section 5.2, whose <c>simulate</c> lacks nonlinear models. Check: NonlinearRefitTests (moments).</remarks>
public static class NonlinearSimulation
{
    /// <summary>Draws <paramref name="count"/> responses of a least-squares fit.</summary>
    /// <returns>For each draw one value per row.</returns>
    public static IReadOnlyList<double[]> Responses(NonlinearModelFit fit, int count, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Draw(new NonlinearDraws(fit), fit.Data.Rows.Rows, count, seed);
    }

    /// <summary>Draws <paramref name="count"/> responses of a mixed model, with the group effects at their modes (<paramref name="keepGroupEffects"/>) or new ones in every draw.</summary>
    /// <returns>For each draw one value per row.</returns>
    /// <exception cref="ModelException">The mean function is not finite at drawn effects.</exception>
    public static IReadOnlyList<double[]> Responses(NonlinearMixedModelFit fit, int count, ulong seed = 1, bool keepGroupEffects = false)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Draw(new NonlinearDraws(fit, keepGroupEffects), fit.Data.Rows.Rows, count, seed);
    }

    private static double[][] Draw(NonlinearDraws draws, int rows, int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var responses = new double[count][];
        for (int i = 0; i < count; i++)
        {
            responses[i] = new double[rows];
            draws.DrawRows(new Rng(seed, Simulate.FirstStream + (ulong)i), responses[i]);
        }
        return responses;
    }
}

/// <summary>Draws responses of a nonlinear model. A workspace of one thread.</summary>
internal sealed class NonlinearDraws
{
    private readonly ResponseSimulation _simulation;
    private readonly double[] _means;
    private readonly NonlinearMixedModelFit? _mixed;
    private readonly LinearizedCells? _linear;
    private readonly double[] _coefficients = [];

    public NonlinearDraws(NonlinearModelFit fit)
    {
        Observations observations = Observations.Resolve(fit.Data.Rows, Family.Gaussian());
        _simulation = new ResponseSimulation(observations, fit.Sigma * fit.Sigma);
        _means = ByCell(observations, fit.FittedValues());
    }

    public NonlinearDraws(NonlinearMixedModelFit fit, bool keepGroupEffects)
    {
        var problem = new NonlinearProblem(fit.Mean, fit.Data.Rows);
        _simulation = new ResponseSimulation(problem.Observations, fit.Sigma * fit.Sigma);
        _means = ByCell(problem.Observations, fit.FittedValues());
        if (keepGroupEffects) return;
        double[] jacobian = new double[problem.Count * problem.Parameters], mean = new double[problem.Count];
        problem.Evaluate(fit.Beta, mean, jacobian);
        _mixed = fit;
        _linear = new LinearizedCells(problem, fit.Data.Rows, jacobian);
        _coefficients = new double[_linear.Cells.Coefficients];
        _linear.Cells.Basis.FromCoefficients(fit.Beta).CopyTo(_coefficients, _linear.Cells.Layout.Columns);
    }

    /// <summary>Draws the response of each row.</summary>
    /// <exception cref="ModelException">The mean function is not finite at the drawn effects.</exception>
    public void DrawRows(Rng rng, Span<double> rows)
    {
        if (_mixed is { } fit)
        {
            foreach (RandomTermFit term in fit.TermsInFormulaOrder) term.DrawEffects(fit.Sigma, _coefficients, rng);
            if (!_linear!.Move(_coefficients)) throw new ModelException("The mean function is not finite at group effects drawn from their estimated distribution, so there is no response to simulate.");
            _linear.Mean.CopyTo(_means, 0);
        }
        _simulation.DrawRows(_means, rng, rows);
    }

    private static double[] ByCell(Observations observations, double[] fitted)
    {
        var means = new double[observations.Y.Length];
        for (int row = 0; row < fitted.Length; row++) means[observations.RowToCell[row]] = fitted[row];
        return means;
    }
}
