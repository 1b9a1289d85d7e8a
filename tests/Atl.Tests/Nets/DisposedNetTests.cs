using Atl.Devices;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Nets;

/// <summary>A disposed net does not run and does not read as zeros.</summary>
public class DisposedNetTests
{
    private const string Text = """
        layer { name: 'z' type: 'Input' top: 'z' input_param { shape { dim: 2 dim: 4 } } }
        layer { name: 'in' type: 'Input' top: 'x' input_param { shape { dim: 2 dim: 3 } } }
        layer { name: 'ip' type: 'InnerProduct' bottom: 'x' top: 'y'
            inner_product_param { num_output: 4 weight_filler { type: 'constant' value: 1 } } }
        layer { name: 'loss' type: 'EuclideanLoss' bottom: 'y' bottom: 'z' top: 'l' }
        """;

    private static IEnumerable<TestCaseData> Uses()
    {
        yield return Use("Forward", net => net.Forward());
        yield return Use("ForwardLayer", net => net.ForwardLayer(0));
        yield return Use("Backward", net => net.Backward());
        yield return Use("BackwardLayer", net => net.BackwardLayer(0));
        yield return Use("Reshape", net => net.Reshape());
        yield return Use("ClearParameterDiffs", net => net.ClearParameterDiffs());
        yield return Use("SetLossDiffs", net => net.SetLossDiffs());
        yield return Use("ToProto", net => net.ToProto());
        yield return Use("CopyTrainedLayersFrom", net => net.CopyTrainedLayersFrom(new NetParameter()));
        yield return Use("SaveState", net => net.SaveState());
        yield return Use("LoadState", net => net.LoadState(new NetRunningState()));
        yield return Use("an output", net => net.Outputs[0].Data.AsReadOnlySpan());
        yield return Use("an input", net => net.Inputs[0].Data.AsWriteOnlySpan());
        yield return Use("a blob in between", net => net.FindBlob("y")!.Data.AsReadOnlySpan());
        yield return Use("a parameter", net => net.FindLayer("ip")!.Blobs[0].Data.AsReadOnlySpan());
        yield return Use("a layer", net => net.FindLayer("ip")!.Forward(net.Bottoms(2), net.Tops(2)));

        static TestCaseData Use(string name, Action<Net> use) => new TestCaseData(use).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Uses))]
    public void ADisposedNetIsNotUsed(Action<Net> use)
    {
        Net net = NetText.Build(Text);
        net.Forward();
        net.Dispose();
        Assert.Throws<ObjectDisposedException>(() => use(net));
    }

    [Test]
    public void DisposingTwiceChangesNothing()
    {
        Net net = NetText.Build(Text);
        net.Forward();
        net.Dispose();
        Assert.DoesNotThrow(net.Dispose);
    }

    [Test]
    public void ALayerThatCannotWriteItsLastRowsKeepsNoMemoryOfTheNet()
    {
        long before = Device.Cpu.BytesInUse;
        Net net;
        using (TemporaryFolder folder = new())
        {
            // The third forward's rows wait for the net's end; the pooling after it holds memory of its own.
            net = NetText.Build($$"""
                layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: 2 dim: 1 dim: 4 dim: 4 } } }
                layer { name: 'y' type: 'Input' top: 'y' input_param { shape { dim: 2 } } }
                layer { name: 'out' type: 'HDF5Output' bottom: 'x' bottom: 'y'
                    hdf5_output_param { file_name: '{{folder["out.h5"]}}' } }
                layer { name: 'pool' type: 'Pooling' bottom: 'x' top: 'pooled' pooling_param { kernel_size: 2 } }
                """);
            net.FindLayer("pool")!.NeedsBackward = true;
            for (int i = 0; i < 3; i++) net.Forward();
        }
        Assert.That(net.Dispose, Throws.Exception.With.Message.Contains("out.h5"));
        Assert.That(Device.Cpu.BytesInUse, Is.EqualTo(before));
    }

    [Test]
    public void ATestNetDoesNotReadTheWeightsOfADisposedTrainingNetAsZeros()
    {
        Net training = NetText.Build(Text);
        using Net test = NetText.Build(Text, Phase.Test);
        test.ShareTrainedLayersWith(training);
        test.Forward();
        training.Dispose();
        Assert.Throws<ObjectDisposedException>(() => test.Forward());
        Assert.Throws<ObjectDisposedException>(() => test.ShareTrainedLayersWith(training));
    }

    [Test]
    public void ATrainingNetOutlivesItsTestNet()
    {
        using Net training = NetText.Build(Text);
        using (Net test = NetText.Build(Text, Phase.Test))
        {
            test.ShareTrainedLayersWith(training);
            test.Forward();
        }
        Assert.That(training.FindLayer("ip")!.Blobs[0].Data.AsReadOnlySpan().ToArray(), Is.All.EqualTo(1));
        Assert.DoesNotThrow(() => training.Forward());
    }
}
