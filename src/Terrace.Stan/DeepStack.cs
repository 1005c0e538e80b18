using System.Runtime.ExceptionServices;

namespace Terrace.Stan;

/// <summary>Runs a phase of the compiler on a stack of its own, as expressions are as deep as they are long and the caller's stack may be small.</summary>
internal static class DeepStack
{
    private const int Size = 256 << 20;

    /// <summary>The result of a function; what it throws is thrown here.</summary>
    /// <exception cref="InsufficientExecutionStackException">Even this stack is too small.</exception>
    public static T Run<T>(Func<T> function)
    {
        T result = default!;
        ExceptionDispatchInfo? fault = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = function();
                }
                catch (Exception e)
                {
                    fault = ExceptionDispatchInfo.Capture(e);
                }
            },
            Size);
        thread.UnsafeStart();
        thread.Join();
        fault?.Throw();
        return result;
    }
}
