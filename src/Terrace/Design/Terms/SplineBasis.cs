namespace Terrace.Design.Terms;

/// <summary>
/// A B-spline basis (<c>bs</c>) or natural cubic spline basis (<c>ns</c>) on learned knots. The B-splines of order k on knots t are
/// Bᵢ,₁ = 1 on [tᵢ, tᵢ₊₁), Bᵢ,ₖ(x) = (x − tᵢ) / (tᵢ₊ₖ₋₁ − tᵢ) Bᵢ,ₖ₋₁ + (tᵢ₊ₖ − x) / (tᵢ₊ₖ − tᵢ₊₁) Bᵢ₊₁,ₖ₋₁. A natural basis is the cubic one times an orthonormal basis of
/// the coefficients whose second derivative is 0 at both boundary knots. Beyond the boundary a B-spline continues its last polynomial, a natural spline its tangent.
/// </summary>
/// <remarks>
/// de Boor (1978), A Practical Guide to Splines, chapters IX–X; the null space by Householder reflections with LINPACK's signs, so that the columns are those of R's
/// splines package. Tests: SplineBasisTests, against R inside and outside the boundary.
/// </remarks>
internal sealed record SplineBasis
{
    /// <summary>The knots with the boundary ones repeated <see cref="Order"/> times.</summary>
    public required double[] Knots { get; init; }

    /// <summary>The degree of the pieces plus one.</summary>
    public required int Order { get; init; }

    /// <summary>Whether the first B-spline is kept.</summary>
    public required bool HasIntercept { get; init; }

    /// <summary>Whether the spline is natural.</summary>
    public required bool IsNatural { get; init; }

    private int Count => Knots.Length - Order;

    private double Left => Knots[0];

    private double Right => Knots[^1];

    /// <summary>The columns of the basis at <paramref name="x"/>; NaN gives NaN.</summary>
    public double[][] Evaluate(ReadOnlySpan<double> x)
    {
        int skipped = HasIntercept ? 0 : 1;
        var columns = new double[Count - skipped][];
        for (int j = 0; j < columns.Length; j++) columns[j] = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double[] row = IsNatural ? Tangent(x[i]) : Derivatives(x[i], 0);
            for (int j = 0; j < columns.Length; j++) columns[j][i] = row[j + skipped];
        }
        return IsNatural ? Natural(columns) : columns;
    }

    // A cubic spline inside the boundary, its tangent outside.
    private double[] Tangent(double x)
    {
        double edge = x < Left ? Left : x > Right ? Right : x;
        double[] row = Derivatives(edge, 0);
        if (edge == x || double.IsNaN(x)) return row;
        double[] slope = Derivatives(edge, 1);
        for (int j = 0; j < row.Length; j++) row[j] += (x - edge) * slope[j];
        return row;
    }

    // The derivatives of all B-splines at x; outside the boundary those of the nearest piece.
    private double[] Derivatives(double x, int derivative)
    {
        int interval = Order - 1;
        while (interval < Count - 1 && x >= Knots[interval + 1]) interval++;
        var values = new double[Knots.Length - 1];
        values[interval] = double.IsNaN(x) ? double.NaN : 1;
        for (int k = 2; k <= Order; k++)
        {
            bool differentiates = k > Order - derivative;
            for (int i = 0; i < Knots.Length - k; i++)
            {
                double left = Knots[i + k - 1] - Knots[i], right = Knots[i + k] - Knots[i + 1];
                double a = left > 0 ? values[i] / left : 0, b = right > 0 ? values[i + 1] / right : 0;
                values[i] = differentiates ? (k - 1) * (a - b) : (x - Knots[i]) * a + (Knots[i + k] - x) * b;
            }
        }
        return double.IsNaN(x) ? [.. Enumerable.Repeat(double.NaN, Count)] : values[..Count];
    }

    // Applies the two Householder reflections of the constraints and drops the first two coordinates.
    private double[][] Natural(double[][] columns)
    {
        int skipped = HasIntercept ? 0 : 1;
        double[][] constraints = [Derivatives(Left, 2)[skipped..], Derivatives(Right, 2)[skipped..]];
        for (int c = 0; c < 2; c++)
        {
            double[] reflector = Reflector(constraints[c], c);
            if (c == 0) Reflect(reflector, c, i => constraints[1][i], (i, value) => constraints[1][i] = value);
            for (int row = 0; row < columns[0].Length; row++) Reflect(reflector, c, i => columns[i][row], (i, value) => columns[i][row] = value);
        }
        return columns[2..];
    }

    private static double[] Reflector(double[] column, int start)
    {
        double norm = 0;
        for (int i = start; i < column.Length; i++) norm += column[i] * column[i];
        norm = Math.CopySign(Math.Sqrt(norm), column[start]);
        var reflector = new double[column.Length];
        for (int i = start; i < column.Length; i++) reflector[i] = column[i] / norm;
        reflector[start] += 1;
        return reflector;
    }

    private static void Reflect(double[] reflector, int start, Func<int, double> read, Action<int, double> write)
    {
        double dot = 0;
        for (int i = start; i < reflector.Length; i++) dot += reflector[i] * read(i);
        double factor = -dot / reflector[start];
        for (int i = start; i < reflector.Length; i++) write(i, read(i) + factor * reflector[i]);
    }
}
