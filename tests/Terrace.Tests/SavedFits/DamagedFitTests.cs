using System.Text;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.Predictions;
using Terrace.SavedFits;
using Terrace.Tests.TestData;

namespace Terrace.Tests.SavedFits;

/// <summary>Saved fits that were cut off or changed: a clear refusal, never another exception and never other numbers.</summary>
public sealed class DamagedFitTests : IDisposable
{
    private const int Cases = 1500;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sleepstudy", "Reaction ~ poly(Days, 2) + (Days | Subject)")]
    [InlineData("mtcars", "mpg ~ wt + factor(cyl) + cut(hp, c(0, 100, 400))")]
    public void A_fit_cut_off_anywhere_is_refused(string name, string formula)
    {
        byte[] whole = Saved(Fixtures.Data(name), formula);
        for (int length = 0; length < whole.Length; length += 1 + whole.Length / Cases)
        {
            string path = _folder.Write("cut.fit", whole[..length]);
            Assert.Contains("cut.fit", Assert.Throws<DataException>(() => SavedFitFile.Read(path)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("sleepstudy", "Reaction ~ poly(Days, 2) + (Days | Subject)")]
    [InlineData("mtcars", "mpg ~ wt + factor(cyl) + cut(hp, c(0, 100, 400))")]
    public void A_fit_with_any_changed_byte_is_refused(string name, string formula)
    {
        byte[] whole = Saved(Fixtures.Data(name), formula);
        byte[] others = Encoding.ASCII.GetBytes("0123456789-.eE{}[]\",:xn \0\u007F").Concat<byte>([0x80, 0xC3, 0xFF]).ToArray();
        var random = new Random(20260101);
        for (int n = 0; n < Cases; n++)
        {
            byte[] changed = [.. whole];
            int place = random.Next(changed.Length);
            byte other = others[random.Next(others.Length)];
            if (changed[place] == other) continue;
            changed[place] = other;
            string path = _folder.Write("changed.fit", changed);
            Assert.Contains("changed.fit", Assert.Throws<DataException>(() => SavedFitFile.Read(path)).Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Saved(Frame data, string text)
    {
        Formula formula = Formula.Parse(text);
        ModelFrame frame = ModelFrame.Learn(formula, data);
        ModelRows rows = frame.Encode(data);
        var context = new FitContext(text, "default", rows.Rows, rows.Cells, rows.OmittedRows);
        using var bytes = new MemoryStream();
        if (formula.RandomTerms.Count == 0)
        {
            GeneralizedLinearModelFit linear = GeneralizedLinearModel.Fit(rows, Family.Parse("gaussian"));
            SavedFitFile.Write(new SavedFit(frame, PredictionModel.Of(linear), LinearFitReport.Of(linear, context), DataFingerprint.Of(rows)), bytes);
        }
        else
        {
            MixedModelFit mixed = LinearMixedModel.Fit(rows);
            SavedFitFile.Write(new SavedFit(frame, PredictionModel.Of(mixed), MixedFitReport.Of(mixed, context), DataFingerprint.Of(rows)), bytes);
        }
        return bytes.ToArray();
    }
}
