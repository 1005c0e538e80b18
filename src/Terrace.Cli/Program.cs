using System.Runtime.InteropServices;
using Terrace.Cli;

using var cancellation = new CancellationTokenSource();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return CommandLine.Run(args, Console.Out, Console.Error, !Console.IsErrorRedirected, cancellation.Token);

// The first signal asks the work to stop at its next check; a second one ends the process at once.
void Stop(PosixSignalContext signal)
{
    if (cancellation.IsCancellationRequested) return;
    signal.Cancel = true;
    cancellation.Cancel();
}
