using Terrace.Families;
using Terrace.Families.Densities;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Bayes;

/// <summary>The rows behind a model: the cell, response, weight and trials of each.</summary>
/// <param name="RowToCell">The cell of each row.</param>
/// <param name="Y">The response; of a binomial the proportion.</param>
/// <param name="Weight">The prior weight.</param>
/// <param name="Trials">The trials, or null.</param>
internal sealed record ObservedRows(int[] RowToCell, double[] Y, double[] Weight, double[]? Trials);

/// <summary>The log density of one row's response under many draws, whose linear predictors and parameters are given draw by draw.</summary>
internal abstract class RowDensity
{
    /// <summary>Whether responses are numbers of successes, and not shares of the trials.</summary>
    public virtual bool CountsSuccesses => false;

    /// <summary>Writes log p(y | draw s) for every s; <paramref name="eta"/> has an array of draws for each linear predictor, <paramref name="auxiliary"/> one for each parameter that is one number.</summary>
    public abstract void Write(double y, double weight, double trials, double[][] eta, double[][] auxiliary, Span<double> into);
}

/// <summary>Of an exponential dispersion family.</summary>
internal sealed class FamilyRowDensity(Family family) : RowDensity
{
    public override void Write(double y, double weight, double trials, double[][] eta, double[][] auxiliary, Span<double> into)
    {
        bool known = family.Distribution is not (Distribution.Gaussian or Distribution.Gamma or Distribution.InverseGaussian), gaussian = family.IsGaussian, logit = family.IsBinomial && family.Link == Link.Logit;
        double constant = logit ? family.LogDensity(y, 0.5, weight, trials, 1) + weight * Math.Log(2) : 0;
        for (int s = 0; s < into.Length; s++)
        {
            if (logit)
            {
                into[s] = constant + weight * (y * eta[0][s] - LogisticFunction.Log1pExp(eta[0][s]));
                continue;
            }
            double dispersion = known ? 1 : gaussian ? auxiliary[0][s] * auxiliary[0][s] : 1 / auxiliary[0][s];
            into[s] = family.LogDensity(y, family.Link.Mean(eta[0][s]), weight, trials, dispersion);
        }
    }
}

/// <summary>Of a family with parameters beside the mean: its density, with the draws in the place of cells.</summary>
/// <param name="family">The family.</param>
/// <param name="levels">The ordered categories.</param>
/// <param name="zeroInflated">Whether zeros are inflated.</param>
/// <param name="predictorOf">For each parameter of the density the index of its linear predictor, or −1 where it is one number.</param>
/// <param name="kinds">How each parameter that is one number lies on the real line.</param>
internal sealed class DensityRowDensity(ResponseFamily family, IReadOnlyList<string> levels, bool zeroInflated, int[] predictorOf, AuxiliaryKind[] kinds) : RowDensity
{
    public override bool CountsSuccesses => family.Kind == ResponseType.Trials;

    public override void Write(double y, double weight, double trials, double[][] eta, double[][] auxiliary, Span<double> into)
    {
        int draws = into.Length;
        double[] Repeat(double value) => [.. Enumerable.Repeat(value, draws)];
        var outcomes = new OutcomeValues(Repeat(y), family.Kind == ResponseType.Trials ? Repeat(trials) : null, Repeat(1), levels);
        ResponseDensity density = family.Density(outcomes, zeroInflated);
        var psi = new double[predictorOf.Length][];
        for (int k = 0, number = 0; k < psi.Length; k++)
            psi[k] = predictorOf[k] >= 0 ? eta[predictorOf[k]] : Array.ConvertAll(auxiliary[number], OnDensityScale(kinds[number++]));
        density.SetParameters(psi);
        var derivatives = new DensityDerivatives(draws, psi.Length);
        density.Evaluate(eta[0], DensityDetail.Modes, derivatives);
        for (int s = 0; s < draws; s++) into[s] = weight * derivatives.Value[s];
    }

    private static Converter<double, double> OnDensityScale(AuxiliaryKind kind) => kind switch
    {
        AuxiliaryKind.Positive or AuxiliaryKind.AboveOne => Math.Log,
        AuxiliaryKind.Probability => LogisticFunction.Logit,
        _ => value => value,
    };
}

/// <summary>Of unordered categories.</summary>
internal sealed class CategoricalRowDensity : RowDensity
{
    public override void Write(double y, double weight, double trials, double[][] eta, double[][] auxiliary, Span<double> into)
    {
        var terms = new double[eta.Length + 1];
        for (int s = 0; s < into.Length; s++)
        {
            for (int k = 0; k < eta.Length; k++) terms[k + 1] = eta[k][s];
            into[s] = weight * (terms[(int)y] - LogSum.LogSumExp(terms));
        }
    }
}
