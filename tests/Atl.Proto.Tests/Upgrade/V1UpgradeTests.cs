using Atl.TestSupport;

namespace Atl.Proto.Tests.Upgrade;

/// <summary>V1 layers in, current layers out.</summary>
public sealed class V1UpgradeTests
{
    [Test]
    [CaffeBehaviour(CaffeBehaviour.V1Nets)]
    public void MovesEverythingOfALayer()
    {
        NetParameter net = Upgraded(
            """
            layers {
              name: 'conv' type: CONVOLUTION bottom: 'a' top: 'b'
              include { phase: TRAIN } exclude { stage: 's' }
              param: 'w' param: 'v' blob_share_mode: PERMISSIVE
              blobs_lr: 1 blobs_lr: 2 blobs_lr: 3 weight_decay: 0.5
              loss_weight: 0.25
              blobs { num: 1 data: 7 }
              convolution_param { num_output: 4 kernel_size: 3 }
            }
            """);
        NetParameter expected = TextFormat.Parse<NetParameter>(
            """
            layer {
              name: 'conv' type: 'Convolution' bottom: 'a' top: 'b'
              include { phase: TRAIN } exclude { stage: 's' }
              param { name: 'w' share_mode: PERMISSIVE lr_mult: 1 decay_mult: 0.5 }
              param { name: 'v' lr_mult: 2 }
              param { lr_mult: 3 }
              loss_weight: 0.25
              blobs { num: 1 data: 7 }
              convolution_param { num_output: 4 kernel_size: 3 }
            }
            """);
        Assert.That(net, Is.EqualTo(expected));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.V1Nets)]
    public void KnowsEveryType()
    {
        foreach (V1LayerParameter.Types.LayerType type in Enum.GetValues<V1LayerParameter.Types.LayerType>())
        {
            if (type == V1LayerParameter.Types.LayerType.None)
                continue;
            var net = new NetParameter { Layers = { new V1LayerParameter { Type = type } } };
            NetUpgrade.Apply(net);
            // The names differ in case and underscores alone, but for the loss that was renamed.
            string plain = net.Layer[0].Type == "SoftmaxWithLoss" ? "SoftmaxLoss" : net.Layer[0].Type;
            Assert.That(plain, Is.EqualTo(type.ToString()).IgnoreCase);
        }
    }

    [Test]
    public void MovesEveryParameterMessage()
    {
        foreach (var field in V1LayerParameter.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.FieldType != Google.Protobuf.Reflection.FieldType.Message || field.IsRepeated
                || field.Name == "layer")
                continue;
            NetParameter net = Upgraded($"layers {{ {field.Name} {{ }} }}");
            Assert.That(net, Is.EqualTo(TextFormat.Parse<NetParameter>($"layer {{ {field.Name} {{ }} }}")));
        }
    }

    [TestCase("data_param")]
    [TestCase("image_data_param")]
    [TestCase("window_data_param")]
    [CaffeBehaviour(CaffeBehaviour.TransformationFieldsInDataLayers)]
    public void MovesTransformationFields(string param)
    {
        NetParameter net = Upgraded(
            $"layers {{ {param} {{ source: 'x' scale: 0.5 mean_file: 'm' crop_size: 7 mirror: true }} "
                + $"transform_param {{ mean_value: 3 scale: 1 }} }}");
        Assert.That(net, Is.EqualTo(TextFormat.Parse<NetParameter>(
            $"layer {{ {param} {{ source: 'x' }} transform_param {{ scale: 0.5 mean_file: 'm' crop_size: 7 mirror: "
                + $"true mean_value: 3 }} }}")));
    }

    [Test]
    public void DropsTransformationFieldsOfCurrentLayersWithANote()
    {
        List<string> notes = [];
        NetParameter net =
            TextFormat.Parse<NetParameter>(
                "layer { name: 'd' type: 'Data' data_param { scale: 0.5 batch_size: 2 } }", "n");
        NetUpgrade.Apply(net, notes.Add);
        Assert.That(net,
            Is.EqualTo(
                TextFormat.Parse<NetParameter>("layer { name: 'd' type: 'Data' data_param { batch_size: 2 } }")));
        Assert.That(notes,
            Is.EqualTo(["n:1:1: layer 'd': scale outside of transform_param, without effect (as in Caffe)"]));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.UpgradesAreSaid)]
    public void KeepsPlacesAndTellsWhatItDid()
    {
        List<string> notes = [];
        NetParameter net = TextFormat.Parse<NetParameter>("name: 'n'\nlayers { type: RELU\n top: 't' }",
            "old.prototxt");
        NetUpgrade.Apply(net, notes.Add);
        Assert.That(SourceMap.Find(net.Layer[0])!.Value.ToString(), Is.EqualTo("old.prototxt:2:1"));
        Assert.That(SourceMap.Find(net.Layer[0], LayerParameter.TopFieldNumber)!.Value.ToString(),
            Is.EqualTo("old.prototxt:3:2"));
        Assert.That(notes,
            Is.EqualTo(["old.prototxt: upgraded 1 layer from the V1 format (layers { type: CONVOLUTION … })"]));
    }

    [Test]
    public void RefusesBothFormatsInOneNet()
    {
        NetParameter net = TextFormat.Parse<NetParameter>("layer { }\nlayers { }", "n");
        Assert.That(() => NetUpgrade.Apply(net), Throws.TypeOf<AtlException>()
            .With.Message.EqualTo("n:2:1: 'layers' (old format) beside 'layer' (current format), expected one of "
                + "them in a net"));
    }

    [Test]
    public void RefusesNone()
    {
        NetParameter net = TextFormat.Parse<NetParameter>("layers { name: 'a' type: NONE }", "n");
        Assert.That(() => NetUpgrade.Apply(net),
            Throws.TypeOf<AtlException>().With.Message.StartsWith("n:1:1: layer 'a' has the V1 type 0"));
    }

    [Test]
    public void ACurrentNetStaysAsItIs()
    {
        List<string> notes = [];
        string path = TestData.Require("weights", "mtcnn", "det2.prototxt");
        NetParameter net = TextFormat.Parse<NetParameter>(File.ReadAllBytes(path), path);
        net.Input.Clear();
        net.InputShape.Clear();
        net.InputDim.Clear();
        NetParameter before = net.Clone();
        NetUpgrade.Apply(net, notes.Add);
        Assert.That(net, Is.EqualTo(before));
        Assert.That(notes, Is.Empty);
    }

    [Test]
    public void RealNetsAndWeights()
    {
        string folder = TestData.Require("weights", "cifar10_quick_v1");
        NetParameter net = ProtoFiles.ReadNet(Path.Combine(folder, "cifar10_quick.prototxt"));
        Assert.That(net.Layers, Is.Empty);
        Assert.That(net.Layer.Select(l => l.Type), Is.EqualTo(
        [
            "Input", "Convolution", "Pooling", "ReLU", "Convolution", "ReLU", "Pooling", "Convolution", "ReLU",
            "Pooling", "InnerProduct", "InnerProduct",
                "Softmax",
        ]));
        Assert.That(net.Layer[0].InputParam.Shape[0].Dim, Is.EqualTo(new long[] { 1, 3, 32, 32 }));
        Assert.That(net.Layer[1].Param.Select(p => p.LrMult), Is.EqualTo([1f, 2f]));

        NetParameter weights = ProtoFiles.ReadNetBinary(Path.Combine(folder, "cifar10_quick_iter_4000.caffemodel"));
        LayerParameter conv = weights.Layer.Single(l => l.Name == "conv1");
        Assert.That(conv.Type, Is.EqualTo("Convolution"));
        Assert.That(conv.Blobs.Select(b => b.Data.Count), Is.EqualTo([32 * 3 * 5 * 5, 32]));
        Assert.That(ProtoFiles.ReadSolverState(Path.Combine(folder, "cifar10_quick_iter_4000.solverstate")).Iter,
            Is.EqualTo(4000));
    }

    private static NetParameter Upgraded(string text)
    {
        NetParameter net = TextFormat.Parse<NetParameter>(text);
        NetUpgrade.Apply(net);
        return net;
    }
}
