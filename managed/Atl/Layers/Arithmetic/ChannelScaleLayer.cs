using System.Numerics.Tensors;
using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// ChannelScale: top[n, c, s] = scale[n, s]·x[n, c, s], where the second bottom, N × 1 × …, holds a factor for each
/// place of the first: normalized features scaled to a length. With <c>global_scale</c> there is one factor for
/// all, a parameter that no solver updates: the mean of the second bottom's absolute values, which in TRAIN goes
/// 0.99·old + 0.01·new from forward to forward, between <c>min_global_scale</c> and <c>max_global_scale</c>; a second
/// top gives it. Gradients are the published ones: with global_scale, too, those of the factors of the second bottom;
/// without <c>do_backward_feature</c> the first bottom gets the top's as it is, without <c>do_backward_scale</c> the
/// second one 0. Without <c>do_forward</c> the top is the first bottom. (ChannelScaleLayer of happynear/caffe-windows.)
/// </summary>
[LayerType("ChannelScale")]
internal sealed class ChannelScaleLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private const float Kept = 0.99f, NotYet = -1;

    private readonly ChannelScaleParameter _given = parameter.ChannelScaleParam ?? new ChannelScaleParameter();
    private readonly Tensor _sameForAll = new(Shape.Scalar);
    private readonly OperatorSlot<ChannelScale, ChannelScaleSpec> _operator = new();

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(2);

    /// <inheritdoc/>
    public override BlobCount Tops => _given.GlobalScale ? BlobCount.Between(1, 2) : BlobCount.Exactly(1);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (_given.GlobalScale)
        {
            float scale = GlobalScale(bottom[1].Data);
            _sameForAll.Fill(scale);
            if (top.Count > 1) top[1].Data.Fill(scale);
        }
        if (_given.DoForward)
            _operator.Value.Forward(bottom[0].Data, _given.GlobalScale ? _sameForAll : bottom[1].Data, top[0].Data);
        else
            top[0].Data.CopyFrom(bottom[0].Data, Device);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0] && _given.DoBackwardFeature)
            _operator.Value.Forward(top[0].Diff, bottom[1].Data, bottom[0].Diff);
        if (propagateDown[0] && !_given.DoBackwardFeature) bottom[0].Diff.CopyFrom(top[0].Diff, Device);
        if (propagateDown[1] && _given.DoBackwardScale)
            _operator.Value.BackwardScale(top[0].Diff, bottom[0].Data, bottom[1].Diff);
        if (propagateDown[1] && !_given.DoBackwardScale) bottom[1].Diff.Zero(Device);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Bottoms;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (!_given.GlobalScale) return;
        if (!(_given.MinGlobalScale <= _given.MaxGlobalScale))
            throw Error($"channel_scale_param: min_global_scale {_given.MinGlobalScale} must not be above "
                + $"max_global_scale {_given.MaxGlobalScale}");
        AddBlob(new Shape(1), new FillerParameter { Type = "constant", Value = NotYet });
        if (Params.Count == 0) SetParam(0, new ParamSpec { LrMult = 0, DecayMult = 0 });
        else if (Params[0].LrMult != 0)
            throw Error($"its global scale is not learned: param 0 needs lr_mult: 0, found "
                + $"{Params[0].LrMult}");
        SetParamPropagateDown(0, false);
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape shape = bottom[0].Shape, scale = bottom[1].Shape;
        if (shape.NumAxes < 2) throw Error($"needs a bottom with samples and channels, found the shape {shape}");
        if (scale.NumAxes < 1 || scale[0] != shape[0] || scale.Count != shape[0] * shape.CountFrom(2))
            throw Error($"needs a factor for each of {shape[0]} x {shape.CountFrom(2)} places, found a second "
                + $"bottom of shape {scale}");
        top[0].Reshape(shape);
        if (top.Count > 1) top[1].Reshape(1);
        if (_given.GlobalScale) _sameForAll.Reshape(scale);
        EnsureOperator(_operator, new ChannelScaleSpec(shape));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _sameForAll.Dispose();

    private float GlobalScale(Tensor factors)
    {
        float scale = Blobs[0].Data.AsReadOnlySpan()[0];
        if (Phase != Phase.Train) return scale;
        float mean = TensorPrimitives.SumOfMagnitudes(factors.AsReadOnlySpan()) / Math.Max(1, factors.Count);
        scale = scale < 0 ? mean : Kept * scale + (1 - Kept) * mean;
        scale = Math.Max(Math.Min(scale, _given.MaxGlobalScale), _given.MinGlobalScale);
        Blobs[0].Data.AsWriteOnlySpan()[0] = scale;
        return scale;
    }
}
