using Atl.Linting;
using Atl.Proto;
using Atl.Solvers;
using Atl.TestSupport;

namespace Atl.Tests.Solvers;

/// <summary>HDF5 snapshots of layers with any name: read back as written, or refused before training.</summary>
public sealed class Hdf5LayerNamesTests
{
    private static string Net(string first, string second, string param = "") => $$"""
        layer { name: "in" type: "Input" top: "data" top: "target" input_param { shape { dim: 4 dim: 3 } shape { dim: 4 dim: 3 } } }
        layer { name: "{{first}}" type: "Scale" bottom: "data" top: "a" {{param}} scale_param { bias_term: true filler { type: "gaussian" std: 1 } } }
        layer { name: "{{second}}" type: "Scale" bottom: "a" top: "b" {{param}} scale_param { bias_term: true filler { type: "gaussian" std: 1 } } }
        layer { name: "loss" type: "EuclideanLoss" bottom: "b" bottom: "target" top: "loss" }
        """;

    [TestCase("fc", "fc2")]
    [TestCase("fc/a", "fc")]
    [TestCase("fc", "/gc")]
    [TestCase("gc//x/", "fc")]
    [TestCase("", "fc")]
    [TestCase("fc/2", "fc")]
    [TestCase("0", "1")]
    [TestCase(".", "a b:c")]
    [TestCase("schön", "层")]
    public void WhatIsWrittenIsReadBack(string first, string second)
    {
        using SolverRig rig = new(Net(first, second));
        using Solver solver = rig.Create("snapshot_format: HDF5 snapshot_diff: true"),
            other = rig.Create("snapshot_format: HDF5 random_seed: 8");
        solver.Step(2);
        string state = solver.Snapshot();
        NetParameter stored = ProtoFiles.ReadNetBinary(rig.PathOf("snap_iter_2.caffemodel.h5")),
            wanted = solver.Net.ToProto(withDiff: true);
        Assert.That(stored.Layer.Select(layer => layer.Name), Is.EqualTo(wanted.Layer.Select(layer => layer.Name)));
        Assert.That(stored.Layer.SelectMany(layer => layer.Blobs),
            Is.EqualTo(wanted.Layer.SelectMany(layer => layer.Blobs)));
        other.Restore(state);
        Assert.That(SolverRig.Parameters(other), Is.EqualTo(SolverRig.Parameters(solver)));
    }

    [TestCase("fc", "fc/0", "3:1: layer 'fc/0' (Scale)", "2:1: layer 'fc' (Scale): both need the path 'data/fc/0'")]
    [TestCase("fc/1", "fc", "2:1: layer 'fc/1' (Scale)", "3:1: layer 'fc' (Scale): both need the path 'data/fc/1'")]
    [TestCase("fc/1/x", "fc", "2:1: layer 'fc/1/x' (Scale)", "3:1: layer 'fc' (Scale): both need the path 'data/fc/1'")]
    [TestCase("fc", "fc/", "3:1: layer 'fc/' (Scale)", "2:1: layer 'fc' (Scale): both need the path 'data/fc/0'")]
    [TestCase("", "0", "3:1: layer '0' (Scale)", "2:1: layer '' (Scale): both need the path 'data/0'")]
    public void NamesThatHdf5CannotTellApartAreRefusedBeforeTraining(string first, string second, string one,
    string other)
    {
        using SolverRig rig = new(Net(first, second));
        Assert.That(() => rig.Create("snapshot_format: HDF5"),
            Throws.InstanceOf<AtlException>().With.Message.Contains(one).And.Message.Contains(
                other).And.Message.Contains("rename one of the layers"));
        using Solver binary = rig.Create();
        NetParameter weights = binary.Net.ToProto();
        Assert.That(() => ProtoFiles.WriteWeightsHdf5(rig.PathOf("w.h5"), weights),
            Throws.InstanceOf<AtlException>().With.Message.Contains("rename"));
        Assert.That(File.Exists(rig.PathOf("w.h5")), Is.False);
        File.WriteAllText(rig.PathOf("solver.prototxt"),
            "net: 'net.prototxt' base_lr: 0.1 lr_policy: 'fixed' max_iter: 1 snapshot_format: HDF5");
        LintedFile linted = new Linter(allowUnknownFields: false).Check(rig.PathOf("solver.prototxt"));
        Assert.That(linted.Status, Is.EqualTo(LintStatus.Error));
        Assert.That(linted.Message, Does.Contain(one).And.Contain(other));
    }

    [Test]
    public void ALayerWithoutParametersGivesWay()
    {
        string net = Net("fc", "gc").Replace("name: \"loss\"", "name: \"fc/0\"", StringComparison.Ordinal);
        using SolverRig rig = new(net);
        using Solver solver = rig.Create("snapshot_format: HDF5"), other = rig.Create("random_seed: 8");
        other.Restore(solver.Snapshot());
        Assert.That(SolverRig.Parameters(other), Is.EqualTo(SolverRig.Parameters(solver)));
    }

    // The owner of a shared parameter, with which HDF5 stores it, may be missing in a net that has a sharer.
    [TestCase("gc")]
    [TestCase("elsewhere")]
    public void ASharerFindsItsParameterThoughTheOwnerIsNotInTheNet(string name)
    {
        const string Shared = "param { name: \"w\" } param { name: \"b\" }";
        using SolverRig rig = new(Net("fc", "gc", Shared));
        using Solver solver = rig.Create("snapshot_format: HDF5");
        solver.Step(1);
        solver.Snapshot();
        NetParameter weights = ProtoFiles.ReadNetBinary(rig.PathOf("snap_iter_1.caffemodel.h5"));
        NetParameter part = ProtoFiles.ReadNet(rig.PathOf("net.prototxt"));
        part.Layer.RemoveAt(1);
        (part.Layer[1].Name, part.Layer[1].Bottom[0]) = (name, "data");
        using Net net = new(part, new NetOptions { Seed = 50 });
        net.CopyTrainedLayersFrom(weights);
        Assert.That(net.LearnableParameters.Select(learned => learned.Blob.Data.AsReadOnlySpan().ToArray()),
            Is.EqualTo(SolverRig.Parameters(solver)));
    }

    // As Caffe writes them, without the names that each layer shares.
    [Test]
    public void CaffesWeightsWithoutTheOwnerAreAnErrorThatSaysSo()
    {
        using SolverRig rig = new(Net("fc", "gc", "param { name: \"w\" } param { name: \"b\" }"));
        using Solver solver = rig.Create();
        NetParameter weights = solver.Net.ToProto();
        LayerParameter sharer = weights.Layer.Single(layer => layer.Name == "gc");
        sharer.Param.Clear();
        for (int i = 0; i < 2; i++) sharer.Blobs[i] = new BlobProto();
        Assert.That(() => solver.Net.CopyTrainedLayersFrom(weights), Throws.Nothing);
        weights.Layer.Remove(weights.Layer.Single(layer => layer.Name == "fc"));
        Assert.That(() => solver.Net.CopyTrainedLayersFrom(weights),
            Throws.InstanceOf<AtlException>().With.Message.Contains("layer 'gc' (Scale)")
            .And.Message.Contains("Caffe's HDF5 weights hold a shared parameter with its owner alone"));
    }

    [Test]
    public void AFailureOfAnyKindInASnapshotDoesNotEndTraining()
    {
        using SolverRig rig = new();
        LogCapture log = rig.CaptureLog();
        using Solver solver = rig.Create("snapshot: 1 max_iter: 3 snapshot_after_train: false",
            new SolverOptions { Observers = [new FailingObserver()] });
        solver.Solve();
        Assert.That(solver.Iteration, Is.EqualTo(3));
        Assert.That(log.Lines.Where(line => line.Line.Contains("the snapshot of iteration", StringComparison.Ordinal))
            .Select(line => line.Line),
            Has.One.Contains("the snapshot of iteration 1 failed, training continues without it: InvalidCastException: "
                + "no cast"),
            "the same is not said again");
        Assert.That(() => solver.Snapshot(), Throws.TypeOf<InvalidCastException>());
    }

    private sealed class FailingObserver : ISolverObserver
    {
        public void OnSnapshot(Solver solver, string model, string state) => throw new InvalidCastException("no cast");
    }
}
