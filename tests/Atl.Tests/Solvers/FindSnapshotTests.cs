using Atl.Solvers;
using Atl.TestSupport;
using Microsoft.Extensions.Logging;

namespace Atl.Tests.Solvers;

/// <summary>Which snapshot a run goes on from where it is to find one itself.</summary>
public sealed class FindSnapshotTests
{
    private SolverRig _rig = null!;

    [SetUp]
    public void MakeRig() => _rig = new SolverRig();

    [TearDown]
    public void RemoveRig() => _rig.Dispose();

    [Test]
    public void WithoutSnapshotsThereIsNone()
    {
        using Solver solver = _rig.Create();
        Assert.That(solver.FindSnapshot(), Is.Null);
    }

    [TestCase("BINARYPROTO", "HDF5")]
    [TestCase("HDF5", "BINARYPROTO")]
    public void TheHighestIterationCountsWhateverItsFormat(string first, string second)
    {
        Train(first, 2, null);
        Train(second, 4, _rig.PathOf("snap_iter_2.solverstate" + (first == "HDF5" ? ".h5" : "")));
        using Solver solver = _rig.Create();
        string? found = solver.FindSnapshot();
        Assert.That(found, Is.EqualTo(_rig.PathOf("snap_iter_4.solverstate" + (second == "HDF5" ? ".h5" : ""))));
        solver.Restore(found!);
        Assert.That(solver.Iteration, Is.EqualTo(4));
    }

    [TestCase("caffemodel", "missing", "BINARYPROTO", "its weights are not in")]
    [TestCase("caffemodel", "empty", "BINARYPROTO", "damaged or of another snapshot")]
    [TestCase("caffemodel", "flipped", "BINARYPROTO", "damaged or of another snapshot")]
    [TestCase("caffemodel", "cut", "HDF5", "damaged or of another snapshot")]
    [TestCase("caffemodel", "of another", "BINARYPROTO", "damaged or of another snapshot")]
    [TestCase("solverstate", "empty", "BINARYPROTO", "snap_iter_4.solverstate")]
    [TestCase("solverstate", "cut", "BINARYPROTO", "break off")]
    [TestCase("solverstate", "cut", "HDF5", "snap_iter_4.solverstate.h5")]
    [TestCase("solverstate", "flipped", "BINARYPROTO", "history is damaged")]
    [TestCase("solverstate", "of another", "HDF5", "the state of iteration 2, expected that of iteration 4")]
    [TestCase("solverstate", "a folder", "BINARYPROTO", null)]
    public void ADamagedSnapshotIsNamedAndPassedOver(string kind, string fault, string format, string? reason)
    {
        Train(format, 4, null);
        string ending = format == "HDF5" ? ".h5" : "";
        Damage(_rig.PathOf($"snap_iter_4.{kind}{ending}"), _rig.PathOf($"snap_iter_2.{kind}{ending}"), fault);
        using Solver solver = _rig.Create();
        LogCapture log = _rig.CaptureLog();
        Assert.That(solver.FindSnapshot(), Is.EqualTo(_rig.PathOf("snap_iter_2.solverstate" + ending)));
        string[] warnings = [.. log.Lines.Where(line => line.Severity == LogLevel.Warning)
            .Select(line => line.Line)];
        if (reason is null)
            Assert.That(warnings, Is.Empty, "a folder is no snapshot");
        else
            Assert.That(warnings,
                Has.Length.EqualTo(1).And.All.Contains("the snapshot of iteration 4 is ignored").And.All.Contains(
                    reason));
    }

    [Test]
    public void AFolderThatWasMovedIsWholeThoughItsOldPlaceHoldsOtherWeights()
    {
        Train("BINARYPROTO", 2, null);
        using SolverRig moved = new();
        foreach (string file in Directory.GetFiles(_rig.Folder, "snap_iter_2.*"))
            File.Copy(file, moved.PathOf(Path.GetFileName(file)));
        // The old place trains on with another seed.
        Train("BINARYPROTO", 2, null, "random_seed: 99");
        using Solver solver = moved.Create();
        string? found = solver.FindSnapshot();
        Assert.That(found, Is.EqualTo(moved.PathOf("snap_iter_2.solverstate")));
        LogCapture log = moved.CaptureLog();
        solver.Restore(found!);
        Assert.That(log.Lines.Select(line => line.Severity), Has.None.EqualTo(LogLevel.Warning));
    }

    [Test]
    public void SnapshotsThatWereRenamedTogetherAreTheirOwn()
    {
        Train("BINARYPROTO", 2, null);
        foreach (string file in Directory.GetFiles(_rig.Folder, "snap_iter_2.*"))
            File.Move(file, _rig.PathOf(Path.GetFileName(file).Replace("snap", "other", StringComparison.Ordinal)));
        using Solver solver = _rig.Create($"snapshot_prefix: '{_rig.PathOf("other")}'");
        string? found = solver.FindSnapshot();
        Assert.That(found, Is.EqualTo(_rig.PathOf("other_iter_2.solverstate")));
        solver.Restore(found!);
        Assert.That(solver.Iteration, Is.EqualTo(2));
    }

    [Test]
    public void WhereNoSnapshotIsWholeNothingIsWrittenOverThem()
    {
        Train("BINARYPROTO", 4, null);
        foreach (string state in Directory.GetFiles(_rig.Folder, "*.solverstate")) File.WriteAllBytes(state, []);
        using Solver solver = _rig.Create();
        Assert.That(solver.FindSnapshot,
            Throws.TypeOf<SolverException>().With.Message.StartsWith("none of the 2 snapshots of "));
    }

    [Test]
    public void WeightsThatAreAPipeAreNotWaitedFor()
    {
        Train("BINARYPROTO", 4, null);
        string model = _rig.PathOf("snap_iter_4.caffemodel");
        File.Delete(model);
        OddFiles.Pipe(model);
        using Solver solver = _rig.Create();
        Assert.That(solver.FindSnapshot(), Is.EqualTo(_rig.PathOf("snap_iter_2.solverstate")));
    }

    [Test]
    public void TheLastWeightsStayWhereTheirStateCannotBeWritten()
    {
        Directory.CreateDirectory(_rig.PathOf("snap_iter_3.solverstate.new.tmp"));
        using Solver solver = _rig.Create("max_iter: 3");
        string model = _rig.PathOf("snap_iter_3.caffemodel");
        Assert.That(() => solver.Solve(),
            Throws.TypeOf<SolverException>().With.Message.Contains(
                $"; the weights are in {model}, without a state to resume from"));
        Assert.That(Directory.GetFiles(_rig.Folder, "snap_*"), Is.EqualTo([model]));
    }

    [Test]
    public void APrefixWhoseSnapshotsHaveNamesTooLongIsRefusedAtStart()
    {
        using Solver solver = _rig.Create($"max_iter: 1 snapshot_prefix: '{_rig.PathOf(new string('x', 235))}'");
        Assert.That(() => solver.Solve(),
            Throws.TypeOf<SolverException>().With.Message.Contains("cannot write to snapshot_prefix"));
    }

    [Test]
    public void WeightsThatWereEditedAreTakenUpWithAWarningWhereTheStateIsNamed()
    {
        Train("BINARYPROTO", 2, null);
        string model = _rig.PathOf("snap_iter_2.caffemodel");
        Damage(model, "", "flipped");
        using Solver solver = _rig.Create();
        LogCapture log = _rig.CaptureLog();
        solver.Restore(_rig.PathOf("snap_iter_2.solverstate"));
        Assert.That(
            log.Lines.Where(line => line.Severity == LogLevel.Warning).Select(line => line.Line),
            Has.One.Contains($"its weights {model} are damaged or of another snapshot"));
    }

    [Test]
    public void OfSnapshotsSoManyStayAsAreAskedFor()
    {
        using Solver solver = _rig.Create("snapshot: 1 max_iter: 6", new SolverOptions { KeepSnapshots = 2 });
        solver.Solve();
        Assert.That(
            Directory.GetFiles(_rig.Folder, "snap_*").Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "snap_iter_5.caffemodel", "snap_iter_5.solverstate", "snap_iter_6.caffemodel",
                "snap_iter_6.solverstate" }));
    }

    private void Train(string format, int iterations, string? from, string more = "")
    {
        using Solver solver = _rig.Create($"snapshot: 2 snapshot_format: {format} max_iter: {iterations} {more}");
        solver.Solve(from);
    }

    private static void Damage(string path, string other, string fault)
    {
        byte[] bytes = File.ReadAllBytes(path);
        switch (fault)
        {
            case "missing":
                File.Delete(path);
                break;
            case "a folder":
                File.Delete(path);
                Directory.CreateDirectory(path);
                break;
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            case "cut":
                File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
                break;
            case "flipped":
                // A value: of the first blob of either file.
                int at = bytes.AsSpan().IndexOf((byte)0x2A) + 4;
                bytes[at] ^= 1;
                File.WriteAllBytes(path, bytes);
                break;
            default:
                File.Copy(other, path, overwrite: true);
                break;
        }
    }
}
