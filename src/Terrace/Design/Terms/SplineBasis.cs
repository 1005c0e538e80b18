namespace Terrace.Design.Terms;

/// <summary>
/// A B-spline basis (<c>bs</c>) or natural cubic spline basis (<c>ns</c>) on learned knots. The B-splines of order k on knots t are
/// Bᵢ,₁ = 1 on [tᵢ, tᵢ₊₁), Bᵢ,ₖ(x) = (x − tᵢ) / (tᵢ₊ₖ₋₁ − tᵢ) Bᵢ,ₖ₋₁ + (tᵢ₊ₖ − x) / (tᵢ₊ₖ − tᵢ₊₁) Bᵢ₊₁,ₖ₋₁. A natural basis is the cubic one times an orthonormal basis of
/// the coefficients whose second derivative is 0 at both boundary knots. Beyond the boundary a B-spline continues its last polynomial, a natural spline its tangent.
/// </summary>
/// <remarks>
/// de Boor (1978), A Practical Guide to Splines, chapters IX–X; the null space by Householder reflections with LINPACK's signs, so that the columns are those of R's
/// splines package. Tests: LearnedBasisTests, against R inside and outside the boundary.
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
        double[] row = new double[Knots.Length - 1], slope = new double[Knots.Length - 1];
        for (int i = 0; i < x.Length; i++)
        {
            double edge = IsNatural ? Math.Clamp(x[i], Left, Right) : x[i];
            Derivatives(edge, 0, row);
            if (x[i] < edge || x[i] > edge) AddTangent(x[i] - edge, edge, row, slope);
            for (int j = 0; j < columns.Length; j++) columns[j][i] = row[j + skipped];
        }
        return IsNatural ? Natural(columns) : columns;
    }

    private void AddTangent(double distance, double edge, double[] row, double[] slope)
    {
        Derivatives(edge, 1, slope);
        for (int j = 0; j < Count; j++) row[j] += distance * slope[j];
    }

    // The derivatives of all B-splines at x into values[..Count]; outside the boundary those of the nearest piece.
    private void Derivatives(double x, int derivative, double[] values)
    {
        int interval = Order - 1;
        while (interval < Count - 1 && x >= Knots[interval + 1]) interval++;
        Array.Clear(values);
        values[interval] = 1;
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
        if (double.IsNaN(x)) Array.Fill(values, double.NaN);
    }

    // Applies the two Householder reflections of the constraints and drops the first two coordinates.
    private double[][] Natural(double[][] columns)
    {
        double[][] constraints = [Curvature(Left), Curvature(Right)];
        for (int c = 0; c < 2; c++)
        {
            double[] reflector = Reflector(constraints[c], c);
            if (c == 0) Reflect(reflector, c, Array.ConvertAll(constraints[1], value => new[] { value }), constraints[1]);
            Reflect(reflector, c, columns, null);
        }
        return columns[2..];
    }

    private double[] Curvature(double x)
    {
        var values = new double[Knots.Length - 1];
        Derivatives(x, 2, values);
        return values[(HasIntercept ? 0 : 1)..Count];
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

    // Reflects every row of the columns; a single row is also written back to `row`.
    private static void Reflect(double[] reflector, int start, double[][] columns, double[]? row)
    {
        var dots = new double[columns[0].Length];
        for (int j = start; j < reflector.Length; j++)
            for (int i = 0; i < dots.Length; i++) dots[i] += reflector[j] * columns[j][i];
        for (int j = start; j < reflector.Length; j++)
        {
            double factor = -reflector[j] / reflector[start];
            for (int i = 0; i < dots.Length; i++) columns[j][i] += factor * dots[i];
            if (row is not null) row[j] = columns[j][0];
        }
    }
}
