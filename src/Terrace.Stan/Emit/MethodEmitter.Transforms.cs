using System.Linq.Expressions;
using Terrace.Stan.Ir;
using Terrace.Stan.Lowering;
using Terrace.Stan.Runtime.Transforms;

namespace Terrace.Stan.Emit;

/// <summary>Calls of the transforms of constrained variables.</summary>
internal sealed partial class MethodEmitter
{
    private Value Transform(IrBuiltinCall e, TransformFunctions function)
    {
        Value[] values = [.. e.Arguments.Select(Evaluate)];
        Expression x = Local(ToBlock(values[0]));
        ConstraintKind kind = function.KindFor(e.Arguments[0].Type);
        // An upper bound alone takes the place of the second of two.
        int second = kind == ConstraintKind.Upper ? 1 : 2;
        Expression Bound(int k) => function.IsElementwise && k >= 1 && k < values.Length ? Local(ToBlock(values[k])) : Local(Call(nameof(Runtime.Workspace.AllocateScalar), Constant(0.0), Expression.Constant(false)));
        Expression a = Bound(kind == ConstraintKind.Upper ? 0 : 1), b = Bound(second);
        Expression Size(int k) => !function.IsElementwise && k < values.Length ? ((ScalarValue)values[k]).Expression : Constant(0);
        Expression call = function.Direction == TransformDirection.Unconstrain
            ? Call(typeof(ConstraintFunctions), nameof(ConstraintFunctions.Unconstrain), _w, Expression.Constant(kind), Expression.Constant(e.Name), x, a, b)
            : Call(typeof(ConstraintFunctions), nameof(ConstraintFunctions.Constrain), _w, Expression.Constant(kind), Expression.Constant(function.Direction == TransformDirection.Jacobian), Expression.Constant(e.Name), x, a, b, Size(1), Size(2));
        Expression[]? array = values[0] is ContainerValue container && e.Type.Depth > 0 ? container.Dimensions[..e.Type.Depth] : null;
        return FromBlock(call, e.Type, values.Any(IsActive), array);
    }
}
