using Atl.Devices;
using Atl.Layers;
using Atl.Nets;
using Atl.Proto;

namespace Atl.Tests.Nets;

/// <summary>A net that cannot be built, of which a layer then cannot be closed either.</summary>
public class FailedBuildTests
{
    [Test]
    public void TheErrorIsThatOfTheBuildAndAllLayersAreDisposed()
    {
        List<StubbornLayer> layers = [];
        NetOptions options = new()
        {
            Tamper = nodes =>
            {
                foreach (string name in (string[])["first", "second"])
                {
                    layers.Add(new StubbornLayer(name));
                    ((List<NetNode>)nodes).Add(new NetNode(layers[^1]));
                }
                throw new NetException("cannot be built");
            },
        };
        Assert.That(() => new Net(new NetParameter(), options),
            Throws.TypeOf<NetException>().With.Message.EqualTo("cannot be built"));
        Assert.That(layers.Select(layer => layer.Disposals), Is.EqualTo([1, 1]));
    }

    [Test]
    public void ABuiltNetThrowsTheFirstFailureAfterAllLayersAreDisposed()
    {
        List<StubbornLayer> layers = [];
        NetOptions options = new()
        {
            Tamper = nodes =>
            {
                layers = [new StubbornLayer("first"), new StubbornLayer("second")];
                ((List<NetNode>)nodes).AddRange(layers.Select(layer => new NetNode(layer)));
            },
        };
        Net net = new(new NetParameter(), options);
        Assert.That(net.Dispose, Throws.TypeOf<IOException>().With.Message.EqualTo("first cannot be closed"));
        Assert.That(layers.Select(layer => layer.Disposals), Is.EqualTo([1, 1]));
    }

    private sealed class StubbornLayer(string name)
        : Layer(new LayerParameter { Name = name, Type = "Stubborn" }, new LayerContext(Device.Cpu, seed: 1))
    {
        public int Disposals { get; private set; }

        public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
        {
        }

        public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
            IReadOnlyList<Blob> bottom)
        {
        }

        protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
        {
        }

        protected override void Dispose(bool disposing)
        {
            Disposals++;
            throw new IOException($"{Name} cannot be closed");
        }
    }
}
