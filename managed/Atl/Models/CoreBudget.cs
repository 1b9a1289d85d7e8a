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
    private int _free;
    private long _next, _served;

    /// <summary>A budget.</summary>
    /// <param name="cores">How many there are.</param>
    public CoreBudget(int cores) => Cores = _free = cores;

    /// <summary>That of the process: OpenMP's threads of a thread that has set none of its own.</summary>
    public static CoreBudget Process { get; } = new(ThreadsOfANewThread());

    /// <summary>How many there are.</summary>
    public int Cores { get; }

    /// <summary>How many are lent now.</summary>
    public int Lent
    {
        get
        {
            lock (_lock) return Cores - _free;
        }
    }

    /// <summary>Borrows so many, at most all; waits until they are free.</summary>
    public Loan Borrow(int count)
    {
        lock (_lock)
        {
            long turn = _next++;
            while (turn != _served || _free < count) Monitor.Wait(_lock);
            _served++;
            _free -= count;
            Monitor.PulseAll(_lock);
        }
        return new Loan(this, count);
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
    internal readonly struct Loan(CoreBudget budget, int count) : IDisposable
    {
        public void Dispose() => budget.Return(count);
    }
}
