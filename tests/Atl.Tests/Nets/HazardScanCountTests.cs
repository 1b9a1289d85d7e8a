using Atl.Devices;
using Atl.Layers;
using Atl.Nets;
using Atl.Proto;

namespace Atl.Tests.Nets;

/// <summary>
/// A net is looked through once more for what it does in BVLC Caffe only where a layer's backward may read something
/// else there.
/// </summary>
public sealed class HazardScanCountTests
{
    [TestCase("Sigmoid", 0)]
    [TestCase("ReLU", 1)]
    [TestCase("Power", 1)]
    [TestCase("PReLU", 1)]
    public void LayersAreAskedAgainWhereOneMayDiffer(string type, int scans)
    {
        using CountingLayer counted = new("Counted"), other = new(type);
        NetNode[] nodes = [NodeOf(counted, 0), NodeOf(other, 1)];
        HazardNotes notes = new(nodes, new BlobReaders(nodes, nodes.Length));
        Assert.That(notes.Of([], withBackward: true), Is.Empty);
        Assert.That(counted.Asked, Is.EqualTo(scans));
    }

    private static NetNode NodeOf(Layer layer, int blob) =>
        new(layer) { NeedsBackward = true, Top = { new Blob(Shape.Scalar) { Index = blob } } };

    /// <summary>A layer that counts how often it is asked what its backward reads.</summary>
    private sealed class CountingLayer(string type)
        : Layer(new LayerParameter { Name = type, Type = type, Top = { "y" } }, new LayerContext(Device.Cpu, 0))
    {
        public int Asked { get; private set; }

        public override BackwardReads ReadInBackward(bool inPlace)
        {
            Asked++;
            return BackwardReads.Tops;
        }

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
    }
}
