using System.Text.Json;
using Terrace.Bayes;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.StanCode;
using Terrace.Tests.Bayes;
using Terrace.Tests.TestData;

namespace Terrace.Tests.StanCode;

public class StanProgramTests
{
    private const string VaryingIntercept = """
        // log_radon ~ floor + (1 | county); family gaussian, link identity
        // written by Terrace
        functions {
          row_vector column_means(matrix X) {
            return rep_row_vector(1.0 / rows(X), rows(X)) * X;
          }
        }
        data {
          int<lower=1> N;  // rows
          int<lower=0> K;
          matrix[N, K] X;  // floor
          int<lower=1> J_1;  // (Intercept) by county
          array[N] int<lower=1, upper=J_1> level_1;
          vector[N] y;  // the response
        }
        transformed data {
          row_vector[K] means_X = column_means(X);
          matrix[N, K] Xc = X - rep_matrix(means_X, N);
        }
        parameters {
          real<lower=0> sigma;
          real Intercept;  // at the means of the predictors
          vector[K] b;
          real<lower=0> sd_1;  // (Intercept) by county
          vector[J_1] z_1;
        }
        transformed parameters {
          vector[J_1] r_1 = sd_1 * z_1;  // (Intercept) by county
          vector[N] eta = Intercept + Xc * b + r_1[level_1];
        }
        model {
          // priors
          sigma ~ student_t(3, 0, 2.5);
          // b: flat
          Intercept ~ student_t(3, 1.3, 2.5);
          sd_1 ~ student_t(3, 0, 2.5);
          z_1 ~ std_normal();
          // likelihood
          y ~ normal(eta, sigma);
        }
        generated quantities {
          real b_Intercept = Intercept - dot_product(means_X, b);
        }

        """;

    [Fact]
    public void A_varying_intercept_model_reads_as_one_would_write_it()
    {
        BayesianModel model = Model("log_radon ~ floor + (1 | county)");
        Assert.Equal(VaryingIntercept.ReplaceLineEndings("\n"), StanProgram.Of(model, StanSyntax.Modern, "log_radon ~ floor + (1 | county)").Code);
        Assert.Contains("int<lower=1, upper=J_1> level_1[N];", StanProgram.Of(model, StanSyntax.Old).Code, StringComparison.Ordinal);
    }

    [Fact]
    public void The_data_are_those_of_the_rows()
    {
        BayesianModel model = Model("log_radon ~ floor + (1 | county)");
        using var stream = new MemoryStream();
        StanProgram.Of(model).WriteData(stream);
        JsonElement json = JsonDocument.Parse(stream.ToArray()).RootElement;
        Assert.Equal(["N", "K", "X", "J_1", "level_1", "y"], json.EnumerateObject().Select(property => property.Name));
        Assert.Equal((919, 1, 85), (json.GetProperty("N").GetInt32(), json.GetProperty("K").GetInt32(), json.GetProperty("J_1").GetInt32()));
        var data = Fixtures.Data("radon");
        for (int row = 0; row < 919; row += 100)
        {
            Assert.Equal(double.Parse(data.Get("log_radon").TextAt(row)!, System.Globalization.CultureInfo.InvariantCulture), json.GetProperty("y")[row].GetDouble());
            Assert.Equal(data.Get("county").TextAt(row), model.Structure.Terms[0].Levels[json.GetProperty("level_1")[row].GetInt32() - 1]);
        }
    }

    /// <summary>Every declared datum has a value, and every value is declared.</summary>
    [Theory]
    [MemberData(nameof(RandomBayesianProblem.Families), MemberType = typeof(RandomBayesianProblem))]
    public void Every_family_has_a_program_whose_data_are_declared(string family, string? link, bool dispersion, bool zeroInflation)
    {
        StanProgram program = StanProgram.Of(RandomBayesianProblem.Create(family, link, dispersion, zeroInflation).Model);
        using var stream = new MemoryStream();
        program.WriteData(stream);
        string block = program.Code[program.Code.IndexOf("\ndata {", StringComparison.Ordinal)..];
        block = block[..block.IndexOf("\n}", StringComparison.Ordinal)];
        string[] declared = [.. block.Split('\n').Skip(2).Select(line => line.Split("//")[0].Trim().TrimEnd(';').Split(' ')[^1])];
        Assert.Equal(JsonDocument.Parse(stream.ToArray()).RootElement.EnumerateObject().Select(property => property.Name), declared);
        Assert.Equal(program.Code.Count(c => c == '{'), program.Code.Count(c => c == '}'));
    }

    [Fact]
    public void What_has_no_program_is_refused()
    {
        ModelOutline outline = ModelOutline.Of(ModelFrame.Learn(Formula.Parse("log_radon ~ floor + log_uranium"), Fixtures.Data("radon")).Encode(Fixtures.Data("radon")), Family.Gaussian());
        BayesianModel mixed = outline.With(UserPriors.Apply(DefaultPriors.Of(outline, PriorPreset.Brms), outline, [UserPrior.Parse("horseshoe() on b"), UserPrior.Parse("normal(0, 1) on b:floor")]).Model);
        Assert.Contains("no Stan program yet", Assert.Throws<ModelException>(() => StanProgram.Of(mixed)).Message, StringComparison.Ordinal);
    }

    private static BayesianModel Model(string formula)
    {
        ModelOutline outline = ModelOutline.Of(ModelFrame.Learn(Formula.Parse(formula), Fixtures.Data("radon")).Encode(Fixtures.Data("radon")), Family.Gaussian());
        return outline.With(DefaultPriors.Of(outline, PriorPreset.Brms).Model);
    }
}
