using Atl.Proto;
using Atl.Solvers;
using Atl.TestSupport;
using Microsoft.Extensions.Logging;

namespace Atl.Tests.Solvers;

public class SolverTests
{
    [TestCase("SGD", "base_lr: 0.05 momentum: 0.9")]
    [TestCase("Nesterov", "base_lr: 0.05 momentum: 0.9")]
    [TestCase("AdaGrad", "base_lr: 0.3 momentum: 0")]
    [TestCase("RMSProp", "base_lr: 0.02 momentum: 0")]
    [TestCase("AdaDelta", "base_lr: 1 momentum: 0.9 delta: 1e-4")]
    [TestCase("Adam", "base_lr: 0.05 momentum: 0.9")]
    public void EachSolverLearns(string type, string settings)
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create($"type: '{type}' {settings}");
        Losses losses = new(solver);
        for (int i = 0; i < 200; i++) losses.Step();
        Assert.That(losses.Last, Is.LessThan(0.05 * losses.First));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.IterSize)]
    public void IterSizeAveragesGradients()
    {
        using SolverRig rig = new();
        using Solver once = rig.Create("iter_size: 1"), thrice = rig.Create("iter_size: 3");
        once.Step(3);
        thrice.Step(3);
        Assert.That(SolverRig.Parameters(thrice)[0], Is.EqualTo(SolverRig.Parameters(once)[0]).Within(1e-5f));
    }

    // In its first step the bias correction makes of any gradient a step of the learning rate.
    [Test]
    [CaffeBehaviour(CaffeBehaviour.AdamBiasCorrection)]
    public void AdamsFirstStepIsTheLearningRate()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create("type: 'Adam' base_lr: 0.01 momentum: 0.9 momentum2: 0.999");
        float[][] before = SolverRig.Parameters(solver);
        solver.Step(1);
        float[][] after = SolverRig.Parameters(solver);
        for (int i = 0; i < before.Length; i++)
            Assert.That(after[i].Zip(before[i], (a, b) => Math.Abs(a - b)), Is.All.EqualTo(0.01).Within(1e-5));
    }

    // Three equal passes sum to three gradients, whose norm is brought to the limit; the mean of the three is then a
    // third of it.
    [TestCase(1)]
    [TestCase(3)]
    [CaffeBehaviour(CaffeBehaviour.ClipBeforeDividing)]
    public void TheSumOverIterSizeIsClippedOverAllParametersAndThenDivided(int iterSize)
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create($"iter_size: {iterSize} clip_gradients: 0.5 momentum: 0 base_lr: 1");
        float[][] before = SolverRig.Parameters(solver);
        solver.Step(1);
        float[][] after = SolverRig.Parameters(solver);
        double norm = Math.Sqrt(before.Zip(after, (b, a) => b.Zip(a, (x, y) => Math.Pow(x - (double)y, 2)).Sum())
            .Sum());
        Assert.That(norm, Is.EqualTo(0.5 / iterSize).Within(1e-5));
    }

    // With a gradient of nothing, weights shrink by rate x decay x decay_mult of themselves (L2) or of their sign (L1).
    [TestCase("regularization_type: 'L2' weight_decay: 0.1", "", 0.95f, 0.2375f)]
    [TestCase("regularization_type: 'L1' weight_decay: 0.1", "", 0.95f, 0.2f)]
    [TestCase("weight_decay: 0.1", "param { decay_mult: 2 }", 0.9f, 0.2375f)]
    [TestCase("weight_decay: 0.1", "param { decay_mult: 0 }", 1f, 0.2375f)]
    [CaffeBehaviour(CaffeBehaviour.Regularization)]
    [CaffeBehaviour(CaffeBehaviour.PReLUDecays)]
    public void DecayActsByDecayMultAndOnPReLUsSlopesToo(string settings, string gainParam, float gain, float slope)
    {
        using SolverRig rig = new(SolverRig.Net.Replace("type: \"EuclideanLoss\"",
            "type: \"EuclideanLoss\" loss_weight: 0", StringComparison.Ordinal)
            .Replace("top: \"gained\" scale_param { bias_term: true filler { type: \"gaussian\" std: 1 } }",
                $"top: \"gained\" {gainParam} scale_param {{ filler {{ value: 1 }} }}", StringComparison.Ordinal)
            + "layer { name: 'sum' type: 'Reduction' bottom: 'gained' top: 'sum' loss_weight: 1e-30 }");
        using Solver solver = rig.Create($"base_lr: 0.5 momentum: 0 {settings}");
        solver.Step(1);
        float[][] after = SolverRig.Parameters(solver);
        Assert.That(after[0], Is.All.EqualTo(gain).Within(1e-6f));
        Assert.That(after[1], Is.All.EqualTo(slope).Within(1e-6f));
    }

    // The history holds rate x lr_mult x gradient, so a rate that falls acts on later gradients alone.
    [Test]
    [CaffeBehaviour(CaffeBehaviour.LrMultInTheHistory)]
    public void LrMultScalesTheRateWithinTheHistory()
    {
        using SolverRig rig = new(
            SolverRig.Net.Replace("top: \"gained\" scale_param", "top: \"gained\" param { lr_mult: 3 } scale_param",
                StringComparison.Ordinal)), plain = new();
        using SgdSolver scaled = (SgdSolver)rig.Create(), once = (SgdSolver)plain.Create();
        float[][] before = SolverRig.Parameters(once);
        scaled.Step(1);
        once.Step(1);
        float[] step = [.. before[0].Zip(SolverRig.Parameters(once)[0], (b, a) => b - a)];
        Assert.That(before[0].Zip(SolverRig.Parameters(scaled)[0], (b, a) => b - a),
            Is.EqualTo(step.Select(value => 3 * value)).Within(1e-5f));
        Assert.That(scaled.History[0].AsReadOnlySpan().ToArray(), Is.EqualTo(step.Select(value => 3 * value))
            .Within(1e-5f));
        Assert.That(SolverRig.Parameters(scaled)[1], Is.EqualTo(SolverRig.Parameters(once)[1]));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.TestComputeLoss)]
    public void TestNetsFollowTheTrainingNet()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create("test_iter: 2 test_interval: 1000 test_compute_loss: true");
        SolverTestResult before = solver.Test()!;
        solver.Step(50);
        SolverTestResult after = solver.Test()!;
        Assert.Multiple(() =>
        {
            Assert.That(after.Scores, Has.Count.EqualTo(1));
            Assert.That(after.Scores[0], Has.Property("Name").EqualTo("loss").And.Property("LossWeight").EqualTo(1));
            Assert.That(after.Scores[0].Value,
                Is.EqualTo(after.Loss).Within(1e-6).And.EqualTo(solver.Net.Forward())
                    .Within(1e-5).And.LessThan(before.Scores[0].Value));
            Assert.That(after.Iteration, Is.EqualTo(50));
        });
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.TestInitialization)]
    public void TestsFallDueAtTheirIntervals()
    {
        using SolverRig rig = new();
        Recorder recorder = new();
        using Solver solver = rig.Create(
            "test_iter: 1 test_iter: 1 test_interval: 2 test_initialization: false max_iter: 4 "
                + "snapshot_after_train: false", new SolverOptions
                { Observers = [recorder] });
        solver.Solve();
        Assert.That(recorder.Tests, Is.EqualTo([(2, 0), (2, 1), (4, 0), (4, 1)]));
    }

    [Test]
    public void ProgressIsToldAfterEveryIteration()
    {
        using SolverRig rig = new();
        Recorder recorder = new();
        using Solver solver = rig.Create("average_loss: 2 max_iter: 9 lr_policy: 'exp' gamma: 0.5",
            new SolverOptions { Observers = [recorder] });
        solver.Step(3);
        Assert.Multiple(() =>
        {
            Assert.That(recorder.Progress.Select(progress => progress.Iteration), Is.EqualTo([0, 1, 2]));
            Assert.That(recorder.Progress[2].SmoothedLoss,
                Is.EqualTo((recorder.Progress[1].Loss + recorder.Progress[2].Loss) / 2).Within(1e-5f));
            Assert.That(recorder.Progress[2].LearningRate, Is.EqualTo(0.05f / 4).Within(1e-8f));
            Assert.That(recorder.Progress[2].MaxIterations, Is.EqualTo(9));
            Assert.That(recorder.Progress[2].ImagesPerSecond, Is.GreaterThan(0));
            Assert.That(recorder.Progress[2].Lambda, Is.Null);
        });
    }

    [Test]
    public void ProgressTellsTheMarginLayersLambda()
    {
        using SolverRig rig = new(SolverRig.MarginNet.Replace("TRIPLET", "", StringComparison.Ordinal));
        Recorder recorder = new();
        using Solver solver = rig.Create("base_lr: 0.01 iter_size: 2", new SolverOptions { Observers = [recorder] });
        solver.Step(2);
        // 100 / (1 + 0.1 t), t being 2 after the first iteration's two forwards and 4 after the second's.
        Assert.That(recorder.Progress.Select(progress => progress.Lambda),
            Is.EqualTo(new float?[] { 100 / 1.2f, 100 / 1.4f }).Within(1e-4f));
    }

    [Test]
    public void AStopEndsAfterTheIterationWithASnapshot()
    {
        using SolverRig rig = new();
        SolverOptions options =
            new() { Observers = [new At(2, solver => solver.Options.Actions.Request(SolverAction.Stop))] };
        using Solver solver = rig.Create("max_iter: 100", options);
        LogCapture log = rig.CaptureLog();
        solver.Solve();
        Assert.Multiple(() =>
        {
            Assert.That((solver.Iteration, solver.StoppedEarly), Is.EqualTo((3, true)));
            Assert.That(File.Exists(rig.PathOf("snap_iter_3.solverstate")));
            Assert.That(log.Of("solver.cpp")[^1], Is.EqualTo("Optimization stopped early."));
        });
        solver.Step(1);
        Assert.That((solver.Iteration, solver.StoppedEarly), Is.EqualTo((4, false)));
    }

    [Test]
    public void AStopWithoutSnapshotAfterTrainLeavesNone()
    {
        using SolverRig rig = new();
        SolverOptions options =
            new() { Observers = [new At(2, solver => solver.Options.Actions.Request(SolverAction.Stop))] };
        using Solver solver = rig.Create("max_iter: 100 snapshot_after_train: false", options);
        solver.Solve();
        Assert.That(Directory.GetFiles(rig.Folder, "snap*"), Is.Empty);
    }

    [Test]
    public void ARequestedSnapshotIsTakenAndTrainingGoesOn()
    {
        using SolverRig rig = new();
        Recorder recorder = new();
        SolverOptions options = new()
        {
            Observers =
            [new At(1, solver => solver.Options.Actions.Request(SolverAction.Snapshot)), recorder]
        };
        using Solver solver = rig.Create("max_iter: 5 snapshot_after_train: false", options);
        solver.Solve();
        Assert.That(recorder.Snapshots,
            Is.EqualTo([(rig.PathOf("snap_iter_2.caffemodel"), rig.PathOf("snap_iter_2.solverstate"))]));
        Assert.That((solver.Iteration, solver.StoppedEarly), Is.EqualTo((5, false)));
    }

    [Test]
    public void AStopInATestInterruptsIt()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create("max_iter: 5 test_iter: 10 test_interval: 1 snapshot_after_train: false");
        solver.Options.Actions.Request(SolverAction.Stop);
        LogCapture log = rig.CaptureLog();
        solver.Solve();
        Assert.That(log.Of("solver.cpp").TakeLast(2), Is.EqualTo(["Test interrupted.", "Optimization stopped early."]));
        Assert.That(solver.Iteration, Is.Zero);
    }

    [Test]
    public void WeightsAreLoadedBeforeTraining()
    {
        using SolverRig rig = new();
        using Solver first = rig.Create();
        first.Step(5);
        first.Snapshot();
        using Solver second = rig.Create("random_seed: 99 weights: 'snap_iter_5.caffemodel'");
        Assert.That(SolverRig.Parameters(second), Is.EqualTo(SolverRig.Parameters(first)));
    }

    [TestCase("type: 'Adamm'",
        "unknown solver type 'Adamm', did you mean 'Adam'?, expected one of AdaDelta, AdaGrad, Adam, Nesterov, "
            + "RMSProp, SGD")]
    [TestCase("type: 'AdaGrad'", "momentum cannot be used with AdaGrad, expected none or 0, found 0.9")]
    [TestCase("type: 'RMSProp' momentum: 0 rms_decay: 1", "rms_decay must lie in [0, 1), found 1")]
    [TestCase("regularization_type: 'L3' weight_decay: 1", "unknown regularization_type 'L3', expected L2 or L1")]
    [TestCase("average_loss: 0", "average_loss must be 1 or more, found 0")]
    [TestCase("iter_size: 0", "iter_size must be 1 or more, found 0")]
    [TestCase("snapshot: -2", "snapshot must be 0 or more, found -2")]
    [TestCase("lr_policy: 'linear'", "unknown lr_policy 'linear'")]
    public void SettingsThatDoNotFitAreNamedWithTheirPlace(string settings, string message)
    {
        using SolverRig rig = new();
        Assert.That(
            () => rig.Create(settings),
            Throws.TypeOf<SolverException>().With.Message.StartsWith(
                rig.PathOf("solver.prototxt:")).And.Message.Contains(message));
    }

    [TestCase("", "max_iter is not given and therefore 0: nothing will be trained")]
    [TestCase("max_iter: 1 lr_policy: 'step' stepsize: 5",
        "gamma is not given and therefore 0: with lr_policy 'step' nothing will be learned after the first step")]
    [TestCase("max_iter: 1 lr_policy: 'exp'",
        "gamma is not given and therefore 0: with lr_policy 'exp' nothing will be learned after the first iteration")]
    [TestCase("max_iter: 1 lr_policy: 'multistep' gamma: 0.1",
    "lr_policy 'multistep' has no stepvalue: the rate stays at base_lr")]
    [TestCase("max_iter: 1 lr_policy: 'multistep' gamma: 0.1 stepvalue: 20 stepvalue: 10",
        "stepvalue 10 comes after 20: steps are taken in the order of the file, so this one is late")]
    [TestCase("max_iter: 1 test_interval: 5", "test_interval is given without test_iter: nothing will be tested")]
    public void SettingsThatDoLessThanTheySeemToAreWarnedOf(string settings, string warning)
    {
        using SolverRig rig = new();
        LogCapture log = rig.CaptureLog();
        using Solver solver = rig.Create(settings + " snapshot_after_train: false");
        solver.Solve();
        Assert.That(log.Lines.Where(entry => entry.Severity == LogLevel.Warning).Select(entry => entry.Line),
            Has.One.EndsWith(warning));
    }

    [Test]
    public void SettingsAsUsualAreNotWarnedOf()
    {
        using SolverRig rig = new();
        LogCapture log = rig.CaptureLog();
        using Solver solver = rig.Create(
            "max_iter: 1 lr_policy: 'multistep' gamma: 0.1 stepvalue: 10 stepvalue: 20 test_iter: 1 test_interval: "
                + "5 snapshot_after_train: false");
        solver.Solve();
        Assert.That(log.Lines.Where(entry => entry.Severity == LogLevel.Warning), Is.Empty);
    }

    [Test]
    public void TheSnapshotPrefixDefaultsToTheSolversFile()
    {
        using SolverRig rig = new();
        SolverParameter parameter =
            TextFormat.Parse<SolverParameter>("net: 'net.prototxt' base_lr: 1 lr_policy: 'fixed'",
                rig.PathOf("face_solver.prototxt"));
        using Solver solver = Solver.Create(parameter);
        Assert.That(solver.Parameter.SnapshotPrefix, Is.EqualTo(rig.PathOf("face_solver")));
        Assert.That(parameter.HasSnapshotPrefix, Is.False, "the caller's message stays as it was");
        parameter.SnapshotPrefix = rig.Folder;
        using Solver inFolder = Solver.Create(parameter);
        Assert.That(inFolder.Parameter.SnapshotPrefix, Is.EqualTo(rig.PathOf("face_solver")));
    }

    [Test]
    public void ANetThatLearnsNothingIsSaid()
    {
        using SolverRig rig = new(SolverRig.Net.Replace("EuclideanLoss\"", "EuclideanLoss\" loss_weight: 0",
            StringComparison.Ordinal));
        LogCapture log = rig.CaptureLog();
        using Solver solver = rig.Create("");
        Assert.That(log.Of("solver.cpp"),
            Has.One.EqualTo("the training net learns nothing: no layer with learnable parameters is below a loss"));
    }

    [Test]
    public void ThePublishedFaceSolverRunsAsItStands()
    {
        using SolverRig rig = new();
        LogCapture log = new();
        SolverParameter parameter = ProtoFiles.ReadSolver(TestData.Require("..", "seed", "face_solver.prototxt"));
        Assert.That(
            () => Solver.Create(parameter),
            Throws.TypeOf<SolverException>().With.Message.Contains(
                "face_solver.prototxt:1:1: net 'face_model.prototxt': no such file"),
                "its net is not beside it");
        parameter.Net = rig.PathOf("net.prototxt");
        parameter.SnapshotPrefix = rig.PathOf("face_triplet");
        using Solver solver = Solver.Create(parameter, new SolverOptions { Logger = log });
        solver.Step(1);
        Assert.That(solver, Is.TypeOf<SgdSolver>());
        Assert.That(log.Of("sgd_solver.cpp"), Is.EqualTo(["Iteration 0, lr = 0.1"]));
    }

    private sealed class Losses(Solver solver)
    {
        public float First { get; private set; }

        public float Last { get; private set; }

        public void Step()
        {
            solver.Step(1);
            if (solver.Iteration == 1) First = solver.SmoothedLoss;
            Last = solver.SmoothedLoss;
        }
    }

    private sealed class Recorder : ISolverObserver
    {
        public List<SolverProgress> Progress { get; } = [];

        public List<(int Iteration, int Net)> Tests { get; } = [];

        public List<(string Model, string State)> Snapshots { get; } = [];

        public void OnIteration(Solver solver, SolverProgress progress) => Progress.Add(progress);

        public void OnTest(Solver solver, SolverTestResult result) => Tests.Add((result.Iteration, result.Net));

        public void OnSnapshot(Solver solver, string model, string state) => Snapshots.Add((model, state));
    }

    private sealed class At(int iteration, Action<Solver> action) : ISolverObserver
    {
        public void OnIteration(Solver solver, SolverProgress progress)
        {
            if (progress.Iteration == iteration) action(solver);
        }
    }
}
