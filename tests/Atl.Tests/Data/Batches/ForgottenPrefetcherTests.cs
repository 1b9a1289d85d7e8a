using System.Runtime.CompilerServices;
using Atl.Data;

namespace Atl.Tests.Data;

/// <summary>A prefetcher that nobody disposes ends its thread and lets go what it loads into.</summary>
public sealed class ForgottenPrefetcherTests
{
    [Test]
    public void TheThreadEndsAndTheBuffersGo()
    {
        WeakReference buffer = Forget();
        Assert.That(SpinWait.SpinUntil(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return !buffer.IsAlive;
        }, TimeSpan.FromSeconds(30)));
    }

    [Test]
    public void ADisposedPrefetcherGivesNothing()
    {
        Prefetcher<int[]> prefetcher = new("a test's", [new int[1]], loaded => loaded[0]++);
        prefetcher.Dispose();
        Assert.Throws<ObjectDisposedException>(() => prefetcher.Take());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Forget()
    {
        int[] buffer = new int[1];
        int loads = 0;
        Prefetcher<int[]> prefetcher = new("a test's", [buffer], loaded => loaded[0] = ++loads);
        prefetcher.Return(prefetcher.Take());
        Assert.That(prefetcher.Take()[0], Is.EqualTo(2));
        return new WeakReference(buffer);
    }
}
