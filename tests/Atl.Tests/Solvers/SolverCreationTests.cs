using Atl.Proto;
using Atl.Solvers;
using Atl.TestSupport;

namespace Atl.Tests.Solvers;

/// <summary>A constructor makes nothing that must be freed; what makes the nets frees them where it fails.</summary>
public class SolverCreationTests
{
    private static readonly SolverParameter Settings = new()
    {
        BaseLr = 0.05f,
        LrPolicy = "fixed",
        SnapshotAfterTrain = false,
        NetParam = TextFormat.Parse<NetParameter>(SolverRig.Net, "net.prototxt"),
    };

    [Test]
    public void AConstructorBuildsAndLogsNothing()
    {
        LogCapture log = new();
        using SgdSolver solver = new(Settings, new SolverOptions { Logger = log });
        Assert.That(log.Lines, Is.Empty);
        Assert.That(() => solver.Net, Throws.InvalidOperationException.With.Message.Contains("Solver.Create"));
        Assert.That(() => solver.Device, Throws.InvalidOperationException);
        Assert.That(solver.History, Is.Empty);
    }

    [Test]
    public void WhatFailsIsDisposedOnceWithTheNetsItHas()
    {
        FailingSolver solver = new(Settings);
        Assert.That(() => SolverRegistry.Initialize(solver), Throws.TypeOf<SolverException>()
            .With.Message.EqualTo("the weights cannot be kept"));
        Assert.That(solver.Disposals, Is.EqualTo(["regression"]));
    }

    [Test]
    public void ATestNetThatCannotBeBuiltLeavesTheOnesBeforeItToTheSolver()
    {
        SolverParameter settings = Settings.Clone();
        settings.TestInterval = 1;
        settings.TestIter.Add([1, 1]);
        settings.TestNetParam.Add(Settings.NetParam);
        settings.TestNetParam.Add(TextFormat.Parse<NetParameter>(
            "layer { name: 'lost' type: 'ReLU' bottom: 'nothing' top: 'y' }", "test.prototxt"));
        FailingSolver solver = new(settings);
        Assert.That(() => SolverRegistry.Initialize(solver), Throws.InstanceOf<AtlException>());
        Assert.That(solver.Disposals, Is.EqualTo(["regression"]));
        Assert.That(solver.TestNets, Has.Count.EqualTo(1));
    }

    // Neither can it be closed, which must not hide why it was not made.
    private sealed class FailingSolver(SolverParameter parameter) : Solver(parameter, new SolverOptions())
    {
        /// <summary>The training net at each Dispose.</summary>
        public List<string> Disposals { get; } = [];

        public override IReadOnlyList<Tensor> History => [];

        protected override void SetUp() => throw new SolverException("the weights cannot be kept");

        protected override float ApplyUpdate() => 0;

        protected override void SaveHistory(SolverState state)
        {
        }

        protected override void CheckHistory(SolverState state, string path)
        {
        }

        protected override void LoadHistory(SolverState state)
        {
        }

        protected override void Dispose(bool disposing)
        {
            Disposals.Add(Net.Name);
            base.Dispose(disposing);
            throw new IOException("the nets cannot be closed");
        }
    }
}
