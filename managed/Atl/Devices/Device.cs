using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Atl.Logging;
using Atl.Native;
using Atl.Operators;
using Microsoft.Extensions.Logging;

namespace Atl.Devices;

/// <summary>
/// A processor on which operators run, with the memory of its tensors. It allocates memory from a pool, copies and
/// reorders tensors, and creates its operators. An operator that it lacks runs on the CPU, between copies.
/// </summary>
public abstract class Device : IDisposable
{
    // Beyond any memory, and small enough to be rounded up.
    private const long LargestBlock = 1L << 56;

    private readonly Lock _lock = new();
    // Blocks that nobody uses, by size, in the order in which they came back.
    private readonly SortedDictionary<long, List<FreeBlock>> _free = [];
    // The specifications whose operators run on the CPU, by the logger that was warned.
    private readonly ConditionalWeakTable<ILogger, ConcurrentDictionary<Type, byte>> _fallbacks = [];
    private readonly SortedDictionary<long, int> _used = [];
    private long _returns, _most, _bytesHeld;

    /// <summary>Sets up the scratch memory.</summary>
    protected Device() => Workspace = new Workspace(this);

    /// <summary>Raised with the type of a specification whose operator runs on the CPU for want of one here.</summary>
    internal event Action<Type>? FellBack;

    /// <summary>The host's CPU; there is one.</summary>
    public static Device Cpu => CpuHolder.Instance;

    /// <summary>The name in messages: <c>cpu</c>, <c>cuda:0</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Scratch memory for the length of one call of an operator.</summary>
    internal Workspace Workspace { get; }

    /// <summary>Bytes that tensors and operators hold now.</summary>
    public long BytesInUse { get; private set; }

    /// <summary>The maximum bytes that were held at once since the last <see cref="ResetPeak"/>.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Bytes kept for reuse.</summary>
    public long BytesPooled { get; private set; }

    /// <summary>Bytes that were taken from the system or the driver and not given back to it: those in use and those
    /// kept for reuse. The garbage collector knows of each once.</summary>
    internal long BytesHeld => Volatile.Read(ref _bytesHeld);

    /// <summary>The maximum bytes that may be held, in use and kept for reuse; no limit unless set.</summary>
    public long MemoryLimit { get; set; } = long.MaxValue;

    /// <summary>The memory that there is, which nothing can go beyond; no limit where the device itself
    /// refuses.</summary>
    internal virtual long MostMemory => long.MaxValue;

    /// <summary>Whether memory that is given back goes into the pool, as it does unless the device has lost
    /// it.</summary>
    protected virtual bool TakesBack => true;

    /// <summary>
    /// Describes its memory: bytes in use, pooled and at the peak, and per block size the number in use and pooled.
    /// </summary>
    public string MemoryReport()
    {
        lock (_lock)
        {
            string limit = MemoryLimit == long.MaxValue ? "none" : FormattableString.Invariant($"{MemoryLimit}");
            IEnumerable<string> classes = _used.Keys.Union(_free.Keys).Order().Select(size =>
                FormattableString.Invariant($"{size}: {_used.GetValueOrDefault(size)} in use, {Kept(size)} pooled"));
            string blocks = string.Join("; ", classes);
            return FormattableString.Invariant(
                $"{Name}: {BytesInUse} bytes in use, {BytesPooled} pooled, peak {PeakBytes}, limit {limit}")
                + (blocks.Length > 0 ? $"; blocks of {blocks}" : "");
        }
        int Kept(long size) => _free.TryGetValue(size, out List<FreeBlock>? kept) ? kept.Count : 0;
    }

    /// <summary>The layout that convolutions of this device like for a blob of this shape; plain where nothing else
    /// fits.</summary>
    public virtual Layout PreferredLayout(Shape shape) => Layout.Plain;

    /// <summary>Resets the peak to the bytes in use.</summary>
    public void ResetPeak()
    {
        lock (_lock) PeakBytes = BytesInUse;
    }

    /// <summary>
    /// Borrows memory of at least <paramref name="bytes"/> bytes; its content is undefined. Where there is none left,
    /// memory that was forgotten is looked for before that is an error.
    /// </summary>
    /// <exception cref="DeviceException">The device has no such memory left.</exception>
    internal MemoryBlock Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        try
        {
            return AllocateNow(bytes);
        }
        catch (DeviceMemoryException)
        {
            if (!FindForgotten()) throw;
        }
        return AllocateNow(bytes);
    }

    /// <summary>Takes memory back, on any thread, the finalizers' among them. It never waits for the device: nothing
    /// calls a driver while it holds the lock.</summary>
    internal void Return(nint pointer, long bytes)
    {
        lock (_lock)
        {
            BytesInUse -= bytes;
            _used[bytes]--;
            if (!TakesBack)
            {
                CountGone(bytes);
                return;
            }
            BytesPooled += bytes;
            if (!_free.TryGetValue(bytes, out List<FreeBlock>? blocks)) _free[bytes] = blocks = [];
            blocks.Add(new FreeBlock(pointer, bytes, _returns++));
        }
    }

    /// <summary>Frees the memory that is kept for reuse.</summary>
    /// <exception cref="DeviceException">The driver refused some of it; the pool is empty all the same.</exception>
    public void Trim()
    {
        List<FreeBlock> blocks;
        lock (_lock) blocks = TakeAll();
        Free(blocks);
    }

    /// <summary>Makes the operator that a specification describes, on this device or, where it has none, on the CPU
    /// (a warning once for each type of specification).</summary>
    /// <param name="spec">What is wanted.</param>
    /// <param name="logger">The logger that is warned that it runs on the CPU; null for none.</param>
    /// <exception cref="DeviceException">No device has it.</exception>
    public TOperator Create<TOperator>(OperatorSpec<TOperator> spec, ILogger? logger = null)
        where TOperator : Operator
    {
        if (OperatorCatalog.TryCreate(this, spec, out TOperator? made)) return made;
        if (this != Cpu && OperatorCatalog.TryCreate(Cpu, spec, out made))
        {
            FellBack?.Invoke(spec.GetType());
            if (logger is not null && _fallbacks.GetOrCreateValue(logger).TryAdd(spec.GetType(), 0))
                logger.Warning("device.cpp",
                    $"{Name} has no {typeof(TOperator).Name}: it runs on the CPU, with copies");
            return made;
        }
        throw new DeviceException($"no device has the operator {typeof(TOperator).Name}");
    }

    /// <summary>Waits until all work given to the device is done.</summary>
    public virtual void Synchronize()
    {
    }

    /// <summary>Frees the pool; the CPU's stays.</summary>
    public virtual void Dispose()
    {
        Trim();
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes zeros.</summary>
    public abstract void Zero(nint pointer, long bytes);

    /// <summary>Copies within the device.</summary>
    public abstract void Copy(nint source, nint destination, long bytes);

    /// <summary>Copies from the host to the device.</summary>
    public abstract void Upload(nint hostSource, nint destination, long bytes);

    /// <summary>Copies from the device to the host, and waits for it.</summary>
    public abstract void Download(nint source, nint hostDestination, long bytes);

    /// <summary>Copies a float tensor between two layouts within the device.</summary>
    public abstract void Reorder(Shape shape, Layout from, nint source, Layout to, nint destination);

    /// <summary>Takes memory from the system or the driver.</summary>
    protected abstract nint AllocateRaw(long bytes);

    /// <summary>Gives memory back to the system or the driver.</summary>
    protected abstract void FreeRaw(nint pointer);

    // Sizes are rounded so that tensors of nearly the same size share pool entries: at most 1/8 is wasted.
    private static long RoundUp(long bytes)
    {
        if (bytes <= 4096) return (bytes + 255) / 256 * 256;
        long step = Math.Max(4096, (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)bytes) / 16);
        return (bytes + step - 1) / step * step;
    }

    private DeviceMemoryException Refusal(long bytes, string why) => new(bytes, why, MemoryReport());

    private MemoryBlock AllocateNow(long bytes)
    {
        long size = RoundUp(Math.Clamp(bytes, 1, LargestBlock));
        List<FreeBlock> outdated;
        lock (_lock)
        {
            if (size > MemoryLimit - BytesInUse)
                throw Refusal(bytes,
                    FormattableString.Invariant(
                        $"the limit is reached: {BytesInUse:N0} of {MemoryLimit:N0} bytes are in use"));
            if (size > MostMemory - BytesInUse)
                throw Refusal(bytes, FormattableString.Invariant(
                    $"{BytesInUse:N0} bytes are in use, of {MostMemory:N0} bytes of memory and swap space in all"));
            BytesInUse += size;
            PeakBytes = Math.Max(PeakBytes, BytesInUse);
            _used[size] = _used.GetValueOrDefault(size) + 1;
            if (_free.TryGetValue(size, out List<FreeBlock>? blocks) && blocks.Count > 0)
            {
                BytesPooled -= size;
                nint pointer = blocks[^1].Pointer;
                blocks.RemoveAt(blocks.Count - 1);
                return new MemoryBlock(this, pointer, size);
            }
            outdated = TakeOldest();
            if (BytesInUse + BytesPooled > MemoryLimit) outdated.AddRange(TakeAll());
        }
        try
        {
            Free(outdated);
            return new MemoryBlock(this, AllocateOrMakeRoom(size), size);
        }
        catch (Exception e)
        {
            lock (_lock)
            {
                BytesInUse -= size;
                _used[size]--;
                if (e is DeviceException and not NativeLibraryException) throw Refusal(bytes, e.Message);
            }
            throw;
        }
    }

    // Whether the garbage collector finds memory that nobody disposed and nobody can use any more.
    private bool FindForgotten()
    {
        long before = BytesInUse;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return BytesInUse < before;
    }

    private nint AllocateOrMakeRoom(long size)
    {
        nint made;
        try
        {
            made = AllocateRaw(size);
        }
        catch (DeviceException) when (BytesPooled > 0)
        {
            Trim();
            made = AllocateRaw(size);
        }
        Interlocked.Add(ref _bytesHeld, size);
        GC.AddMemoryPressure(size);
        return made;
    }

    private void CountGone(long bytes)
    {
        Interlocked.Add(ref _bytesHeld, -bytes);
        GC.RemoveMemoryPressure(bytes);
    }

    // The pool may make the process a quarter larger than what is ever in use at once: a step of a net takes blocks of
    // other sizes in backward than in forward, and to take them from the system anew each time would cost more than the
    // step's small layers. Beyond that the blocks that have lain there longest go.
    private List<FreeBlock> TakeOldest()
    {
        List<FreeBlock> taken = [];
        _most = Math.Max(_most, BytesInUse);
        while (BytesPooled > 0 && BytesInUse + BytesPooled > _most + _most / 4)
        {
            (long size, List<FreeBlock> blocks) = _free.Where(entry => entry.Value.Count > 0)
                .MinBy(entry => entry.Value[0].Returned);
            taken.Add(blocks[0]);
            blocks.RemoveAt(0);
            BytesPooled -= size;
        }
        return taken;
    }

    private List<FreeBlock> TakeAll()
    {
        List<FreeBlock> taken = [.. _free.Values.SelectMany(blocks => blocks)];
        _free.Clear();
        BytesPooled = 0;
        return taken;
    }

    // Of blocks that are out of the pool already, so that none is freed twice or lent again, and outside the lock,
    // since a driver may wait for the GPU. One that is refused does not keep the others.
    private void Free(List<FreeBlock> blocks)
    {
        DeviceException? refusal = null;
        foreach (FreeBlock block in blocks)
        {
            CountGone(block.Bytes);
            try
            {
                FreeRaw(block.Pointer);
            }
            catch (DeviceException e)
            {
                refusal ??= e;
            }
        }
        if (refusal is not null) ExceptionDispatchInfo.Throw(refusal);
    }

    private readonly record struct FreeBlock(nint Pointer, long Bytes, long Returned);

    private static class CpuHolder
    {
        public static readonly Device Instance = new Cpu.CpuDevice();
    }
}
