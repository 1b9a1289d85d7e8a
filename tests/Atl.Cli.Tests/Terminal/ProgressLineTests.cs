using Atl.Cli.Terminal;
using Atl.Solvers;

namespace Atl.Cli.Tests.Terminal;

public sealed class ProgressLineTests
{
    [Test]
    public void TheLineTellsSpeedLossLambdaAndTimeLeft()
    {
        SolverProgress progress = new(99, 1000, 2.5f, 2.25f, 0.1f, 123.4f, 45.67, 1.5);
        Assert.That(
            ProgressLine.Describe(progress, TimeSpan.FromMinutes(125)),
            Is.EqualTo("iteration 100/1000  45.67 img/s  loss 2.25  λ 123.4  lr 0.1  2 h 5 min left"));
        Assert.That(
            ProgressLine.Describe(progress with { Lambda = null }, TimeSpan.FromSeconds(90)),
            Is.EqualTo("iteration 100/1000  45.67 img/s  loss 2.25  lr 0.1  90 s left"));
    }

    [TestCase(0, 0, "extract 0/1000  0 img/s")]
    [TestCase(100, 10, "extract 100/1000  10 img/s  90 s left")]
    [TestCase(10, 10, "extract 10/1000  1 img/s  16 min left")]
    public void TheCountTellsSpeedAndTimeLeft(int done, int seconds, string text) =>
        Assert.That(ProgressCount.Describe("extract", done, 1000, TimeSpan.FromSeconds(seconds)), Is.EqualTo(text));

    [Test]
    public void OfAnUnknownNumberNothingIsLeft() =>
        Assert.That(ProgressCount.Describe("extract", 100, null, TimeSpan.FromSeconds(10)),
            Is.EqualTo("extract 100  10 img/s"));
}
