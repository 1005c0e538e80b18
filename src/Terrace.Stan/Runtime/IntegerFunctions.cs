namespace Terrace.Stan.Runtime;

/// <summary>Functions of integers and of arrays of them.</summary>
internal static class IntegerFunctions
{
    /// <summary>a / b rounded towards 0; −2³¹ / −1 wraps.</summary>
    public static int Quotient(int a, int b) => b == -1 ? unchecked(-a) : a / b;

    /// <summary>The remainder, with the sign of a.</summary>
    public static int Modulus(int a, int b) => b == -1 ? 0 : a % b;

    /// <summary>|x|.</summary>
    public static int Abs(int x) => x == int.MinValue ? x : Math.Abs(x);

    /// <summary>1 if x &gt; 0, else 0.</summary>
    public static int Step(double x) => x > 0 ? 1 : 0;

    /// <summary>x truncated.</summary>
    public static int ToInt(double x) => Promotions.ToInt(Math.Truncate(x));

    /// <summary>n over k.</summary>
    public static int Choose(int n, int k)
    {
        if (k < 0 || k > n) return 0;
        double result = 1;
        for (int i = 1; i <= Math.Min(k, n - k); i++) result = result * (n - Math.Min(k, n - k) + i) / i;
        return Promotions.ToInt(Math.Round(result));
    }

    /// <summary>The same for arrays, a single number standing for an array of it.</summary>
    public static IntBlock ChooseAll(Workspace w, IntBlock n, IntBlock k)
    {
        int count = n.Count == 1 ? k.Count : n.Count;
        if (k.Count != count && k.Count != 1) Workspace.Fail($"choose: the arguments have the sizes {n.Count} and {k.Count}, which must agree");
        IntBlock result = w.AllocateInts(count);
        for (int i = 0; i < count; i++) w.I[result.Offset + i] = Choose(w.I[n.Offset + (n.Count == 1 ? 0 : i)], w.I[k.Offset + (k.Count == 1 ? 0 : i)]);
        return result;
    }

    /// <summary>The sum.</summary>
    public static int Sum(Workspace w, IntBlock x)
    {
        int sum = 0;
        foreach (int value in w.Ints(x)) sum += value;
        return sum;
    }

    /// <summary>The product.</summary>
    public static int Prod(Workspace w, IntBlock x)
    {
        int product = 1;
        foreach (int value in w.Ints(x)) product *= value;
        return product;
    }

    /// <summary>The least.</summary>
    public static int Min(Workspace w, IntBlock x)
    {
        if (x.Count == 0) Workspace.Fail("min: the array is empty");
        return System.Numerics.Tensors.TensorPrimitives.Min<int>(w.Ints(x));
    }

    /// <summary>The largest.</summary>
    public static int Max(Workspace w, IntBlock x)
    {
        if (x.Count == 0) Workspace.Fail("max: the array is empty");
        return System.Numerics.Tensors.TensorPrimitives.Max<int>(w.Ints(x));
    }

    /// <summary>−x.</summary>
    public static IntBlock Negate(Workspace w, IntBlock x) => Map(w, x, value => -value);

    /// <summary>|x| of each element.</summary>
    public static IntBlock AbsAll(Workspace w, IntBlock x) => Map(w, x, Abs);

    private static IntBlock Map(Workspace w, IntBlock x, Func<int, int> function)
    {
        IntBlock result = w.AllocateInts(x.Count);
        for (int i = 0; i < x.Count; i++) w.I[result.Offset + i] = function(w.I[x.Offset + i]);
        return result;
    }

    /// <summary>Sorted, least first or largest first.</summary>
    public static IntBlock Sort(Workspace w, IntBlock x, bool descending)
    {
        IntBlock result = w.AllocateInts(x.Count);
        w.Ints(x).CopyTo(w.Ints(result));
        w.Ints(result).Sort();
        if (descending) w.Ints(result).Reverse();
        return result;
    }

    /// <summary>The order of the elements: result[1] is the place of the least (or largest) one; equal elements keep their order.</summary>
    public static IntBlock Order(Workspace w, Block x, bool descending)
    {
        double[] values = w.Values(x).ToArray();
        int[] places = [.. Enumerable.Range(0, values.Length)];
        int[] sorted = descending ? [.. places.OrderByDescending(i => values[i])] : [.. places.OrderBy(i => values[i])];
        IntBlock result = w.AllocateInts(sorted.Length);
        for (int i = 0; i < sorted.Length; i++) w.I[result.Offset + i] = sorted[i] + 1;
        return result;
    }

    /// <summary>The number of elements less than element <paramref name="s"/>.</summary>
    public static int Rank(Workspace w, Block x, int s)
    {
        if ((uint)(s - 1) >= (uint)x.Count) Faults.Index(s, x.Count);
        int rank = 0;
        double pivot = w.V[x.Offset + s - 1];
        foreach (double value in w.Values(x)) if (value < pivot) rank++;
        return rank;
    }

    /// <summary>n integers that step evenly from one to another.</summary>
    public static IntBlock Linspaced(Workspace w, int n, int lower, int upper)
    {
        if (n < 0) Faults.NegativeSize("linspaced_int_array", n);
        IntBlock result = w.AllocateInts(n);
        int step = n > 1 ? (upper - lower) / (n - 1) : 0;
        for (int i = 0; i < n; i++) w.I[result.Offset + i] = n == 1 ? upper : lower + (i * step);
        return result;
    }

    /// <summary>n times the same.</summary>
    public static IntBlock Repeat(Workspace w, int value, int n)
    {
        if (n < 0) Faults.NegativeSize("the array", n);
        IntBlock result = w.AllocateInts(n);
        w.Ints(result).Fill(value);
        return result;
    }

    /// <summary>1 at place k, 0 elsewhere.</summary>
    public static IntBlock OneHot(Workspace w, int n, int k)
    {
        IntBlock result = Repeat(w, 0, n);
        if ((uint)(k - 1) >= (uint)n) Faults.Index(k, n);
        w.I[result.Offset + k - 1] = 1;
        return result;
    }

    /// <summary>Several integers side by side, as <c>dims</c> returns them.</summary>
    public static IntBlock Of(Workspace w, int[] values)
    {
        IntBlock result = w.AllocateInts(values.Length);
        values.CopyTo(w.I, result.Offset);
        return result;
    }
}
