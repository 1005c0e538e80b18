using Terrace.Design;
using Terrace.Families;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.NonlinearModels;

/// <summary>The data of a nonlinear model as its fits read them: the inputs of each cell, row by row, and the responses.</summary>
internal sealed class NonlinearProblem
{
    public NonlinearProblem(NonlinearMean mean, ModelRows rows)
    {
        Mean = mean;
        Observations = Observations.Resolve(rows, Family.Gaussian());
        ResponseName = rows.Response!.Name;
        InputCount = mean.Inputs.Count;
        Count = rows.Cells;
        Inputs = new double[Count * InputCount];
        for (int j = 0; j < InputCount; j++)
        {
            ReadOnlySpan<double> column = rows.Design.X.Column(j);
            for (int i = 0; i < Count; i++) Inputs[i * InputCount + j] = column[i];
        }
    }

    public NonlinearMean Mean { get; }

    public Observations Observations { get; }

    public string ResponseName { get; }

    /// <summary>The number of cells.</summary>
    public int Count { get; }

    /// <summary>The number of inputs of a cell.</summary>
    public int InputCount { get; }

    /// <summary>The number of parameters.</summary>
    public int Parameters => Mean.Parameters.Count;

    /// <summary>The inputs, cell by cell.</summary>
    public double[] Inputs { get; }

    /// <summary>The inputs of a cell.</summary>
    public ReadOnlySpan<double> InputsOf(int cell) => Inputs.AsSpan(cell * InputCount, InputCount);

    /// <summary>Means of all cells for the same parameters, with their Jacobian cell by cell unless that is empty; false where one is not finite.</summary>
    public bool Evaluate(ReadOnlySpan<double> parameters, Span<double> mean, Span<double> jacobian)
    {
        int k = jacobian.IsEmpty ? 0 : parameters.Length;
        bool finite = true;
        for (int i = 0; i < mean.Length; i++)
        {
            Span<double> gradient = jacobian.IsEmpty ? [] : jacobian.Slice(i * k, k);
            mean[i] = Mean.Evaluate(InputsOf(i), parameters, gradient);
            finite &= double.IsFinite(mean[i]);
            foreach (double slope in gradient) finite &= double.IsFinite(slope);
        }
        return finite;
    }

    /// <summary>Σ w (y − μ)² over the cells.</summary>
    public double ResidualSquares(ReadOnlySpan<double> mean)
    {
        double sum = 0;
        for (int i = 0; i < mean.Length; i++)
        {
            double residual = Observations.Y[i] - mean[i];
            sum += Observations.Weight[i] * residual * residual;
        }
        return sum;
    }

    /// <summary>The Jacobian, given cell by cell, as a matrix of cells × parameters.</summary>
    public Matrix Columns(ReadOnlySpan<double> jacobian)
    {
        int k = Parameters;
        var matrix = new Matrix(Count, k);
        for (int i = 0; i < Count; i++)
            for (int j = 0; j < k; j++) matrix[i, j] = jacobian[i * k + j];
        return matrix;
    }

    /// <summary>Values of the parameters as messages show them.</summary>
    public string Show(ReadOnlySpan<double> parameters)
    {
        var shown = new string[parameters.Length];
        for (int k = 0; k < shown.Length; k++) shown[k] = FormattableString.Invariant($"{Mean.Parameters[k]} = {parameters[k]:G5}");
        return string.Join(", ", shown);
    }
}
