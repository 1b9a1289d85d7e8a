using Atl.Layers;
using Atl.Proto;

namespace Atl.Tests.Nets;

/// <summary>The thread contract of nets: one thread at a time, and nets that share parameters at once.</summary>
public sealed class NetThreadTests
{
    private const string Text = """
        layer { name: 'in' type: 'Input' top: 'x' input_param { shape { dim: 1 dim: 8 dim: 24 dim: 24 } } }
        layer { name: 'conv' type: 'Convolution' bottom: 'x' top: 'conv'
            convolution_param { num_output: 32 kernel_size: 3 pad: 1 weight_filler { type: 'xavier' } } }
        layer { name: 'bn' type: 'BatchNorm' bottom: 'conv' top: 'conv' batch_norm_param { use_global_stats: true } }
        layer { name: 'act' type: 'PReLU' bottom: 'conv' top: 'conv' }
        layer { name: 'deep' type: 'Convolution' bottom: 'conv' top: 'deep'
            convolution_param { num_output: 16 kernel_size: 1 weight_filler { type: 'xavier' } } }
        layer { name: 'y' type: 'InnerProduct' bottom: 'deep' top: 'y'
            inner_product_param { num_output: 64 weight_filler { type: 'xavier' } } }
        """;

    private static IEnumerable<TestCaseData> Uses()
    {
        yield return Use("Forward", net => net.Forward());
        yield return Use("ForwardLayer", net => net.ForwardLayer(0));
        yield return Use("Backward", net => net.Backward());
        yield return Use("BackwardLayer", net => net.BackwardLayer(0));
        yield return Use("SetLossDiffs", net => net.SetLossDiffs());
        yield return Use("ClearParameterDiffs", net => net.ClearParameterDiffs());
        yield return Use("Reshape", net => net.Reshape());
        yield return Use("CopyTrainedLayersFrom", net => net.CopyTrainedLayersFrom(new NetParameter()));
        yield return Use("ToProto", net => net.ToProto());
        yield return Use("LoadState", net => net.LoadState(new NetRunningState()));
        yield return Use("SaveState", net => net.SaveState());
        yield return Use("Dispose", net => net.Dispose());
        yield return Use("ShareTrainedLayersWith", net =>
        {
            using Net other = NetText.Build(Text);
            net.ShareTrainedLayersWith(other);
        });
        yield return Use("sharing by another net", net =>
        {
            using Net other = NetText.Build(Text);
            other.ShareTrainedLayersWith(net);
        });

        static TestCaseData Use(string name, Action<Net> use) => new TestCaseData(use).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Uses))]
    public void ANetThatRunsRefusesOtherThreads(Action<Net> use)
    {
        Net? net = null;
        Exception? refusal = null;
        NetOptions options = new()
        {
            Phase = Phase.Train,
            Tamper = nodes => nodes[^1].Layer = new Meanwhile(nodes[^1].Layer.Parameter, () =>
                refusal = Assert.Catch(() => Task.Run(() => use(net!)).GetAwaiter().GetResult())),
        };
        net = new Net(TextFormat.Parse<NetParameter>(Text, "net.prototxt"), options);
        net.Forward();
        Assert.That(refusal, Is.TypeOf<InvalidOperationException>().With.Message.Contains("another thread"));
        Assert.DoesNotThrow(() => net.Reshape(), "it is free again");
        net.Dispose();
    }

    [Test]
    public void ANetIsFreeAgainAfterAnError()
    {
        using Net net = new(TextFormat.Parse<NetParameter>(Text, "net.prototxt"), new NetOptions
        {
            Tamper = nodes => nodes[^1].Layer = new Meanwhile(nodes[^1].Layer.Parameter,
                () => throw new FormatException("a layer's own")),
        });
        Assert.Throws<FormatException>(() => net.Forward());
        Assert.Throws<FormatException>(() => net.Forward());
    }

    [Test]
    public void NetsThatShareParametersRunAtOnceAndGiveTheSameBits()
    {
        using Net owner = NetText.Build(Text);
        Net[] nets = [.. Enumerable.Range(0, 3).Select(_ => NetText.Build(Text, Phase.Test, keepAll: false))];
        float[][] expected = [.. Enumerable.Range(0, 8).Select(seed => Run(owner, seed))];
        foreach (Net net in nets) net.ShareTrainedLayersWith(owner);
        using Barrier start = new(nets.Length);
        IEnumerable<Task<bool>> runs = nets.Select((net, first) => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait();
            for (int i = 0; i < 64; i++)
            {
                int seed = (i + first) % expected.Length;
                if (!Run(net, seed).AsSpan().SequenceEqual(expected[seed])) return false;
            }
            return true;
        }, TaskCreationOptions.LongRunning));
        Assert.That(Task.WhenAll([.. runs]).GetAwaiter().GetResult(), Is.All.True);
        foreach (Net net in nets) net.Dispose();
    }

    private static float[] Run(Net net, int seed)
    {
        RandomStream stream = new((ulong)seed);
        net.Inputs[0].Data.CopyFrom([.. Enumerable.Range(0, 8 * 24 * 24).Select(_ => stream.NextSingle() - 0.5f)]);
        net.Forward();
        return net.Outputs[0].Data.ToArray();
    }

    /// <summary>Does something while its net runs.</summary>
    private sealed class Meanwhile(LayerParameter parameter, Action work)
        : Layer(parameter, new LayerContext(Atl.Devices.Device.Cpu, 1))
    {
        public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) => work();

        public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
            IReadOnlyList<Blob> bottom) => throw new NotSupportedException();

        protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
        {
        }
    }
}
