using Atl.Logging;
using Atl.Solvers;
using Atl.TestSupport;
using Atl.Tests.Solvers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Tests.Logging;

public sealed class LogLinesTests
{
    private const string Tag = "solver.cpp";

    private static IEnumerable<ILogger> Silent => [NullLogger.Instance, new OnlyErrors()];

    [TestCaseSource(nameof(Silent))]
    public void ALineThatNobodyWantsAllocatesNothing(ILogger logger)
    {
        Write(logger, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) Write(logger, i);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void TheMeasureOfAllocationSeesALineThatIsWanted()
    {
        LogCapture log = new();
        Write(log, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Write(log, 1);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Positive);
    }

    [TestCaseSource(nameof(Silent))]
    public void TheHolesOfALineThatNobodyWantsAreNotEvaluated(ILogger logger)
    {
        int evaluated = 0;
        logger.Info(Tag, $"{++evaluated}");
        logger.Warning(Tag, $"{++evaluated}");
        Assert.That(evaluated, Is.Zero);
        new LogCapture().Info(Tag, $"{++evaluated}");
        Assert.That(evaluated, Is.EqualTo(1));
    }

    [Test]
    public void ALineHasItsTagItsLevelAndItsText()
    {
        LogCapture log = new();
        log.Info(Tag, $"{1.5} {"a",3}{2,-3}| {255:X} {7,4:D2}");
        log.Warning(Tag, $"second", line: 204);
        log.Error("net.cpp", $"third\nfourth");
        Assert.That(log.Lines.Select(entry => entry.Severity),
            Is.EqualTo([LogLevel.Information, LogLevel.Warning, LogLevel.Error, LogLevel.Error]));
        Assert.That(log.Of(Tag), Is.EqualTo(["1.5   a2  | FF   07", "second"]));
        Assert.That(log.Lines[1].Line, Is.EqualTo("W solver.cpp:204] second"));
        Assert.That(log.Of("net.cpp"), Is.EqualTo(["third", "fourth"]));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void ALoggerThatFailsEndsNeitherTrainingNorTestsNorSnapshots(bool answers)
    {
        using SolverRig rig = new();
        Failing failing = new(answers);
        using Solver solver = rig.Create(
            "max_iter: 4 display: 1 debug_info: true test_iter: 1 test_interval: 1 snapshot: 2",
            new SolverOptions { Logger = failing });
        solver.Solve();
        Assert.That(solver.Iteration, Is.EqualTo(4));
        Assert.That(File.Exists(rig.PathOf("snap_iter_4.solverstate")));
        Assert.That(failing.Calls, Is.GreaterThan(20), "it was asked");
        solver.Restore(rig.PathOf("snap_iter_2.solverstate"));
        Assert.That(solver.Iteration, Is.EqualTo(2));
    }

    [Test]
    public void ASolversNetsWriteToItsLoggerAndNothingElseDoes()
    {
        using SolverRig rig = new();
        TextWriter before = Console.Error;
        StringWriter console = new();
        LogCapture log = rig.CaptureLog();
        try
        {
            Console.SetError(console);
            using Solver solver = rig.Create("max_iter: 2 display: 1 test_iter: 1 test_interval: 1");
            solver.Solve();
        }
        finally
        {
            Console.SetError(before);
        }
        Assert.That(log.Of("net_builder.cpp"), Has.Exactly(2).EqualTo("Creating Layer gain"), "training and test net");
        Assert.That(log.Of(Tag), Has.Member("Optimization Done."));
        Assert.That(console.ToString(), Is.Empty);
    }

    private static void Write(ILogger logger, int number)
    {
        logger.Info(Tag, $"Iteration {number}, loss = {LogNumber.Format(number)} of {logger}");
        logger.Warning(Tag, $"{number,5} {number:D3}");
    }

    private sealed class OnlyErrors : ILogger
    {
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Assert.Fail("it was not wanted");
    }

    private sealed class Failing(bool answers) : ILogger
    {
        public int Calls { get; private set; }

        public bool IsEnabled(LogLevel logLevel)
        {
            if (answers) return true;
            Calls++;
            throw new InvalidOperationException("the logger's own");
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            Calls++;
            throw new OutOfMemoryException("the logger's own");
        }
    }
}
