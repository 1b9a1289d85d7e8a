using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>Parameter: a learnable blob of <c>parameter_param.shape</c> as a top, for other layers to read; it starts
/// at 0. (Caffe's ParameterLayer.)</summary>
[LayerType("Parameter")]
internal sealed class ParameterLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly OperatorSlot<Sum, SumSpec> _sum = new();

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(0);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        top[0].Data.CopyFrom(Blobs[0].Data, Device);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (ParamPropagateDown(0)) _sum.Value.Forward([Blobs[0].Diff, top[0].Diff], Blobs[0].Diff);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        AddBlob(Shape.From((Parameter.ParameterParam ?? new ParameterParameter()).Shape ?? new BlobShape()),
            filler: null);

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        top[0].Reshape(Blobs[0].Shape);
        EnsureOperator(_sum, new SumSpec(Blobs[0].Count));
    }
}
