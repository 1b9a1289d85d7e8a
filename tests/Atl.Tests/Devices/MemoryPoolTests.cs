using Atl.Devices;

namespace Atl.Tests.Devices;

/// <summary>The pool that every device keeps, seen through a device whose memory is counted.</summary>
public class MemoryPoolTests
{
    private const long Megabyte = 1 << 20;

    [Test]
    public void WhatCameBackIsUsedAgain()
    {
        using CountingDevice device = new();
        MemoryBlock first = device.Allocate(Megabyte);
        nint pointer = first.Pointer;
        first.Dispose();
        using MemoryBlock second = device.Allocate(Megabyte);
        Assert.That((second.Pointer, device.Taken), Is.EqualTo((pointer, Megabyte)));
    }

    [Test]
    public void ThePoolStaysAQuarterAboveTheMostInUse()
    {
        using CountingDevice device = new();
        for (int i = 1; i <= 64; i++) device.Allocate(i * Megabyte / 4).Dispose();
        Assert.That(device.Taken, Is.LessThanOrEqualTo(16 * Megabyte * 5 / 4 + 16 * Megabyte));
        Assert.That(device.Held, Is.EqualTo(device.BytesPooled + device.BytesInUse));
        Assert.That(device.Held, Is.LessThanOrEqualTo(16 * Megabyte * 5 / 4));
    }

    [Test]
    public void AFullDeviceGivesUpItsPoolFirst()
    {
        using CountingDevice device = new() { Limit = 17 * Megabyte / 2 };
        device.Allocate(8 * Megabyte).Dispose();
        using MemoryBlock block = device.Allocate(Megabyte);
        Assert.That((device.BytesInUse, device.BytesPooled), Is.EqualTo((Megabyte, 0L)));
        Assert.Throws<DeviceMemoryException>(() => device.Allocate(8 * Megabyte));
        Assert.That(device.BytesInUse, Is.EqualTo(Megabyte), "a refusal leaves the counts as they were");
    }

    [Test]
    public void OneBlockOfScratchMemoryServesAll()
    {
        using CountingDevice device = new();
        foreach (long size in (long[])[Megabyte, 3 * Megabyte, 2 * Megabyte, 3 * Megabyte])
            using (Workspace.Loan loan = device.Workspace.Borrow(size))
                Assert.That(loan.Pointer, Is.Not.Zero);
        Assert.That((device.BytesInUse, device.Held), Is.EqualTo((3 * Megabyte, 3 * Megabyte)));
        device.Workspace.Clear();
        Assert.That(device.BytesInUse, Is.Zero);
    }

    [Test]
    public void TwoBorrowersHaveTwoBlocks()
    {
        using CountingDevice device = new();
        using Workspace.Loan one = device.Workspace.Borrow(Megabyte), two = device.Workspace.Borrow(Megabyte);
        Assert.That(one.Pointer, Is.Not.EqualTo(two.Pointer));
    }

    [Test]
    public void PooledMemoryIsCountedOnce()
    {
        CountingDevice device = new();
        for (int i = 0; i < 10; i++)
        {
            using MemoryBlock block = device.Allocate(Megabyte);
            Assert.That(device.BytesHeld, Is.EqualTo(Megabyte));
        }
        Assert.That((device.BytesHeld, device.BytesPooled), Is.EqualTo((Megabyte, Megabyte)));
        device.Dispose();
        Assert.That(device.BytesHeld, Is.Zero);
    }

    [Test]
    public void AForgottenBlockIsLentAgain()
    {
        using CountingDevice device = new() { Limit = 17 * Megabyte / 2 };
        Forgotten.Run(1, _ => device.Allocate(8 * Megabyte));
        Assert.That(device.BytesInUse, Is.EqualTo(8 * Megabyte));
        using MemoryBlock block = device.Allocate(8 * Megabyte);
        Assert.That((device.BytesInUse, device.BytesHeld), Is.EqualTo((8 * Megabyte, 8 * Megabyte)));
    }

    [Test]
    public void ABlockThatWasGivenBackHasNoAddress()
    {
        using CountingDevice device = new();
        MemoryBlock block = device.Allocate(1);
        block.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ = block.Pointer);
    }

    // Addresses are handed out and never read.
    private sealed class CountingDevice : Device
    {
        private readonly Dictionary<nint, long> _sizes = [];
        private nint _next = 4096;

        public long Limit { get; init; } = long.MaxValue;

        public long Taken { get; private set; }

        public long Held => _sizes.Values.Sum();

        public override string Name => "counting";

        public override void Zero(nint pointer, long bytes) => throw new NotSupportedException();

        public override void Copy(nint source, nint destination, long bytes) => throw new NotSupportedException();

        public override void Upload(nint hostSource, nint destination, long bytes) => throw new NotSupportedException();

        public override void Download(nint source, nint hostDestination, long bytes) =>
            throw new NotSupportedException();

        public override void Reorder(Shape shape, Layout from, nint source, Layout to, nint destination) =>
            throw new NotSupportedException();

        protected override nint AllocateRaw(long bytes)
        {
            if (Held + bytes > Limit) throw new DeviceException("full");
            Taken = Math.Max(Taken, Held + bytes);
            nint pointer = _next;
            _next += (nint)bytes;
            _sizes.Add(pointer, bytes);
            return pointer;
        }

        protected override void FreeRaw(nint pointer) => _sizes.Remove(pointer);
    }
}
