using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Terrace.Stan.Runtime;

/// <summary>What compiled code needs beside the arenas: globals, the arguments of calls, limits, and scalar densities by pointer.</summary>
internal sealed unsafe partial class Workspace
{
    /// <summary>The slot that takes the adjoints of what does not depend on the parameters.</summary>
    public const int IdleSlot = 1;

    private readonly double* _arguments = (double*)NativeMemory.AllocZeroed(16, sizeof(double));
    private readonly double* _partials;

    /// <summary>Sets up the buffers of scalar densities.</summary>
    public Workspace() => _partials = _arguments + 8;

    /// <summary>Frees the buffers.</summary>
    ~Workspace() => NativeMemory.Free(_arguments);

    /// <summary>Values, places and sizes of data and transformed data.</summary>
    public int[] Globals = [];

    /// <summary>Integers handed to a function and back.</summary>
    public readonly int[] CallInts = new int[256];

    /// <summary>Reals handed to a function and back.</summary>
    public readonly double[] CallReals = new double[64];

    /// <summary>The compiled functions of the program.</summary>
    public Action<Workspace>[] Functions = [];

    /// <summary>The number of calls that are open.</summary>
    public int Depth;

    /// <summary>Steps until the limits are looked at again.</summary>
    public int Fuel = FuelPerCheck;

    /// <summary>Whether terms that do not depend on the parameters are left out where the program allows it.</summary>
    public bool DropConstants = true;

    /// <summary>Whether the log determinant of the constraining transforms is part of the target.</summary>
    public bool IncludeJacobian = true;

    /// <summary>The unconstrained parameters: their first slot.</summary>
    public int Position;

    /// <summary>Takes the values of a draw.</summary>
    public double[] Output = [];

    /// <summary>Takes what the program prints; null drops it.</summary>
    public Action<string>? Printed;

    /// <summary>The sentence under construction by <c>print</c> and <c>reject</c>.</summary>
    public readonly System.Text.StringBuilder Message = new();

    /// <summary>The clock of the time limit.</summary>
    public TimeProvider Clock = TimeProvider.System;

    /// <summary>When the evaluation began, in ticks of the stopwatch.</summary>
    public long Started;

    /// <summary>Called every so often by loops; throws when time is up or the run is cancelled.</summary>
    public Action? CheckLimits;

    private const int FuelPerCheck = 100_000;
    private const int MaximumDepth = 2_000;

    /// <summary>Looks at the limits.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Refuel()
    {
        Fuel = FuelPerCheck;
        CheckLimits?.Invoke();
    }

    /// <summary>Opens a call of a user's function.</summary>
    public void Enter()
    {
        if (--Fuel < 0) Refuel();
        if (++Depth <= MaximumDepth && RuntimeHelpers.TryEnsureSufficientExecutionStack()) return;
        throw new StanFaultException(StanFaultKind.Limit, $"functions call one another more than {MaximumDepth} deep");
    }

    /// <summary>A fresh slot with a value.</summary>
    public int NewSlot(double value)
    {
        int slot = Top;
        if (slot >= V.Length) throw new ArenaFullException(Arena.Values, slot + 1L);
        Top = slot + 1;
        V[slot] = value;
        A[slot] = 0;
        return slot;
    }

    /// <summary>The partial derivative by argument <paramref name="k"/> of the last scalar density.</summary>
    public double Partial(int k) => _partials[k];

    /// <summary>A scalar density with one argument; <paramref name="function"/> points to <c>double(double*, double*, int terms, int wanted)</c>.</summary>
    public double Density1(nint function, int terms, int wanted, double x0)
    {
        _arguments[0] = x0;
        return ((delegate*<double*, double*, int, int, double>)function)(_arguments, _partials, terms, wanted);
    }

    /// <summary>With two arguments.</summary>
    public double Density2(nint function, int terms, int wanted, double x0, double x1)
    {
        _arguments[0] = x0;
        _arguments[1] = x1;
        return ((delegate*<double*, double*, int, int, double>)function)(_arguments, _partials, terms, wanted);
    }

    /// <summary>With three arguments.</summary>
    public double Density3(nint function, int terms, int wanted, double x0, double x1, double x2)
    {
        _arguments[0] = x0;
        _arguments[1] = x1;
        _arguments[2] = x2;
        return ((delegate*<double*, double*, int, int, double>)function)(_arguments, _partials, terms, wanted);
    }

    /// <summary>With four arguments.</summary>
    public double Density4(nint function, int terms, int wanted, double x0, double x1, double x2, double x3)
    {
        _arguments[0] = x0;
        _arguments[1] = x1;
        _arguments[2] = x2;
        _arguments[3] = x3;
        return ((delegate*<double*, double*, int, int, double>)function)(_arguments, _partials, terms, wanted);
    }

    /// <summary>With five arguments.</summary>
    public double Density5(nint function, int terms, int wanted, double x0, double x1, double x2, double x3, double x4)
    {
        _arguments[4] = x4;
        return Density4(function, terms, wanted, x0, x1, x2, x3);
    }

    /// <summary>With six arguments.</summary>
    public double Density6(nint function, int terms, int wanted, double x0, double x1, double x2, double x3, double x4, double x5)
    {
        _arguments[4] = x4;
        _arguments[5] = x5;
        return Density4(function, terms, wanted, x0, x1, x2, x3);
    }

    /// <summary>A cumulative function: <c>double(double*, double*, int wanted)</c>.</summary>
    public double Cumulative(nint function, int wanted, double x0, double x1, double x2, double x3, double x4)
    {
        _arguments[0] = x0;
        _arguments[1] = x1;
        _arguments[2] = x2;
        _arguments[3] = x3;
        _arguments[4] = x4;
        return ((delegate*<double*, double*, int, double>)function)(_arguments, _partials, wanted);
    }

    /// <summary>A random draw: <c>double(double*, Rng)</c>.</summary>
    public double Draw(nint function, double x0, double x1, double x2, double x3, double x4)
    {
        // Argument 0 is the outcome, which is drawn.
        _arguments[1] = x0;
        _arguments[2] = x1;
        _arguments[3] = x2;
        _arguments[4] = x3;
        _arguments[5] = x4;
        return ((delegate*<double*, Numerics.RandomNumbers.Rng, double>)function)(_arguments, Rng);
    }
}
