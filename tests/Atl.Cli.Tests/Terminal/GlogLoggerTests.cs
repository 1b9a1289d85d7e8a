using Atl.Cli.Terminal;
using Atl.Logging;
using Microsoft.Extensions.Logging;

namespace Atl.Cli.Tests.Terminal;

/// <summary>The program's log, in the form that scripts for Caffe's logs parse.</summary>
public sealed class GlogLoggerTests
{
    [Test]
    public void LinesAreInGlogsForm()
    {
        List<string> lines = [];
        GlogLogger log = new() { Output = lines.Add };
        log.Info("solver.cpp", $"Iteration {0}, loss = {2.5}", line: 204);
        log.Warning("net.cpp", $"first\nsecond", line: 7);
        log.Error("solver.cpp", $"lost", line: 1);
        string[] patterns = [@"^I# solver\.cpp:204\] Iteration 0, loss = 2\.5$", @"^W# net\.cpp:7\] first$",
            @"^W# net\.cpp:7\] second$", @"^E# solver\.cpp:1\] lost$"];
        Assert.That(lines, Has.Count.EqualTo(patterns.Length));
        foreach ((string line, string pattern) in lines.Zip(patterns))
            Assert.That(line,
                Does.Match(pattern.Replace("#", $@"\d{{4}} \d\d:\d\d:\d\d\.\d{{6}} +{Environment.ProcessId}",
                StringComparison.Ordinal)));
    }

    [Test]
    public void LinesBelowTheMinimumAreDropped()
    {
        List<string> lines = [];
        GlogLogger log = new() { Output = lines.Add, Minimum = LogLevel.Warning };
        log.Info("net.cpp", $"dropped");
        log.Warning("net.cpp", $"kept");
        log.RaiseMinimum(LogLevel.Information);
        Assert.That(log.Minimum, Is.EqualTo(LogLevel.Warning), "it is raised only");
        log.RaiseMinimum(LogLevel.Error);
        log.Warning("net.cpp", $"dropped");
        Assert.That(lines.Single(), Does.EndWith("] kept"));
        Assert.That(log.IsEnabled(LogLevel.None), Is.False);
    }

    [Test]
    public void AnOutputThatFailsIsTriedWithEveryLineAndEndsNothing()
    {
        int tried = 0;
        GlogLogger log = new()
        {
            Output = _ =>
            {
                tried++;
                throw new InvalidOperationException("the output's own");
            }
        };
        Assert.That(() => log.Log(LogLevel.Warning, "first\nsecond"), Throws.Nothing);
        Assert.That(tried, Is.EqualTo(2));
    }

    [Test]
    public void AConsoleThatFailsEndsNothing()
    {
        TextWriter before = Console.Error;
        try
        {
            Console.SetError(new ClosedWriter());
            Assert.That(() => new GlogLogger().Log(LogLevel.Error, "lost"), Throws.Nothing);
        }
        finally
        {
            Console.SetError(before);
        }
    }

    private sealed class ClosedWriter : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("Input/output error");
    }
}
