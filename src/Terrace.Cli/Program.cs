using System.Runtime.InteropServices;
using Terrace.Cli;

using var cancellation = new CancellationTokenSource();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return CommandLine.Run(args, Console.Out, Console.Error, !Console.IsErrorRedirected, cancellation.Token);

// The first signal removes what was written so far and asks the work to stop at its next check; if that takes long, or at a second signal, the process ends.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    if (cancellation.IsCancellationRequested) End();
    cancellation.Cancel();
    var watch = new Thread(EndSoon) { IsBackground = true };
    watch.Start();
}

static void EndSoon()
{
    Thread.Sleep(TimeSpan.FromSeconds(2));
    End();
}

static void End()
{
    Console.Error.WriteLine("terrace: cancelled.");
    Environment.Exit(CommandLine.Cancelled);
}
