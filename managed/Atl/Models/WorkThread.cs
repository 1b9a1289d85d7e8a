using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Atl;

/// <summary>
/// A thread that does a session's work, one piece after another: OpenMP's threads belong to the thread that asks for
/// them, so those of a session end with the session, whatever threads call it.
/// </summary>
/// <remarks>Thread-safe. One that is forgotten, not disposed, ends after the garbage collector has found
/// it.</remarks>
internal sealed class WorkThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    public WorkThread(string name)
    {
        // The thread knows the queue alone, so that it keeps no one alive.
        BlockingCollection<Action> work = _work;
        new Thread(() => DoAll(work)) { IsBackground = true, Name = name }.Start();
    }

    ~WorkThread() => _work.CompleteAdding();

    /// <summary>Does a piece of work on the thread, without waiting for it.</summary>
    /// <exception cref="InvalidOperationException">The thread has ended.</exception>
    public Task<T> Start<T>(Func<T> work, CancellationToken cancellation = default)
    {
        // What awaits goes on elsewhere, so that it may wait for the session again.
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                cancellation.ThrowIfCancellationRequested();
                done.SetResult(work());
            }
            catch (OperationCanceledException e) when (e.CancellationToken == cancellation)
            {
                done.SetCanceled(cancellation);
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }, CancellationToken.None);
        return done.Task;
    }

    /// <summary>Does a piece of work on the thread and waits for it; its exception is the caller's.</summary>
    public T Do<T>(Func<T> work) => Start(work).GetAwaiter().GetResult();

    /// <summary>Ends the thread once its work is done.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        GC.SuppressFinalize(this);
    }

    private static void DoAll(BlockingCollection<Action> work)
    {
        while (DoNext(work))
        {
        }
        work.Dispose();
    }

    // By itself, so that a piece that is done keeps nothing alive while the thread waits for the next.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool DoNext(BlockingCollection<Action> work)
    {
        if (!work.TryTake(out Action? piece, Timeout.Infinite)) return false;
        piece();
        return true;
    }
}
