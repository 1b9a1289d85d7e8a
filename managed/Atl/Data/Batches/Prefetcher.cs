using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Atl.Data;

/// <summary>Loads buffers ahead of their use, in order, on a thread of its own.</summary>
public sealed class Prefetcher<T> : IDisposable
    where T : class
{
    private readonly BlockingCollection<T> _free = [];
    private readonly BlockingCollection<(T? Loaded, ExceptionDispatchInfo? Error)> _loaded = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Action<T> _load;
    private readonly Thread _thread;

    /// <summary>Starts to load into the given buffers.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="buffers">The buffers: what is loaded ahead, and what is in use.</param>
    /// <param name="load">Loads the next of the sequence into a buffer.</param>
    public Prefetcher(string name, IEnumerable<T> buffers, Action<T> load)
    {
        _load = load;
        foreach (T buffer in buffers) _free.Add(buffer);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Waits for the next loaded buffer. An error of the load comes out here, at its turn and at every later
    /// one.</summary>
    public T Take()
    {
        (T? loaded, ExceptionDispatchInfo? error) = _loaded.Take();
        if (error is null) return loaded!;
        _loaded.Add((null, error));
        error.Throw();
        return loaded!;
    }

    /// <summary>Gives a buffer back to be loaded again.</summary>
    public void Return(T buffer) => _free.Add(buffer);

    /// <summary>Stops after the load that is under way.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _free.Dispose();
        _loaded.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            while (true)
            {
                T buffer = _free.Take(_stop.Token);
                _load(buffer);
                _loaded.Add((buffer, null));
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
        catch (Exception e)
        {
            _loaded.Add((null, ExceptionDispatchInfo.Capture(e)));
        }
    }
}
