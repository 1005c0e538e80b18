using Terrace.Bayes;
using Terrace.DistributionalModels;

namespace Terrace.StanCode;

/// <summary>
/// A formula's model as a Stan program with its data: the same likelihood and priors, in non-centred form, one row of data a row. On the unconstrained scale the parameters are linear maps of the coordinates of the model itself, so that the log densities differ by a
/// constant. Immutable.
/// </summary>
/// <remarks>Stan Development Team, Stan Reference Manual and Stan Functions Reference. Checked in <c>StanProgramTests</c>; <c>bench/stan-code</c> compares the log densities of every family with those that rstan computes from the program.</remarks>
public sealed class StanProgram
{
    private readonly StanBlocks _blocks;

    private StanProgram(StanBlocks blocks, string code) => (_blocks, Code) = (blocks, code);

    /// <summary>The program.</summary>
    public string Code { get; }

    /// <summary>The program of a model.</summary>
    /// <param name="model">The model with its priors.</param>
    /// <param name="syntax">How arrays are declared.</param>
    /// <param name="title">A line for the head of the program, such as the formula.</param>
    /// <exception cref="ModelException">A family or a prior has no program.</exception>
    public static StanProgram Of(BayesianModel model, StanSyntax syntax = StanSyntax.Modern, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var blocks = new StanBlocks(syntax);
        ModelStructure structure = model.Structure;
        blocks.Number("<lower=1>", "N", model.Rows.RowToCell.Length, "rows");
        Parameters(blocks, structure);
        var eta = new List<string>();
        string? dispersion = null, zero = null;
        int term = 1;
        for (int p = 0; p < structure.Predictors.Count; p++)
        {
            PredictorDesign design = structure.Predictors[p];
            string suffix = design.Component switch { Component.Dispersion => "_dispersion", Component.ZeroInflation => "_zero", _ => structure.IsCategorical ? $"_{p + 2}" : "" };
            var predictor = new StanPredictor(blocks, model, design, suffix, model.Rows.RowToCell);
            predictor.Write(term);
            term += structure.Terms.Count(other => other.Predictor == design.Predictor);
            if (suffix == "_dispersion") dispersion = predictor.Eta;
            else if (suffix == "_zero") zero = predictor.Eta;
            else eta.Add(predictor.Eta);
        }
        if (!model.PriorOnly) new StanLikelihood(blocks, model).Write(eta, dispersion, zero);
        return new StanProgram(blocks, blocks.Program([$"{(title is null ? model.Name : title)}{(title is null ? "" : $"; family {model.Name}")}, link {model.Link.Name}", "written by Terrace"]));
    }

    /// <summary>Writes the data as CmdStan's JSON.</summary>
    public void WriteData(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _blocks.Data.Write(stream);
    }

    /// <summary>The parameters that are one number; those of structured terms are with their terms.</summary>
    private static void Parameters(StanBlocks blocks, ModelStructure structure)
    {
        AuxiliaryParameter[] thresholds = [.. structure.Auxiliary.Where(parameter => parameter.Kind is AuxiliaryKind.FirstThreshold or AuxiliaryKind.NextThreshold)];
        foreach (AuxiliaryParameter parameter in structure.Auxiliary.Where(parameter => !parameter.Name.Contains('[')).Except(thresholds))
        {
            string bounds = parameter.Kind switch { AuxiliaryKind.AboveOne => "<lower=1>", AuxiliaryKind.Probability => "<lower=0, upper=1>", _ => "<lower=0>" };
            blocks.Parameters.Add($"real{bounds} {parameter.Name};");
            StanPriors.One(blocks, parameter.Name, parameter.Prior);
        }
        if (thresholds.Length == 0) return;
        blocks.Parameters.Add($"ordered[{thresholds.Length}] thresholds;  // {string.Join(", ", thresholds.Select(threshold => threshold.Name))}, at the means of the predictors");
        StanPriors.Each(blocks, "thresholds", [.. thresholds.Select(threshold => threshold.Prior)]);
    }
}
