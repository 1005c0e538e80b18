using Terrace.Bayes;
using Terrace.DistributionalModels;
using Terrace.Formulas;

namespace Terrace.StanCode;

/// <summary>
/// One linear predictor of a Stan program: its columns, centred where there is an intercept or thresholds, its coefficients and group-level terms, each in non-centred form. The parameters are, up to linear maps, the coordinates of
/// <see cref="NonCentredDensity"/>, so that log densities on the unconstrained scale differ by a constant.
/// </summary>
internal sealed class StanPredictor(StanBlocks blocks, BayesianModel model, PredictorDesign predictor, string suffix, int[] rowToCell)
{
    private static readonly string[] ColumnMeans =
    [
        "row_vector column_means(matrix X) {",
        "return rep_row_vector(1.0 / rows(X), rows(X)) * X;",
        "}",
    ];

    private static readonly string[] Autoregression =
    [
        "// a stationary autoregression with unit variances",
        "vector ar1_effects(vector z, real ar) {",
        "vector[num_elements(z)] u = z;",
        "for (j in 2:num_elements(z)) u[j] = ar * u[j - 1] + sqrt(1 - square(ar)) * z[j];",
        "return u;",
        "}",
    ];

    private readonly ModelStructure _structure = model.Structure;

    /// <summary>The name of the vector of the predictor over the rows.</summary>
    public string Eta => $"eta{suffix}";

    /// <summary>Writes everything; <paramref name="firstTerm"/> is the number of the first group-level term.</summary>
    /// <exception cref="ModelException">A prior has no program.</exception>
    public void Write(int firstTerm)
    {
        List<string> sum = [];
        Fixed(sum);
        int number = firstTerm;
        for (int k = 0; k < _structure.Terms.Count; k++)
            if (_structure.Terms[k].Predictor == predictor.Predictor) Term(k, number++, sum);
        if (predictor.Offset.Any(value => value != 0))
        {
            blocks.Vector("", "N", $"offset{suffix}", [.. rowToCell.Select(cell => predictor.Offset[cell])], "known part of the linear predictor");
            sum.Add($"offset{suffix}");
        }
        blocks.TransformedParameters.Add($"vector[N] {Eta} = {(sum.Count == 0 ? "rep_vector(0, N)" : string.Join(" + ", sum))};{(suffix.Length == 0 ? "" : $"  // {predictor.Component}")}");
    }

    private void Fixed(List<string> sum)
    {
        int first = predictor.HasIntercept ? 1 : 0, count = predictor.Count - first;
        string[] names = [.. predictor.CoefficientNames.Skip(first)];
        IReadOnlyList<Prior> priors = _structure.Priors.Fixed[predictor.Predictor];
        bool centred = predictor.HasIntercept || predictor.First > 0;
        if (predictor.HasIntercept)
        {
            blocks.Parameters.Add($"real Intercept{suffix};  // at the means of the predictors");
            sum.Add($"Intercept{suffix}");
        }
        if (count > 0)
        {
            int[] columns = [.. predictor.Basis.Kept.Skip(predictor.First + first)];
            blocks.Number("<lower=0>", $"K{suffix}", count);
            blocks.Matrix("N", $"K{suffix}", $"X{suffix}", [.. rowToCell.Select(cell => Array.ConvertAll(columns, column => predictor.ColumnValues(column)[cell]))], string.Join(", ", names));
            if (centred)
            {
                blocks.Use(ColumnMeans);
                blocks.TransformedData.Add($"row_vector[K{suffix}] means_X{suffix} = column_means(X{suffix});");
                blocks.TransformedData.Add($"matrix[N, K{suffix}] Xc{suffix} = X{suffix} - rep_matrix(means_X{suffix}, N);");
            }
            if (priors[first] is ShrinkagePrior) StanShrinkage.Write(blocks, [.. priors.Skip(first)], suffix, _structure.Auxiliary.Any(parameter => parameter.Name == "sigma"));
            else
            {
                blocks.Parameters.Add($"vector[K{suffix}] b{suffix};");
                StanPriors.Each(blocks, $"b{suffix}", [.. priors.Skip(first)]);
            }
            sum.Add($"{(centred ? "Xc" : "X")}{suffix} * b{suffix}");
        }
        if (!predictor.HasIntercept) return;
        StanPriors.One(blocks, $"Intercept{suffix}", priors[0]);
        blocks.GeneratedQuantities.Add($"real b_Intercept{suffix} = Intercept{suffix}{(count > 0 ? $" - dot_product(means_X{suffix}, b{suffix})" : "")};");
    }

    private void Term(int k, int number, List<string> sum)
    {
        GroupTerm term = _structure.Terms[k];
        TermPrior prior = _structure.Priors.Terms[k];
        string comment = $"{(term.Component == Component.Conditional ? "" : term.Component + ": ")}{string.Join(", ", term.TermNames)} by {term.Group}";
        blocks.Number("<lower=1>", $"J_{number}", term.Levels.Count, comment);
        blocks.Integers($"<lower=1, upper=J_{number}>", "N", $"level_{number}", Array.ConvertAll(rowToCell, cell => term.Codes[cell] + 1));
        if (term.Structure is { } structure) Structured(term, structure.Kind, prior, number, comment);
        else Plain(term, prior, number, comment);
        for (int j = 0; j < term.Width; j++)
        {
            string effect = term.Width == 1 ? $"r_{number}[level_{number}]" : $"to_vector(r_{number}[{j + 1}, level_{number}])";
            if (term.Covariates[j] is { } covariate)
            {
                blocks.Vector("", "N", $"Z_{number}_{j + 1}", Array.ConvertAll(rowToCell, cell => covariate[cell]), term.TermNames[j]);
                effect = $"Z_{number}_{j + 1} .* {effect}";
            }
            sum.Add(effect);
        }
    }

    private string Unit(TermPrior prior) => prior.RelativeToSigma ? $"{_structure.Auxiliary[0].Name} * " : "";

    private void Plain(GroupTerm term, TermPrior prior, int number, string comment)
    {
        string unit = Unit(prior);
        if (term.Width == 1)
        {
            Scalar(number, comment, prior);
            blocks.Parameters.Add($"vector[J_{number}] z_{number};");
            blocks.TransformedParameters.Add($"vector[J_{number}] r_{number} = {unit}sd_{number} * z_{number};  // {comment}");
            blocks.Priors.Add($"z_{number} ~ std_normal();");
            return;
        }
        Wide(term, number, comment, prior, $"J_{number}");
        blocks.TransformedParameters.Add($"matrix[{term.Width}, J_{number}] r_{number} = {unit}diag_pre_multiply(sd_{number}, L_{number}) * z_{number};  // {comment}");
    }

    private void Scalar(int number, string comment, TermPrior prior)
    {
        blocks.Parameters.Add($"real<lower=0> sd_{number};  // {comment}{(prior.RelativeToSigma ? $", in units of {_structure.Auxiliary[0].Name}" : "")}");
        StanPriors.Term(blocks, prior, $"sd_{number}", null, 1);
    }

    private void Wide(GroupTerm term, int number, string comment, TermPrior prior, string columns)
    {
        blocks.Parameters.Add($"vector<lower=0>[{term.Width}] sd_{number};  // {comment}{(prior.RelativeToSigma ? $", in units of {_structure.Auxiliary[0].Name}" : "")}");
        blocks.Parameters.Add($"cholesky_factor_corr[{term.Width}] L_{number};");
        blocks.Parameters.Add($"matrix[{term.Width}, {columns}] z_{number};");
        StanPriors.Term(blocks, prior, $"sd_{number}", $"L_{number}", term.Width);
        blocks.Priors.Add($"to_vector(z_{number}) ~ std_normal();");
        blocks.GeneratedQuantities.Add($"matrix[{term.Width}, {term.Width}] cor_{number} = multiply_lower_tri_self_transpose(L_{number});");
    }

    private void Structured(GroupTerm term, StructureKind kind, TermPrior prior, int number, string comment)
    {
        string unit = Unit(prior), size = $"Q_{number}";
        if (term.Structure!.Basis is { } basis)
        {
            blocks.Number("<lower=1>", size, basis.Columns);
            blocks.Matrix($"J_{number}", size, $"B_{number}", [.. Enumerable.Range(0, basis.Rows).Select(i => Enumerable.Range(0, basis.Columns).Select(j => basis[i, j]).ToArray())], "the covariance of the effects is sd^2 B B'");
        }
        if (term.Width > 1)
        {
            Wide(term, number, comment, prior, size);
            blocks.TransformedParameters.Add($"matrix[{term.Width}, J_{number}] r_{number} = {unit}diag_pre_multiply(sd_{number}, L_{number}) * z_{number} * B_{number}';  // {comment}");
            return;
        }
        Scalar(number, comment, prior);
        AuxiliaryParameter? parameter = _structure.Auxiliary.FirstOrDefault(parameter => parameter.Name == term.Parameter);
        blocks.Parameters.Add($"vector[{(kind is StructureKind.Bym2 or StructureKind.Autoregressive ? $"J_{number}" : size)}] z_{number};");
        blocks.Priors.Add($"z_{number} ~ std_normal();");
        switch (kind)
        {
            case StructureKind.Bym2:
                blocks.Parameters.Add($"vector[{size}] w_{number};  // of the spatial part");
                blocks.Parameters.Add($"real<lower=0, upper=1> mixing_{number};  // the spatial share of the variance");
                blocks.Priors.Add($"w_{number} ~ std_normal();");
                blocks.TransformedParameters.Add($"vector[J_{number}] r_{number} = {unit}sd_{number} * (sqrt(1 - mixing_{number}) * z_{number} + sqrt(mixing_{number}) * (B_{number} * w_{number}));  // {comment}");
                StanPriors.One(blocks, $"mixing_{number}", parameter!.Prior);
                break;
            case StructureKind.Autoregressive:
                blocks.Parameters.Add($"real<lower=-1, upper=1> ar_{number};  // correlation of neighbours");
                blocks.Use(Autoregression);
                blocks.TransformedParameters.Add($"vector[J_{number}] r_{number} = {unit}sd_{number} * ar1_effects(z_{number}, ar_{number});  // {comment}");
                StanPriors.One(blocks, $"ar_{number}", parameter!.Prior);
                break;
            default:
                blocks.TransformedParameters.Add($"vector[J_{number}] r_{number} = {unit}sd_{number} * (B_{number} * z_{number});  // {comment}");
                break;
        }
    }
}
