using Atl.Solvers;
using Atl.TestSupport;
using Microsoft.Extensions.Logging;

namespace Atl.Tests.Solvers;

/// <summary>Snapshots that protobuf cannot hold: known before training, and written as HDF5.</summary>
public class SnapshotSizeTests
{
    [TestCase(984_042, false, 2_015_318_016 + 4 * 512)]
    [TestCase(4_194_304, false, 8_589_934_592 + 4 * 512)]
    [TestCase(4_194_304, true, 2 * (8_589_934_592 + 4 * 512))]
    public void BytesAreCountedBeyond32Bits(long classes, bool withDiff, long expected)
    {
        long[] parameters = [classes * 512, 512];
        SnapshotSize size = SnapshotSize.Of(parameters, [.. parameters, .. parameters], withDiff);
        Assert.That(size, Is.EqualTo(new SnapshotSize(expected, 2 * (classes * 512 + 512) * 4, classes * 512)));
    }

    [Test]
    public void WhatIsTooLargeForProtobufBecomesHdf5WithOneNotice()
    {
        using SolverRig rig = new();
        LogCapture log = rig.CaptureLog();
        string state;
        float[][] parameters;
        using (Solver solver = rig.Create("snapshot: 2", new SolverOptions { MostBinaryBytes = 35 }))
        {
            solver.Step(4);
            state = solver.Snapshot();
            parameters = SolverRig.Parameters(solver);
        }
        Assert.That(log.Lines.Where(line => line.Severity == LogLevel.Warning).Select(line => line.Line),
            Has.Exactly(1)
            .Contains("snapshots will be HDF5 files (.caffemodel.h5, .solverstate.h5): the weights take 36 bytes "
                + "and the solver's history 36, "
                + "and binary files hold at most 35"));
        Assert.That(state, Is.EqualTo(rig.PathOf("snap_iter_4.solverstate.h5")));
        Assert.That(Directory.GetFiles(rig.Folder, "snap*").Select(Path.GetFileName), Is.EquivalentTo(new[]
        {
            "snap_iter_2.caffemodel.h5", "snap_iter_2.solverstate.h5", "snap_iter_4.caffemodel.h5",
            "snap_iter_4.solverstate.h5",
        }));
        using Solver resumed = rig.Create();
        resumed.Restore(state);
        Assert.That(SolverRig.Parameters(resumed), Is.EqualTo(parameters));
        Assert.That(resumed.Iteration, Is.EqualTo(4));
    }

    [Test]
    public void WhatFitsStaysBinary()
    {
        using SolverRig rig = new();
        LogCapture log = rig.CaptureLog();
        using Solver solver = rig.Create("snapshot: 2", new SolverOptions { MostBinaryBytes = 36 });
        Assert.That(solver.Snapshot(), Is.EqualTo(rig.PathOf("snap_iter_0.solverstate")));
        Assert.That(log.Lines.Where(line => line.Severity == LogLevel.Warning), Is.Empty);
    }

    [Test]
    public void TheHistoryAloneCanBeTooLarge()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create("type: 'Adam' momentum2: 0.9", new SolverOptions { MostBinaryBytes = 71 });
        Assert.That(solver.Snapshot(), Does.EndWith(".h5"));
    }

    [Test]
    public void AResumeThatFindsAllWeightsDoesNotWarn()
    {
        using SolverRig rig = new();
        string state;
        using (Solver solver = rig.Create()) state = solver.Snapshot();
        LogCapture log = rig.CaptureLog();
        using Solver resumed = rig.Create();
        resumed.Restore(state);
        Assert.That(log.Lines.Where(line => line.Severity == LogLevel.Warning), Is.Empty);
    }
}
