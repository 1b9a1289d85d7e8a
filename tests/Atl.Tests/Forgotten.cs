using System.Runtime.CompilerServices;
using Atl.Devices;
using Atl.Native;

namespace Atl.Tests;

/// <summary>What nobody disposed: made, left to the garbage collector, and counted.</summary>
internal static class Forgotten
{
    /// <summary>The host's native memory that is in use, and the convolutions that are there, once everything
    /// unreachable has gone and nothing is kept for reuse.</summary>
    public static (long InUse, long Held, int Convolutions) Left()
    {
        // A finalizer may be what makes something else unreachable.
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Device.Cpu.Workspace.Clear();
        Device.Cpu.Trim();
        return (Device.Cpu.BytesInUse, Device.Cpu.BytesHeld, ConvolutionHandle.Open);
    }

    /// <summary>Does something so many times, in frames of their own, so that what it leaves is unreachable.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Run(int times, Action<int> make)
    {
        for (int i = 0; i < times; i++) make(i);
    }

    /// <summary>Does something while another thread collects garbage and waits for finalizers without end: what is
    /// young, which is quick, and now and then everything.</summary>
    public static T WhileCollecting<T>(Func<T> work)
    {
        using CancellationTokenSource stop = new();
        Thread collector = new(() =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                GC.Collect(i % 32 == 0 ? GC.MaxGeneration : 0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            return work();
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }
}
