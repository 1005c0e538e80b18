using System.Linq.Expressions;
using Terrace.Stan.Runtime;
using Terrace.Stan.Types;

namespace Terrace.Stan.Emit;

/// <summary>The normal density of single numbers, written out in the code: loops over observations spend most of their time here.</summary>
internal sealed partial class MethodEmitter
{
    /// <summary>−z²/2 − log σ − ½ log 2π with z = (y − μ)/σ; derivatives by μ z/σ, by y its negative, by σ (z² − 1)/σ.</summary>
    private ScalarValue InlineNormal(ScalarValue y, ScalarValue mu, ScalarValue sigma, Expression terms)
    {
        Expression outcome = Once(ToDouble(y.Expression)), location = Once(ToDouble(mu.Expression)), scale = Once(ToDouble(sigma.Expression));
        ParameterExpression inverse = Local(Expression.Divide(Constant(1.0), scale));
        ParameterExpression z = Local(Expression.Multiply(Expression.Subtract(outcome, location), inverse));
        // Infinite scales pass here, as a density of 0 everywhere does no harm to a sampler; NaN and what is not positive do not.
        Expression failure = Call(typeof(Faults), nameof(Faults.Normal), outcome, location, scale);
        Expression bad = Expression.Not(Expression.GreaterThan(scale, Constant(0.0)));
        if (HoistLevel(bad) is not null)
        {
            EmitCheck(bad, Call(typeof(Faults), nameof(Faults.Normal), Constant(0.0), Constant(0.0), scale));
            EmitCheck(Expression.NotEqual(z, z), failure);
        }
        else
        {
            EmitCheck(Expression.OrElse(bad, Expression.NotEqual(z, z)), failure);
        }
        Expression square = Expression.Multiply(Constant(-0.5), Expression.Multiply(z, z)), logarithm = Expression.Call(typeof(Math).GetMethod(nameof(Math.Log), [typeof(double)])!, scale);
        // In a loop the logarithm of a scale that does not change is taken once.
        if (HoistLevel(logarithm) is not null) logarithm = Local(logarithm);
        Expression Value(int mask)
        {
            if (mask == 0) return Constant(0.0);
            Expression value = (mask & 4) != 0 ? Expression.Subtract(square, logarithm) : square;
            return mask < 0 ? Expression.Subtract(value, Constant(Runtime.Densities.NormalTail.HalfLogTwoPi)) : value;
        }
        Expression log = terms is ConditionalExpression { IfTrue: ConstantExpression { Value: int dropped } } choice
            ? Expression.Condition(choice.Test, Value(dropped), Value(-1))
            : Value(-1);
        ParameterExpression result = Local(log);
        if (y.Node is null && mu.Node is null && sigma.Node is null) return new ScalarValue(StanType.Real, result);
        Expression slope = Once(Expression.Multiply(z, inverse));
        return new ScalarValue(StanType.Real, result, new OperationNode(
            (y.Node, () => Expression.Negate(slope)), (mu.Node, () => slope), (sigma.Node, () => Expression.Multiply(Expression.Subtract(Expression.Multiply(z, z), Constant(1.0)), inverse))));
    }
}
