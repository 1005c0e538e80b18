using System.Text;
using System.Text.RegularExpressions;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Tests.Robustness;

/// <summary>Programs changed at random: tokens removed, doubled, exchanged, replaced by others of the language or of another program, and single characters.</summary>
internal sealed partial class ProgramMutator(Rng rng, IReadOnlyList<string> seeds)
{
    private static readonly string[] Vocabulary =
    [
        "int", "real", "vector", "matrix", "array", "simplex", "corr_matrix", "tuple", "complex", "[", "]", "{", "}", "(", ")", "<", ">", ",", ";", ":", "|", "~", "=", "+=", "+", "-", "*", "/", ".*", "./", "\\", "^", "'", "!", "&&", "||", "==", "?", "<-", "%",
        "1", "0", "-1", "2147483647", "2147483648", "1e308", "1e400", "0.5", "3i", "if", "else", "for", "in", "while", "return", "break", "continue", "print", "reject", "target", "target +=", "increment_log_prob", "lower", "upper", "offset",
        "functions", "data", "transformed data", "parameters", "transformed parameters", "model", "generated quantities", "void", "normal", "normal_lpdf", "bernoulli_logit", "multi_normal", "sum", "log_sum_exp", "to_vector", "rep_vector", "size",
        "poisson_rng", "inv_logit", "x", "y", "N", "mu", "sigma", "a", "b", "T[", "#", "//", "/*", "*/", "\"", "#include", "\u00e4", "\0", "\ud800", "jacobian +=", "profile", "_lpdf", "1.2.3", "..", "@", "$",
    ];

    /// <summary>A changed program.</summary>
    public string Next()
    {
        string program = Pick(seeds);
        List<string> tokens = [.. Tokens().Matches(program).Select(match => match.Value)];
        for (int k = 1 + Whole(4); k > 0 && tokens.Count > 0; k--)
        {
            int at = Whole(tokens.Count);
            switch (Whole(8))
            {
                case 0: tokens.RemoveRange(at, Math.Min(1 + Whole(4), tokens.Count - at)); break;
                case 1: tokens.Insert(at, tokens[at]); break;
                case 2: (tokens[at], tokens[Whole(tokens.Count)]) = (tokens[Whole(tokens.Count)], tokens[at]); break;
                case 3: tokens[at] = " " + Pick(Vocabulary) + " "; break;
                case 4: tokens.Insert(at, " " + Pick(Vocabulary) + " "); break;
                case 5: tokens.RemoveRange(at, tokens.Count - at); break;
                case 6:
                    string[] other = [.. Tokens().Matches(Pick(seeds)).Select(match => match.Value)];
                    int from = Whole(other.Length);
                    tokens.InsertRange(at, other.Skip(from).Take(1 + Whole(12)));
                    break;
                default:
                    var text = new StringBuilder(tokens[at]);
                    if (text.Length > 0) text[Whole(text.Length)] = (char)(32 + Whole(96));
                    tokens[at] = text.ToString();
                    break;
            }
        }
        return string.Concat(tokens);
    }

    private int Whole(int n) => n == 0 ? 0 : (int)(rng.NextDouble() * n);

    private string Pick(IReadOnlyList<string> from) => from[Whole(from.Count)];

    [GeneratedRegex(@"\s+|[A-Za-z_]\w*|\d+(\.\d*)?([eE][+-]?\d+)?|""[^""]*""|.", RegexOptions.Singleline)]
    private static partial Regex Tokens();
}
