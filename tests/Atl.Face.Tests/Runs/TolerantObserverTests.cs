using Atl.Face.Runs;
using Atl.Solvers;
using Atl.TestSupport;
using Microsoft.Extensions.Logging;

namespace Atl.Face.Tests.Runs;

public sealed class TolerantObserverTests
{
    private static IEnumerable<Exception> Failures =>
    [
        new IOException("no space"), new NullReferenceException("an odd value"), new OverflowException("too much"),
        new ObjectDisposedException("file"),
    ];

    [TestCaseSource(nameof(Failures))]
    public void WhateverFailsIsSaidOnceAndTrainingGoesOn(Exception failure)
    {
        using MarginRun run = new();
        Failing failing = new(failure);
        LogCapture log = new();
        using (TolerantObserver observer = new(failing, "the page", log, failing))
        {
            using Solver solver = run.Create(4, observer);
            solver.Solve();
            Assert.That(solver.Iteration, Is.EqualTo(4));
        }
        Assert.That(failing.Calls, Is.EqualTo(2), "once, and when it is closed");
        (LogLevel severity, string line) = log.Lines.Single();
        Assert.That(severity, Is.EqualTo(LogLevel.Error));
        string reason = failure.Message.ReplaceLineEndings(" ");
        Assert.That(line,
            Does.Contain("the page cannot be written, training continues without it: ").And.EndsWith(reason));
    }

    [Test]
    public void WhatFailsOnlyWhenItIsClosedIsSaidToo()
    {
        Failing failing = new(new IOException("no space"));
        LogCapture log = new();
        new TolerantObserver(failing, "the page", log, failing).Dispose();
        Assert.That(log.Of("tolerant_observer.cpp"),
            Is.EqualTo(["the page cannot be written, training continues without it: no space"]));
    }

    private sealed class Failing(Exception failure) : ISolverObserver, IDisposable
    {
        public int Calls { get; private set; }

        public void OnForward(Solver solver) => Fail();

        public void OnIteration(Solver solver, SolverProgress progress) => Fail();

        public void OnTest(Solver solver, SolverTestResult result) => Fail();

        public void OnSnapshot(Solver solver, string model, string state) => Fail();

        public void Dispose() => Fail();

        private void Fail()
        {
            Calls++;
            throw failure;
        }
    }
}
