using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>Counts as doubles, four at a time, for the kernels.</summary>
internal static unsafe class IntColumn
{
    /// <summary>Rows <paramref name="from"/> … of <paramref name="y"/>, or its only element everywhere.</summary>
    public static void ToDoubles(ReadOnlySpan<int> y, int from, Span<double> result)
    {
        if (y.Length == 1)
        {
            result.Fill(y[0]);
            return;
        }
        y = y.Slice(from, result.Length);
        fixed (int* source = y)
        fixed (double* target = result)
        {
            int i = 0;
            if (Avx.IsSupported)
                for (; i + 4 <= y.Length; i += 4) Avx.ConvertToVector256Double(Vector128.Load(source + i)).Store(target + i);
            for (; i < y.Length; i++) target[i] = source[i];
        }
    }

    /// <summary>Puts one integer into the arena, as an array of one.</summary>
    public static IntBlock Single(Workspace w, int value)
    {
        IntBlock one = w.AllocateInts(1);
        w.I[one.Offset] = value;
        return one;
    }
}
