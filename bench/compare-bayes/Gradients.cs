using Terrace.Bayes;
using Terrace.Inference.LogDensities;

namespace Terrace.CompareBayes;

/// <summary>What one gradient costs.</summary>
internal static class Gradients
{
    public static void Table(BayesianModel model)
    {
        Time("plain gradient", model.CreateEvaluator(), model.Dimension);
        if (LaplaceMarginal.Find(model, CancellationToken.None) is { } whitening) Time("whitened gradient", new WhitenedDensity(model, whitening), model.Dimension);

        PredictorDesign design = model.Structure.Predictors[0];
        var evaluator = new PredictorEvaluator(design, model.Structure.Terms);
        double[] x = [.. Enumerable.Range(0, model.Structure.CoefficientCount).Select(i => 0.1 * Math.Sin(i))], eta = new double[model.Structure.Cells], score = new double[eta.Length], slopes = new double[x.Length];
        PatternSplit? split = design.SplitWith([.. model.Structure.Terms]);
        Console.WriteLine($"patterns: {(split is null ? "none" : $"{split.First.Count} and {split.Second.Count}")}");
        Piece("predict", () => evaluator.Predict(x, eta));
        ResponseModel responses = model.CreateResponses();
        Piece("responses", () => responses.Evaluate([eta], [], [score], []));
        Piece("scatter", () => evaluator.Scatter(score, slopes));

        Piece("mode and whitening", () => LaplaceMarginal.Find(model, CancellationToken.None));
        if (LaplaceMarginal.Find(model, CancellationToken.None) is { } found)
        {
            BlockPrior[] groups = [.. model.Structure.Blocks.Select(BlockPrior.Of)];
            var state = new ParameterState(model.Structure);
            state.Set(found.Centre, true);
            for (int k = 0; k < groups.Length; k++) groups[k].Set(state.Factors[k], state.Parameter(model.Structure.Blocks[k]));
            var conditional = new ConditionalGaussian(model.Structure, found, groups);
            Piece("factor and inverse", () => conditional.Set(state));
            Piece("position", () => conditional.Position(x, slopes));
            Piece("contraction", () => conditional.Gradient(x, x, slopes, state));
        }

        void Piece(string name, Action action)
        {
            double seconds = CpuTime.Least(action, 1);
            Console.WriteLine($"  {name}\t{1e6 * seconds:F1} µs\t{1e9 * seconds / eta.Length:F2} ns a cell");
        }

        void Time(string name, ILogDensity density, int dimension)
        {
            double[] position = [.. Enumerable.Range(0, dimension).Select(i => 0.1 * Math.Sin(i))], gradient = new double[dimension];
            double seconds = CpuTime.Least(() => density.Evaluate(position, gradient), 2);
            Console.WriteLine($"{name}\t{1e6 * seconds:F1} µs\t{1e9 * seconds / model.Structure.Cells:F2} ns a cell\t{model.Structure.Cells} cells, {dimension} coordinates");
        }
    }
}
