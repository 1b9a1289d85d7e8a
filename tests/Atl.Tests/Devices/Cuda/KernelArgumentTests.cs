using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atl.Devices.Cuda;

namespace Atl.Tests.Devices.Cuda;

/// <summary>What the driver gets of an argument.</summary>
public class KernelArgumentTests
{
    [Test]
    public void AStructKeepsItsBytesWithoutAnyAllocation()
    {
        Odd value = new() { First = long.MinValue, Second = -2, Third = 1.5f, Fourth = 0xAB };
        _ = KernelArgument.Of(value);
        long before = GC.GetAllocatedBytesForCurrentThread();
        KernelArgument argument = KernelArgument.Of(value);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That((argument.Kind, argument.Struct, argument.Words.Length), Is.EqualTo(('s', typeof(Odd), 3)));
        Assert.That(MemoryMarshal.Read<Odd>(MemoryMarshal.AsBytes(argument.Words)), Is.EqualTo(value));
    }

    [Test]
    public void NumbersLieInTheLowestBytes()
    {
        KernelArgument negative = -1, half = 0.5f;
        Assert.That((negative.Words.Length, negative.Words[0]), Is.EqualTo((1, 0xFFFFFFFFul)));
        Assert.That((half.Words.Length, half.Words[0]), Is.EqualTo((1, 0x3F000000ul)));
    }

    [Test]
    public void AStructThatIsTooLargeIsAnError() => Assert.That(
        Assert.Throws<ArgumentException>(() => KernelArgument.Of(default(Large)))!.Message,
        Does.StartWith("Large has 136 bytes, and an argument of a kernel at most 128"));

    private record struct Odd
    {
        public long First;
        public int Second;
        public float Third;
        public byte Fourth;
    }

    [InlineArray(17)]
    private struct Large
    {
        private long _first;
    }
}
