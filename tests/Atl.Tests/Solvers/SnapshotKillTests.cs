using System.Diagnostics;
using System.Runtime.CompilerServices;
using Atl.Proto;
using Atl.Solvers;

namespace Atl.Tests.Solvers;

/// <summary>Kills a process that does nothing but write snapshots, at whatever moment, and looks at what it
/// left.</summary>
public class SnapshotKillTests
{
    private const string LoopFolder = "ATL_TESTS_SNAPSHOT_LOOP";
    private const int Names = 2, Values = 300_000;

    [Test]
    public void AKilledProcessLeavesWholePairs()
    {
        using SolverRig rig = new();
        RandomStream delays = new(1);
        string[] left = [];
        for (int kill = 0; kill < 6; kill++)
        {
            using Process process = Start(rig.Folder);
            while (Directory.GetFiles(rig.Folder, "*.solverstate").Length < Names && !process.HasExited)
                Thread.Sleep(5);
            Thread.Sleep(delays.Next(80));
            process.Kill();
            process.WaitForExit();
            left = Directory.GetFiles(rig.Folder, "*.solverstate");
            // One name may be caught between losing its old pair and taking the new one; the other name's pair is
            // whole.
            Assert.That(left, Has.Length.InRange(Names - 1, Names));
            foreach (string path in left)
            {
                SolverState state = ProtoFiles.ReadSolverState(path);
                NetParameter net = ProtoFiles.ReadNetBinary(SnapshotFiles.FindModel(path, state.LearnedNet));
                Assert.That(net.Layer[0].Blobs[0].Data[Values - 1], Is.EqualTo(state.History[0].Data[Values - 1]),
                    "weights and state are of one snapshot");
            }
        }
        Assert.That(left, Is.Not.Empty);
    }

    // Runs in place of the tests in the process that is to be killed.
    [ModuleInitializer]
    internal static void Loop()
    {
        if (Environment.GetEnvironmentVariable(LoopFolder) is not { } folder) return;
        for (int counter = Environment.ProcessId; ; counter++)
        {
            string prefix = Path.Combine(folder, "killed"), model = SnapshotFiles.ModelPath(prefix, counter % Names),
                state = SnapshotFiles.StatePath(prefix, counter % Names);
            BlobProto values = new() { Shape = new Shape(Values).ToMessage() };
            for (int i = 0; i < Values; i++) values.Data.Add(counter);
            SnapshotFiles.Write(
                model,
                () =>
                    new NetParameter
                    {
                        Layer =
                        { new LayerParameter { Name = "ip", Type = "InnerProduct", Blobs = { values } } }
                    },
                state,
                () => new SolverState { Iter = counter % Names, LearnedNet = model, History = { values } });
        }
    }

    private static Process Start(string folder)
    {
        string program = Environment.ProcessPath!;
        ProcessStartInfo start = new(program) { Environment = { [LoopFolder] = folder } };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(typeof(SnapshotKillTests).Assembly.Location);
        return Process.Start(start)!;
    }
}
