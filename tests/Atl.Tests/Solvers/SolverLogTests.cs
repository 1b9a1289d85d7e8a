using System.Text.RegularExpressions;
using Atl.Solvers;
using Atl.TestSupport;

namespace Atl.Tests.Solvers;

/// <summary>The lines that scripts parse, word for word as Caffe writes them.</summary>
public class SolverLogTests
{
    private const string Number = @"-?\d[\d.e+-]*";

    [Test]
    [CaffeBehaviour(CaffeBehaviour.SolverLogLines)]
    public void ARunIsLoggedAsByCaffe()
    {
        using SolverRig rig = new();
        LogCapture log = rig.CaptureLog();
        using Solver solver =
            rig.Create("max_iter: 4 display: 2 test_iter: 3 test_interval: 2 test_compute_loss: true snapshot: 3 "
                + "solver_mode: CPU");
        int built = log.Of("solver.cpp").Count;
        solver.Solve();
        string[] test = ["Test loss: ~", "    Test net output #0: loss = ~ (* 1 = ~ loss)"];
        string prefix = rig.PathOf("snap");
        string[] expected =
        [
            "Solving regression", "Learning Rate Policy: fixed",
            "Iteration 0, Testing net (#0)", .. test,
            "Iteration 0 (0 iter/s, ~s/2 iters), loss = ~", "    Train net output #0: loss = ~ (* 1 = ~ loss)",
            "Iteration 2, Testing net (#0)", .. test,
            "Iteration 2 (~ iter/s, ~s/2 iters), loss = ~", "    Train net output #0: loss = ~ (* 1 = ~ loss)",
            $"Snapshotting to binary proto file {prefix}_iter_3.caffemodel",
            $"Snapshotting solver state to binary proto file {prefix}_iter_3.solverstate",
            $"Snapshotting to binary proto file {prefix}_iter_4.caffemodel",
            $"Snapshotting solver state to binary proto file {prefix}_iter_4.solverstate",
            "Iteration 4, loss = ~",
            "Iteration 4, Testing net (#0)", .. test,
            "Optimization Done.",
        ];
        string[] found = [.. log.Of("solver.cpp").Skip(built)];
        Assert.That(found, Has.Length.EqualTo(expected.Length), string.Join('\n', found));
        for (int i = 0; i < expected.Length; i++) Assert.That(found[i], Does.Match(Pattern(expected[i])));
        Assert.That(
            log.Of("sgd_solver.cpp").Where(line => line.StartsWith("Iteration", StringComparison.Ordinal)),
            Is.EqualTo(["Iteration 0, lr = 0.05", "Iteration 2, lr = 0.05"]));
    }

    [Test]
    public void BuildingIsLoggedAsByCaffe()
    {
        using SolverRig rig = new();
        LogCapture log = rig.CaptureLog();
        using Solver solver = rig.Create("test_iter: 1 test_interval: 1 test_iter: 1");
        Assert.That(log.Of("solver.cpp"), Is.SupersetOf(new[]
        {
            "Initializing solver from parameters:",
            $"Creating training net from net file: {rig.PathOf("net.prototxt")}",
            $"Creating test net (#0) specified by net file: {rig.PathOf("net.prototxt")}",
            $"Creating test net (#1) specified by net file: {rig.PathOf("net.prototxt")}",
            "Solver scaffolding done.",
        }));
    }

    [Test]
    public void ClippingAndStepsAreLoggedAsByCaffe()
    {
        using SolverRig rig = new();
        LogCapture log = rig.CaptureLog();
        using Solver solver = rig.Create("clip_gradients: 0.01 lr_policy: 'multistep' gamma: 0.5 stepvalue: 1");
        solver.Step(2);
        Assert.That(log.Of("sgd_solver.cpp")[0],
            Does.Match(Pattern("Gradient clipping: scaling down gradients (L2 norm ~ > 0.01) by scale factor ~")));
        Assert.That(log.Of("sgd_solver.cpp"), Has.Member("MultiStep Status: Iteration 1, step = 1"));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.DebugInfo)]
    public void DebugInformationComesWithTheDisplayAlone()
    {
        using SolverRig rig = new();
        LogCapture log = rig.CaptureLog();
        using Solver solver = rig.Create("debug_info: true display: 2");
        solver.Step(2);
        Assert.That(log.Lines.Count(entry => entry.Line.Contains("[Forward] Layer gain, top blob gained data: ",
            StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(log.Lines.Count(entry => entry.Line.Contains("[Backward] All net params (data, diff): L1 norm = (",
            StringComparison.Ordinal)),
            Is.EqualTo(1));
    }

    // ~ stands for a number.
    private static string Pattern(string line) =>
        $"^{Regex.Escape(line).Replace("~", Number, StringComparison.Ordinal)}$";
}
