using Atl.Devices;
using Atl.Tests.Devices;

namespace Atl.Tests.Blobs;

/// <summary>A copy that fails half way is never taken for content, and its memory is given back.</summary>
public sealed unsafe class FailingCopyTests : IDisposable
{
    private static readonly Shape Images = new(2, 32, 3, 5);

    private readonly FaultyDevice _device = new(), _other = new();
    private Tensor _tensor = null!;

    [SetUp]
    public void MakeTensor() => (_tensor, _device.Fails, _other.Fails) = (new Tensor(Images), false, false);

    [TearDown]
    public void FreeTensor()
    {
        _tensor.Dispose();
        Assert.That((_device.BytesInUse, _other.BytesInUse), Is.EqualTo((0L, 0L)));
    }

    public void Dispose()
    {
        _device.Dispose();
        _other.Dispose();
    }

    [Test]
    public void AnUpload()
    {
        _tensor.Fill(3);
        FailThenRead(_device, Layout.Plain, 3);
    }

    [Test]
    public void ADownload()
    {
        Fill(_device, 4);
        FailThenRead(Device.Cpu, Layout.Plain, 4);
    }

    [Test]
    public void ZerosOfMemoryThatNobodyWrote() => FailThenRead(_device, Layout.Plain, 0);

    [Test]
    public void AnotherLayoutOnTheSameDevice()
    {
        Fill(_device, 5);
        FailThenRead(_device, Layout.ChannelsLast, 5);
    }

    [Test]
    public void AnUploadThatAnotherLayoutIsMadeOf()
    {
        _tensor.Fill(6);
        FailThenRead(_device, Layout.ChannelsLast, 6);
    }

    [Test]
    public void FromOneDeviceToAnother()
    {
        Fill(_other, 7);
        FailThenRead(_device, Layout.Plain, 7);
    }

    [Test]
    public void OfWhatIsToBeChanged()
    {
        _tensor.Fill(8);
        _device.Fails = true;
        long version = _tensor.Version;
        Assert.Throws<DeviceException>(() => _tensor.ReadWrite(_device));
        Assert.That((_tensor.Version, _tensor.AsReadOnlySpan()[479]), Is.EqualTo((version, 8f)));
    }

    [Test]
    public void AWriteThatFindsNoMemoryLeavesAnErrorAndNoZeros()
    {
        _tensor.Fill(9);
        _device.MemoryLimit = 1;
        Assert.Throws<DeviceMemoryException>(() => _tensor.Write(_device));
        _device.MemoryLimit = long.MaxValue;
        Assert.That(() => _tensor.AsReadOnlySpan(), Throws.InvalidOperationException.With.Message.Contains("lost"));
        Assert.That(() => _tensor.ReadWrite(_device), Throws.InvalidOperationException.With.Message.Contains("lost"));
        Fill(_device, 10);
        Assert.That(_tensor.AsReadOnlySpan().ToArray(), Is.All.EqualTo(10));
    }

    private void Fill(Device device, float value) =>
        new Span<float>((void*)_tensor.Write(device), (int)_tensor.Count).Fill(value);

    // The values, all the same, are those of any layout.
    private void FailThenRead(Device reader, Layout layout, float expected)
    {
        _device.Fails = true;
        bool had = _tensor.Memory.HasContent;
        Layout before = _tensor.Layout;
        Assert.Throws<DeviceException>(() => _tensor.Read(reader, layout));
        Assert.That((_tensor.Memory.HasContent, _tensor.Layout), Is.EqualTo((had, before)));
        Assert.Throws<DeviceException>(() => _tensor.Read(reader, layout), "the failed copy is not found");
        _device.Fails = false;
        ReadOnlySpan<float> read = new((void*)_tensor.Read(reader, layout), (int)_tensor.Count);
        Assert.That(read.ToArray(), Is.All.EqualTo(expected));
    }
}
