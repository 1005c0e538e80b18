using Terrace.Inference.Posterior;

namespace Terrace.Inference.Tests.Posterior;

public class DrawsTests
{
    private static readonly VariableLayout Layout = new(
    [
        new Variable("b", ["(Intercept)", "x:z"]),
        new Variable("sd", ["county,(Intercept)"]),
        new Variable("r", ["county,AITKIN,(Intercept)", "county,ANOKA,(Intercept)"]),
        new Variable("sigma"),
        new Variable("lp__"),
    ]);

    [Fact]
    public void Names_columns_as_files_do()
    {
        Assert.Equal(
            ["b[(Intercept)]", "b[x:z]", "sd[county,(Intercept)]", "r[county,AITKIN,(Intercept)]", "r[county,ANOKA,(Intercept)]", "sigma", "lp__"],
            Layout.Columns);
        Assert.Equal(3, Layout.OffsetOf("r"));
        Assert.Equal(5, Layout.IndexOf("sigma"));
        Assert.Equal(-1, Layout.IndexOf("b"));
    }

    [Fact]
    public void Keeps_each_column_contiguous_chain_after_chain()
    {
        var buffer = new DrawsBuffer(Layout, 2, 3);
        var draw = new double[7];
        for (int chain = 0; chain < 2; chain++)
        {
            for (int iteration = 0; iteration < 3; iteration++)
            {
                for (int column = 0; column < 7; column++) draw[column] = 100 * column + 10 * chain + iteration;
                buffer.Write(chain, iteration, draw);
            }
        }
        Draws draws = buffer.ToDraws();
        Assert.Equal([500, 501, 502, 510, 511, 512], draws.Column("sigma").ToArray());
        Assert.Equal([110, 111, 112], draws.Column(1, 1).ToArray());
        draws.CopyDraw(4, draw);
        Assert.Equal([11, 111, 211, 311, 411, 511, 611], draw);
    }

    [Fact]
    public void Takes_no_draw_after_it_was_handed_over()
    {
        var buffer = new DrawsBuffer(Layout, 1, 1);
        buffer.ToDraws();
        Assert.Throws<InvalidOperationException>(() => buffer.Write(0, 0, new double[7]));
        Assert.Throws<InvalidOperationException>(() => buffer.ToDraws());
    }

    [Fact]
    public void Refuses_values_that_do_not_fit_the_layout() =>
        Assert.Throws<ArgumentException>(() => new Draws(Layout, 1, 2, new double[13]));

    [Fact]
    public void Refuses_two_columns_of_one_name()
    {
        Assert.Throws<ArgumentException>(() => new VariableLayout([new Variable("b", ["x", "x"])]));
        Assert.Throws<ArgumentException>(() => new VariableLayout([new Variable("b"), new Variable("b")]));
        Assert.Throws<ArgumentException>(() => new Variable("A", ["1,1", "1,2"], [2, 2]));
    }

    [Fact]
    public void An_unknown_name_is_named() =>
        Assert.Contains("tau", Assert.Throws<ArgumentException>(() => new DrawsBuffer(Layout, 1, 1).ToDraws().Column("tau").ToArray()).Message, StringComparison.Ordinal);
}
