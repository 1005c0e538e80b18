using Terrace.Formulas;

namespace Terrace.Tests.Formulas;

public class StructureCallTests
{
    [Theory]
    [InlineData("y ~ x + rw1(age)", "x", "(1 | rw1(age))", "age")]
    [InlineData("y ~ rw2(age, scale = TRUE) + (1 | g)", "", "(1 | rw2(age)) + (1 | g)", "age")]
    [InlineData("y ~ ar1(period) + x", "x", "(1 | ar1(period))", "period")]
    [InlineData("y ~ bym2(state, graph = edges.csv)", "", "(1 | bym2(state))", "state")]
    [InlineData("y ~ (1 + x | gr(animal, cov = \"a b.csv\"))", "", "(1 + x | gr(animal))", "animal")]
    public void Structured_terms_are_group_level_terms(string text, string fixedTerms, string terms, string variable)
    {
        Formula formula = Formula.Parse(text);
        Assert.Equal(fixedTerms, string.Join(" + ", formula.FixedTerms));
        Assert.Equal(terms, string.Join(" + ", formula.RandomTerms));
        Assert.Equal(variable, formula.RandomTerms[0].GroupFactors.Single().ToString());
        Assert.DoesNotContain(formula.Variables, name => name.Contains("csv", StringComparison.Ordinal));
        Assert.Equal(formula, Formula.Parse(formula.ToString()));
    }

    [Fact]
    public void Options_are_read()
    {
        StructureCall walk = Formula.Parse("y ~ rw1(age, levels = c('a', 'b'), scale = TRUE)").RandomTerms[0].Structure!, graph = Formula.Parse("y ~ bym2(s, \"my graph.csv\")").RandomTerms[0].Structure!;
        Assert.Equal((StructureKind.RandomWalk1, true, "rw1(age)"), (walk.Kind, walk.Scaled, walk.Name));
        Assert.Equal(["a", "b"], walk.Levels);
        Assert.Equal((StructureKind.Bym2, "my graph.csv"), (graph.Kind, graph.File));
    }

    [Theory]
    [InlineData("y ~ x * rw1(age)", 8, "only be added")]
    [InlineData("y ~ gr(g, cov = A)", 4, "right of a bar")]
    [InlineData("y ~ (1 | rw1(a):b)", 15, "joined")]
    [InlineData("y ~ bym2(s)", 4, "needs the argument 'graph'")]
    [InlineData("y ~ rw1(age, scal = TRUE)", 20, "Did you mean 'scale'?")]
    [InlineData("y ~ rw1(log(age))", 4, "takes one variable")]
    [InlineData("y ~ (1 | gr(g, cov = 3))", 21, "name or a text")]
    public void Faults_are_shown_at_their_place(string text, int place, string part)
    {
        FormulaException fault = Assert.Throws<FormulaException>(() => Formula.Parse(text).RandomTerms[0].GroupName);
        Assert.Contains(part, fault.Message, StringComparison.Ordinal);
        Assert.Equal(place, fault.Position);
    }
}
