using Terrace.CompareStan;
using Terrace.PosteriorDb;

// dotnet Terrace.CompareStan.dll prepare CHECKOUT WORK | measure CHECKOUT WORK NAME | table CHECKOUT WORK
// prepare: every program of posteriordb in the syntax of Stan 2.21, its data as an R dump, and points to evaluate at. measure: one program, alone in its process. table: what was measured, as Markdown.
if (args.Length < 3)
{
    Console.Error.WriteLine("usage: prepare CHECKOUT WORK | measure CHECKOUT WORK NAME | table CHECKOUT WORK");
    return 2;
}
var work = new WorkFolder(args[2]);
Posterior[] programs = Selection.OnePosteriorEach(args[1]);
switch (args[0])
{
    case "prepare": Preparation.Run(programs, work); break;
    case "measure": Measurement.Run(programs.Single(program => program.Program == args[3]), work); break;
    default: Table.Print(programs, work); break;
}
return 0;
