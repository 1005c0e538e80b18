using System.Collections.Concurrent;

namespace Terrace.MixedModels;

/// <summary>Workspaces that threads take and give back, so that a parallel loop makes no more of them than it has threads.</summary>
internal sealed class WorkspacePool<T>(Func<T> create)
{
    private readonly ConcurrentBag<T> _free = [];

    public T Take() => _free.TryTake(out var space) ? space : create();

    public void Return(T space) => _free.Add(space);
}
