using Atl.Devices;
using Atl.Proto;
using Atl.Tests.Devices.Cuda;

namespace Atl.Tests.Nets;

/// <summary>
/// Views (tops that share their bottom's memory) under layers in place and under propagate_down: false, with a second
/// reader.
/// </summary>
public class ViewHazardTests
{
    private static readonly string[] Views =
    [
        "type: 'Flatten'", "type: 'Reshape' reshape_param { shape { dim: 2 dim: 1 } }", "type: 'Split'",
        "type: 'Concat'", "type: 'Slice'",
    ];

    // a = s·x with s = 1; f = relu(view of a) in place; L = Σ f + 10·Σ o where o = a: dL/ds = x·([x > 0] + 10).
    private static string OneViewAndAReader(string view, bool readerFirst)
    {
        const string Reader = """
            layer { name: 'o' type: 'Power' bottom: 'a' top: 'o' }
            layer { name: 'l2' type: 'Reduction' bottom: 'o' top: 'l2' loss_weight: 10 }
            """;
        return $$"""
            layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: 1 dim: 2 } } }
            layer { name: 's' type: 'Scale' bottom: 'x' top: 'a' scale_param { axis: 0 num_axes: -1 } }
            {{(readerFirst ? Reader : "")}}
            layer { name: 'v' {{view}} bottom: 'a' top: 'f' }
            layer { name: 'r' type: 'ReLU' bottom: 'f' top: 'f' }
            layer { name: 'l' type: 'Reduction' bottom: 'f' top: 'l' loss_weight: 1 }
            {{(readerFirst ? "" : Reader)}}
            """;
    }

    [Test]
    public void ALayerInPlaceOnAViewChangesNoOtherReader(
        [ValueSource(nameof(Views))] string view, [Values] bool readerFirst, [Values("cpu", "gpu")] string device,
        [Values] bool keepAll)
    {
        using Net net = Build(OneViewAndAReader(view, readerFirst), Phase.Train, device, keepAll);
        float[] gradient = Run(net, [-2, 3]);
        Assert.That(Read(net, "o"), Is.EqualTo(new float[] { -2, 3 }));
        Assert.That(gradient, Is.EqualTo(new float[] { -20, 33 }));
        if (keepAll)
            Assert.That((Read(net, "a"), Read(net, "f")), Is.EqualTo((new float[] { -2, 3 }, new float[] { 0, 3 })));
    }

    [Test]
    public void InTestToo([ValueSource(nameof(Views))] string view, [Values] bool readerFirst,
    [Values("cpu", "gpu")] string device)
    {
        using Net net = Build(OneViewAndAReader(view, readerFirst), Phase.Test, device, keepAll: false);
        new float[] { -2, 3 }.CopyTo(net.Inputs[0].Data.AsWriteOnlySpan());
        for (int i = 0; i < 2; i++) Assert.That(net.Forward(), Is.EqualTo(3 + 10));
    }

    [Test]
    public void ChainsOfViewsAreSeenThrough([ValueSource(nameof(Views))] string first,
    [ValueSource(nameof(Views))] string second)
    {
        string text = OneViewAndAReader(first, readerFirst: false)
            .Replace("layer { name: 'r' type: 'ReLU' bottom: 'f' top: 'f' }",
            $"layer {{ name: 'w' "
                + $"{second} bottom: 'f' top: 'g' }} layer {{ name: 'r' type: 'ReLU' bottom: 'g' top: 'g' }}",
                StringComparison.Ordinal)
            .Replace("'Reduction' bottom: 'f'", "'Reduction' bottom: 'g'", StringComparison.Ordinal);
        using Net net = Build(text, Phase.Train, "cpu", keepAll: true);
        Assert.That(Run(net, [-2, 3]), Is.EqualTo(new float[] { -20, 33 }));
        Assert.That(Read(net, "o"), Is.EqualTo(new float[] { -2, 3 }));
    }

    [Test]
    public void ABackwardThatReadsAViewFindsItAsItWas([ValueSource(nameof(Views))] string view)
    {
        // The square has read `a` before ReLU writes over the view of it: dL/ds = x·(2x + [x > 0]).
        string text = OneViewAndAReader(view, readerFirst: true).Replace("type: 'Power' bottom: 'a' top: 'o'",
            "type: 'Power' bottom: 'a' top: 'o' power_param { power: 2 }", StringComparison.Ordinal)
            .Replace("loss_weight: 10", "loss_weight: 1", StringComparison.Ordinal);
        using Net net = Build(text, Phase.Train, "cpu", keepAll: false);
        Assert.That(Run(net, [-2, 3]), Is.EqualTo(new float[] { 8, 21 }));
    }

    [Test]
    public void ASecondBottomThatIsAViewOfTheFirstIsReadAsItWas()
    {
        // f = a + a by a sum in place on a view of a: L = Σ f + 10·Σ a, dL/ds = 12·x.
        string text = OneViewAndAReader(Views[2], readerFirst: false)
            .Replace("layer { name: 'r' type: 'ReLU' bottom: 'f' top: 'f' }",
            "layer { name: 'r' type: 'Bias' bottom: 'f' bottom: 'a' top: 'f' bias_param { axis: 0 } }",
            StringComparison.Ordinal);
        using Net net = Build(text, Phase.Train, "cpu", keepAll: true);
        Assert.That(Run(net, [-2, 3]), Is.EqualTo(new float[] { -24, 36 }));
        Assert.That(Read(net, "f"), Is.EqualTo(new float[] { -4, 6 }));
    }

    // Losses of weight 1 through a view that stops gradients and of weight 10 beside it: dL/ds = 10·x.
    [Test]
    public void AViewStopsTheGradientWherePropagateDownSaysSo(
        [ValueSource(nameof(Views))] string view, [Values("cpu", "gpu")] string device, [Values] bool keepAll)
    {
        using Net net = Build($$"""
            layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: 1 dim: 2 } } }
            layer { name: 's' type: 'Scale' bottom: 'x' top: 'a' scale_param { axis: 0 num_axes: -1 } }
            layer { name: 'v' {{view}} bottom: 'a' top: 'f' propagate_down: false }
            layer { name: 'l' type: 'Reduction' bottom: 'f' top: 'l' loss_weight: 1 }
            layer { name: 'l2' type: 'Reduction' bottom: 'a' top: 'l2' loss_weight: 10 }
            """, Phase.Train, device, keepAll);
        for (int i = 0; i < 2; i++) Assert.That(Run(net, [-2, 3]), Is.EqualTo(new float[] { -20, 30 }));
    }

    [Test]
    public void ALayerInPlaceStopsTheGradientWherePropagateDownSaysSo()
    {
        // Both halves come of one layer; the first one's gradient, 1 to 3, is stopped at the layer in place.
        using Net net = Build("""
            layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: 1 dim: 2 } } }
            layer { name: 's' type: 'Scale' bottom: 'x' top: 'a' scale_param { axis: 0 num_axes: -1 } }
            layer { name: 'c' type: 'Slice' bottom: 'a' top: 'f' top: 'g' }
            layer { name: 'p' type: 'Power' bottom: 'f' top: 'f' power_param { scale: 3 } propagate_down: false }
            layer { name: 'q' type: 'Scale' bottom: 'f' top: 'h' }
            layer { name: 'l' type: 'Reduction' bottom: 'h' top: 'l' loss_weight: 1 }
            layer { name: 'l2' type: 'Reduction' bottom: 'g' top: 'l2' loss_weight: 10 }
            """, Phase.Train, "cpu", keepAll: true);
        Assert.That(Run(net, [-2, 3]), Is.EqualTo(new float[] { 0, 30 }));
        Assert.That(net.FindLayer("q")!.Blobs[0].Diff.AsReadOnlySpan()[0], Is.EqualTo(-6));
    }

    private static Net Build(string text, Phase phase, string device, bool keepAll) => new(
        TextFormat.Parse<NetParameter>(text, "net.prototxt"),
        new NetOptions
        {
            Phase = phase,
            Device = device == "gpu" ? Gpu.Device() : Device.Cpu,
            KeepAll = keepAll,
            Keep = ["o"],
            Seed = 1
        });

    private static float[] Run(Net net, float[] x)
    {
        x.CopyTo(net.Inputs[0].Data.AsWriteOnlySpan());
        net.ClearParameterDiffs();
        net.Forward();
        net.Backward();
        return net.FindLayer("s")!.Blobs[0].Diff.AsReadOnlySpan().ToArray();
    }

    private static float[] Read(Net net, string blob) => net.FindBlob(blob)!.Data.AsReadOnlySpan().ToArray();
}
