using Atl.Layers;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class InfogainLossLayerTests
{
    private static readonly float[] Identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];

    [Test]
    public void TheIdentityGivesSoftmaxWithLoss()
    {
        Blob scores = LayerRun.Random(new Shape(4, 3)), labels = LayerRun.Blob(new Shape(4), 0, 2, 1, 1);
        using LayerRun run = new("""type: "InfogainLoss" """, tops: 2, scores, labels,
            LayerRun.Blob(new Shape(3, 3), Identity));
        using LayerRun softmax = new("""type: "SoftmaxWithLoss" """, tops: 2, scores, labels);
        Assert.That(run.Forward()[0], Is.EqualTo(softmax.Forward()[0]).Within(1e-6f));
        Assert.That(LayerRun.Values(run.Top[1].Data), Is.EqualTo(LayerRun.Values(softmax.Top[1].Data)).Within(1e-6f));
        run.SetTopDiff(0, 1);
        softmax.SetTopDiff(0, 1);
        Assert.That(run.Backward(), Is.EqualTo(softmax.Backward()).Within(1e-6f));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.InfogainMatrix)]
    public void TheMatrixMayComeFromAFile()
    {
        string file = Path.Combine(TestContext.CurrentContext.WorkDirectory,
            $"infogain-{Guid.NewGuid():N}.binaryproto");
        try
        {
            ProtoFiles.WriteBlob(file, LayerRun.Blob(new Shape(1, 1, 3, 3), 0, 0, 0, 0, 0, 0, 0, 2, 0).ToProto());
            using LayerRun run = new($$"""type: "InfogainLoss" infogain_loss_param { source: "{{file}}" }""", tops: 1,
                new Blob(new Shape(1, 3)),
                LayerRun.Blob(new Shape(1), 2));
            Assert.That(run.Forward()[0], Is.EqualTo(2 * Math.Log(3)).Within(1e-6));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void WithoutMatrixItIsRefused() => Assert.That(
        () => new LayerRun("""type: "InfogainLoss" """, tops: 1, new Blob(new Shape(1, 3)), new Blob(new Shape(1))),
        Throws.TypeOf<LayerException>().With.Message.Contains("needs the infogain matrix"));

    [Test]
    public void AMatrixOfAnotherSizeIsRefused() => Assert.That(
        () => new LayerRun("""type: "InfogainLoss" """, tops: 1, new Blob(new Shape(1, 3)), new Blob(new Shape(1)),
            new Blob(new Shape(2, 2))),
        Throws.TypeOf<LayerException>().With.Message.Contains("3 x 3"));
}
