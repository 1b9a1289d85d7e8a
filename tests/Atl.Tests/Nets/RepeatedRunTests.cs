using Atl.Layers;
using Atl.Proto;

namespace Atl.Tests.Nets;

/// <summary>Running looks at shapes only when they change, and at the prototxt never.</summary>
public sealed class RepeatedRunTests
{
    private const string Text = """
        layer { name: 'in' type: 'Input' top: 'x' input_param { shape { dim: 2 dim: 3 dim: 4 dim: 5 } } }
        layer { name: 'count' type: 'Power' bottom: 'x' top: 'y' power_param { scale: 2 } }
        layer { name: 'conv' type: 'Convolution' bottom: 'y' top: 'conv'
            convolution_param { num_output: 2 kernel_size: 3 pad: 1 weight_filler { type: 'xavier' } } }
        layer { name: 'act' type: 'ReLU' bottom: 'conv' top: 'conv' relu_param { negative_slope: 0.5 } }
        layer { name: 'pool' type: 'Pooling' bottom: 'conv' top: 'pool' pooling_param { kernel_size: 2 stride: 2 } }
        layer { name: 'flat' type: 'Flatten' bottom: 'pool' top: 'flat' }
        layer { name: 'fc' type: 'InnerProduct' bottom: 'flat' top: 'fc' inner_product_param { num_output: 3
            weight_filler { type: 'xavier' } } }
        layer { name: 'loss' type: 'Reduction' bottom: 'fc' top: 'loss' loss_weight: 1
            reduction_param { operation: SUMSQ } }
        """;

    [Test]
    public void ALayerIsShapedWhenItsBottomsChange()
    {
        Counting? counting = null;
        NetParameter parameter = TextFormat.Parse<NetParameter>(Text, "net.prototxt");
        using Net net = new(parameter, new NetOptions
        {
            Phase = Phase.Train,
            Tamper = nodes => nodes[1].Layer = counting = new Counting(nodes[1].Layer),
        });
        for (int i = 0; i < 5; i++)
        {
            net.Forward();
            net.Backward();
        }
        Assert.That(counting!.Reshapes, Is.EqualTo(1), "the first run knows that backward follows");
        net.Inputs[0].Reshape(3, 3, 4, 5);
        net.Forward();
        net.Forward();
        net.Reshape();
        Assert.That(counting.Reshapes, Is.EqualTo(2));
        Assert.That(net.FindBlob("fc")!.Shape, Is.EqualTo(new Shape(3, 3)));
    }

    [Test]
    public void AShapeThatDoesNotFitIsRefusedEveryTime()
    {
        using Net net = NetText.Build(Text, Phase.Test);
        net.Forward();
        float[] right = net.FindBlob("fc")!.Data.ToArray();
        net.Inputs[0].Reshape(2, 3, 8, 8);
        for (int i = 0; i < 3; i++)
            Assert.That(() => net.Forward(), Throws.TypeOf<LayerException>().With.Message.Contains("'fc'"));
        net.Inputs[0].Reshape(2, 3, 4, 5);
        net.Forward();
        Assert.That(net.FindBlob("fc")!.Data.ToArray(), Is.EqualTo(right));
    }

    [Test]
    public void AParameterThatIsReshapedIsRefused()
    {
        using Net net = NetText.Build(Text, Phase.Test);
        Blob weights = net.FindLayer("fc")!.Blobs[0];
        Shape shape = weights.Shape;
        weights.Reshape(1, 1);
        for (int i = 0; i < 2; i++)
            Assert.That(() => net.Forward(), Throws.TypeOf<LayerException>().With.Message.Contains(
                $"parameter 0 was reshaped to 1 1 (1), expected {shape}"));
        weights.Reshape(shape);
        Assert.That(() => net.Forward(), Throws.Nothing);
    }

    [Test]
    public void TheMessageIsNotReadAfterShaping()
    {
        using Net first = NetText.Build(Text, Phase.Train), second = NetText.Build(Text, Phase.Train);
        foreach (Net net in (Net[])[first, second])
        {
            net.Inputs[0].Data.CopyFrom([.. Enumerable.Range(0, 120).Select(i => (i % 13) - 6f)]);
            net.Forward();
        }
        foreach (Layer layer in second.Layers)
        {
            string name = layer.Parameter.Name;
            foreach (Google.Protobuf.Reflection.FieldDescriptor field in LayerParameter.Descriptor.Fields
                .InDeclarationOrder())
                if (field.Name is not ("bottom" or "top"))
                    field.Accessor.Clear(layer.Parameter);
            layer.Parameter.Name = name;
        }
        for (int i = 0; i < 2; i++)
        {
            Assert.That(second.Forward(), Is.EqualTo(first.Forward()));
            first.Backward();
            second.Backward();
            Assert.That(second.FindBlob("y")!.Diff.ToArray(), Is.EqualTo(first.FindBlob("y")!.Diff.ToArray()));
        }
    }

    // Layers that view, share, cut, join, choose and repeat, each with a batch that changes beneath it.
    private const string Shapes = """
        layer { name: 'in' type: 'Input' top: 'x' top: 's' input_param { shape { dim: 4 dim: 6 dim: 4 dim: 4 }
            shape { dim: 4 } } }
        layer { name: 'conv' type: 'Convolution' bottom: 'x' top: 'a' convolution_param { num_output: 6 kernel_size: 3
            pad: 1 weight_filler { type: 'xavier' } } }
        layer { name: 'act' type: 'PReLU' bottom: 'a' top: 'a' }
        layer { name: 'flat' type: 'Flatten' bottom: 'a' top: 'flat' }
        layer { name: 'flatact' type: 'ReLU' bottom: 'flat' top: 'flat' }
        layer { name: 'back' type: 'Reshape' bottom: 'flat' top: 'back'
            reshape_param { shape { dim: 0 dim: 3 dim: -1 dim: 4 } } }
        layer { name: 'cut' type: 'Slice' bottom: 'a' top: 'cut1' top: 'cut2' slice_param { slice_point: 2 } }
        layer { name: 'join' type: 'Concat' bottom: 'cut2' bottom: 'cut1' bottom: 'x' top: 'join' }
        layer { name: 'one' type: 'Concat' bottom: 'join' top: 'one' }
        layer { name: 'bn' type: 'BatchNorm' bottom: 'one' top: 'bn' }
        layer { name: 'chosen' type: 'Filter' bottom: 'bn' bottom: 's' top: 'chosen' }
        layer { name: 'chosenact' type: 'TanH' bottom: 'chosen' top: 'chosen' }
        layer { name: 'pool' type: 'Pooling' bottom: 'chosen' top: 'pool' pooling_param { pool: AVE
            global_pooling: true } }
        layer { name: 'poolflat' type: 'Flatten' bottom: 'pool' top: 'poolflat' }
        layer { name: 'last' type: 'Reduction' bottom: 'poolflat' top: 'last' loss_weight: 1
            reduction_param { operation: SUMSQ } }
        layer { name: 'second' type: 'Reduction' bottom: 'back' top: 'second' loss_weight: 0.5
            reduction_param { operation: SUMSQ } }
        """;

    [TestCase(Phase.Train)]
    [TestCase(Phase.Test)]
    public void BatchesThatChangeGiveWhatNewNetsGive(Phase phase)
    {
        using Net net = Make();
        foreach ((int batch, int chosen) in ((int, int)[])[(4, 4), (4, 2), (7, 3), (4, 4), (1, 1), (7, 7), (7, 2)])
        {
            using Net fresh = Make();
            fresh.CopyTrainedLayersFrom(net.ToProto());
            float[] wanted = Run(fresh, batch, chosen);
            Assert.That(Run(net, batch, chosen), Is.EqualTo(wanted), $"batch {batch}, {chosen} of it");
        }

        Net Make() => NetText.Build(Shapes, phase, keepAll: phase == Phase.Train);

        static float[] Run(Net net, int batch, int chosen)
        {
            net.Inputs[0].Reshape(batch, 6, 4, 4);
            net.Inputs[1].Reshape(batch);
            net.Inputs[0].Data.CopyFrom([.. Enumerable.Range(0, batch * 96).Select(i => ((i * 7 % 23) - 11) / 9f)]);
            net.Inputs[1].Data.CopyFrom([.. Enumerable.Range(0, batch).Select(i => i < chosen ? 1f : 0f)]);
            List<float> results = [net.Forward()];
            foreach (Blob output in net.Outputs) results.AddRange(output.Data.ToArray());
            if (net.Phase == Phase.Test) return [.. results];
            net.ClearParameterDiffs();
            net.Backward();
            foreach (LearnableParameter parameter in net.LearnableParameters)
                results.AddRange(parameter.Blob.Diff.ToArray());
            return [.. results];
        }
    }

    private sealed class Counting(Layer inner) : Layer(inner.Parameter, new LayerContext(Atl.Devices.Device.Cpu, 1))
    {
        public int Reshapes { get; private set; }

        public override BlobCount Bottoms => inner.Bottoms;

        public override BlobCount Tops => inner.Tops;

        public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) => inner.Forward(bottom, top);

        public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
            IReadOnlyList<Blob> bottom) => inner.Backward(top, propagateDown, bottom);

        protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
        {
            Reshapes++;
            inner.Reshape(bottom, top);
        }
    }
}
