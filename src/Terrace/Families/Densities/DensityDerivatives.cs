namespace Terrace.Families.Densities;

/// <summary>ℓ and its derivatives per cell: ℓ, ∂ℓ/∂η, ∂²ℓ/∂η², ∂³ℓ/∂η³, and for each further parameter ∂ℓ/∂ψ, ∂²ℓ/∂η∂ψ, ∂³ℓ/∂η²∂ψ. A workspace.</summary>
internal sealed class DensityDerivatives
{
    public DensityDerivatives(int cells, int parameters)
    {
        Value = new double[cells];
        First = new double[cells];
        Second = new double[cells];
        Third = new double[cells];
        Own = Columns(cells, parameters);
        OwnFirst = Columns(cells, parameters);
        OwnSecond = Columns(cells, parameters);
    }

    /// <summary>ℓ.</summary>
    public double[] Value { get; }

    /// <summary>∂ℓ/∂η.</summary>
    public double[] First { get; }

    /// <summary>∂²ℓ/∂η².</summary>
    public double[] Second { get; }

    /// <summary>∂³ℓ/∂η³.</summary>
    public double[] Third { get; }

    /// <summary>∂ℓ/∂ψ for each ψ.</summary>
    public double[][] Own { get; }

    /// <summary>∂²ℓ/∂η∂ψ for each ψ.</summary>
    public double[][] OwnFirst { get; }

    /// <summary>∂³ℓ/∂η²∂ψ for each ψ.</summary>
    public double[][] OwnSecond { get; }

    private static double[][] Columns(int cells, int parameters)
    {
        var columns = new double[parameters][];
        for (int k = 0; k < parameters; k++) columns[k] = new double[cells];
        return columns;
    }
}
