using Atl.Data;
using Atl.Proto;
using Atl.Solvers;
using Google.Protobuf;
using PureHDF;

namespace Atl.Tests.Solvers;

/// <summary>HDF5 snapshots, against files that the HDF Group's library wrote by the calls of Caffe's
/// hdf5.cpp.</summary>
public class Hdf5SnapshotTests
{
    [Test]
    public void CaffesFilesAreTakenUp()
    {
        using SolverRig rig = new();
        Extract(rig, "weights.caffemodel.h5");
        Extract(rig, "state.solverstate.h5");
        using Solver solver = rig.Create("lr_policy: 'multistep' stepvalue: 10 stepvalue: 20 gamma: 0.5");
        solver.Restore(rig.PathOf("state.solverstate.h5"));
        Assert.That(solver.Iteration, Is.EqualTo(40));
        Assert.That(SolverRig.Parameters(solver),
            Is.EqualTo(new float[][] { [1, 1.25f, 1.5f], [-1, -0.75f, -0.5f], [0.5f, 0.75f, 1] }));
        Assert.That(((SgdSolver)solver).History[1].AsReadOnlySpan().ToArray(), Is.EqualTo([0.25f, 0.5f, 0.75f]));
    }

    [Test]
    public void NamesAndContentAreCaffes()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create("snapshot_format: HDF5 snapshot_diff: true");
        solver.Step(2);
        string path = solver.Snapshot();
        Assert.That(path, Is.EqualTo(rig.PathOf("snap_iter_2.solverstate.h5")));
        NetParameter stored = ProtoFiles.ReadNetBinary(rig.PathOf("snap_iter_2.caffemodel.h5"));
        Assert.That(stored.Layer.Select(layer => layer.Name), Is.SupersetOf(new[] { "in", "gain", "slope", "loss" }));
        Assert.That(stored.Layer.Single(layer => layer.Name == "gain").Blobs[1].Data,
            Is.EqualTo(SolverRig.Parameters(solver)[1]));
        Assert.That(stored.Layer.Single(layer => layer.Name == "gain").Blobs[1].Diff,
            Is.EqualTo(solver.Net.LearnableParameters[1].Blob.Diff.AsReadOnlySpan().ToArray()));
        SolverState state = ProtoFiles.ReadSolverState(path);
        Assert.That((state.Iter, state.LearnedNet, state.History.Count),
            Is.EqualTo((2, rig.PathOf("snap_iter_2.caffemodel.h5"), 3)));
    }

    [Test]
    public void SharedParametersAreStoredOnceAndNestedNamesComeBack()
    {
        string net = SolverRig.Net.Replace("name: \"slope\" type: \"PReLU\"",
            "name: \"a/slope\" type: \"PReLU\" param { name: \"s\" }",
            StringComparison.Ordinal)
            .Replace("layer { name: \"loss\"",
                "layer { name: \"a/again\" type: \"PReLU\" bottom: \"gained\" top: \"gained\" param { name: \"s\" } "
                    + "}\nlayer { name: \"loss\"",
                    StringComparison.Ordinal);
        using SolverRig rig = new(net);
        using Solver first = rig.Create("snapshot_format: HDF5"), second = rig.Create("random_seed: 8");
        first.Step(3);
        string path = first.Snapshot();
        NetParameter stored = ProtoFiles.ReadNetBinary(rig.PathOf("snap_iter_3.caffemodel.h5"));
        using (Hdf5File file = new(rig.PathOf("snap_iter_3.caffemodel.h5")))
        {
            Assert.That(file.Read("data/a/slope/0"), Has.Length.EqualTo(3));
            Assert.That(() => file.ShapeOf("data/a/again/0"), Throws.InstanceOf<AtlException>());
        }
        Assert.That(stored.Layer.Single(layer => layer.Name == "a/again").Blobs,
            Is.EqualTo(stored.Layer.Single(layer => layer.Name == "a/slope").Blobs));
        second.Restore(path);
        Assert.That(SolverRig.Parameters(second), Is.EqualTo(SolverRig.Parameters(first)));
    }

    [Test]
    public void GradientsDoublesAndOldShapesComeBack()
    {
        using SolverRig rig = new();
        BlobProto floats = new() { Shape = new BlobShape { Dim = { 2 } }, Data = { 1, 2 }, Diff = { 3, 4 } };
        BlobProto doubles = new()
        {
            Num = 1,
            Channels = 1,
            Height = 1,
            Width = 2,
            DoubleData = { 0.1, 2 },
            DoubleDiff = { 0.3, 4 }
        };
        NetParameter net = new()
        {
            Layer =
            { new LayerParameter { Name = "a", Blobs = { floats } },
            new LayerParameter { Name = "b/c", Blobs = { doubles } } }
        };
        ProtoFiles.WriteWeightsHdf5(rig.PathOf("w.h5"), net);
        BlobProto[] found = [.. ProtoFiles.ReadNetBinary(rig.PathOf("w.h5")).Layer.SelectMany(layer => layer.Blobs)];
        Assert.That(found[0], Is.EqualTo(floats));
        Assert.That(found[1].Shape.Dim, Is.EqualTo(new long[] { 1, 1, 1, 2 }));
        Assert.That((found[1].DoubleData, found[1].DoubleDiff), Is.EqualTo((doubles.DoubleData, doubles.DoubleDiff)));
    }

    // Net surgery with h5py, say: groups and arrays that Atl's own list of layers does not know.
    [Test]
    public void WhatAnotherToolHasAddedIsRead()
    {
        using SolverRig rig = new();
        BlobProto known = new() { Shape = new BlobShape { Dim = { 1 } }, Data = { 1 } };
        NetParameter listed = new()
        {
            Layer =
            {
                new LayerParameter { Name = "/fc", Blobs = { known } },
                new LayerParameter { Name = "relu" },
                new LayerParameter { Name = "moved", Blobs = { known } },
            },
        };
        H5File file = new()
        {
            ["data"] = new H5Group
            {
                ["fc"] = new H5Group { ["0"] = new float[] { 1 }, ["1"] = new float[] { 2 } },
                ["a"] = new H5Group { ["new"] = new H5Group { ["0"] = new float[] { 3 } } },
                ["relu"] = new H5Group { ["0"] = new float[] { 4 } },
            },
            ["atl"] = new H5Group { ["layers"] = listed.ToByteArray() },
        };
        file.Write(rig.PathOf("w.h5"));
        var read = ProtoFiles.ReadNetBinary(rig.PathOf("w.h5")).Layer
            .Select(layer =>
                $"{layer.Name}: {string.Join(' ', layer.Blobs.Select(blob => blob.Data.FirstOrDefault()))}");
        Assert.That(read, Is.EqualTo(["/fc: 1 2", "relu: ", "moved: 0", "a/new: 3", "relu: 4"]));
    }

    [Test]
    public void WrongAndDamagedFilesAreNamed()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create("snapshot_format: HDF5");
        string state = solver.Snapshot(), model = rig.PathOf("snap_iter_0.caffemodel.h5");
        Assert.That(() => solver.Restore(model),
            Throws.InstanceOf<AtlException>().With.Message.Contains("it is weights, which are given as -weights"));
        Assert.That(() => ProtoFiles.ReadNetBinary(state),
            Throws.InstanceOf<AtlException>().With.Message.Contains(
                "it is a solver state, which is given as -snapshot"));
        Hdf5File.Write(rig.PathOf("images.h5"), ("data", new Shape(2), new float[] { 1, 2 }));
        Assert.That(() => ProtoFiles.ReadNetBinary(rig.PathOf("images.h5")), Throws.InstanceOf<AtlException>()
            .With.Message.EndsWith("images.h5: an HDF5 file whose 'data' is an array, as the HDF5Data layer reads "
                + "them, expected weights (caffemodel.h5)"));
        File.WriteAllBytes(state, File.ReadAllBytes(state)[..300]);
        Assert.That(() => solver.Restore(state),
            Throws.InstanceOf<AtlException>().With.Message.StartsWith($"{state}: the object header of '/' claims"));
    }

    private static void Extract(SolverRig rig, string name)
    {
        using Stream resource = typeof(Hdf5SnapshotTests).Assembly.GetManifestResourceStream(name)!;
        using FileStream file = File.Create(rig.PathOf(name));
        resource.CopyTo(file);
    }
}
