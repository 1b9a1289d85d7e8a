using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Data;

/// <summary>HDF5 arrays in chunks that were stored without some of the array's filters, by the indexes that lead to
/// them (Data/Hdf5/make_files.py).</summary>
public sealed class Hdf5ChunkTests
{
    [TestCase("tree", 80)]
    [TestCase("single", 80)]
    [TestCase("fixed", 80)]
    [TestCase("fixed-pages", 1100)]
    [TestCase("extensible", 80)]
    [TestCase("extensible-blocks", 600)]
    [TestCase("tree2", 80)]
    [TestCase("tree2-levels", 300)]
    public void ChunksWithoutFiltersAreReadAsTheyAre(string index, int count)
    {
        using TemporaryFolder folder = new();
        using Hdf5File file = new(Hdf5Resource.Copy($"chunks-{index}", folder));
        Assert.That(file.Read("data"), Is.EqualTo(Enumerable.Range(0, count).Select(i => (float)i)));
    }

    // Links of large groups lie in a heap.
    [Test]
    public void ArraysOfLargeGroupsAreLookedAtToo()
    {
        using TemporaryFolder folder = new();
        using Hdf5File file = new(Hdf5Resource.Copy("links-in-heap", folder));
        Assert.That(file.Read("data"), Is.EqualTo((float[])[0, 1, 2, 3]));
        Assert.That(file.Read("array0099"), Is.EqualTo((float[])[99]));
    }

    [TestCase("chunks-tree", "TREE", 5)]
    [TestCase("chunks-tree2", "BTLF", 20)]
    [TestCase("chunks-fixed", "FADB", 20)]
    [TestCase("chunks-extensible", "EAIB", 20)]
    [TestCase("links-in-heap", "FHIB", 20)]
    public void DamagedIndexesAreFound(string name, string signature, int at)
    {
        using TemporaryFolder folder = new();
        string path = Hdf5Resource.Copy(name, folder);
        byte[] bytes = File.ReadAllBytes(path);
        // The chunks' tree is the last one: the first is the group's.
        int structure = bytes.AsSpan().LastIndexOf(System.Text.Encoding.ASCII.GetBytes(signature));
        Assert.That(structure, Is.Positive);
        bytes[structure + at] ^= 0x10;
        File.WriteAllBytes(path, bytes);
        Assert.That(() => new Hdf5File(path), Throws.InstanceOf<AtlException>()
            .With.Message.StartsWith($"{path}: ").And.Message.Contains("damaged"));
    }

    [Test]
    public void AWrongChecksumOfAChunkIsFound()
    {
        using TemporaryFolder folder = new();
        string path = Hdf5Resource.Copy("types", folder);
        byte[] bytes = File.ReadAllBytes(path), values = new byte[12];
        Buffer.BlockCopy((float[])[77, 78, 79], 0, values, 0, values.Length);
        bytes[bytes.AsSpan().IndexOf(values)] ^= 1;
        File.WriteAllBytes(path, bytes);
        using Hdf5File file = new(path);
        Assert.That(() => file.Read("checksum"), Throws.InstanceOf<AtlException>().With.Message.StartsWith(
            $"{path}: a chunk cannot be unpacked by the filter fletcher: "));
    }
}
