using System.Runtime.CompilerServices;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Runtime;

/// <summary>
/// What one thread needs to evaluate a compiled program: an arena of values with their adjoints, an arena of integers, and the tape. Values are never moved during an evaluation; when an arena is full the
/// evaluation is abandoned by <see cref="ArenaFullException"/>, the arena grows, and the evaluation runs again, so that after the first evaluations nothing is allocated.
/// </summary>
/// <remarks>
/// The tape holds records, read backwards: a linear record (target, edges) for a scalar whose partial derivatives were found in the forward pass, and the records of operations on containers
/// (<see cref="TapeOperation"/>). A scalar that only adds to the target needs no record: its partials go to the adjoints at once, since the target's adjoint is 1.
/// </remarks>
internal sealed unsafe partial class Workspace
{
    /// <summary>The slot of the target; its adjoint is 1.</summary>
    public const int TargetSlot = 0;

    /// <summary>The values.</summary>
    public double[] V = new double[1024];

    /// <summary>The adjoints, at the same places.</summary>
    public double[] A = new double[1024];

    /// <summary>The integers.</summary>
    public int[] I = new int[256];

    /// <summary>The first free place of <see cref="V"/>; place 0 is the target.</summary>
    public int Top = 1;

    /// <summary>The first free place of <see cref="I"/>.</summary>
    public int IntTop;

    /// <summary>The tape's integers.</summary>
    public int[] Code = new int[1024];

    /// <summary>The length of the tape.</summary>
    public int CodeTop;

    /// <summary>The partial derivatives of linear records.</summary>
    public double[] W = new double[1024];

    /// <summary>The number of partials on the tape.</summary>
    public int WTop;

    /// <summary>Partial derivatives that a scalar function with several arguments leaves for its caller.</summary>
    public double P0, P1, P2, P3, P4, P5;

    /// <summary>The random numbers of <c>_rng</c> functions.</summary>
    public Rng Rng = null!;

    /// <summary>The statement that runs, an index into the program's table of places.</summary>
    public int Site;

    /// <summary>Whether adjoints are wanted in this evaluation: when not, operations record nothing whatever their operands say.</summary>
    public bool Differentiating;

    /// <summary>Whether, when values are freed, parameters that are NaN throughout keep their part of the position.</summary>
    public bool FillsGaps;

    /// <summary>The log density so far.</summary>
    public double Target;

    /// <summary>A container of <paramref name="outer"/> × <paramref name="rows"/> × <paramref name="cols"/> elements; the values are not set, the adjoints are 0.</summary>
    public Block Allocate(int outer, int rows, int cols, bool active) => new(AllocateSlots(Count(Count(outer, rows), cols)), outer, rows, cols, active);

    /// <summary>a × b places.</summary>
    /// <exception cref="ArenaFullException">They are more than an arena can hold.</exception>
    public static int Count(int a, int b)
    {
        long count = (long)a * b;
        return count <= int.MaxValue ? (int)count : throw new ArenaFullException(Arena.Values, count);
    }

    /// <summary>A container of the shape of <paramref name="like"/>.</summary>
    public Block AllocateLike(in Block like, bool active) => Allocate(like.Outer, like.Rows, like.Cols, active);

    /// <summary>A vector of length <paramref name="n"/>.</summary>
    public Block AllocateVector(int n, bool active) => Allocate(1, n, 1, active);

    /// <summary>A scalar with a value.</summary>
    public Block AllocateScalar(double value, bool active)
    {
        int slot = AllocateSlots(1);
        V[slot] = value;
        return new Block(slot, 1, 1, 1, active);
    }

    /// <summary>The place of <paramref name="n"/> fresh values with adjoints 0.</summary>
    public int AllocateSlots(int n)
    {
        int slot = Top;
        if (n > V.Length - slot) throw new ArenaFullException(Arena.Values, (long)slot + n);
        Top = slot + n;
        if (Differentiating) Array.Clear(A, slot, n);
        return slot;
    }

    /// <summary>The place of <paramref name="n"/> fresh integers.</summary>
    public IntBlock AllocateInts(int n)
    {
        int offset = IntTop;
        if (n > I.Length - offset) throw new ArenaFullException(Arena.Integers, (long)offset + n);
        IntTop = offset + n;
        return new IntBlock(offset, n);
    }

    /// <summary>The values of a container.</summary>
    public Span<double> Values(in Block block) => V.AsSpan(block.Offset, block.Count);

    /// <summary>The adjoints of a container.</summary>
    public Span<double> Adjoints(in Block block) => A.AsSpan(block.Offset, block.Count);

    /// <summary>The integers of an array.</summary>
    public Span<int> Ints(in IntBlock block) => I.AsSpan(block.Offset, block.Count);

    /// <summary>Puts an operation on the tape, to be reversed after everything recorded later. Call it only when <see cref="Differentiating"/> and when some operand is active.</summary>
    public void Record(TapeOperation operation, params ReadOnlySpan<int> operands)
    {
        int n = operands.Length;
        EnsureCode(n + 2);
        operands.CopyTo(Code.AsSpan(CodeTop));
        CodeTop += n;
        Code[CodeTop++] = n;
        Code[CodeTop++] = ~operation.Index;
    }

    /// <summary>Adds an edge to the linear record that <see cref="CloseLinear"/> will close: the derivative of the record's target by <paramref name="slot"/>.</summary>
    public void Edge(int slot, double partial)
    {
        if (CodeTop >= Code.Length || WTop >= W.Length) GrowTape(1);
        Code[CodeTop++] = slot;
        W[WTop++] = partial;
    }

    /// <summary>Closes a linear record of <paramref name="edges"/> edges: in the reverse pass the adjoint of <paramref name="target"/> is spread over them and set to 0. The target slot's own adjoint stays 1.</summary>
    public void CloseLinear(int target, int edges)
    {
        EnsureCode(2);
        Code[CodeTop++] = target;
        Code[CodeTop++] = edges;
    }

    /// <summary>Grows the tape so that <paramref name="n"/> integers fit.</summary>
    public void EnsureCode(int n)
    {
        if (n > Code.Length - CodeTop) GrowTape(n);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GrowTape(int n)
    {
        if (CodeTop + n > Code.Length) Array.Resize(ref Code, Grown(Code.Length, (long)CodeTop + n));
        if (WTop + n > W.Length) Array.Resize(ref W, Grown(W.Length, (long)WTop + n));
    }

    /// <summary>Runs the tape backwards down to <paramref name="start"/>, with the adjoints of the results set before.</summary>
    public void Reverse(int start = 0)
    {
        double[] adjoints = A;
        while (CodeTop > start)
        {
            int header = Code[--CodeTop];
            if (header >= 0)
            {
                int target = Code[--CodeTop];
                double adjoint = adjoints[target];
                if (target != TargetSlot) adjoints[target] = 0;
                CodeTop -= header;
                WTop -= header;
                if (adjoint == 0) continue;
                ReadOnlySpan<int> slots = Code.AsSpan(CodeTop, header);
                ReadOnlySpan<double> partials = W.AsSpan(WTop, header);
                for (int k = 0; k < slots.Length; k++) adjoints[slots[k]] += partials[k] * adjoint;
            }
            else
            {
                int count = Code[--CodeTop];
                CodeTop -= count;
                TapeOperation.Table[~header].Reverse(this, Code.AsSpan(CodeTop, count));
            }
        }
    }

    /// <summary>Refuses a position: a domain error.</summary>
    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    public static void Reject(string message) => throw new StanFaultException(StanFaultKind.Rejection, message);

    /// <summary>Stops the run: sizes that differ, an index out of range.</summary>
    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    public static void Fail(string message) => throw new StanFaultException(StanFaultKind.Error, message);
}
