using Atl.TestSupport;

namespace Atl.Proto.Tests.Files;

public sealed class Crc32CTests
{
    // RFC 3720, B.4.
    [Test]
    public void TheRfcsExamplesHold()
    {
        Assert.That(Crc32C.Of("123456789"u8), Is.EqualTo(0xE3069283));
        Assert.That(Crc32C.Of(new byte[32]), Is.EqualTo(0x8A9136AA));
        Assert.That(Crc32C.Of([.. Enumerable.Repeat((byte)0xFF, 32)]), Is.EqualTo(0x62A8AB43));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(1 << 20)]
    [TestCase((1 << 20) + 13)]
    public void AFilesChecksumIsThatOfItsBytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["f"], bytes);
        Assert.That(Crc32C.OfFile(folder["f"]), Is.EqualTo(Crc32C.Of(bytes)));
    }
}
