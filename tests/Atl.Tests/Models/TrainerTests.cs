using Atl.Proto;
using Atl.Solvers;
using Atl.TestSupport;

namespace Atl.Tests.Models;

/// <summary>Training from a program: steps, snapshots, observers, cancellation, and the model at the end.</summary>
public sealed class TrainerTests
{
    private const string Net = """
        layer { name: 'x' type: 'DummyData' top: 'x' top: 'y' dummy_data_param {
            shape { dim: 8 dim: 4 } shape { dim: 8 dim: 2 }
            data_filler { type: 'gaussian' std: 1 } data_filler { type: 'constant' value: 1 } } }
        layer { name: 'fc' type: 'InnerProduct' bottom: 'x' top: 'fc' inner_product_param { num_output: 2 } }
        layer { name: 'loss' type: 'EuclideanLoss' bottom: 'fc' bottom: 'y' top: 'loss' }
        """, Deploy = """
        layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: 1 dim: 4 } } }
        layer { name: 'fc' type: 'InnerProduct' bottom: 'x' top: 'fc' inner_product_param { num_output: 2 } }
        """;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Write()
    {
        _folder = new TemporaryFolder();
        File.WriteAllText(_folder["net.prototxt"], Net);
        File.WriteAllText(_folder["deploy.prototxt"], Deploy);
        File.WriteAllText(_folder["solver.prototxt"], $"""
            net: 'net.prototxt' base_lr: 0.1 lr_policy: 'fixed' max_iter: 20 random_seed: 3
            snapshot_prefix: '{_folder["run"]}'
            """);
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void StepsTrain()
    {
        using Trainer trainer = Trainer.Load(_folder["solver.prototxt"]);
        float first = trainer.Step(), last = trainer.Step(15);
        Assert.That(trainer.Iteration, Is.EqualTo(16));
        Assert.That(last, Is.LessThan(first / 2));
        Assert.That(trainer.Loss, Is.EqualTo(last));
    }

    [Test]
    public void ASnapshotIsResumedFrom()
    {
        using Trainer whole = Trainer.Load(_folder["solver.prototxt"]),
            first = Trainer.Load(_folder["solver.prototxt"]);
        whole.Step(12);
        first.Step(5);
        string state = first.Snapshot();
        Assert.That(Path.GetFileName(state), Is.EqualTo("run_iter_5.solverstate"));
        using Trainer second = Trainer.Load(_folder["solver.prototxt"]);
        Assert.That(second.ResumeNewest(), Is.True);
        second.Step(7);
        Assert.That(second.Loss, Is.EqualTo(whole.Loss));
        using Trainer third = Trainer.Load(_folder["solver.prototxt"]);
        third.Resume(state);
        Assert.That(third.Iteration, Is.EqualTo(5));
    }

    [Test]
    public void NothingToResumeFromIsSaid()
    {
        using Trainer trainer = Trainer.Load(_folder["solver.prototxt"]);
        Assert.That(trainer.ResumeNewest(), Is.False);
        Assert.That(() => trainer.Resume(_folder["none.solverstate"]), Throws.TypeOf<AtlException>());
    }

    [Test]
    public void TrainingEndsWithASnapshot()
    {
        using Trainer trainer = Trainer.Load(_folder["solver.prototxt"]);
        trainer.Train();
        Assert.That(trainer.Iteration, Is.EqualTo(20));
        Assert.That(File.Exists(_folder["run_iter_20.caffemodel"]));
    }

    [Test]
    public void CancelingTakesASnapshotAndEnds()
    {
        using CancellationTokenSource cancellation = new();
        using Trainer trainer = Trainer.Load(_folder["solver.prototxt"],
            new SolverOptions { Observers = [new Canceling(cancellation, 7)] });
        Assert.That(() => trainer.Train(cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(trainer.Iteration, Is.EqualTo(8));
        Assert.That(File.Exists(_folder["run_iter_8.solverstate"]));
        trainer.Step(2);
        Assert.That(trainer.Iteration, Is.EqualTo(10), "it goes on");
        Assert.That(() => trainer.Step(1, cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(trainer.Iteration, Is.EqualTo(10));
    }

    [Test]
    public void ACancellationAfterTheLastStepIsNotTheNextOnes()
    {
        using CancellationTokenSource cancellation = new();
        using Trainer trainer = Trainer.Load(_folder["solver.prototxt"],
            new SolverOptions { Observers = [new Canceling(cancellation, 2)] });
        try
        {
            trainer.Step(3, cancellation.Token);
        }
        catch (OperationCanceledException)
        {
            // It was seen in time.
        }
        trainer.Step(4);
        Assert.That(trainer.Iteration, Is.EqualTo(7));
    }

    [Test]
    public void TheTrainedNetRunsAsAModel()
    {
        using Trainer trainer = Trainer.Load(_folder["solver.prototxt"]);
        trainer.Step(10);
        using Model model = trainer.ToModel(_folder["deploy.prototxt"]);
        using Session session = model.CreateSession();
        float[] before = session.Run("x", [1, 2, 3, 4])["fc"].ToArray();
        trainer.Step(5);
        Assert.That(session.Run("x", [1, 2, 3, 4])["fc"].ToArray(), Is.EqualTo(before), "it has weights of its own");
        File.WriteAllText(_folder["other.prototxt"], Deploy.Replace("name: 'fc'", "name: 'fd'"));
        Assert.That(() => trainer.ToModel(_folder["other.prototxt"]), Throws.TypeOf<NetException>().With.Message
            .Contains("'fd'"));
    }

    [Test]
    public void ADisposedTrainerResumesNothing()
    {
        Trainer trainer = Trainer.Load(_folder["solver.prototxt"]);
        string state = trainer.Snapshot();
        trainer.Dispose();
        Assert.That(trainer.ResumeNewest, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => trainer.Resume(state), Throws.TypeOf<ObjectDisposedException>());
    }

    private sealed class Canceling(CancellationTokenSource cancellation, int iteration) : ISolverObserver
    {
        public void OnIteration(Solver solver, SolverProgress progress)
        {
            if (progress.Iteration == iteration) cancellation.Cancel();
        }
    }
}
