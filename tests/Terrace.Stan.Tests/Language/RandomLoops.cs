using System.Globalization;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Tests.Language;

/// <summary>Random model blocks made of loops over observations: local numbers, elements, conditions, inner loops and densities.</summary>
internal sealed class RandomLoops(Rng rng)
{
    private readonly List<string> _numbers = [];
    private int _names;

    /// <summary>The statements of a model block.</summary>
    public string Model()
    {
        string text = "vector[N] u; matrix[N, J] w; ";
        bool first = true;
        for (int k = 0; k < 1 + Pick(2); k++)
        {
            _numbers.Clear();
            string head = first ? "u[i] = " + Term("i") + "; w[i, 1] = " + Term("i") + "; for (j in 2:J) w[i, j] = " + (Pick(2) == 0 ? "0.5 * w[i, j - 1] * sin(" + Term("i") + ")" : Term("i") + " * a[j]") + "; " : "";
            text += $"for (i in 1:N) {{ {head}{Statements(2, "i")} }} ";
            first = false;
        }
        return text + (Pick(2) == 0 ? "y ~ normal(u, s); " : "target += sum(u .* x); ") + "target += sum(tanh(w));";
    }

    private int Pick(int n) => (int)(rng.NextDouble() * n);

    private string Statements(int depth, string index)
    {
        string text = "";
        int outer = _numbers.Count;
        for (int k = 0; k < 1 + Pick(3); k++) text += Statement(depth, index) + " ";
        _numbers.RemoveRange(outer, _numbers.Count - outer);
        return text;
    }

    private string Statement(int depth, string index)
    {
        switch (Pick(depth > 0 ? 7 : 4))
        {
            case 0:
                string name = "t" + _names++;
                string text = $"real {name} = {Term(index)};";
                _numbers.Add(name);
                return text;
            case 1 when _numbers.Count > 0: return $"{_numbers[Pick(_numbers.Count)]} {(Pick(2) == 0 ? "=" : "+=")} {Term(index)};";
            case 2: return $"y[{index}] ~ normal({Term(index)}, 0.5 + s);";
            case 4: return $"if (x[{index}] > {(rng.NextDouble() - 0.5).ToString(CultureInfo.InvariantCulture)}) {{ {Statements(depth - 1, index)}}} else {{ {Statements(depth - 1, index)}}}";
            case 5 or 6:
                string inner = "k" + _names++;
                return $"for ({inner} in 1:J) {{ {Statements(depth - 1, index).Replace("a[g", "a[" + inner + "] * a[g", StringComparison.Ordinal)}}}";
            default: return $"target += {Term(index)};";
        }
    }

    private string Term(string i)
    {
        switch (Pick(10))
        {
            case 0: return $"tanh({Term(i)})";
            case 1 or 2: return $"{Atom(i)} * {Atom(i)}";
            case 3: return $"({Atom(i)} - {Atom(i)})";
            case 4: return $"(x[{i}] > 0 ? {Atom(i)} : tanh({Atom(i)}))";
            case 5: return $"square(sin({Atom(i)}))";
            case 6: return $"{Atom(i)} / (1 + s)";
            default: return Atom(i);
        }
    }

    private string Atom(string i) => Pick(8) switch
    {
        0 => $"a[g[{i}]]",
        1 => "b",
        2 => "c[2]",
        3 => $"x[{i}]",
        4 => $"m[g[{i}], 2]",
        5 => "s",
        _ => _numbers.Count > 0 ? _numbers[Pick(_numbers.Count)] : $"a[g[{i}]]",
    };
}
