using Terrace.Stan.Ir;
using Terrace.Stan.Syntax;
using Terrace.Stan.Types;

namespace Terrace.Stan.Lowering;

/// <summary>Resolves types as written, their sizes and constraints, and declares variables.</summary>
internal sealed class DeclarationLowering(LoweringContext context, ExpressionLowering expressions)
{
    private static readonly HashSet<string> Reserved =
    [
        "for", "in", "while", "if", "else", "return", "break", "continue", "void", "int", "real", "vector", "row_vector", "matrix", "complex", "array", "tuple", "simplex", "ordered", "positive_ordered", "unit_vector",
        "cholesky_factor_corr", "cholesky_factor_cov", "corr_matrix", "cov_matrix", "sum_to_zero_vector", "functions", "data", "parameters", "model", "quantities", "transformed", "generated", "lower", "upper",
        "true", "false", "target", "print", "reject", "profile",
    ];

    /// <summary>The type without sizes.</summary>
    public StanType Type(TypeSyntax syntax)
    {
        StanType type;
        if (syntax.Base == "tuple") type = new StanType(BaseType.Tuple, 0, [.. syntax.Elements.Select(Type)]);
        else if (syntax.Base.StartsWith("complex", StringComparison.Ordinal))
        {
            context.Fault("unsupported-complex", "complex numbers are not supported", syntax.Span, "write the real and the imaginary part as two reals");
            type = StanType.Error;
        }
        else type = new StanType(Base(syntax.Base));
        return type with { Depth = syntax.ArraySizes.Count };
    }

    private static BaseType Base(string word) => word switch
    {
        "int" => BaseType.Int,
        "real" => BaseType.Real,
        "row_vector" => BaseType.RowVector,
        "matrix" or "cholesky_factor_corr" or "cholesky_factor_cov" or "corr_matrix" or "cov_matrix" or "sum_to_zero_matrix" or "column_stochastic_matrix" or "row_stochastic_matrix" => BaseType.Matrix,
        _ => BaseType.Vector,
    };

    /// <summary>Declares a variable in the innermost scope, sizes and constraint with it.</summary>
    public IrSymbol Declare(DeclarationSyntax syntax, SymbolKind kind)
    {
        StanType type = Type(syntax.Type);
        CheckName(syntax.Name);
        var symbol = new IrSymbol(syntax.Name.Name, type, kind, syntax.Name.Span);
        List<IrExpression> sizes = [];
        foreach (ExpressionSyntax? size in syntax.Type.ArraySizes) if (size is not null) sizes.Add(Size(size));
        if (type.Base == BaseType.Tuple) symbol.Parts = [.. syntax.Type.Elements.Select((element, i) => Part(element, $"{symbol.Name}.{i + 1}", kind, syntax.Name.Span))];
        foreach (ExpressionSyntax size in syntax.Type.Sizes) sizes.Add(Size(size));
        if (syntax.Type.Base is "cholesky_factor_cov" && syntax.Type.Sizes.Count == 1 || syntax.Type.Base is "cholesky_factor_corr" or "corr_matrix" or "cov_matrix") sizes.Add(sizes[^1]);
        symbol.Sizes = sizes;
        symbol.Constraint = Constraint(syntax.Type, type, kind);
        context.Scope.Add(symbol);
        return symbol;
    }

    private IrSymbol Part(TypeSyntax syntax, string name, SymbolKind kind, Span span)
    {
        StanType type = Type(syntax);
        var part = new IrSymbol(name, type, kind, span) { Sizes = [.. syntax.ArraySizes.Where(size => size is not null).Select(size => Size(size!)), .. syntax.Sizes.Select(Size)] };
        if (type.Base == BaseType.Tuple) part.Parts = [.. syntax.Elements.Select((element, i) => Part(element, $"{name}.{i + 1}", kind, span))];
        part.Constraint = Constraint(syntax, type, kind);
        return part;
    }

    private IrExpression Size(ExpressionSyntax syntax)
    {
        IrExpression size = expressions.Lower(syntax);
        return size.Type.IsInt || size is IrFault ? size : context.Fault("size-type", $"a size is an integer, found {size.Type}", size.Span);
    }

    /// <summary>Reports a name that the language keeps, or that is taken.</summary>
    public void CheckName(NameSyntax name)
    {
        if (Reserved.Contains(name.Name)) context.Fault("reserved-name", $"`{name.Name}` is a word of the language", name.Span, "choose another name");
        else if (name.Name.EndsWith("__", StringComparison.Ordinal)) context.Fault("reserved-name", $"names that end in `__` are kept for the language: `{name.Name}`", name.Span, "choose another name");
        else if (context.Scope.Find(name.Name) is { } earlier) context.Fault("name-taken", $"`{name.Name}` is declared already, on line {earlier.Span.Line}", name.Span, "choose another name");
        else if (context.Functions.ContainsKey(name.Name)) context.Fault("name-taken", $"`{name.Name}` is the name of a function of this program", name.Span, "choose another name");
    }

    private IrConstraint Constraint(TypeSyntax syntax, StanType type, SymbolKind kind)
    {
        ConstraintKind byName = syntax.Base switch
        {
            "ordered" => ConstraintKind.Ordered,
            "positive_ordered" => ConstraintKind.PositiveOrdered,
            "simplex" => ConstraintKind.Simplex,
            "unit_vector" => ConstraintKind.UnitVector,
            "sum_to_zero_vector" => ConstraintKind.SumToZeroVector,
            "sum_to_zero_matrix" => ConstraintKind.SumToZeroMatrix,
            "cholesky_factor_corr" => ConstraintKind.CholeskyFactorCorr,
            "cholesky_factor_cov" => ConstraintKind.CholeskyFactorCov,
            "corr_matrix" => ConstraintKind.CorrMatrix,
            "cov_matrix" => ConstraintKind.CovMatrix,
            "column_stochastic_matrix" => ConstraintKind.ColumnStochasticMatrix,
            "row_stochastic_matrix" => ConstraintKind.RowStochasticMatrix,
            _ => ConstraintKind.None,
        };
        if (byName != ConstraintKind.None)
        {
            if (kind == SymbolKind.Local) context.Fault("local-constraint", $"a local variable has no constraint, so it cannot be declared `{syntax.Base}`", syntax.Span, $"declare it `{type}`");
            if (syntax.Constraints.Count > 0) context.Fault("constraint", $"`{syntax.Base}` takes no bounds", syntax.Constraints[0].Span);
            return new IrConstraint(byName);
        }
        if (syntax.Constraints.Count == 0) return IrConstraint.None;
        if (kind == SymbolKind.Local) context.Fault("local-constraint", "a local variable has no bounds", syntax.Constraints[0].Span, "leave them out; they are for variables at the top of a block");
        IrExpression? lower = null, upper = null, offset = null, multiplier = null;
        foreach (ConstraintSyntax constraint in syntax.Constraints)
        {
            IrExpression value = Bound(constraint, type);
            ref IrExpression? slot = ref lower;
            switch (constraint.Name)
            {
                case "lower": slot = ref lower; break;
                case "upper": slot = ref upper; break;
                case "offset": slot = ref offset; break;
                default: slot = ref multiplier; break;
            }
            if (slot is not null) context.Fault("constraint", $"`{constraint.Name}` is given twice", constraint.Span);
            slot = value;
        }
        if ((lower ?? upper) is not null && (offset ?? multiplier) is not null) context.Fault("constraint", "bounds and `offset`/`multiplier` cannot be combined", syntax.Constraints[^1].Span);
        if ((offset ?? multiplier) is not null)
        {
            if (type.IsIntegral) context.Fault("constraint", "an integer has no offset or multiplier", syntax.Constraints[0].Span);
            return new IrConstraint(ConstraintKind.OffsetMultiplier, offset, multiplier);
        }
        return new IrConstraint(upper is null ? ConstraintKind.Lower : lower is null ? ConstraintKind.Upper : ConstraintKind.LowerUpper, lower, upper);
    }

    private IrExpression Bound(ConstraintSyntax syntax, StanType type)
    {
        IrExpression value = expressions.Lower(syntax.Value);
        if (value is IrFault) return value;
        if (type.IsIntegral && !value.Type.IsIntegral) return context.Fault("constraint", $"the `{syntax.Name}` of an integer is an integer, found {value.Type}", syntax.Span);
        bool container = value.Type.AsReal.Equals(type.AsReal) || value.Type.AsReal.Equals((type with { Depth = 0 }).AsReal);
        if (!value.Type.IsScalar && !container) return context.Fault("constraint", $"`{syntax.Name}` is a number or has the type {type}, found {value.Type}", syntax.Span);
        return type.IsIntegral || value.Type.Base != BaseType.Int ? value : new IrPromotion(value, value.Type.AsReal, value.Span);
    }
}
