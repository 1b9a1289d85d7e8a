using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Data;

/// <summary>What HDF5 arrays hold, and where (Data/Hdf5/make_files.py).</summary>
public sealed class Hdf5TypeTests
{
    [Test]
    public void NumbersOfEachSizeAndByteOrderAreRead(
        [Values("little", "big")] string order,
        [Values("f2", "f4", "f8", "i2", "i4", "i8", "u2", "u4", "u8")] string type)
    {
        using TemporaryFolder folder = new();
        using Hdf5File file = new(Hdf5Resource.Copy("types", folder));
        Assert.That(file.Read($"{order}-{type}"), Is.EqualTo((float[])[0, 1, 2]));
    }

    [Test]
    public void PackedNumbersOfTheOtherByteOrderAreRead()
    {
        using TemporaryFolder folder = new();
        using Hdf5File file = new(Hdf5Resource.Copy("types", folder));
        Assert.That(file.Read("packed-big"), Is.EqualTo((float[])[0, 1, 2]));
    }

    [Test]
    public void ValuesInTheirHeaderAreRead()
    {
        using TemporaryFolder folder = new();
        using Hdf5File file = new(Hdf5Resource.Copy("compact", folder));
        Assert.That(file.Read("data"), Is.EqualTo((float[])[0, 1, 2, 3]));
    }

    [TestCase("scalar", "'scalar' is one value without axes, expected at least one axis")]
    [TestCase("null", "'null' is empty (a null dataspace), expected values")]
    [TestCase("bool", "'bool' holds names of an enumeration (such as NumPy's bool), expected floats or integers")]
    [TestCase("text", "'text' holds text, expected floats or integers")]
    [TestCase("compound", "'compound' holds compounds of several values, expected floats or integers")]
    [TestCase("lzf", "an array is packed with LZF (HDF5's filter 32000), expected gzip, ")]
    [TestCase("scale-big", "a chunk cannot be unpacked by the filter scaleoffset: ")]
    public void OtherThingsAreNamed(string array, string message)
    {
        using TemporaryFolder folder = new();
        string path = Hdf5Resource.Copy("types", folder);
        using Hdf5File file = new(path);
        Assert.That(() => file.Read(array), Throws.InstanceOf<AtlException>()
            .With.Message.StartsWith($"{path}: {message}"));
    }

    [TestCase("virtual", "'data' is a virtual array with values in other files, expected its own values")]
    [TestCase("external", "the values of 'data' are in another file, expected them in this one")]
    public void ValuesThatLieElsewhereAreNamed(string name, string message)
    {
        using TemporaryFolder folder = new();
        string path = Hdf5Resource.Copy(name, folder);
        Assert.That(() => new Hdf5File(path), Throws.InstanceOf<AtlException>()
            .With.Message.StartsWith($"{path}: {message}"));
    }

    // What a user puts before the file: HDF5 looks for its beginning at 0, 512, 1024, 2048 ...
    [Test]
    public void AUsersBlockBeforeTheFileIsPassedOver(
        [Values("types", "chunks-tree", "chunks-fixed", "links-in-heap")] string name,
        [Values(512, 1024, 4096)] int size)
    {
        using TemporaryFolder folder = new();
        string path = Hdf5Resource.Copy(name, folder);
        byte[] user = new byte[size];
        user.AsSpan().Fill((byte)'u');
        File.WriteAllBytes(path, [.. user, .. File.ReadAllBytes(path)]);
        using Hdf5File file = new(path);
        float[] values = file.Read(name == "types" ? "packed-big" : "data");
        Assert.That(values, Is.EqualTo(Enumerable.Range(0, values.Length).Select(i => (float)i)));
    }

    // One bit less of precision than the bytes hold.
    [Test]
    public void NumbersOfOtherFormatsAreFound()
    {
        using TemporaryFolder folder = new();
        string path = Hdf5Resource.Copy("compact", folder);
        byte[] bytes = File.ReadAllBytes(path);
        // Four bytes; no offset, 32 bits; exponent at bit 23 of 8 bits, fraction at bit 0 of 23 bits.
        int at = bytes.AsSpan().IndexOf((byte[])[4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23]);
        Assert.That(at, Is.Positive);
        (bytes[at + 8], bytes[at + 9]) = (24, 7);
        File.WriteAllBytes(path, bytes);
        Assert.That(() => new Hdf5File(path), Throws.InstanceOf<AtlException>().With.Message.StartsWith(
            $"{path}: 'data' holds numbers of 32 bits in 4 bytes, expected IEEE floats or whole integers; "));
    }
}
