using Atl.Devices;

namespace Atl.Tests.Blobs;

public class SyncedMemoryTests
{
    private static readonly Shape Images = new(2, 32, 3, 5);

    [Test]
    public void UnwrittenMemoryReadsAsZeros() =>
    Assert.That(new Tensor(Images).AsReadOnlySpan().ToArray(), Is.All.Zero);

    [TestCase(Layout.ChannelsLast)]
    [TestCase(Layout.Blocked8)]
    [TestCase(Layout.Blocked16)]
    public unsafe void ElementsAreFoundWhereTheLayoutPutsThem(Layout layout)
    {
        Tensor tensor = new(Images);
        Span<float> plain = tensor.AsWriteOnlySpan();
        for (int i = 0; i < plain.Length; i++) plain[i] = i;
        float* p = (float*)tensor.Read(Device.Cpu, layout);
        int block = layout.Block(Images);
        for (int n = 0; n < 2; n++)
            for (int c = 0; c < 32; c++)
                for (int s = 0; s < 15; s++)
                    Assert.That(p[((n * (32 / block) + c / block) * 15 + s) * block + c % block],
                        Is.EqualTo((n * 32 + c) * 15 + s));
    }

    [TestCase(Layout.ChannelsLast, Layout.Blocked8)]
    [TestCase(Layout.Blocked16, Layout.Blocked8)]
    [TestCase(Layout.Blocked16, Layout.ChannelsLast)]
    public unsafe void LayoutsConvertIntoOneAnother(Layout first, Layout second)
    {
        Tensor tensor = new(Images);
        Span<float> plain = tensor.AsWriteOnlySpan();
        for (int i = 0; i < plain.Length; i++) plain[i] = i;
        tensor.ReadWrite(Device.Cpu, first);
        tensor.ReadWrite(Device.Cpu, second);
        Assert.That(tensor.Layout, Is.EqualTo(second));
        ReadOnlySpan<float> back = tensor.AsReadOnlySpan();
        for (int i = 0; i < back.Length; i++) Assert.That(back[i], Is.EqualTo(i));
    }

    [Test]
    public void AViewOfAnotherShapeIsPlain()
    {
        Tensor owner = new(Images), view = new(new Shape(2, 480));
        owner.Write(Device.Cpu, Layout.Blocked16);
        view.Share(owner);
        Assert.That(view.Layout, Is.EqualTo(Layout.Plain));
        Assert.Throws<ShapeException>(() => view.Read(Device.Cpu, Layout.Blocked16));
        owner.Fill(3);
        Assert.That(view.AsReadOnlySpan()[479], Is.EqualTo(3));
    }

    [Test]
    public void ViewsOutliveAnOwnerThatBecomesAViewItself()
    {
        Tensor owner = new(Images), view = new(Images), other = new(Images);
        owner.Fill(3);
        other.Fill(5);
        view.Share(owner);
        owner.Share(other);
        Assert.That((owner.AsReadOnlySpan()[0], view.AsReadOnlySpan()[479]), Is.EqualTo((5, 3)));
    }

    [Test]
    public void TheLastViewGivesTheMemoryBack()
    {
        long before = Device.Cpu.BytesInUse;
        Tensor owner = new(Images), view = new(Images), other = new(Images);
        owner.Fill(3);
        view.Share(owner);
        owner.Share(other);
        long viewed = Device.Cpu.BytesInUse;
        view.Share(other);
        Assert.That((viewed > before, Device.Cpu.BytesInUse), Is.EqualTo((true, before)));
    }

    [Test]
    public void ReadingAfterReleaseIsAnError()
    {
        Tensor tensor = new(Images);
        tensor.Fill(1);
        tensor.Memory.Release();
        Assert.Throws<InvalidOperationException>(() => tensor.AsReadOnlySpan());
        tensor.Fill(2);
        Assert.That(tensor.AsReadOnlySpan()[0], Is.EqualTo(2));
    }

    [Test]
    public void ReshapeKeepsElementsInRowMajorOrder()
    {
        Tensor tensor = new(Images);
        Span<float> plain = tensor.AsWriteOnlySpan();
        for (int i = 0; i < plain.Length; i++) plain[i] = i;
        tensor.ReadWrite(Device.Cpu, Layout.Blocked16);
        tensor.Reshape(new Shape(4, 240));
        Assert.That(tensor.AsReadOnlySpan()[700], Is.EqualTo(700));
    }

    [Test]
    public void WritingRaisesTheVersion()
    {
        Tensor tensor = new(Images);
        long before = tensor.Version;
        tensor.Fill(0);
        Assert.That(tensor.Version, Is.GreaterThan(before));
    }
}
