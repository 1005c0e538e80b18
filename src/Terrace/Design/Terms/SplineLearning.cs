using Terrace.Formulas;

namespace Terrace.Design.Terms;

/// <summary>Learns the knots of <c>ns()</c> and <c>bs()</c>: the ones given, or quantiles of the data for the degrees of freedom asked for.</summary>
internal static class SplineLearning
{
    /// <summary>The basis of <c>ns(x, df, knots, intercept, Boundary.knots)</c>.</summary>
    public static SplineBasis Natural(CallExpression call, double[] values)
    {
        Expression?[] arguments = call.Match("x", "df", "knots", "intercept", "Boundary.knots");
        bool hasIntercept = ConstantArguments.Flag(arguments[3], false);
        int? inner = ConstantArguments.WholeNumber(arguments[1], 1) - 1 - (hasIntercept ? 1 : 0);
        return Basis(call, values, 4, inner, arguments[2], arguments[4], hasIntercept, isNatural: true);
    }

    /// <summary>The basis of <c>bs(x, df, knots, degree, intercept, Boundary.knots)</c>.</summary>
    public static SplineBasis BSpline(CallExpression call, double[] values)
    {
        Expression?[] arguments = call.Match("x", "df", "knots", "degree", "intercept", "Boundary.knots");
        bool hasIntercept = ConstantArguments.Flag(arguments[4], false);
        int degree = ConstantArguments.WholeNumber(arguments[3], 1) ?? 3;
        int? inner = ConstantArguments.WholeNumber(arguments[1], 1) - degree - (hasIntercept ? 1 : 0);
        return Basis(call, values, degree + 1, inner, arguments[2], arguments[5], hasIntercept, isNatural: false);
    }

    private static SplineBasis Basis(CallExpression call, double[] values, int order, int? inner,
        Expression? knotsArgument, Expression? boundaryArgument, bool hasIntercept, bool isNatural)
    {
        double[] boundary = Boundary(call, values, boundaryArgument);
        double[]? given = ConstantArguments.Numbers(knotsArgument);
        if (given is null && inner < 0) throw call.Place.Fault($"{call.Function}() needs at least {order - 1 + (hasIntercept ? 1 : 0)} degrees of freedom here.");
        double[] knots = given ?? QuantileKnots(values, boundary, inner ?? 0);
        if (knots.Any(knot => !(knot > boundary[0] && knot < boundary[1]))) throw (knotsArgument ?? call).Place.Fault("The knots must lie between the boundary knots.");
        double[] all = [.. Enumerable.Repeat(boundary[0], order), .. knots.Order(), .. Enumerable.Repeat(boundary[1], order)];
        return new SplineBasis { Knots = all, Order = order, HasIntercept = hasIntercept, IsNatural = isNatural };
    }

    private static double[] Boundary(CallExpression call, double[] values, Expression? argument)
    {
        double[] boundary = ConstantArguments.Numbers(argument) ?? [values.Min(), values.Max()];
        if (boundary.Length != 2 || !(boundary[0] != boundary[1])) throw (argument ?? call).Place.Fault("A spline needs two different boundary knots; does the variable vary?");
        return [boundary.Min(), boundary.Max()];
    }

    private static double[] QuantileKnots(double[] values, double[] boundary, int count)
    {
        double[] inside = [.. values.Where(value => value >= boundary[0] && value <= boundary[1]).Order()];
        return [.. Enumerable.Range(1, count).Select(i => Quantiles.At(inside, i / (count + 1.0)))];
    }
}
