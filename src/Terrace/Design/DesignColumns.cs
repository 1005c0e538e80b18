using Terrace.Formulas;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Design;

/// <summary>
/// Lays out the columns of a model matrix as R's <c>model.matrix</c> does: per term the products of its variables' columns, the first variable's running fastest;
/// a factor is coded by contrasts where the term without it (or one that contains it) comes earlier in the model, otherwise by one indicator per level;
/// without intercept the first factor of the first term that has one gets all indicators.
/// </summary>
/// <remarks>Chambers and Hastie (1992), Statistical Models in S, section 2.4.1, in R's version of the rule. Tests: DesignColumnsTests.</remarks>
internal sealed class DesignColumns
{
    private const int MaxColumns = 5000;
    private readonly List<Recipe> _recipes = [];

    private DesignColumns() { }

    /// <summary>The columns' names.</summary>
    public IReadOnlyList<string> Names => [.. _recipes.Select(recipe => recipe.Name)];

    /// <summary>The term of each column: 0 the intercept, then the terms from 1.</summary>
    public IReadOnlyList<int> Assign => [.. _recipes.Select(recipe => recipe.Term)];

    /// <summary>Plans the columns of <paramref name="terms"/>.</summary>
    /// <param name="hasIntercept">Whether the first column is the intercept.</param>
    /// <param name="terms">The terms in order.</param>
    /// <param name="variables">All variables of the model.</param>
    /// <param name="contrasts">The coding of a factor.</param>
    /// <exception cref="ModelException">There are too many columns.</exception>
    public static DesignColumns Plan(bool hasIntercept, IReadOnlyList<FormulaTerm> terms, IReadOnlyList<ModelVariable> variables, Func<ModelVariable, ContrastCoding> contrasts)
    {
        var index = new Dictionary<Expression, int>();
        for (int v = 0; v < variables.Count; v++) index[variables[v].Expression] = v;
        int[][] sets = [.. terms.Select(term => term.Variables.Select(variable => index[variable]).ToArray())];
        ulong[][] masks = Array.ConvertAll(sets, set => Mask(set, variables.Count));
        bool needsIndicators = !hasIntercept;
        var plan = new DesignColumns();
        if (hasIntercept) plan._recipes.Add(new Recipe("(Intercept)", 0, []));
        for (int t = 0; t < sets.Length; t++)
        {
            var recipes = new List<Recipe> { new("", t + 1, []) };
            foreach (int v in sets[t])
            {
                bool byContrasts = variables[v].IsFactor && !needsIndicators && IsMarginal(masks, t, v);
                if (variables[v].IsFactor) needsIndicators = false;
                int width = variables[v].Levels is { } levels ? levels.Count - (byContrasts ? 1 : 0) : variables[v].Parts;
                if (plan._recipes.Count + (long)recipes.Count * width > MaxColumns) throw plan.TooMany(terms, t, (long)recipes.Count * width);
                recipes = Product(recipes, Pieces(v, variables[v], byContrasts, contrasts));
            }
            plan._recipes.AddRange(recipes);
        }
        return plan;
    }

    /// <summary>Each of the columns of term <paramref name="term"/> by itself.</summary>
    public IEnumerable<DesignColumns> SingleColumns(int term)
    {
        foreach (Recipe recipe in _recipes.Where(recipe => recipe.Term == term))
        {
            var single = new DesignColumns();
            single._recipes.Add(recipe);
            yield return single;
        }
    }

    /// <summary>Which of these columns are those of <paramref name="other"/>, in its order; null if it has a column that is not among these.</summary>
    public int[]? Selection(DesignColumns other)
    {
        var places = new int[other._recipes.Count];
        for (int j = 0; j < places.Length; j++)
        {
            places[j] = _recipes.FindIndex(recipe => IsSame(recipe, other._recipes[j]));
            if (places[j] < 0) return null;
        }
        return places;
    }

    private static bool IsSame(Recipe a, Recipe b) => a.Name == b.Name && a.Pieces.Length == b.Pieces.Length && a.Pieces.Zip(b.Pieces).All(pair =>
        pair.First.Variable == pair.Second.Variable && pair.First.Part == pair.Second.Part
        && (pair.First.ByLevel is { } levels ? pair.Second.ByLevel is { } others && levels.AsSpan().SequenceEqual(others) : pair.Second.ByLevel is null));

    /// <summary>The matrix with these columns for <paramref name="rows"/> rows with the given values of all variables.</summary>
    public Matrix Build(int rows, IReadOnlyList<VariableValues> values)
    {
        var matrix = new Matrix(rows, _recipes.Count);
        for (int j = 0; j < _recipes.Count; j++)
        {
            Span<double> column = matrix.Column(j);
            column.Fill(1);
            foreach (Piece piece in _recipes[j].Pieces) Multiply(column, piece, values[piece.Variable]);
        }
        return matrix;
    }

    private static void Multiply(Span<double> column, Piece piece, VariableValues values)
    {
        if (piece.ByLevel is { } byLevel)
        {
            int[] codes = values.Codes!;
            for (int i = 0; i < column.Length; i++) column[i] *= byLevel[codes[i]];
            return;
        }
        double[] numbers = values.Numbers![piece.Part];
        for (int i = 0; i < column.Length; i++) column[i] *= numbers[i];
    }

    // Whether the term without variable v is nothing or part of an earlier term.
    private static bool IsMarginal(ulong[][] masks, int t, int v)
    {
        ulong[] rest = [.. masks[t]];
        rest[v / 64] &= ~(1UL << (v % 64));
        if (Array.TrueForAll(rest, word => word == 0)) return true;
        for (int earlier = 0; earlier < t; earlier++)
            if (IsSubset(rest, masks[earlier])) return true;
        return false;
    }

    private static bool IsSubset(ulong[] part, ulong[] whole)
    {
        for (int word = 0; word < part.Length; word++)
            if ((part[word] & ~whole[word]) != 0) return false;
        return true;
    }

    private static ulong[] Mask(int[] set, int variables)
    {
        var mask = new ulong[(variables + 63) / 64];
        foreach (int v in set) mask[v / 64] |= 1UL << (v % 64);
        return mask;
    }

    // Names the widest term, which need not be the one that passes the limit.
    private ModelException TooMany(IReadOnlyList<FormulaTerm> terms, int t, long width)
    {
        var widest = _recipes.CountBy(recipe => recipe.Term).OrderByDescending(term => term.Value).FirstOrDefault();
        FormulaTerm named = widest.Value > width ? terms[widest.Key - 1] : terms[t];
        return new ModelException(
            $"The model has more than {MaxColumns} columns, most of them for the term '{named.Label}'; merge its levels, leave it out, or make it a grouping factor, as in (1 | {named.Label}).");
    }

    private static List<(string Name, Piece Piece)> Pieces(int v, ModelVariable variable, bool byContrasts, Func<ModelVariable, ContrastCoding> contrasts)
    {
        string name = variable.Name;
        if (variable.Levels is not { } levels)
            return [.. Enumerable.Range(0, variable.Parts).Select(part => (variable.Parts == 1 ? name : $"{name}{part + 1}", new Piece(v, part, null)))];
        (Matrix values, string[] names) = byContrasts ? Contrasts.Columns(contrasts(variable), levels, name) : Contrasts.Indicators(levels);
        return [.. names.Select((suffix, j) => (name + suffix, new Piece(v, 0, values.Column(j).ToArray())))];
    }

    private static List<Recipe> Product(List<Recipe> recipes, List<(string Name, Piece Piece)> pieces)
    {
        var products = new List<Recipe>(recipes.Count * pieces.Count);
        foreach ((string name, Piece piece) in pieces)
            foreach (Recipe recipe in recipes)
                products.Add(new Recipe(recipe.Name.Length == 0 ? name : $"{recipe.Name}:{name}", recipe.Term, [.. recipe.Pieces, piece]));
        return products;
    }

    // A column is the product of pieces; a piece is a number of the row, or a value looked up by the row's level.
    private sealed record Recipe(string Name, int Term, Piece[] Pieces);

    private sealed record Piece(int Variable, int Part, double[]? ByLevel);
}
