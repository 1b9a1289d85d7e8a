namespace Atl.Proto.Tests.Files;

/// <summary>Stored blobs against their shapes.</summary>
public sealed class StoredBlobsTests
{
    private static IEnumerable<TestCaseData> Faults()
    {
        yield return Case(Blob([2], [1, 2]), null);
        yield return Case(new BlobProto(), null);
        yield return Case(new BlobProto { Data = { 1 } }, null);
        yield return Case(new BlobProto { Num = 1, Channels = 1, Height = 1, Width = 2, Data = { 1, 2 } }, null);
        yield return Case(Blob([2, 3], []), "data holds 0 values, expected 6 for shape 2 3");
        yield return Case(Blob([2], [1, 2, 3]), "data holds 3 values, expected 2 for shape 2");
        yield return Case(new BlobProto { Num = 1, Channels = 3, DoubleData = { 1 } },
            "double_data holds 1 value, expected 0 for shape 1 3 0 0");
        yield return Case(new BlobProto { Shape = new BlobShape { Dim = { 1 } }, Data = { 1 }, Diff = { 1, 2 } },
            "diff holds 2 values, expected 1 for shape 1");
        yield return Case(new BlobProto { Shape = new BlobShape { Dim = { 1 } }, Data = { 1 }, DoubleData = { 1 } },
            "data and double_data both hold values, expected one of them");
        yield return Case(Blob([-2, 3], [1]), "shape -2 3 is out of range, expected dims in 0..2147483647");
        yield return Case(Blob([1L << 31, 1L << 31, 1L << 31], [1]),
            "shape 2147483648 2147483648 2147483648 is out of range, expected dims in 0..2147483647");

        static TestCaseData Case(BlobProto blob, string? fault) =>
            new TestCaseData(blob, fault).SetName($"Fault({fault ?? blob.ToString()})");
    }

    [TestCaseSource(nameof(Faults))]
    public void WhatIsWrongIsSaid(BlobProto blob, string? expected) =>
    Assert.That(StoredBlobs.FindFault(blob), Is.EqualTo(expected));

    [Test]
    public void NetsStatesAndBlobsAreCheckedWithTheirPlace()
    {
        BlobProto bad = Blob([2], [1]);
        Assert.That(() =>
            StoredBlobs.Check(new NetParameter
            {
                Layer =
                { new LayerParameter { Name = "a", Blobs = { Blob([1], [1]), bad } } }
            }, "f"),
            Throws.TypeOf<AtlException>().With.Message.EqualTo(
                "f: layer 'a': blobs[1].data holds 1 value, expected 2 for shape 2"));
        Assert.That(() => StoredBlobs.Check(new SolverState { History = { bad } }, "f"),
            Throws.TypeOf<AtlException>().With.Message.EqualTo(
                "f: history[0].data holds 1 value, expected 2 for shape 2"));
        Assert.That(() => StoredBlobs.Check(bad, "f"),
            Throws.TypeOf<AtlException>().With.Message.StartsWith("f: data holds"));
    }

    private static BlobProto Blob(long[] dims, float[] values) =>
        new() { Shape = new BlobShape { Dim = { dims } }, Data = { values } };
}
