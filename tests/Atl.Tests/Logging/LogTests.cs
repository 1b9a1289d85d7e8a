using Atl.Logging;

namespace Atl.Tests.Logging;

public sealed class LogTests
{
    [Test]
    public void ASinkThatFailsEndsNothing()
    {
        using LogCapture log = new();
        int lines = 0;
        Log.Sink = (_, _) =>
        {
            lines++;
            throw new InvalidOperationException("the sink's own");
        };
        Assert.That(() => Log.Warning("first\nsecond"), Throws.Nothing);
        Assert.That(lines, Is.EqualTo(2), "every line is tried");
    }

    [Test]
    public void AConsoleThatFailsEndsNothing()
    {
        TextWriter before = Console.Error;
        using LogCapture log = new();
        Log.Sink = null;
        try
        {
            Console.SetError(new ClosedWriter());
            Assert.That(() => Log.Error("lost"), Throws.Nothing);
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
