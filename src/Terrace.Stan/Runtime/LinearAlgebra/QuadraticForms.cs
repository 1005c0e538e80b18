namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>Quadratic forms, cross-products and traces, composed of products that carry their adjoints (Stan functions reference, "Specialized products").</summary>
internal static class QuadraticForms
{
    /// <summary>Bᵀ A B.</summary>
    public static Block Of(Workspace w, Block a, Block b)
    {
        Factorizations.RequireSquare("quad_form", a);
        return Products.Multiply(w, Reshaping.Transpose(w, b), Products.Multiply(w, a, b));
    }

    /// <summary>Bᵀ A B for symmetric A, exactly symmetric.</summary>
    public static Block OfSymmetric(Workspace w, Block a, Block b)
    {
        Factorizations.RequireSymmetric(w, "quad_form_sym", a);
        Block form = Of(w, a, b);
        if (form.Count == 1) return form;
        Block half = w.AllocateScalar(0.5, false);
        return Elementwise.Multiply(w, half, Elementwise.Add(w, form, Reshaping.Transpose(w, form)));
    }

    /// <summary>Xᵀ X.</summary>
    public static Block CrossProduct(Workspace w, Block x) => Products.Multiply(w, Reshaping.Transpose(w, x), x);

    /// <summary>X Xᵀ.</summary>
    public static Block OuterProduct(Workspace w, Block x) => Products.Multiply(w, x, Reshaping.Transpose(w, x));

    /// <summary>tr A.</summary>
    public static Block Trace(Workspace w, Block a) => Reductions.Sum(w, Parts.Diagonal(w, a));

    /// <summary>tr(A B) = Σ aᵢⱼ bⱼᵢ.</summary>
    public static Block TraceDot(Workspace w, Block a, Block b) => DotProducts.Dot(w, Reshaping.Transpose(w, a), b);

    /// <summary>tr(Bᵀ A B) = Σ B ∘ (A B).</summary>
    public static Block TraceOf(Workspace w, Block a, Block b)
    {
        Factorizations.RequireSquare("trace_quad_form", a);
        return DotProducts.Dot(w, b, Products.Multiply(w, a, b));
    }

    /// <summary>tr(D Bᵀ A B) = Σ (B Dᵀ) ∘ (A B).</summary>
    public static Block TraceGeneral(Workspace w, Block d, Block a, Block b)
    {
        Factorizations.RequireSquare("trace_gen_quad_form", a);
        Factorizations.RequireSquare("trace_gen_quad_form", d);
        return DotProducts.Dot(w, Products.Multiply(w, b, Reshaping.Transpose(w, d)), Products.Multiply(w, a, b));
    }
}
