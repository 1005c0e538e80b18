using Terrace.Design;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.DistributionalModels;

/// <summary>
/// The linear predictor of one parameter beside the mean, ψ = offset + Q δ, Q an orthonormal basis of its design's columns under the cells' weights. A parameter without a formula is
/// one number for all cells.
/// </summary>
internal sealed class ParameterPredictor
{
    private readonly double[] _offset;
    private readonly bool _isConstant;

    private ParameterPredictor(string name, IReadOnlyList<string> columns, Matrix x, double[] offset, double[] weight, bool hasFormula)
    {
        Name = name;
        Columns = columns;
        HasFormula = hasFormula;
        _offset = offset;
        Basis = FixedEffectsBasis.Of(x, weight);
        _isConstant = Basis.Rank == 1 && Array.TrueForAll(offset, o => o == offset[0]) && Array.TrueForAll(Basis.Rows, q => q == Basis.Rows[0]);
        Values = new double[weight.Length];
    }

    /// <summary>What the parameter is: <c>dispersion</c>, <c>zero-inflation</c>, <c>nu</c>, or the threshold's name.</summary>
    public string Name { get; }

    /// <summary>The columns of the design, aliased ones included.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Whether a formula describes the parameter.</summary>
    public bool HasFormula { get; }

    /// <summary>The orthonormal basis.</summary>
    public FixedEffectsBasis Basis { get; }

    /// <summary>ψ per cell.</summary>
    public double[] Values { get; }

    /// <summary>The number of coefficients δ.</summary>
    public int Count => Basis.Rank;

    /// <summary>A parameter that is one number.</summary>
    public static ParameterPredictor Constant(string name, double[] weight)
    {
        var ones = new Matrix(weight.Length, 1);
        Array.Fill(ones.Values, 1);
        return new ParameterPredictor(name, ["(Intercept)"], ones, new double[weight.Length], weight, false);
    }

    /// <summary>A parameter with a formula.</summary>
    public static ParameterPredictor Of(string name, DesignMatrices design, double[] weight) => new(name, design.ColumnNames, design.X, design.Offset, weight, true);

    /// <summary>Computes ψ.</summary>
    public void Set(ReadOnlySpan<double> delta)
    {
        int p = Count;
        if (_isConstant)
        {
            Array.Fill(Values, _offset[0] + Basis.Rows[0] * delta[0]);
            return;
        }
        for (int i = 0; i < Values.Length; i++)
        {
            double sum = _offset[i];
            for (int j = 0; j < p; j++) sum += Basis.Rows[i * p + j] * delta[j];
            Values[i] = sum;
        }
    }

    /// <summary>Q's.</summary>
    public void TransposedProduct(ReadOnlySpan<double> s, Span<double> product)
    {
        int p = Count;
        product.Clear();
        for (int i = 0; i < s.Length; i++)
        {
            for (int j = 0; j < p; j++) product[j] += Basis.Rows[i * p + j] * s[i];
        }
    }

    /// <summary>δ for which ψ is nearest to <paramref name="psi"/> in weighted least squares.</summary>
    public double[] Project(Func<int, double> psi, double[] weight)
    {
        var delta = new double[Count];
        TransposedProduct([.. Values.Select((_, i) => weight[i] * (psi(i) - _offset[i]))], delta);
        return delta;
    }
}
