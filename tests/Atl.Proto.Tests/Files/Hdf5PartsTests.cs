using Atl.TestSupport;

namespace Atl.Proto.Tests.Files;

/// <summary>Weights whose arrays are written and read part by part.</summary>
public sealed class Hdf5PartsTests
{
    [TestCase(1_200_000)]
    [TestCase(3, 700_001)]
    [TestCase(1, 1, 1_048_577)]
    [TestCase(1500, 900)]
    [TestCase(2, 3, 5, 40_000)]
    [TestCase(1025, 32, 8, 8)]
    public void LargeArraysComeBack(params int[] dims)
    {
        using TemporaryFolder folder = new();
        BlobProto blob = new() { Shape = new BlobShape { Dim = { dims.Select(dim => (long)dim) } } };
        int count = dims.Aggregate((a, b) => a * b);
        blob.Data.Add(Enumerable.Range(0, count).Select(i => (float)i));
        blob.Diff.Add(Enumerable.Range(0, count).Select(i => -(float)i));
        BlobProto small = new() { Shape = new BlobShape { Dim = { 2 } }, Data = { 1, 2 }, Diff = { 3, 4 } };
        NetParameter net = new() { Layer = { new LayerParameter { Name = "a", Blobs = { blob, small } } } };
        ProtoFiles.WriteWeightsHdf5(folder["w.h5"], net);
        BlobProto read = ProtoFiles.ReadNetBinary(folder["w.h5"]).Layer.Single().Blobs[0];
        Assert.That(read.Shape, Is.EqualTo(blob.Shape));
        Assert.That(read.Data.SequenceEqual(blob.Data), "values");
        Assert.That(read.Diff.SequenceEqual(blob.Diff), "gradients");
        Assert.That(ProtoFiles.ReadNetBinary(folder["w.h5"]).Layer.Single().Blobs[1], Is.EqualTo(small));
        using FileStream file = File.OpenRead(folder["w.h5"]);
        byte[] head = new byte[9];
        file.ReadExactly(head);
        Assert.That(head[8], Is.EqualTo(2), "the superblock that HDF5 1.8 reads");
    }

    [Test]
    public void LargeHistoriesComeBack()
    {
        using TemporaryFolder folder = new();
        BlobProto history = new() { Shape = new BlobShape { Dim = { 1100, 1000 } } };
        history.Data.Add(Enumerable.Range(0, 1_100_000).Select(i => (float)i));
        SolverState state = new() { Iter = 3, LearnedNet = "w", History = { history } };
        ProtoFiles.WriteSolverStateHdf5(folder["s.h5"], state);
        Assert.That(ProtoFiles.ReadSolverState(folder["s.h5"]).History[0].Data.SequenceEqual(history.Data));
    }
}
