using Atl.Devices;
using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class AccuracyLayerTests
{
    // Four samples of three classes: label best, label second, label tied with another for best, label worst.
    private static readonly float[] Scores = [5, 1, 2, 3, 1, 2, 4, 4, 0, 3, 1, 2];
    private static readonly float[] LabelsOf = [0, 2, 1, 1];

    [TestCase("", 0.25f)]
    [TestCase("accuracy_param { top_k: 2 }", 0.75f)]
    [TestCase("accuracy_param { top_k: 3 }", 1)]
    [TestCase("accuracy_param { ignore_label: 1 }", 0.5f)]
    [TestCase("accuracy_param { top_k: 2 ignore_label: 0 }", 2 / 3f)]
    [CaffeBehaviour(CaffeBehaviour.AccuracyTopK)]
    public void TheShareOfRightLabels(string parameters, float expected)
    {
        using LayerRun run = new($"""type: "Accuracy" {parameters}""", tops: 1, LayerRun.Blob(new Shape(4, 3), Scores),
            LayerRun.Blob(new Shape(4), LabelsOf));
        Assert.That(run.Forward(), Is.EqualTo([expected]));
        Assert.That(run.Top[0].NumAxes, Is.Zero);
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.AccuracyPerClass)]
    public void ASecondTopHoldsTheShareForEachClass()
    {
        using LayerRun run = new("""type: "Accuracy" accuracy_param { top_k: 2 }""", tops: 2,
            LayerRun.Blob(new Shape(4, 3), Scores),
            LayerRun.Blob(new Shape(4), LabelsOf));
        Assert.That(run.Forward(1), Is.EqualTo([1, 0.5f, 1]));
    }

    [TestCase(1, 0f)]
    [TestCase(2, 0f)]
    [TestCase(3, 1f)]
    [CaffeBehaviour(CaffeBehaviour.AccuracyTies)]
    public void AScoreThatEqualsTheLabelsCountsAgainstIt(int topK, float expected)
    {
        using LayerRun run = new($$"""type: "Accuracy" accuracy_param { top_k: {{topK}} }""", tops: 1,
            LayerRun.Blob(new Shape(1, 4), 2, 2, 2, 1),
            LayerRun.Blob(new Shape(1), 0));
        Assert.That(run.Forward(), Is.EqualTo([expected]));
    }

    [Test]
    public void AClassWithoutSamplesHasZero()
    {
        using LayerRun run = new("""type: "Accuracy" """, tops: 2, LayerRun.Blob(new Shape(1, 3), 1, 2, 3),
            LayerRun.Blob(new Shape(1), 2));
        Assert.That(run.Forward(1), Is.EqualTo(new float[] { 0, 0, 1 }));
    }

    [Test]
    public void WithAllIgnoredItIsZero()
    {
        using LayerRun run = new("""type: "Accuracy" accuracy_param { ignore_label: -1 }""", tops: 1,
            new Blob(new Shape(2, 3)),
            LayerRun.Blob(new Shape(2), -1, -1));
        Assert.That(run.Forward(), Is.EqualTo([0f]));
    }

    [Test]
    public void AScoreThatIsNoNumberIsWrong()
    {
        using LayerRun run = new("""type: "Accuracy" """, tops: 1, LayerRun.Blob(new Shape(1, 2), float.NaN, float.NaN),
            LayerRun.Blob(new Shape(1), 0));
        Assert.That(run.Forward(), Is.EqualTo([0f]));
    }

    [TestCase(Layout.Plain)]
    [TestCase(Layout.ChannelsLast)]
    public void PositionsAreCountedOneByOne(Layout layout)
    {
        using LayerRun run = new("""type: "Accuracy" """, tops: 1,
            LayerRun.Blob(new Shape(1, 2, 1, 4), 1, 2, 3, 4, 4, 3, 2, 1),
            LayerRun.Blob(new Shape(1, 4), 1, 1, 1, 0));
        run.Bottom[0].Data.ReadWrite(Device.Cpu, layout);
        Assert.That(run.Forward(), Is.EqualTo([0.75f]));
    }

    [Test]
    public void ALabelOutOfRangeIsNamed()
    {
        using LayerRun run = new("""type: "Accuracy" """, tops: 1, new Blob(new Shape(2, 3)),
            LayerRun.Blob(new Shape(2), 0, 3));
        Assert.That(() => run.Forward(),
            Throws.TypeOf<LayerException>().With.Message.Contains("the label of sample 1 is 3, expected 0..2"));
    }

    [TestCase("accuracy_param { top_k: 4 }", "1..3")]
    [TestCase("accuracy_param { top_k: 0 }", "1..3")]
    [TestCase("accuracy_param { axis: 2 }", "axis 2")]
    [TestCase("accuracy_param { axis: 0 }", "need 3 labels")]
    public void WhatDoesNotFitIsRefused(string parameters, string message) => Assert.That(
        () => new LayerRun($"""type: "Accuracy" {parameters}""", tops: 1, new Blob(new Shape(2, 3)),
            new Blob(new Shape(2))),
        Throws.TypeOf<LayerException>().With.Message.Contains(message));
}
