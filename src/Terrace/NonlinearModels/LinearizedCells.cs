using Terrace.Design;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.NonlinearModels;

/// <summary>
/// A nonlinear mixed model as the linear one that touches it at given coefficients: φ_i = β + Σ_t b_t(i) for cell i (each random term adds its effects to its parameters),
/// μ_i = f(x_i; φ_i), and the rows of X and Z are ∂f/∂φ at φ_i. The arrays of <see cref="Cells"/> are refilled at every move.
/// </summary>
/// <remarks>
/// <para>Bates and Watts (1988), section 2.2.1, for the tangent plane; Pinheiro and Bates (2000), section 7.1, for the model. Symbols: φ -> <c>_phi</c>; the row ∂f/∂φ -> <c>_slopes</c>;
/// X R⁻¹ with R from the start (<see cref="FixedEffectsBasis"/>) -> X of <see cref="Cells"/>; γ = Rβ.</para>
/// <para>Check: NonlinearMixedModelTests.</para>
/// </remarks>
internal sealed class LinearizedCells
{
    private readonly NonlinearProblem _problem;
    private readonly int[][] _termParameters;
    private readonly double[] _phi;
    private readonly double[] _slopes;
    private readonly FixedEffectsBasis _basis;

    /// <summary>Sets up the cells where all random effects are 0, with the Jacobian <paramref name="jacobian"/> there, cell by cell.</summary>
    public LinearizedCells(NonlinearProblem problem, ModelRows rows, ReadOnlySpan<double> jacobian)
    {
        _problem = problem;
        int k = problem.Parameters;
        _phi = new double[k];
        _slopes = new double[k];
        Matrix x = problem.Columns(jacobian);
        _basis = FixedEffectsBasis.Of(x, problem.Observations.Weight);
        Rows = Restate(problem, rows, x);
        Cells = new MixedModelCells(Rows.Design, _basis);
        _termParameters = [.. Cells.Layout.Terms.Select(term => problem.Mean.TermParameters[term.FormulaPosition])];
        Mean = new double[problem.Count];
        FillRandom(jacobian);
    }

    /// <summary>The linear model's rows: the parameters are its columns, their random terms have the parameters as covariates.</summary>
    public ModelRows Rows { get; }

    /// <summary>The cells with the current X and Z.</summary>
    public MixedModelCells Cells { get; }

    /// <summary>μ at the last coefficients.</summary>
    public double[] Mean { get; }

    /// <summary>Moves to the coefficients (b, γ): computes μ and, if asked to, X and Z; false where one of them is not finite.</summary>
    public bool Move(ReadOnlySpan<double> coefficients, bool withSlopes)
    {
        double[] beta = _basis.ToCoefficients(coefficients[Cells.Layout.Columns..]);
        Span<double> slopes = withSlopes ? _slopes : [];
        for (int i = 0; i < Mean.Length; i++)
        {
            beta.CopyTo(_phi, 0);
            AddRandom(i, coefficients);
            Mean[i] = _problem.Mean.Evaluate(_problem.InputsOf(i), _phi, slopes);
            if (!double.IsFinite(Mean[i])) return false;
            if (withSlopes && !Fill(i)) return false;
        }
        return true;
    }

    /// <summary>Sets the offset of the linear model so that its linear predictor at the coefficients is μ.</summary>
    public void SetOffset(ReadOnlySpan<double> coefficients)
    {
        var linear = new double[Mean.Length];
        Cells.AddProduct(coefficients, linear);
        for (int i = 0; i < linear.Length; i++) Cells.Offset[i] = Mean[i] - linear[i];
    }

    private void AddRandom(int cell, ReadOnlySpan<double> coefficients)
    {
        for (int t = 0; t < _termParameters.Length; t++)
        {
            int first = Cells.Layout.Terms[t].Index(Cells.Codes[t][cell], 0);
            for (int j = 0; j < _termParameters[t].Length; j++) _phi[_termParameters[t][j]] += coefficients[first + j];
        }
    }

    private bool Fill(int cell)
    {
        foreach (double slope in _slopes)
            if (!double.IsFinite(slope)) return false;
        int p = _slopes.Length;
        Span<double> x = Cells.X.AsSpan(cell * p, p);
        for (int j = 0; j < p; j++)
        {
            double sum = _slopes[j];
            for (int i = 0; i < j; i++) sum -= x[i] * _basis.Factor[i, j];
            x[j] = sum / _basis.Factor[j, j];
        }
        FillRandom(cell, _slopes);
        return true;
    }

    private void FillRandom(ReadOnlySpan<double> jacobian)
    {
        for (int i = 0; i < Mean.Length; i++) FillRandom(i, jacobian.Slice(i * _phi.Length, _phi.Length));
    }

    private void FillRandom(int cell, ReadOnlySpan<double> slopes)
    {
        for (int t = 0; t < _termParameters.Length; t++)
        {
            int width = _termParameters[t].Length;
            RandomTermLayout term = Cells.Layout.Terms[t];
            for (int j = 0; j < width; j++)
            {
                double slope = slopes[_termParameters[t][j]];
                Cells.Z[t][cell * width + j] = slope;
                if (term.IsLead) Cells.LeadZ[cell * Cells.Layout.LeadWidth + term.Start + j] = slope;
            }
        }
    }

    private static ModelRows Restate(NonlinearProblem problem, ModelRows rows, Matrix x) => rows with
    {
        Design = new DesignMatrices
        {
            X = x,
            ColumnNames = problem.Mean.Parameters,
            Assign = [.. Enumerable.Range(1, x.Columns)],
            Offset = new double[x.Rows],
            RandomTerms = [.. rows.Design.RandomTerms.Select((term, t) => term with
            {
                TermNames = [.. problem.Mean.TermParameters[t].Select(k => problem.Mean.Parameters[k])],
                Z = new Matrix(x.Rows, problem.Mean.TermParameters[t].Length),
            })],
        },
    };
}
