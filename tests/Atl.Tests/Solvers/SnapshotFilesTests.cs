using Atl.Proto;
using Atl.Solvers;
using Atl.TestSupport;

namespace Atl.Tests.Solvers;

public class SnapshotFilesTests
{
    private readonly TemporaryFolder _folder = new();

    private string Model => SnapshotFiles.ModelPath(_folder["face"], 7);

    private string State => SnapshotFiles.StatePath(_folder["face"], 7);

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    [SetUp]
    public void RemoveFiles()
    {
        foreach (string file in Directory.GetFiles(_folder.FullName)) File.Delete(file);
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.SnapshotNames)]
    public void NamesAreCaffes() => Assert.That(
        (Path.GetFileName(Model), Path.GetFileName(State)),
        Is.EqualTo(("face_iter_7.caffemodel", "face_iter_7.solverstate")));

    [Test]
    public void APairIsWrittenAndNothingElseIsLeft()
    {
        Write("first");
        Assert.That(Directory.GetFiles(_folder.FullName), Is.EquivalentTo(new[] { Model, State }));
        Assert.That(ProtoFiles.ReadNetBinary(Model).Name, Is.EqualTo("first"));
        Assert.That(ProtoFiles.ReadSolverState(State).Iter, Is.EqualTo(7));
    }

    // Whatever fails (here the making of a message, as a full disk would), the old pair is whole and no temporary file
    // stays.
    [TestCase(true)]
    [TestCase(false)]
    public void AFailureLeavesTheOldPair(bool inModel)
    {
        Write("first");
        Assert.That(
            () => SnapshotFiles.Write(
                Model, () => inModel ? throw new IOException("No space left on device") : Net("second"), State, () =>
                    throw new IOException("No space left on device")),
            Throws.TypeOf<SolverException>().With.Message.Contains(Model).And.Message.Contains("No space left"));
        Assert.That(Directory.GetFiles(_folder.FullName), Is.EquivalentTo(new[] { Model, State }));
        Assert.That(ProtoFiles.ReadNetBinary(Model).Name, Is.EqualTo("first"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void AFolderInAFilesPlaceIsNamedAndNothingElseIsLeft(bool ofModel)
    {
        string folder = Directory.CreateDirectory(ofModel ? Model : State).FullName;
        try
        {
            Assert.That(() => Write("first"), Throws.TypeOf<SolverException>().With.Message.EqualTo(
                $"{folder}: a folder, expected room for a snapshot's file; move the folder away"));
            Assert.That(Directory.GetFileSystemEntries(_folder.FullName), Is.EqualTo([folder]));
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    // The weights are what was trained for.
    [Test]
    public void TheLastWeightsStayWhereAFolderIsInTheStatesPlace()
    {
        Directory.CreateDirectory(State);
        try
        {
            Assert.That(() => SnapshotFiles.Write(Model, () => Net("last"), State,
                () => new SolverState { Iter = 7, LearnedNet = Model }, isLast: true),
                Throws.TypeOf<SolverException>().With.Message.StartsWith($"{State}: a folder, expected room")
                    .And.Message.EndsWith("without a state to resume from"));
            Assert.That(ProtoFiles.ReadNetBinary(Model).Name, Is.EqualTo("last"));
        }
        finally
        {
            Directory.Delete(State);
        }
    }

    [Test]
    public void BothFilesAreCompleteBeforeEitherTakesItsName()
    {
        Write("first");
        SnapshotFiles.Write(Model, () => Net("second"), State, () =>
        {
            Assert.That(ProtoFiles.ReadNetBinary(Model).Name, Is.EqualTo("first"));
            return new SolverState { Iter = 7, LearnedNet = Model };
        });
        Assert.That(ProtoFiles.ReadNetBinary(Model).Name, Is.EqualTo("second"));
    }

    [Test]
    public void APrefixInAMissingFolderIsRefusedBeforeTraining()
    {
        SolverParameter parameter =
            TextFormat.Parse<SolverParameter>($"snapshot_prefix: '{_folder.FullName}/none/face'", "s.prototxt");
        Assert.That(
            () => SnapshotFiles.CheckWritable(parameter),
            Throws.TypeOf<SolverException>().With.Message.StartsWith(
                "s.prototxt:1:1: cannot write to snapshot_prefix").And.Message.Contains("none/face"));
    }

    [Test]
    public void WeightsAreFoundBesideTheStateThatNamesThem()
    {
        Write("first");
        Assert.That(SnapshotFiles.FindModel(State, "elsewhere/face_iter_7.caffemodel"), Is.EqualTo(Model));
        Assert.That(
            () => SnapshotFiles.FindModel(State, "elsewhere/other.caffemodel"),
            Throws.TypeOf<SolverException>().With.Message.Contains("elsewhere/other.caffemodel").And.Message.Contains(
                _folder["other.caffemodel"]));
        Assert.That(
            () => SnapshotFiles.FindModel("x.solverstate", "gone.caffemodel"),
            Throws.TypeOf<SolverException>().With.Message.StartsWith(
                "x.solverstate: its weights are not in gone.caffemodel, expected"));
    }

    private static NetParameter Net(string name)
    {
        NetParameter net = new() { Name = name };
        net.Layer.Add(new LayerParameter { Name = "ip", Type = "InnerProduct" });
        return net;
    }

    private void Write(string name) =>
        SnapshotFiles.Write(Model, () => Net(name), State, () => new SolverState { Iter = 7, LearnedNet = Model });
}
