using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Terrace.Inference.LogDensities;
using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Data;
using Terrace.Stan.Printing;
using Terrace.Stan.Runtime;

namespace Terrace.Stan.Tests.Printing;

/// <summary>The C# that is printed, given to the compiler of C# and run.</summary>
public class CSharpTests
{
    /// <summary>The printed class computes the log density and gradient of the program that runs, to the last bits.</summary>
    [Fact]
    public void The_printed_code_compiles_and_computes_what_runs()
    {
        Assembly printed = Compiled([.. PrintedPrograms.All.Select(program => StanPrinter.Print(program.Program, StanPhase.CSharp, program.Name))]);
        foreach ((string name, string program, string data) in PrintedPrograms.All)
        {
            BoundStanModel bound = StanModel.Compile(program, name).Bind(StanData.ParseJson(data, name));
            Type code = printed.GetType($"Terrace.Stan.Runtime.{StanPrinter.Identifier(name)}", true)!;
            var density = code.GetMethod("LogDensity")!.CreateDelegate<Action<Workspace>>();
            var functions = (Action<Workspace>[])code.GetField("Functions")!.GetValue(null)!;
            var rng = new Rng(3, 1);
            double[] position = [.. Enumerable.Range(0, bound.Dimension).Select(_ => rng.NextDouble() - 0.5)], gradient = new double[bound.Dimension];
            DensityValue expected = bound.CreateEvaluator().Evaluate(position, gradient);
            Assert.True(expected.IsAccepted, $"{name}: {expected.Rejection?.Reason}");
            double[] found = Evaluate(bound, density, functions, position);
            Assert.Equal(expected.Value, found[0], 1e-12 * Math.Max(1, Math.Abs(expected.Value)));
            for (int k = 0; k < gradient.Length; k++) Assert.Equal(gradient[k], found[k + 1], 1e-12 * Math.Max(1, Math.Abs(gradient[k])));
        }
    }

    [Fact]
    public void Printing_again_gives_the_same_text()
    {
        foreach ((string name, string program, _) in PrintedPrograms.All)
            foreach (StanPhase phase in Enum.GetValues<StanPhase>()) Assert.Equal(StanPrinter.Print(program, phase, name), StanPrinter.Print(program, phase, name));
    }

    [Fact]
    public void Statements_of_the_program_stand_beside_the_code_and_failures_where_they_are_found()
    {
        string text = StanPrinter.Print(PrintedPrograms.All[0].Program, StanPhase.CSharp, "eight schools.stan");
        Assert.Contains("internal static unsafe class EightSchools", text, StringComparison.Ordinal);
        Assert.Contains("// line 1: theta ~ normal(mu, tau);", text, StringComparison.Ordinal);
        Assert.Contains("Densities.NormalVector.Log(w, w.DropConstants ? 7 : -1, new Block(theta", text, StringComparison.Ordinal);
        Assert.DoesNotContain("goto", text, StringComparison.Ordinal);
    }

    private static Assembly Compiled(string[] texts)
    {
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(File.Exists).Select(path => MetadataReference.CreateFromFile(path));
        // The runtime is open to an assembly of the tests' name only.
        CSharpCompilation compilation = CSharpCompilation.Create("Terrace.Stan.Tests", texts.Select(text => CSharpSyntaxTree.ParseText(text)), references.Where(reference => !reference.Display!.EndsWith("Terrace.Stan.Tests.dll", StringComparison.Ordinal)), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release));
        using var stream = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(stream);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(10)));
        stream.Position = 0;
        return new AssemblyLoadContext("printed").LoadFromStream(stream);
    }

    private static double[] Evaluate(BoundStanModel bound, Action<Workspace> density, Action<Workspace>[] functions, double[] position)
    {
        Workspace w = bound.NewWorkspace();
        Array.Resize(ref w.V, 1 << 16);
        Array.Resize(ref w.A, 1 << 16);
        Array.Resize(ref w.I, 1 << 14);
        w.Functions = functions;
        w.IncludeJacobian = w.Differentiating = true;
        w.A[Workspace.TargetSlot] = 1;
        w.Position = w.AllocateSlots(position.Length);
        position.CopyTo(w.V, w.Position);
        density(w);
        w.Reverse();
        return [w.Target, .. w.A.AsSpan(w.Position, position.Length)];
    }
}
