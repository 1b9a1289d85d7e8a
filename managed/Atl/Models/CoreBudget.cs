using Atl.Devices.Cpu;

namespace Atl;

/// <summary>
/// The cores of the process, which its sessions lend one another: at no time do they run on more. First come, first
/// served, so that a run with many threads is not passed by ones with few.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class CoreBudget
{
    private readonly object _lock = new();
    private readonly LinkedList<int> _waiting = [];
    private int _free;

    /// <summary>A budget.</summary>
    /// <param name="cores">How many there are.</param>
    public CoreBudget(int cores) => Cores = _free = cores;

    /// <summary>That of the process: OpenMP's threads of a thread that has set none of its own.</summary>
    public static CoreBudget Process { get; } = new(ThreadsOfANewThread());

    /// <summary>The number of cores.</summary>
    public int Cores { get; }

    /// <summary>The number of cores that are lent now.</summary>
    public int Lent
    {
        get
        {
            lock (_lock) return Cores - _free;
        }
    }

    /// <summary>Borrows so many, at most all; waits until they are free.</summary>
    /// <exception cref="OperationCanceledException">It was canceled while it waited.</exception>
    public Loan Borrow(int count, CancellationToken cancellation = default)
    {
        Take(count, cancellation);
        return new Loan(this, count);
    }

    private void Take(int count, CancellationToken cancellation)
    {
        // Outside the lock: a token that is canceled calls at once.
        using CancellationTokenRegistration wake = cancellation.Register(Wake);
        lock (_lock)
        {
            LinkedListNode<int> turn = _waiting.AddLast(count);
            try
            {
                while (_waiting.First != turn || _free < count)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Monitor.Wait(_lock);
                }
                _free -= count;
            }
            finally
            {
                _waiting.Remove(turn);
                Monitor.PulseAll(_lock);
            }
        }
    }

    private void Wake()
    {
        lock (_lock) Monitor.PulseAll(_lock);
    }

    private void Return(int count)
    {
        lock (_lock)
        {
            _free += count;
            Monitor.PulseAll(_lock);
        }
    }

    // The calling thread may have set its own (CpuDevice.Threads).
    private static int ThreadsOfANewThread()
    {
        using WorkThread thread = new("Atl's count of cores");
        return Math.Max(1, thread.Do(() => CpuDevice.Threads));
    }

    /// <summary>Cores that were lent, until it is disposed.</summary>
    internal sealed class Loan(CoreBudget budget, int count) : IDisposable
    {
        private volatile bool _isOpen = true;

        /// <summary>Whether it has not been disposed.</summary>
        public bool IsOpen => _isOpen;

        /// <summary>Gives the cores back while the borrower waits for others that need some, and takes as many again
        /// when the result is disposed.</summary>
        public Pause LayDown()
        {
            budget.Return(count);
            return new Pause(this);
        }

        public void Dispose()
        {
            _isOpen = false;
            budget.Return(count);
        }

        /// <summary>The time without cores.</summary>
        internal readonly struct Pause(Loan loan) : IDisposable
        {
            public void Dispose() => loan.TakeUp();
        }

        private void TakeUp() => budget.Take(count, CancellationToken.None);
    }
}
