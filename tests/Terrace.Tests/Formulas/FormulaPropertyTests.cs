using FsCheck;
using FsCheck.Fluent;
using Terrace.Formulas;

namespace Terrace.Tests.Formulas;

/// <summary>Properties of the formula language on random formulas and random text. The number of cases is TERRACE_FUZZ_CASES (20,000 by default).</summary>
public class FormulaPropertyTests
{
    private static readonly int Cases = int.TryParse(Environment.GetEnvironmentVariable("TERRACE_FUZZ_CASES"), out int cases) ? cases : 20_000;

    private static readonly string[] Pieces =
    [
        "y", "x", "a", "b.c", "`odd name`", "(", ")", "(", ")", "~", "+", "-", "*", "/", ":", "^", "|", "||", "%in%", "%%", "==", "<", "!", "&", ",", "=", "1", "0", "2.5e-3", "'t'", "\"u\"",
        "log(", "poly(", "factor(", "I(", "offset(", "cbind(", "c(", "(1|", "TRUE", "NA", "Inf", ".", " ", "\n", "\\", "%", "`", "é", "\0",
    ];

    [Fact]
    public void A_printed_formula_parses_to_an_equal_formula()
    {
        Prop.ForAll(Arb.From(Formulas()), text =>
        {
            Formula formula = Formula.Parse(text);
            Formula again = Formula.Parse(formula.ToString());
            return formula.Equals(again) && formula.ToString() == again.ToString() && formula.FixedTerms.SequenceEqual(again.FixedTerms)
                && formula.RandomTerms.SequenceEqual(again.RandomTerms) && formula.GetHashCode() == again.GetHashCode();
        }).Check(Configuration(Cases / 10));
    }

    [Fact]
    public void Random_text_parses_or_is_refused_with_a_place_inside_it()
    {
        Prop.ForAll(Arb.From(Gen.ListOf(Gen.Elements(Pieces)).Select(pieces => string.Concat(pieces))), text => IsRefusedCleanly(text) && IsRefusedCleanly("y ~ " + text))
            .Check(Configuration(Cases));
    }

    [Fact]
    public void Random_characters_parse_or_are_refused()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => text is null || IsRefusedCleanly(text)).Check(Configuration(Cases / 4));
    }

    private static Config Configuration(int cases) => Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(20260101, 7);

    private static bool IsRefusedCleanly(string text)
    {
        try
        {
            Formula formula = Formula.Parse(text);
            return Formula.Parse(formula.ToString()).Equals(formula);
        }
        catch (FormulaException fault)
        {
            return fault.Position >= 0 && fault.Position <= text.Length && fault.Message.Contains('^', StringComparison.Ordinal);
        }
    }

    private static Gen<string> Formulas() =>
        from response in Gen.Elements("y", "log(y)", "cbind(s, f)", "(y + 1)", "")
        from terms in Terms(3)
        from bars in Gen.Elements("", "", " + (1 | g)", " + (x || g/h)", " + (0 + x | g:h) + (1 | k)")
        select $"{response} ~ {terms}{bars}";

    private static Gen<string> Terms(int depth)
    {
        Gen<string> leaf = Gen.OneOf(Gen.Elements("a", "b", "x", "`odd name`", "1", "0", ".z", "d.e"), Calls(depth));
        if (depth == 0) return leaf;
        Gen<string> binary = from left in Terms(depth - 1) from symbol in Gen.Elements("+", "+", "*", ":", "/", "-", "%in%") from right in Terms(depth - 1) select $"({left}){symbol}{right}";
        Gen<string> power = from inner in Terms(depth - 1) from n in Gen.Choose(1, 3) select $"({inner})^{n}";
        return Gen.OneOf(leaf, binary, binary, power);
    }

    private static Gen<string> Calls(int depth) => Gen.OneOf(
        Arithmetic(depth).Select(inner => $"I({inner})"),
        Arithmetic(depth).Select(inner => $"log({inner},base=2)"),
        Gen.Choose(1, 3).Select(degree => $"poly(x,{degree},raw=TRUE)"),
        Gen.Elements("factor(a,levels=c('u','v \"w\"'))", "cut(x,c(-Inf,0.1,1e6,Inf),right=FALSE)", "relevel(b,ref='q')", "ifelse(x>1&!is.na(b),'p',\"q\")"));

    private static Gen<string> Arithmetic(int depth)
    {
        Gen<string> leaf = Gen.OneOf(Gen.Elements("x", "z", "TRUE", "`odd name`"), ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite).Select(value => Math.Abs(value).ToString("R", System.Globalization.CultureInfo.InvariantCulture)));
        if (depth == 0) return leaf;
        return Gen.OneOf(leaf,
            from left in Arithmetic(depth - 1) from symbol in Gen.Elements("+", "-", "*", "/", "^", "%%", "%/%", "==", "&", "||") from right in Arithmetic(depth - 1) select $"({left}){symbol}({right})",
            Arithmetic(depth - 1).Select(inner => $"-{inner}"),
            Arithmetic(depth - 1).Select(inner => $"!{inner}"));
    }
}
