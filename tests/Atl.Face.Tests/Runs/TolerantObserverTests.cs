using Atl.Face.Runs;
using Atl.Logging;
using Atl.Solvers;

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
        Action<LogSeverity, string>? sink = Log.Sink;
        List<string> errors = [];
        try
        {
            Log.Sink = (severity, line) =>
            {
                if (severity == LogSeverity.Error) errors.Add(line);
            };
            using (TolerantObserver observer = new(failing, "the page", failing))
            {
                using Solver solver = run.Create(4, observer);
                solver.Solve();
                Assert.That(solver.Iteration, Is.EqualTo(4));
            }
            Assert.That(failing.Calls, Is.EqualTo(2), "once, and when it is closed");
            Assert.That(errors, Has.Count.EqualTo(1));
            string reason = failure.Message.ReplaceLineEndings(" ");
            Assert.That(errors[0],
                Does.Contain("the page cannot be written, training continues without it: ").And.EndsWith(reason));
        }
        finally
        {
            Log.Sink = sink;
        }
    }

    [Test]
    public void WhatFailsOnlyWhenItIsClosedIsSaidToo()
    {
        Failing failing = new(new IOException("no space"));
        Action<LogSeverity, string>? sink = Log.Sink;
        List<string> lines = [];
        try
        {
            Log.Sink = (_, line) => lines.Add(line);
            new TolerantObserver(failing, "the page", failing).Dispose();
        }
        finally
        {
            Log.Sink = sink;
        }
        Assert.That(lines, Has.One.EndsWith("the page cannot be written, training continues without it: no space"));
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
