using Atl.Devices;
using Atl.Layers;
using Atl.Nets;

namespace Atl.Tests.Nets.RandomNets;

/// <summary>A layer of a net with a fault put into it.</summary>
internal sealed class FaultyLayer : Layer
{
    private readonly Layer _inner;

    private FaultyLayer(NetNode node)
        : base(node.Layer.Parameter, new LayerContext(Device.Cpu, 0))
    {
        _inner = node.Layer;
        foreach (Blob blob in _inner.Blobs) Blobs.Add(blob);
        Initialize(node.Bottom, node.Top);
        node.Layer = this;
    }

    /// <summary>Runs backward in another way than the layer does.</summary>
    public Action<Layer, IReadOnlyList<Blob>, IReadOnlyList<bool>, IReadOnlyList<Blob>>? InBackward { get; init; }

    /// <summary>What happens after forward, to the bottoms.</summary>
    public Action<IReadOnlyList<Blob>>? AfterForward { get; init; }

    public override BlobCount Bottoms => _inner.Bottoms;

    public override BlobCount Tops => _inner.Tops;

    public override bool AutoTops => _inner.AutoTops;

    public override bool CanRunInPlace => true;

    /// <summary>Puts a fault into the layer of a node.</summary>
    public static void Put(NetNode node,
        Action<Layer, IReadOnlyList<Blob>, IReadOnlyList<bool>, IReadOnlyList<Blob>> inBackward) =>
        _ = new FaultyLayer(node) { InBackward = inBackward };

    /// <summary>Puts a fault behind the forward of a node's layer.</summary>
    public static void Put(NetNode node, Action<IReadOnlyList<Blob>> afterForward) =>
        _ = new FaultyLayer(node) { AfterForward = afterForward };

    public override float DefaultLossWeight(int top) => _inner.DefaultLossWeight(top);

    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        _inner.Forward(bottom, top);
        AfterForward?.Invoke(bottom);
    }

    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (InBackward is null) _inner.Backward(top, propagateDown, bottom);
        else InBackward(_inner, top, propagateDown, bottom);
    }

    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _inner.Reshape(bottom, top);

    protected override void Dispose(bool disposing) => _inner.Dispose();
}
