using System.Reflection;
using Terrace.Stan.Runtime;
using Terrace.Stan.Types;

namespace Terrace.Stan.Tests.Runtime.Scalars;

/// <summary>Every entry of the table of scalar functions: values against high precision, partial derivatives against differences of the function itself.</summary>
public sealed class ScalarTests
{
    public static TheoryData<string> Names => [.. SignatureLines("scalars")];

    /// <summary>Accuracy of the value where 13 digits are not reached: log gamma near its zeros, ratios of gammas, amos' Bessel functions, erf.</summary>
    private static readonly Dictionary<string, double> Tolerances = new() { ["tgamma"] = 3e-13, ["modified_bessel_first_kind"] = 1e-12, ["falling_factorial"] = 1e-12, ["rising_factorial"] = 1e-12, ["inv_inc_beta"] = 1e-12, ["erfc"] = 2e-13 };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scalar_function_has_its_high_precision_values(string name)
    {
        MethodInfo method = Method(name, "");
        foreach ((double[] arguments, double value) in ScalarValues.All[name])
        {
            double found = Value(method, arguments);
            Assert.True(Math.Abs(found - value) <= Tolerances.GetValueOrDefault(name, 1e-13) * Math.Max(Math.Abs(value), 1e-300), $"{name}({string.Join(", ", arguments)}) is {found:R}, expected {value:R}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scalar_function_has_the_derivatives_of_differences(string name)
    {
        MethodInfo method = Method(name, "");
        BuiltinFunction signature = Assert.Single(FunctionLibrary.Find(name), f => f.Kind == BuiltinKind.Scalar);
        foreach ((double[] arguments, double _) in ScalarValues.All[name])
        {
            double[] slopes = Slopes(name, arguments, Value(method, arguments));
            for (int k = 0; k < arguments.Length; k++)
            {
                if (signature.Arguments[k].Type.IsInt) continue;
                string? disagreement = Differences.Disagreement(t => Attempt(method, [.. arguments.Select((x, i) => i == k ? t : x)]), arguments[k], slopes[k]);
                Assert.True(disagreement is null, $"{name}({string.Join(", ", arguments)}), argument {k}: {disagreement}");
            }
        }
    }

    [Theory]
    [InlineData("log1m", 1, double.NegativeInfinity)]
    [InlineData("log1p", -1, double.NegativeInfinity)]
    [InlineData("log1p", -2, double.NaN)]
    [InlineData("log", -1, double.NaN)]
    [InlineData("log1m_exp", 0, double.NegativeInfinity)]
    [InlineData("log1m_exp", 0.5, double.NaN)]
    [InlineData("log1p_exp", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("logit", 0, double.NegativeInfinity)]
    [InlineData("logit", 1, double.PositiveInfinity)]
    [InlineData("logit", 1.5, double.NaN)]
    [InlineData("inv_Phi", 0, double.NegativeInfinity)]
    [InlineData("std_normal_log_qf", 0, double.PositiveInfinity)]
    [InlineData("lgamma", -2, double.PositiveInfinity)]
    [InlineData("tgamma", -2, double.NaN)]
    [InlineData("step", 0, 1)]
    [InlineData("step", double.NaN, 1)]
    [InlineData("round", 2.5, 3)]
    [InlineData("round", -2.5, -3)]
    [InlineData("lambert_w0", -0.36787944117144233, -1)]
    public void Limits_and_points_outside_the_domain_follow_the_reference(string name, double x, double expected) => Assert.Equal(expected, Value(Method(name, ""), [x]));

    [Theory]
    [InlineData("fmin", double.NaN, 2, 2)]
    [InlineData("fmax", 2, double.NaN, 2)]
    [InlineData("log_diff_exp", 1, 1, double.NegativeInfinity)]
    [InlineData("log_diff_exp", 1, 2, double.NaN)]
    [InlineData("log_diff_exp", double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity)]
    [InlineData("log_sum_exp", double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity)]
    [InlineData("log_sum_exp", double.NegativeInfinity, 2, 2)]
    [InlineData("lmultiply", 0, 0, 0)]
    [InlineData("lchoose", 5, 5, 0)]
    [InlineData("pow", 0, 0, 1)]
    [InlineData("owens_t", 1.5, double.PositiveInfinity, 0.5 * 0.06680720126885807)]
    public void Limits_of_functions_of_two_numbers_follow_the_reference(string name, double x, double y, double expected) => Assert.Equal(expected, Value(Method(name, ""), [x, y]), 1e-15);

    [Theory]
    [InlineData("inv_Phi", new[] { 1.5 })]
    [InlineData("lambert_w0", new[] { -1.0 })]
    [InlineData("gamma_p", new[] { -1.0, 1 })]
    [InlineData("inc_beta", new[] { 1.0, 1, 2 })]
    [InlineData("log_mix", new[] { 1.5, 0, 0 })]
    [InlineData("bessel_second_kind", new[] { 1.0, 0 })]
    public void Functions_that_the_reference_lets_fail_reject(string name, double[] arguments)
    {
        var thrown = Assert.IsType<StanFaultException>(Assert.Throws<TargetInvocationException>(() => Method(name, "").Invoke(null, [.. arguments.Cast<object>()])).InnerException);
        Assert.Equal(StanFaultKind.Rejection, thrown.Kind);
    }

    /// <summary>The names of a signature table; of distributions, those that have all functions.</summary>
    internal static IEnumerable<string> SignatureLines(string table)
    {
        using var reader = new StreamReader(typeof(FunctionLibrary).Assembly.GetManifestResourceStream($"Signatures.{table}.txt")!);
        foreach (string line in reader.ReadToEnd().Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#' || (line.StartsWith("distribution", StringComparison.Ordinal) && !line.Contains(" cdf rng ", StringComparison.Ordinal))) continue;
            yield return line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..line.IndexOf('(', StringComparison.Ordinal)];
        }
    }

    private static MethodInfo Method(string name, string suffix)
    {
        string implementation = FunctionLibrary.Find(name).First(f => f.Kind == BuiltinKind.Scalar).Implementation;
        int dot = implementation.LastIndexOf('.');
        Type type = typeof(Workspace).Assembly.GetType("Terrace.Stan.Runtime." + implementation[..dot], true)!;
        return type.GetMethod(implementation[(dot + 1)..] + suffix, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic) ?? throw new MissingMethodException(implementation + suffix);
    }

    private static double Value(MethodInfo method, double[] arguments) => (double)method.Invoke(null, [.. arguments.Cast<object>()])!;

    /// <summary>The value, or NaN where a step of the differences leaves the domain.</summary>
    private static double Attempt(MethodInfo method, double[] arguments)
    {
        try
        {
            return Value(method, arguments);
        }
        catch (TargetInvocationException)
        {
            return double.NaN;
        }
    }

    private static double[] Slopes(string name, double[] arguments, double value)
    {
        if (arguments.Length == 1) return [(double)Method(name, "Slope").Invoke(null, [arguments[0], value])!];
        object[] all = [.. arguments.Cast<object>(), value, .. arguments.Select(_ => (object)0.0)];
        Method(name, "Slopes").Invoke(null, all);
        return [.. all[(arguments.Length + 1)..].Cast<double>()];
    }
}
