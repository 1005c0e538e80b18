using Terrace.Stan.Diagnostics;
using Terrace.Stan.Printing;

namespace Terrace.Stan.Tests.Printing;

/// <summary>The syntax tree and the resolved program as text.</summary>
public class TreeTests
{
    private const string Program = "data { int N; vector[N] y; }\nparameters { real<lower=0> s; }\nmodel {\n  for (n in 1:N) y[n] ~ normal(2 * n, s);\n}\n";

    [Fact]
    public void The_resolved_program_has_shorthand_written_out_and_types_with_sizes() => Assert.Equal("""
        data
          N : int
          y : vector sized [N]
        parameters
          s : real, lower 0
        model
          for n from 1 to N
            target += normal_lpdf<up to constants>(y[n] | (2 * n), s)

        """.ReplaceLineEndings("\n"), StanPrinter.Print(Program, StanPhase.Resolved));

    [Fact]
    public void The_syntax_tree_has_a_node_a_line_with_its_place()
    {
        string text = StanPrinter.Print(Program, StanPhase.Syntax);
        Assert.Contains("\n    For  4:3\n      Variable: Name `n`  4:8\n      Lower: Integer `1`  4:13\n      Upper: Name `N`  4:15\n      Body: Tilde  4:18\n", text, StringComparison.Ordinal);
        Assert.Contains("          Infix `*`  4:32\n            Left: Integer `2`  4:32\n            Right: Name `n`  4:36\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StanPhase.Syntax)]
    [InlineData(StanPhase.Resolved)]
    [InlineData(StanPhase.CSharp)]
    public void A_wrong_program_is_refused_with_its_faults(StanPhase phase) => Assert.Throws<StanProgramException>(() => StanPrinter.Print("model { 1 +; }", phase));
}
