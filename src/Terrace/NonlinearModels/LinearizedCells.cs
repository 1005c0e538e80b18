using Terrace.Design;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.NonlinearModels;

/// <summary>
/// A nonlinear mixed model as the linear one that touches it at given coefficients: φ_i = β + Σ_t b_t(i) for cell i (each random term adds its effects to its parameters),
/// μ_i = f(x_i; φ_i), and the rows of X and Z are ∂f/∂φ at φ_i. The arrays of <see cref="Cells"/> are refilled at every move.
/// </summary>
/// <remarks>
/// <para>Bates and Watts (1988), section 2.2.1, for the tangent plane; Pinheiro and Bates (2000), section 7.1, for the model. Symbols: φ -> <c>_phi</c>, ∂f/∂φ -> <c>_slopes</c>, cell by
/// cell; X R⁻¹ with R from the start (<see cref="FixedEffectsBasis"/>) -> X of <see cref="Cells"/>; γ = Rβ.</para>
/// <para>Check: NonlinearMixedModelTests.</para>
/// </remarks>
internal sealed class LinearizedCells
{
    private readonly NonlinearProblem _problem;
    private readonly int[][] _termParameters;
    private readonly double[] _phi;
    private readonly double[] _slopes;
    private readonly FixedEffectsBasis _basis;
    private readonly int _parameters;

    /// <summary>Sets up the cells where all random effects are 0, with the Jacobian <paramref name="jacobian"/> there, cell by cell.</summary>
    /// <exception cref="ModelException">Columns of the Jacobian depend on each other.</exception>
    public LinearizedCells(NonlinearProblem problem, ModelRows rows, double[] jacobian)
    {
        _problem = problem;
        _parameters = problem.Parameters;
        _phi = new double[jacobian.Length];
        _slopes = [.. jacobian];
        Matrix x = problem.Columns(jacobian);
        _basis = FixedEffectsBasis.Of(x, problem.Observations.Weight);
        if (_basis.Rank < _parameters) throw Dependent(problem);
        Rows = Restate(problem, rows, x);
        Cells = new MixedModelCells(Rows.Design, _basis, covariatesVary: true);
        _termParameters = [.. Cells.Layout.Terms.Select(term => problem.Mean.TermParameters[term.FormulaPosition])];
        Mean = new double[problem.Count];
        FillTangent();
    }

    /// <summary>The linear model's rows: the parameters are its columns, their random terms have the parameters as covariates.</summary>
    public ModelRows Rows { get; }

    /// <summary>The cells with the current X and Z.</summary>
    public MixedModelCells Cells { get; }

    /// <summary>μ at the last coefficients.</summary>
    public double[] Mean { get; }

    /// <summary>The number of parameters.</summary>
    public int Parameters => _parameters;

    /// <summary>The parameters that have random effects.</summary>
    public int[] RandomParameters => [.. _termParameters.SelectMany(own => own).Distinct().Order()];

    /// <summary>Moves to the coefficients (b, γ): computes μ, X and Z; false where one of them is not finite.</summary>
    public bool Move(ReadOnlySpan<double> coefficients)
    {
        double[] beta = _basis.ToCoefficients(coefficients[Cells.Layout.Columns..]);
        for (int i = 0; i < Mean.Length; i++)
        {
            Span<double> phi = _phi.AsSpan(i * _parameters, _parameters), slopes = _slopes.AsSpan(i * _parameters, _parameters);
            beta.CopyTo(phi);
            AddRandom(i, coefficients, phi);
            Mean[i] = _problem.Mean.Evaluate(_problem.InputsOf(i), phi, slopes);
            if (!double.IsFinite(Mean[i])) return false;
            foreach (double slope in slopes)
                if (!double.IsFinite(slope)) return false;
        }
        FillTangent();
        return true;
    }

    /// <summary>Fills X and Z with ∂f/∂φ at the last coefficients.</summary>
    public void FillTangent()
    {
        for (int i = 0; i < Mean.Length; i++) FillRow(i, _slopes.AsSpan(i * _parameters, _parameters));
    }

    /// <summary>Fills the row of X and Z of a cell with other derivatives than ∂f/∂φ.</summary>
    public void FillRow(int cell, ReadOnlySpan<double> slopes)
    {
        ReadOnlySpan<double> x = Cells.X.AsSpan(cell * _parameters, _parameters);
        for (int j = 0; j < x.Length; j++)
        {
            double sum = slopes[j];
            for (int i = 0; i < j; i++) sum -= x[i] * _basis.Factor[i, j];
            Cells.SetFixed(cell, j, sum / _basis.Factor[j, j]);
        }
        for (int t = 0; t < _termParameters.Length; t++) FillRandom(cell, t, slopes);
    }

    /// <summary>∂²f/∂φ² of a cell at the last coefficients, by central differences of ∂f/∂φ; row by row.</summary>
    public void SecondDerivatives(int cell, Span<double> second)
    {
        int k = _parameters;
        Span<double> work = k <= 32 ? stackalloc double[3 * k] : new double[3 * k], phi = work[..k], above = work.Slice(k, k), below = work[(2 * k)..];
        _phi.AsSpan(cell * k, k).CopyTo(phi);
        for (int j = 0; j < k; j++)
        {
            double at = phi[j], h = 1e-5 * Math.Max(Math.Abs(at), 0.1);
            phi[j] = at + h;
            _problem.Mean.Evaluate(_problem.InputsOf(cell), phi, above);
            phi[j] = at - h;
            _problem.Mean.Evaluate(_problem.InputsOf(cell), phi, below);
            phi[j] = at;
            for (int i = 0; i < k; i++) second[i * k + j] = (above[i] - below[i]) / (2 * h);
        }
    }

    /// <summary>∂f/∂φ of a cell at the last coefficients.</summary>
    public ReadOnlySpan<double> Slopes(int cell) => _slopes.AsSpan(cell * _parameters, _parameters);

    /// <summary>Sets the offset of the linear model so that its linear predictor at the coefficients is μ.</summary>
    public void SetOffset(ReadOnlySpan<double> coefficients)
    {
        var linear = new double[Mean.Length];
        Cells.AddProduct(coefficients, linear);
        for (int i = 0; i < linear.Length; i++) Cells.Offset[i] = Mean[i] - linear[i];
    }

    private void AddRandom(int cell, ReadOnlySpan<double> coefficients, Span<double> phi)
    {
        for (int t = 0; t < _termParameters.Length; t++)
        {
            int first = Cells.Layout.Terms[t].Index(Cells.Codes[t][cell], 0);
            for (int j = 0; j < _termParameters[t].Length; j++) phi[_termParameters[t][j]] += coefficients[first + j];
        }
    }

    private void FillRandom(int cell, int t, ReadOnlySpan<double> slopes)
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

    private ModelException Dependent(NonlinearProblem problem)
    {
        string which = string.Join(", ", Enumerable.Range(0, _parameters).Except(_basis.Kept).Select(j => $"'{problem.Mean.Parameters[j]}'"));
        return new ModelException($"Where the search from the start values ended, a change of {which} cannot be told from one of the other parameters: the parameter is not identified there. "
            + "Choose other start values, leave the parameter out, or observe where the curves differ.");
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
