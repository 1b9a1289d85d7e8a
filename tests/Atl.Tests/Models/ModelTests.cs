using Atl.Layers;
using Atl.Nets;
using Atl.Proto;
using Atl.TestSupport;
using Google.Protobuf;

namespace Atl.Tests.Models;

/// <summary>Loading models: what is known then, and what is refused.</summary>
public sealed class ModelTests
{
    [Test]
    public void NamesAndShapesAreKnown()
    {
        using Model model = ModelNets.Make(ModelNets.Face);
        Assert.That(model.Name, Is.EqualTo("face"));
        Assert.That(model.Inputs.Single().ToString(), Is.EqualTo("data 2 3 12 10 (720) (may vary: axis 0)"));
        Assert.That(model.Outputs.Single().ToString(), Is.EqualTo("fc5 2 7 (14) (may vary: axis 0)"));
        Assert.That(model.Blobs, Is.EqualTo(new[] { "data", "conv1", "conv2", "fc5" }));
        Assert.That(model.ShapeOf("conv2"), Is.EqualTo(new Shape(2, 16, 5, 4)));
    }

    [Test]
    public void SizesVaryWhereNoLayerFixesThem()
    {
        using Model model = ModelNets.Make(ModelNets.AnySize);
        Assert.That(model.Inputs.Single().VariableAxes, Is.EqualTo(new[] { 0, 2, 3 }));
        Assert.That(model.Outputs.Single().VariableAxes, Is.EqualTo(new[] { 0, 2, 3 }));
    }

    [Test]
    public void FilesAndStreamsGiveTheSame()
    {
        using TemporaryFolder folder = new();
        string prototxt = folder["deploy.prototxt"], weights = folder["face.caffemodel"];
        File.WriteAllText(prototxt, ModelNets.Face);
        ProtoFiles.WriteNetBinary(weights, ModelNets.Weights(ModelNets.Face));
        float[] values = ModelNets.Values(2 * 3 * 12 * 10);
        using Model fromFiles = Model.Load(prototxt, weights),
            fromStreams = Model.Load(File.OpenRead(prototxt), new OneWay(File.ReadAllBytes(weights)));
        using Session one = fromFiles.CreateSession(), two = fromStreams.CreateSession();
        Assert.That(two.Run("data", values)["fc5"].ToArray(), Is.EqualTo(one.Run("data", values)["fc5"].ToArray()));
    }

    [Test]
    public void ErrorsOfStreamsSayWhatTheyAre()
    {
        Assert.That(() => Model.Load(ModelNets.Utf8("layer { nam: 'a' }")),
            Throws.TypeOf<PrototxtException>().With.Message.Contains("the prototxt:1:9"));
        Assert.That(() => Model.Load(ModelNets.Utf8(ModelNets.Face), ModelNets.Utf8("rubbish")),
            Throws.InstanceOf<AtlException>().With.Message.Contains("the weights: "));
        Assert.That(() => Model.Load(ModelNets.Utf8(ModelNets.Face), new MemoryStream([0x89, (byte)'H', (byte)'D',
            (byte)'F', 13, 10, 26, 10])), Throws.InstanceOf<AtlException>().With.Message.Contains("HDF5"));
    }

    [Test]
    public void ALayerWithoutWeightsIsAnError()
    {
        NetParameter weights = ModelNets.Weights(ModelNets.Face);
        weights.Layer.Single(layer => layer.Name == "fc5").Name = "fc_5";
        Assert.That(() => new Model(ModelNets.Parse(ModelNets.Face), [new WeightsFile("w.caffemodel", weights)]),
            Throws.TypeOf<NetException>().With.Message.Contains("'fc5' (did you mean 'fc_5'?)").And.Message
                .Contains("AllowMissingWeights"));
        using Model allowed = new(ModelNets.Parse(ModelNets.Face), [new WeightsFile("w.caffemodel", weights)],
            new ModelOptions { AllowMissingWeights = true });
        using Session session = allowed.CreateSession();
        Assert.That(session.Run("data", ModelNets.Values(720))["fc5"].ToArray(), Has.Some.Not.Zero,
            "the filler's values are there");
    }

    [Test]
    public void NoWeightsAtAllAreAnError() => Assert.That(() => Model.Load(ModelNets.Utf8(ModelNets.Face)),
        Throws.TypeOf<NetException>().With.Message.StartsWith("no weights are given for layer 'conv1'"));

    [Test]
    public void WeightsOfAnotherShapeAreAnError()
    {
        NetParameter weights = ModelNets.Weights(ModelNets.Face.Replace("num_output: 7", "num_output: 8"));
        Assert.That(() => new Model(ModelNets.Parse(ModelNets.Face), [new WeightsFile("w.caffemodel", weights)]),
            Throws.TypeOf<LayerException>().With.Message.Contains("fc5").And.Message.Contains("8 320"));
    }

    [TestCase("")]
    [TestCase("layer { name: 'x' type: 'DummyData' top: 'x' include { phase: TRAIN } }")]
    public void ANetWithoutLayersToRunIsAnError(string text) => Assert.That(() => Model.Load(ModelNets.Utf8(text)),
        Throws.TypeOf<NetException>().With.Message.Contains("has no layers in phase TEST"));

    [Test]
    public void NothingIsNoStream() => Assert.That(() => Model.Load((Stream)null!), Throws.ArgumentNullException);

    [Test]
    public void AModelThatIsDisposedLetsItsSessionsEnd()
    {
        Model model = ModelNets.Make(ModelNets.Face);
        using Session session = model.CreateSession();
        model.Dispose();
        Assert.That(session.Run("data", ModelNets.Values(720))["fc5"].ToArray(), Has.Some.Not.Zero);
        Assert.That(() => model.CreateSession(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void TheGivenMessageStaysTheCallers()
    {
        NetParameter net = ModelNets.Parse(ModelNets.Face);
        byte[] before = net.ToByteArray();
        using Model model = new(net, [new WeightsFile("w", ModelNets.Weights(ModelNets.Face))]);
        net.Layer.Clear();
        using Session session = model.CreateSession();
        Assert.That(before, Has.Length.GreaterThan(0));
        Assert.That(session.Run("data", ModelNets.Values(720))["fc5"].Shape, Is.EqualTo(new Shape(2, 7)));
    }

    // As a network's stream: it knows neither its length nor its place.
    private sealed class OneWay(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();
    }
}
