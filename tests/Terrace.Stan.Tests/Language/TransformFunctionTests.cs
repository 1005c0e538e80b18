namespace Terrace.Stan.Tests.Language;

/// <summary>The transforms of constrained variables as functions: what a declared parameter gets, there and back, with gradients.</summary>
public sealed class TransformFunctionTests
{
    /// <summary>A declaration, the call that makes the same of free values, its inverse, and the number of free values.</summary>
    public static TheoryData<string, string, string, int> Transforms => new()
    {
        { "vector<lower=0.5>[3]", "lower_bound_?(y, 0.5)", "lower_bound_unconstrain(x, 0.5)", 3 },
        { "vector<upper=[1, 2, 3]'>[3]", "upper_bound_?(y, [1, 2, 3]')", "upper_bound_unconstrain(x, [1, 2, 3]')", 3 },
        { "vector<lower=-1, upper=2>[2]", "lower_upper_bound_?(y, -1, 2)", "lower_upper_bound_unconstrain(x, -1, 2)", 2 },
        { "vector<offset=1, multiplier=3>[2]", "offset_multiplier_?(y, 1, 3)", "offset_multiplier_unconstrain(x, 1, 3)", 2 },
        { "ordered[3]", "ordered_?(y)", "ordered_unconstrain(x)", 3 },
        { "positive_ordered[3]", "positive_ordered_?(y)", "positive_ordered_unconstrain(x)", 3 },
        { "simplex[4]", "simplex_?(y)", "simplex_unconstrain(x)", 3 },
        { "sum_to_zero_vector[4]", "sum_to_zero_?(y)", "sum_to_zero_unconstrain(x)", 3 },
        { "unit_vector[3]", "unit_vectors_?(y)", "unit_vectors_unconstrain(x)", 3 },
        { "cholesky_factor_corr[3]", "cholesky_factor_corr_?(y, 3)", "cholesky_factor_corr_unconstrain(x)", 3 },
        { "cholesky_factor_cov[3, 2]", "cholesky_factor_cov_?(y, 3, 2)", "cholesky_factor_cov_unconstrain(x)", 5 },
        { "corr_matrix[3]", "corr_matrix_?(y, 3)", "corr_matrix_unconstrain(x)", 3 },
        { "cov_matrix[2]", "cov_matrix_?(y, 2)", "cov_matrix_unconstrain(x)", 3 },
        { "column_stochastic_matrix[3, 2]", "stochastic_column_?(to_matrix(y, 2, 2))", "to_vector(stochastic_column_unconstrain(x))", 4 },
        { "row_stochastic_matrix[2, 3]", "stochastic_row_?(to_matrix(y, 2, 2))", "to_vector(stochastic_row_unconstrain(x))", 4 },
        { "sum_to_zero_matrix[3, 2]", "sum_to_zero_?(to_matrix(y, 2, 1))", "to_vector(sum_to_zero_unconstrain(x))", 2 },
    };

    private static string Plain(string declaration)
    {
        string type = System.Text.RegularExpressions.Regex.Replace(declaration, "<.*>", "");
        if (type.StartsWith("cholesky_factor_cov[", StringComparison.Ordinal) || type.Contains("_matrix[", StringComparison.Ordinal) || type.StartsWith("cholesky", StringComparison.Ordinal))
        {
            string sizes = type[(type.IndexOf('[', StringComparison.Ordinal) + 1)..^1];
            return sizes.Contains(',', StringComparison.Ordinal) ? $"matrix[{sizes}]" : $"matrix[{sizes}, {sizes}]";
        }
        return "vector" + type[type.IndexOf('[', StringComparison.Ordinal)..];
    }

    [Theory]
    [MemberData(nameof(Transforms))]
    public void The_function_gives_what_the_declared_parameter_has(string declaration, string call, string back, int free)
    {
        string type = Plain(declaration), weights = "linspaced_vector(num_elements(x), 0.3, 1.9)";
        string jacobian = call.Replace("?", "jacobian", StringComparison.Ordinal), constrain = call.Replace("?", "constrain", StringComparison.Ordinal);
        var declared = new Program($"parameters {{ {declaration} x; }} model {{ target += dot_product(to_vector(x), {weights}); }}");
        var byFunction = new Program($"parameters {{ vector[{free}] y; }} transformed parameters {{ {type} x = {jacobian}; }} model {{ target += dot_product(to_vector(x), {weights}); }}");
        double[] at = [.. Enumerable.Range(0, free).Select(i => 0.4 - (0.37 * i))];
        Assert.Equal(declared.Values("x", at), byFunction.Values("x", at));
        foreach (bool include in (bool[])[true, false]) Assert.Equal(declared.Evaluate(at, jacobian: include).Value, byFunction.Evaluate(at, jacobian: include).Value, 1e-12);
        byFunction.VerifyGradient();
        // There and back is the identity, in value and derivative; Σ wᵢ fᵢ(y)² tells all derivatives apart.
        bool unit = declaration.StartsWith("unit", StringComparison.Ordinal);
        var around = new Program($$"""
            parameters { vector[{{free}}] y; }
            transformed parameters { {{type}} x = {{constrain}}; vector[{{free}}] z = {{back}}; }
            model { target += dot_product(square(z + 0.3), linspaced_vector({{free}}, 1, 2)); }
            """);
        around.VerifyGradient();
        double[] z = around.Values("z", at);
        double length = unit ? Math.Sqrt(at.Sum(value => value * value)) : 1;
        for (int i = 0; i < free; i++) Assert.Equal(at[i] / length, z[i], 1e-12);
    }

    [Fact]
    public void Bounds_may_be_parameters()
    {
        var program = new Program("""
            parameters { array[2] vector[2] y; real a; vector[2] m; }
            transformed parameters {
              array[2] vector[2] x = lower_bound_jacobian(y, a); vector[2] u = upper_bound_jacobian(y[1], m); vector[2] b = lower_upper_bound_constrain(y[2], a - 3, 4); real s = offset_multiplier_jacobian(a, m[1], exp(m[2]));
              vector[2] i = lower_bound_unconstrain(x[1] + 1, a); vector[2] j = upper_bound_unconstrain(u - 1, m); vector[2] k = lower_upper_bound_unconstrain(b, a - 4, 5); real l = offset_multiplier_unconstrain(s, m[2], exp(a));
            }
            model { target += sum(square(x[1])) + sum(x[2]) + sum(square(u)) + sum(square(b)) + s ^ 2 + sum(square(i)) + sum(square(j)) + sum(square(k)) + l ^ 2; }
            """);
        program.VerifyGradient(2e-6);
    }

    [Fact]
    public void An_array_is_transformed_element_by_element()
    {
        var program = new Program("""
            parameters { array[2, 2] vector[2] y; }
            transformed parameters { array[2, 2] vector[3] x = simplex_jacobian(y); array[2, 2] vector[2] z = simplex_unconstrain(x); }
            model { for (i in 1:2) for (j in 1:2) target += i * j * dot_self(x[i, j]) + (i + j) * sum(square(z[i, j])); }
            """);
        program.VerifyGradient();
        double[] at = [0.1, 0.5, -0.3, 0.2, 0.7, -0.9, 0.4, 0];
        double[] x = program.Values("x", at), y = program.Values("y", at), z = program.Values("z", at);
        // First index fastest: element (2, 1) has places 1, 5, 9.
        Assert.Equal(1, x[1] + x[5] + x[9], 1e-14);
        for (int i = 0; i < 8; i++) Assert.Equal(y[i], z[i], 1e-13);
    }

    [Theory]
    [InlineData("vector[2] x = lower_bound_unconstrain([1, -1]', 0);", "lower_bound_unconstrain")]
    [InlineData("vector[2] x = simplex_unconstrain([0.5, 0.6, 0.2]');", "must sum to 1")]
    [InlineData("matrix[3, 3] x = corr_matrix_constrain([1, 2]', 3);", "corr_matrix_constrain: the free values of a 3 × 3 matrix are 3, but 2 are given")]
    [InlineData("vector[2] x = lower_bound_constrain([1, 2]', [1, 2, 3]');", "lower_bound_constrain: 3 bounds for 2 values")]
    public void Values_outside_the_constraint_are_refused(string statement, string message) =>
        Assert.Contains(message, Assert.Throws<StanRunException>(() => new Program($"transformed data {{ {statement} }}")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("model { vector[2] x = ordered_jacobian([1, 2]'); }", "`ordered_jacobian` adds to the target")]
    [InlineData("model { row_vector[2] x = ordered_constrain([1, 2]); }", "`ordered_constrain` does not take (row_vector)")]
    [InlineData("model { real x = lower_bound_constrain(1, [1, 2]); }", "`lower_bound_constrain` does not take (int, row_vector)")]
    public void Wrong_calls_are_told_at_compile_time(string program, string message) =>
        Assert.Contains(Assert.Throws<Diagnostics.StanProgramException>(() => new Program(program)).Diagnostics, diagnostic => diagnostic.Message.Contains(message, StringComparison.Ordinal));
}
