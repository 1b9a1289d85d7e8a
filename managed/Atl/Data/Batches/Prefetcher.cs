using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Atl.Data;

/// <summary>Loads buffers ahead of their use, in order, on a thread of its own. The thread ends when the prefetcher is
/// disposed, and when it is forgotten.</summary>
internal sealed class Prefetcher<T> : IDisposable
    where T : class
{
    private readonly Work _work;
    private readonly Thread _thread;

    /// <summary>Starts to load into the given buffers.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="buffers">The buffers: what is loaded ahead, and what is in use.</param>
    /// <param name="load">Loads the next of the sequence into a buffer. What it refers to lives as long as the
    /// thread.</param>
    public Prefetcher(string name, IEnumerable<T> buffers, Action<T> load)
    {
        _work = new Work(load);
        foreach (T buffer in buffers) _work.Free.Add(buffer);
        _thread = new Thread(_work.Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Tells the thread to end after the load that is under way, and does not wait for it.</summary>
    ~Prefetcher() => _work?.Stop.Cancel();

    /// <summary>Waits for the next loaded buffer. An error of the load comes out here, at its turn and at every later
    /// one.</summary>
    public T Take()
    {
        (T? loaded, ExceptionDispatchInfo? error) = _work.Loaded.Take();
        GC.KeepAlive(this);
        if (error is null) return loaded!;
        _work.Loaded.Add((null, error));
        error.Throw();
        return loaded!;
    }

    /// <summary>Gives a buffer back to be loaded again.</summary>
    public void Return(T buffer) => _work.Free.Add(buffer);

    /// <summary>Stops after the load that is under way.</summary>
    public void Dispose()
    {
        _work.Stop.Cancel();
        _thread.Join();
        _work.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// The thread's work and its state. It does not reference the prefetcher, so that the prefetcher can be collected.
    /// </summary>
    private sealed class Work(Action<T> load) : IDisposable
    {
        public BlockingCollection<T> Free { get; } = [];

        public BlockingCollection<(T? Loaded, ExceptionDispatchInfo? Error)> Loaded { get; } = [];

        public CancellationTokenSource Stop { get; } = new();

        public void Run()
        {
            try
            {
                while (true)
                {
                    T buffer = Free.Take(Stop.Token);
                    load(buffer);
                    Loaded.Add((buffer, null));
                }
            }
            catch (OperationCanceledException)
            {
                // Disposed or forgotten.
            }
            catch (Exception e)
            {
                Loaded.Add((null, ExceptionDispatchInfo.Capture(e)));
            }
        }

        public void Dispose()
        {
            Free.Dispose();
            Loaded.Dispose();
            Stop.Dispose();
        }
    }
}
