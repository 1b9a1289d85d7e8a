namespace Atl.Face;

/// <summary>Workers that calls take in turn; one is created where all are busy, up to a number.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RecognizerPool : IDisposable
{
    private readonly Func<RecognizerWorker> _create;
    private readonly SemaphoreSlim _free;
    private readonly Stack<RecognizerWorker> _idle = [];
    private bool _disposed;

    /// <summary>A pool.</summary>
    /// <param name="create">Creates a worker; called by several threads at once.</param>
    /// <param name="first">A worker that is there already.</param>
    /// <param name="most">How many there may be.</param>
    public RecognizerPool(Func<RecognizerWorker> create, RecognizerWorker first, int most)
    {
        (_create, _free) = (create, new SemaphoreSlim(most));
        _idle.Push(first);
    }

    /// <summary>Works with a worker of its own; waits until one is free.</summary>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    public T Use<T>(Func<RecognizerWorker, T> work)
    {
        _free.Wait();
        try
        {
            RecognizerWorker worker = Take() ?? _create();
            try
            {
                return work(worker);
            }
            finally
            {
                Return(worker);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Frees the workers; those at work when they are done.</summary>
    public void Dispose()
    {
        lock (_idle)
        {
            _disposed = true;
            while (_idle.TryPop(out RecognizerWorker? worker)) worker.Dispose();
        }
    }

    private RecognizerWorker? Take()
    {
        lock (_idle)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(FaceRecognizer));
            return _idle.TryPop(out RecognizerWorker? worker) ? worker : null;
        }
    }

    private void Return(RecognizerWorker worker)
    {
        lock (_idle)
        {
            if (_disposed) worker.Dispose();
            else _idle.Push(worker);
        }
    }
}
