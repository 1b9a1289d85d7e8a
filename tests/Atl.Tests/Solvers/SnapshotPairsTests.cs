using System.Diagnostics;
using Atl.Proto;
using Atl.Solvers;
using Atl.TestSupport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Tests.Solvers;

public sealed class SnapshotPairsTests
{
    private TemporaryFolder _folder = null!;

    private string Prefix => _folder["face"];

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void OnlyThePrefixsOwnNamesAreFoundTheHighestIterationFirst()
    {
        foreach (string name in new[]
                 {
                     "face_iter_9.solverstate", "face_iter_10.solverstate.h5", "face_iter_2.solverstate",
                     "face_iter_0.solverstate",
                     "face_bar_iter_99.solverstate", "face_iter_3_iter_50.solverstate", "face_iter_077.solverstate",
                     "face_iter_8.solverstate.bak",
                     "face_iter_7.caffemodel", "face_iter_-5.solverstate", "face_iter_6.solverstate.new",
                     "xface_iter_60.solverstate", "face_iter_.solverstate",
                     "face_iter_99999999999.solverstate", "Face_iter_70.solverstate",
                 })
            File.WriteAllText(_folder[name], "");
        Assert.That(
            SnapshotPairs.Find(Prefix).Select(pair => Path.GetFileName(pair.StatePath)),
            Is.EqualTo(["face_iter_10.solverstate.h5", "face_iter_9.solverstate", "face_iter_2.solverstate",
                "face_iter_0.solverstate"]));
        Assert.That(SnapshotPairs.Find(Prefix)[0].ModelPath, Is.EqualTo(_folder["face_iter_10.caffemodel.h5"]));
        Assert.That(SnapshotPairs.Find(_folder["none/face"]), Is.Empty);
    }

    [Test]
    public void OlderPairsAreRemovedAndNothingElse()
    {
        foreach (int iteration in (int[])[2, 4, 6, 8, 20]) Write(iteration);
        Write(5, hdf5: true);
        string[] others =
        [
            "face_bar_iter_1.solverstate", "face_bar_iter_1.caffemodel", "face_iter_1.caffemodel",
            "face_iter_3.solverstate.bak",
            "face_iter_02.solverstate",
        ];
        foreach (string name in others) File.WriteAllText(_folder[name], "");
        SnapshotPairs.RemoveOlder(Prefix, 8, 2, new HashSet<string>(), NullLogger.Instance);
        Assert.That(
            Directory.GetFiles(_folder.FullName).Select(Path.GetFileName),
            Is.EquivalentTo(others.Concat(
            [
                "face_iter_6.solverstate", "face_iter_6.caffemodel", "face_iter_8.solverstate",
                "face_iter_8.caffemodel",
                "face_iter_20.solverstate", "face_iter_20.caffemodel",
            ])));
    }

    // A file that something is mounted on cannot be removed.
    [Test]
    public void ASnapshotThatCannotBeRemovedIsSaidOnce()
    {
        foreach (int iteration in (int[])[2, 4, 6]) Write(iteration);
        string state = _folder["face_iter_2.solverstate"];
        if (!OperatingSystem.IsLinux() || Mount("mount", "--bind", state, state) != 0)
            Assert.Ignore("a file cannot be mounted here");
        try
        {
            HashSet<string> stuck = [];
            LogCapture log = new();
            SnapshotPairs.RemoveOlder(Prefix, 4, 1, stuck, log);
            SnapshotPairs.RemoveOlder(Prefix, 6, 1, stuck, log);
            Assert.That(log.Lines.Where(line => line.Severity == LogLevel.Warning).Select(line => line.Line),
                Has.One.Contains("an older snapshot cannot be removed and stays (said once): "));
            Assert.That(File.Exists(_folder["face_iter_4.solverstate"]), Is.False, "the others are removed");
        }
        finally
        {
            Mount("umount", state);
        }
    }

    [TestCase(false, false)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    [TestCase(true, true)]
    public void ACompletePairThatAKillCaughtIsFinished(bool modelHasItsName, bool hdf5)
    {
        Write(4, hdf5);
        SnapshotPair pair = SnapshotPairs.Find(Prefix).Single();
        byte[] state = File.ReadAllBytes(pair.StatePath), model = File.ReadAllBytes(pair.ModelPath);
        File.Move(pair.StatePath, pair.StatePath + ".new");
        if (!modelHasItsName) File.Move(pair.ModelPath, pair.ModelPath + ".new");
        LogCapture log = new();
        SnapshotPairs.Recover(Prefix, log);
        Assert.That(Directory.GetFiles(_folder.FullName), Is.EquivalentTo(new[] { pair.StatePath, pair.ModelPath }));
        Assert.That((File.ReadAllBytes(pair.StatePath), File.ReadAllBytes(pair.ModelPath)), Is.EqualTo((state, model)));
        Assert.That(log.Lines.Select(line => line.Line), Has.One.Contains(pair.StatePath));
    }

    [TestCase("face_iter_4.solverstate.new")]
    [TestCase("face_iter_4.caffemodel.new")]
    public void WhatWasNotCompleteIsRemoved(string damaged)
    {
        Write(4);
        foreach (string name in (string[])["face_iter_4.solverstate", "face_iter_4.caffemodel"])
            File.Move(_folder[name], _folder[name + ".new"]);
        byte[] bytes = File.ReadAllBytes(_folder[damaged]);
        bytes[^3] ^= 1;
        File.WriteAllBytes(_folder[damaged], bytes);
        File.WriteAllText(_folder["face_iter_6.caffemodel.new.tmp"], "half");
        File.WriteAllText(_folder["face_iter_6.caffemodel.tmp"], "not ours");
        SnapshotPairs.Recover(Prefix, NullLogger.Instance);
        Assert.That(Directory.GetFiles(_folder.FullName).Select(Path.GetFileName),
            Is.EqualTo(["face_iter_6.caffemodel.tmp"]));
    }

    [Test]
    public void AnOldPairStaysWhileItsSuccessorIsNotBegun()
    {
        Write(4);
        byte[] state = File.ReadAllBytes(_folder["face_iter_4.solverstate"]);
        File.Copy(_folder["face_iter_4.solverstate"], _folder["face_iter_4.solverstate.new"]);
        File.WriteAllText(_folder["face_iter_4.caffemodel.new"], "half");
        SnapshotPairs.Recover(Prefix, NullLogger.Instance);
        Assert.That(
            Directory.GetFiles(_folder.FullName).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "face_iter_4.solverstate", "face_iter_4.caffemodel" }));
        Assert.That(File.ReadAllBytes(_folder["face_iter_4.solverstate"]), Is.EqualTo(state));
    }

    private void Write(int iteration, bool hdf5 = false)
    {
        string model = SnapshotFiles.ModelPath(Prefix, iteration, hdf5);
        BlobProto values = new Tensor(new Shape(3)).ToProto();
        LayerParameter layer = new() { Name = "ip", Type = "InnerProduct", Blobs = { values } };
        SnapshotFiles.Write(
            model, () => new NetParameter { Layer = { layer } }, SnapshotFiles.StatePath(Prefix, iteration, hdf5),
            () => new SolverState { Iter = iteration, LearnedNet = model, History = { values } });
    }

    private static int Mount(string program, params string[] arguments)
    {
        using Process process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
