using System.Text;
using Atl.Cli.Terminal;

namespace Atl.Cli.Tests.Terminal;

public sealed class LineBufferTests
{
    [Test]
    public void AllLinesArriveInFewPiecesOfWholeLines()
    {
        Pieces output = new();
        StringBuilder expected = new();
        using (LineBuffer lines = new(output))
            for (int i = 0; i < 20_000; i++)
            {
                lines.Add($"line {i}", " [note]");
                expected.Append($"line {i} [note]").Append(output.NewLine);
            }
        Assert.That(string.Concat(output.Written), Is.EqualTo(expected.ToString()));
        Assert.That(output.Written, Has.Count.InRange(2, 10));
        Assert.That(output.Written, Has.All.EndsWith(output.NewLine));
    }

    [Test]
    public void WithoutLinesNothingIsWritten()
    {
        Pieces output = new();
        new LineBuffer(output).Dispose();
        Assert.That(output.Written, Is.Empty);
    }

    private sealed class Pieces : StringWriter
    {
        public List<string> Written { get; } = [];

        public override void Write(string? value) => Written.Add(value!);
    }
}
