using System.Diagnostics;
using Atl.Proto;
using Atl.Solvers;
using Atl.TestSupport;
using Microsoft.Extensions.Logging;

namespace Atl.Tests.Solvers;

/// <summary>What users meet around snapshots: wrong files, states that do not fit, disks that are full.</summary>
public class SnapshotTests
{
    [Test]
    [CaffeBehaviour(CaffeBehaviour.SolverStateFields)]
    public void AStateHoldsWhatBvlcCaffeReads()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create("type: 'Adam' lr_policy: 'step' stepsize: 2 gamma: 0.5");
        solver.Step(5);
        SolverState state = ProtoFiles.ReadSolverState(solver.Snapshot());
        int parameters = solver.Net.LearnableParameters.Count;
        Assert.Multiple(() =>
        {
            Assert.That((state.Iter, state.CurrentStep), Is.EqualTo((5, 2)));
            Assert.That(state.LearnedNet, Is.EqualTo(rig.PathOf("snap_iter_5.caffemodel")));
            Assert.That(state.History, Has.Count.EqualTo(2 * parameters));
            Assert.That(state.History[0].Data, Is.EqualTo(((SgdSolver)solver).History[0].AsReadOnlySpan().ToArray()));
            Assert.That(state.History[parameters].Data, Is.All.Positive,
                "the second history follows the first of every parameter");
        });
    }

    [TestCase(false)]
    [TestCase(true)]
    public void GradientsAreStoredWhenAsked(bool asked)
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create($"snapshot_diff: {(asked ? "true" : "false")}");
        solver.Step(1);
        solver.Snapshot();
        NetParameter stored = ProtoFiles.ReadNetBinary(rig.PathOf("snap_iter_1.caffemodel"));
        Assert.That(stored.Layer.Single(layer => layer.Name == "gain").Blobs[0].Diff.Count, Is.EqualTo(asked ? 3 : 0));
    }

    [Test]
    public void WeightsGivenAsASnapshotAreNamed()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create();
        solver.Snapshot();
        Assert.That(() => solver.Restore(rig.PathOf("snap_iter_0.caffemodel")),
            Throws.InstanceOf<AtlException>().With.Message.Contains("snap_iter_0.caffemodel")
            .And.Message.Contains("weights").And.Message.Contains("expected a solver state").And.Message.Contains(
                ".solverstate"));
    }

    [Test]
    public void AStateGivenAsWeightsIsNamed()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create();
        solver.Snapshot();
        Assert.That(
            () => rig.Create("weights: 'snap_iter_0.solverstate'"),
            Throws.InstanceOf<AtlException>().With.Message.Contains(
                "snap_iter_0.solverstate: a solver state, expected weights"));
    }

    [Test]
    public void AStateOfAnotherSolverIsRefusedAndNothingChanges()
    {
        using SolverRig rig = new();
        using Solver adam = rig.Create("type: 'Adam'"), sgd = rig.Create("random_seed: 77");
        adam.Step(3);
        string state = adam.Snapshot();
        float[][] before = SolverRig.Parameters(sgd);
        Assert.That(() => sgd.Restore(state),
            Throws.TypeOf<SolverException>().With.Message.Contains(
                "6 history blobs, expected 3 (Sgd over 3 parameters)"));
        Assert.That((sgd.Iteration, SolverRig.Parameters(sgd)), Is.EqualTo((0, before)));
    }

    [Test]
    public void AStateOfAnotherNetIsRefusedWithBothShapes()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create();
        string path = solver.Snapshot();
        SolverState state = ProtoFiles.ReadSolverState(path);
        state.History[1] = new Tensor(new Shape(5)).ToProto();
        ProtoFiles.WriteSolverState(path, state);
        Assert.That(
            () => solver.Restore(path),
            Throws.TypeOf<SolverException>().With.Message.Contains(
                "history blob 1 has shape 5 (5), expected 3 (3) of parameter 1 of layer 'gain'"));
    }

    [Test]
    public void ATruncatedStateIsNamed()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create();
        string path = solver.Snapshot();
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^40]);
        Assert.That(() => solver.Restore(path),
            Throws.InstanceOf<AtlException>().With.Message.StartsWith(path).And.Message.Contains("break off"));
    }

    [Test]
    public void AMissingSnapshotIsNamed()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create();
        Assert.That(() => solver.Solve(rig.PathOf("none.solverstate")),
            Throws.InstanceOf<AtlException>().With.Message.Contains("none.solverstate: no such file"));
    }

    [Test]
    public void ASnapshotThatFailsDoesNotEndTraining()
    {
        using SolverRig rig = new();
        Directory.CreateDirectory(rig.PathOf("snaps"));
        using Solver solver = rig.Create("snapshot: 2");
        solver.Parameter.SnapshotPrefix = rig.PathOf("snaps/face");
        Directory.Delete(rig.PathOf("snaps"));
        LogCapture log = rig.CaptureLog();
        solver.Step(3);
        Assert.That(solver.Iteration, Is.EqualTo(3));
        Assert.That(
            log.Lines.Where(entry => entry.Severity == LogLevel.Error).Select(entry => entry.Line),
            Has.One.Contains("the snapshot of iteration 2 failed, training continues without it: ").And.One.Contains(
                "snaps"));
        Assert.That(solver.Snapshot, Throws.InstanceOf<AtlException>());
        Directory.CreateDirectory(rig.PathOf("snaps"));
        Assert.That(File.Exists(solver.Snapshot()));
    }

    // The last iteration's snapshot is due anyway, and fails: no second one may be taken for granted.
    [Test]
    public void ALastSnapshotThatFailsIsAnErrorThatNamesTheOneBefore([Values(1, 3, 5)] int interval)
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create($"snapshot: {interval} max_iter: 3");
        // No file can be created where a folder has its name.
        Directory.CreateDirectory(rig.PathOf("snap_iter_3.caffemodel.new.tmp"));
        LogCapture log = rig.CaptureLog();
        string before = interval == 1 ? $"the last one that was written is {rig.PathOf("snap_iter_2.solverstate")}"
            : "no snapshot was written before it";
        Assert.That(
            () => solver.Solve(),
            Throws.TypeOf<SolverException>().With.Message.StartsWith("the last snapshot, of iteration 3, failed: ")
                .And.Message.Contains("snap_iter_3.caffemodel").And.Message.EndsWith(before));
        Assert.That(Directory.GetFiles(rig.Folder, "snap_*"), Has.Length.EqualTo(interval == 1 ? 4 : 0));
    }

    [Test]
    public void AStopInATestWritesWhatThePeriodicSnapshotCouldNot()
    {
        using SolverRig rig = new();
        SolverActionSource actions = new();
        using Solver solver = rig.Create(
            "snapshot: 2 max_iter: 9 test_iter: 3 test_interval: 2",
            new SolverOptions { Actions = actions, Observers = [new StopBeforeTests(actions)] });
        string obstacle = Directory.CreateDirectory(rig.PathOf("snap_iter_2.caffemodel.new.tmp")).FullName;
        LogCapture log = rig.CaptureLog();
        log.OnLine = line =>
        {
            if (line.EndsWith("Iteration 2, Testing net (#0)", StringComparison.Ordinal) && Directory.Exists(obstacle))
                Directory.Delete(obstacle);
        };
        solver.Solve();
        Assert.That(solver.Iteration, Is.EqualTo(2));
        Assert.That(log.Of("solver.cpp"), Has.Some.EqualTo("Test interrupted."));
        Assert.That(File.Exists(rig.PathOf("snap_iter_2.solverstate")));
    }

    [Test]
    public void FailuresForOneReasonAreSaidOnceAndTheirEndToo()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create("snapshot: 1 max_iter: 9");
        for (int i = 1; i < 5; i++) Directory.CreateDirectory(rig.PathOf($"snap_iter_{i}.caffemodel.new.tmp"));
        LogCapture log = rig.CaptureLog();
        solver.Step(6);
        Assert.That(
            log.Of("snapshot_failures.cpp").Select(line => line.Split(':')[0]),
            Is.EqualTo(
            [
                "the snapshot of iteration 1 failed, training continues without it",
                "the snapshot of iteration 5 is written, after 4 that failed",
            ]));
    }

    // What nothing follows has its snapshot already, and is not without one for a moment.
    [Test]
    public void ARunThatStopsWhereItResumedLeavesTheSnapshotAlone()
    {
        using SolverRig rig = new();
        using (Solver first = rig.Create("max_iter: 2")) first.Solve();
        string state = rig.PathOf("snap_iter_2.solverstate");
        DateTime written = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(state, written);
        using Solver solver = rig.Create("max_iter: 2");
        solver.Solve(state);
        Assert.That(File.GetLastWriteTimeUtc(state), Is.EqualTo(written));
    }

    [Test]
    public void ARunWhoseLastSnapshotCannotBeWrittenDoesNotBegin()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create("max_iter: 3");
        solver.Parameter.SnapshotPrefix = rig.PathOf("none/face");
        Assert.That(() => solver.Solve(), Throws.TypeOf<SolverException>().With.Message.Contains("none/face"));
        Assert.That(solver.Iteration, Is.Zero);
    }

    // A disk of its own that has room for the weights, and not for the history too.
    [Test]
    public void AFullDiskIsNamedAndTheOldPairStays([Values(null, 1, 3)] int? keep)
    {
        using SolverRig rig = new(SolverRig.Net.Replace("dim: 3 ", "dim: 3000 ", StringComparison.Ordinal));
        string disk = Directory.CreateDirectory(rig.PathOf("disk")).FullName;
        if (!OperatingSystem.IsLinux() || Run("mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", disk) != 0)
            Assert.Ignore("a small file system cannot be mounted here");
        try
        {
            using Solver solver = rig.Create("", new SolverOptions { KeepSnapshots = keep });
            solver.Parameter.SnapshotPrefix = Path.Combine(disk, "face");
            File.WriteAllText(Path.Combine(disk, "face_iter_0.solverstate"), "old");
            solver.Step(1);
            Assert.That(solver.Snapshot,
                Throws.InstanceOf<AtlException>().With.Message.Contains("the disk is full").And.Message.Contains(disk)
                    .And.Message.EndsWith(keep switch
                    {
                        null => "; free room, or give -keep_snapshots N, which removes older snapshots",
                        1 => "; -keep_snapshots 1 needs room for 2, as older ones are removed when the new one is on "
                            + "the disk: free room",
                        _ => "; -keep_snapshots 3 needs room for 4, as older ones are removed when the new one is on "
                            + "the disk: free room, or give a lower number",
                    }));
            Assert.That(Directory.GetFiles(disk).Select(Path.GetFileName), Is.EqualTo(["face_iter_0.solverstate"]));
            solver.Parameter.SnapshotPrefix = rig.PathOf("elsewhere");
            Assert.That(File.Exists(solver.Snapshot()), "nothing of the training is lost");
        }
        finally
        {
            Run("umount", disk);
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private sealed class StopBeforeTests(SolverActionSource actions) : ISolverObserver
    {
        public void OnIteration(Solver solver, SolverProgress progress)
        {
            // Taken by the test that follows, since the iteration's own look has a snapshot request to take first.
            if (progress.Iteration != 1) return;
            actions.Request(SolverAction.Snapshot);
            actions.Request(SolverAction.Stop);
        }
    }
}
