using Atl.Proto;

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
