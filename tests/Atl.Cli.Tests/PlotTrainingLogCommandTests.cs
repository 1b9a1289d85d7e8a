using Atl.TestSupport;

namespace Atl.Cli.Tests;

public sealed class PlotTrainingLogCommandTests
{
    private const string Log = """
        I0210 10:00:00.000000  7 solver.cpp:280] Solving LeNet
        I0210 10:00:01.000000  7 solver.cpp:337] Iteration 0, Testing net (#0)
        I0210 10:00:01.000000  7 solver.cpp:404]     Test net output #0: accuracy = 0.125
        I0210 10:00:01.000000  7 solver.cpp:404]     Test net output #1: loss = 2.5 (* 1 = 2.5 loss)
        I0210 10:00:02.000000  7 solver.cpp:244]     Train net output #0: loss = 2.25 (* 1 = 2.25 loss)
        I0210 10:00:02.000000  7 sgd_solver.cpp:106] Iteration 0, lr = 0.01
        I0210 10:00:09.000000  7 solver.cpp:228] Iteration 100, loss = 0.5
        I0210 10:00:09.000000  7 solver.cpp:244]     Train net output #0: loss = 0.5 (* 1 = 0.5 loss)
        """;

    [TestCase("0", "Test accuracy vs. Iters")]
    [TestCase("3", "Test loss vs. Seconds")]
    [TestCase("4", "Train learning rate vs. Iters")]
    [TestCase("7", "Train loss vs. Seconds")]
    public void EachChartHasCaffesTitle(string chart, string title)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["run.log"], Log);
        ProgramResult result = AtlProgram.Run(folder.FullName, "plot_training_log", chart, "chart.svg", "run.log");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(File.ReadAllText(folder["chart.svg"]), Does.Contain(title));
    }

    [Test]
    public void PngIsWritten()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["run.log"], Log);
        ProgramResult result = AtlProgram.Run(folder.FullName, "plot_training_log", "6", "chart.png", "run.log");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(File.ReadAllBytes(folder["chart.png"])[..4], Is.EqualTo(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' }));
    }

    [TestCase("8", "run.log", "the chart is '8', expected a number from 0 to 7")]
    [TestCase("6", "empty.log", "empty.log: no line 'Solving NET' with a time")]
    public void WhatDoesNotFitIsNamed(string chart, string log, string message)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["run.log"], Log);
        File.WriteAllText(folder["empty.log"], "");
        ProgramResult result = AtlProgram.Run(folder.FullName, "plot_training_log", chart, "chart.png", log);
        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Errors, Does.Contain(message));
    }
}
