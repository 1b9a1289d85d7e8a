using Atl.Data;
using Atl.Native;

namespace Atl.Tests.Native;

/// <summary>A lack of memory is told from other errors, whatever has wrapped it.</summary>
public sealed class MemoryFaultTests
{
    [Test]
    public void AThreadThatCannotBeStartedIsALackOfMemory()
    {
        Exception error = new AggregateException(new TaskSchedulerException(new OutOfMemoryException()));
        Assert.That(MemoryFault.Is(error));
        Assert.That(ItemFailure.Reason(error), Is.EqualTo("not enough memory for it"));
    }

    [Test]
    public void OtherErrorsAreNone() =>
        Assert.That(MemoryFault.Is(new AggregateException(new TaskSchedulerException(new IOException()))), Is.False);
}
