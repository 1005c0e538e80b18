using System.Reflection;
using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Runtime;
using Terrace.Stan.Types;

namespace Terrace.Stan.Tests.Runtime.Densities;

/// <summary>A distribution of the signature table, its static methods bound as the compiler binds them.</summary>
internal sealed unsafe class ContinuousDistribution
{
    private readonly Type _type;

    public ContinuousDistribution(string name)
    {
        BuiltinFunction signature = Assert.Single(FunctionLibrary.Find(name + "_lpdf"), function => function.Kind == BuiltinKind.Distribution);
        _type = typeof(Workspace).Assembly.GetType("Terrace.Stan.Runtime." + signature.Implementation, true)!;
    }

    /// <summary>The log density with the given terms and its partials.</summary>
    public double Log(double[] x, int terms, out double[] d)
    {
        d = new double[x.Length];
        var f = (delegate*<double*, double*, int, int, double>)Pointer("Log");
        fixed (double* px = x, pd = d) return f(px, pd, terms, (1 << x.Length) - 1);
    }

    /// <summary>A log tail, <c>LogCdf</c> or <c>LogCcdf</c>, and its partials.</summary>
    public double Tail(string name, double[] x, out double[] d)
    {
        d = new double[x.Length];
        var f = (delegate*<double*, double*, int, double>)Pointer(name);
        fixed (double* px = x, pd = d) return f(px, pd, (1 << x.Length) - 1);
    }

    /// <summary>The log density, or a log tail, by name.</summary>
    public double Value(string name, double[] x, out double[] d) => name == "Log" ? Log(x, -1, out d) : Tail(name, x, out d);

    public double Draw(double[] x, Rng rng)
    {
        var f = (delegate*<double*, Rng, double>)Pointer("Draw");
        fixed (double* px = x) return f(px, rng);
    }

    private IntPtr Pointer(string name) => (_type.GetMethod(name, BindingFlags.Static | BindingFlags.Public) ?? throw new MissingMethodException(_type.Name, name)).MethodHandle.GetFunctionPointer();
}
