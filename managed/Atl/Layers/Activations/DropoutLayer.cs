using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Dropout: in phase TRAIN each element becomes 0 with probability dropout_ratio and is divided by 1 − dropout_ratio
/// otherwise; in phase TEST nothing changes. May run in place. (Srivastava et al. 2014; Caffe's DropoutLayer.)
/// </summary>
[LayerType("Dropout")]
internal sealed class DropoutLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private RandomStream? _stream;
    private ulong _position;
    private readonly OperatorSlot<Dropout, DropoutSpec> _operator = new();

    private float Ratio => Parameter.DropoutParam?.DropoutRatio ?? 0.5f;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (Phase == Phase.Test)
        {
            top[0].Data.CopyFrom(bottom[0].Data, Device);
            return;
        }
        _position = _stream!.Position;
        _operator.Value.Apply(bottom[0].Data, top[0].Data, _stream.Key, _position);
        _stream.Advance((ulong)bottom[0].Count);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (!propagateDown[0]) return;
        if (Phase == Phase.Test) bottom[0].Diff.CopyFrom(top[0].Diff, Device);
        else _operator.Value.Apply(top[0].Diff, bottom[0].Diff, _stream!.Key, _position);
    }

    /// <inheritdoc/>
    public override bool KeepsSign => true;

    /// <inheritdoc/>
    public override bool CanRunInPlace => true;

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (!(Ratio >= 0 && Ratio < 1)) throw Error($"dropout_param: dropout_ratio must lie in [0, 1), found {Ratio}");
        _stream = CreateStream("mask");
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (top[0] != bottom[0]) top[0].Reshape(bottom[0].Shape);
        EnsureOperator(_operator, new DropoutSpec(bottom[0].Shape, Ratio));
    }
}
