using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>
/// Powers and the exponential of a matrix. The exponential is by scaling and squaring with the Padé approximant of order 13: Higham (2005), The scaling and squaring method for the matrix exponential revisited, SIAM J. Matrix Anal. Appl. 26, algorithm 2.3.
/// Adjoint: Ā = L(Aᵀ, X̄), the Fréchet derivative, which is the upper right block of exp([Aᵀ X̄; 0 Aᵀ]) (Higham 2008, Functions of Matrices, equation 3.16).
/// </summary>
internal static class MatrixFunctions
{
    private static readonly double[] Pade = [64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600, 670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1];
    private static readonly ExponentialOperation Exponentiated = new();

    /// <summary>Aⁿ, n ≥ 0.</summary>
    public static Block Power(Workspace w, Block a, int n)
    {
        Factorizations.RequireSquare("matrix_power", a);
        if (n < 0) Workspace.Reject($"matrix_power: the exponent is {n}, but must not be negative");
        if (n == 0) return Construction.Identity(w, a.Rows);
        Block? result = null;
        for (Block square = a; ; square = Products.Multiply(w, square, square))
        {
            if ((n & 1) != 0) result = result is { } sofar ? Products.Multiply(w, sofar, square) : square;
            if ((n >>= 1) == 0) break;
        }
        return result!.Value == a ? Reshaping.ToMatrix(w, a) : result.Value;
    }

    /// <summary>exp(A) = Σ Aᵏ / k!.</summary>
    public static Block Exponential(Workspace w, Block a)
    {
        Factorizations.RequireSquare("matrix_exp", a);
        foreach (double value in w.Values(a)) if (!double.IsFinite(value)) Workspace.Reject($"matrix_exp: an element is {value}, but must be finite");
        Block result = w.AllocateLike(a, a.Active && w.Differentiating);
        Exponential(new Matrix(a.Rows, a.Rows, w.Values(a).ToArray())).Values.CopyTo(w.Values(result));
        if (result.Active) w.Record(Exponentiated, a.Offset, result.Offset, a.Rows);
        return result;
    }

    /// <summary>exp(A) B.</summary>
    public static Block ExponentialMultiply(Workspace w, Block a, Block b) => Products.Multiply(w, Exponential(w, a), b);

    /// <summary>exp(t A) B.</summary>
    public static Block ScaledExponentialMultiply(Workspace w, Block t, Block a, Block b) => ExponentialMultiply(w, Elementwise.Multiply(w, t, a), b);

    private static Matrix Exponential(Matrix a)
    {
        int n = a.Rows;
        double norm = 0;
        for (int j = 0; j < n; j++)
        {
            double sum = 0;
            foreach (double value in a.Column(j)) sum += Math.Abs(value);
            norm = Math.Max(norm, sum);
        }
        int squarings = norm > 5.371920351148152 ? (int)Math.Ceiling(Math.Log2(norm / 5.371920351148152)) : 0;
        Matrix x = Combination((Math.ScaleB(1, -squarings), a));
        Matrix x2 = Product(x, x), x4 = Product(x2, x2), x6 = Product(x4, x2), one = Matrix.Identity(n);
        Matrix odd = Product(x, Combination((1, Product(x6, Combination((Pade[13], x6), (Pade[11], x4), (Pade[9], x2)))), (Pade[7], x6), (Pade[5], x4), (Pade[3], x2), (Pade[1], one)));
        Matrix even = Combination((1, Product(x6, Combination((Pade[12], x6), (Pade[10], x4), (Pade[8], x2)))), (Pade[6], x6), (Pade[4], x4), (Pade[2], x2), (Pade[0], one));
        Matrix denominator = Combination((1, even), (-1, odd)), result = Combination((1, even), (1, odd));
        int[] pivots = new int[n];
        LuFactor.Factor(denominator.Values, 0, n, pivots);
        for (int j = 0; j < n; j++) LuFactor.Solve(denominator.Values, 0, n, pivots, result.Column(j), false);
        for (int k = 0; k < squarings; k++) result = Product(result, result);
        return result;
    }

    private static Matrix Product(Matrix a, Matrix b) => Gemm.Product(a, false, b, false);

    private static Matrix Combination(params ReadOnlySpan<(double Factor, Matrix Term)> terms)
    {
        var sum = new Matrix(terms[0].Term.Rows, terms[0].Term.Columns);
        foreach ((double factor, Matrix term) in terms)
            for (int i = 0; i < sum.Values.Length; i++) sum.Values[i] += factor * term.Values[i];
        return sum;
    }

    private sealed class ExponentialOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[2];
            var blocks = new Matrix(2 * n, 2 * n);
            for (int j = 0; j < n; j++)
            {
                for (int i = 0; i < n; i++)
                {
                    blocks[i, j] = blocks[n + i, n + j] = w.V[o[0] + (i * n) + j];
                    blocks[i, n + j] = w.A[o[1] + (j * n) + i];
                }
            }
            Matrix exponential = Exponential(blocks);
            for (int j = 0; j < n; j++)
                for (int i = 0; i < n; i++) w.A[o[0] + (j * n) + i] += exponential[i, n + j];
        }
    }
}
