using Atl.Devices;
using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Upsample, of two kinds that share the name. With one bottom, N × C × height × width, it is that of YOLO nets: every
/// pixel is repeated <c>scale</c> times in both directions. With a second bottom it is SegNet's: each value goes back
/// to the position where max pooling found it, which the second bottom, that pooling's second top, names; the other
/// positions are 0, and the mask gets no gradient. The top's size then is <c>upsample_h</c> × <c>upsample_w</c>, or the
/// bottom's times <c>scale</c> (2 when absent) or <c>scale_h</c> and <c>scale_w</c>, less 1 where <c>pad_out_h</c> or
/// <c>pad_out_w</c> asks for it. (UpsampleLayer of eric612/MobileNet-YOLO and of alexgkendall/caffe-segnet.)
/// </summary>
[LayerType("Upsample")]
internal sealed class UpsampleLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly UpsampleParameter _given = parameter.UpsampleParam ?? new UpsampleParameter();
    private readonly OperatorSlot<Resample, ResampleSpec> _resample = new();
    private readonly OperatorSlot<Unpooling, UnpoolingSpec> _unpooling = new();

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Between(1, 2);

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => bottom == 0;

    /// <inheritdoc/>
    public override bool LeavesWithoutGradient(int bottom) => bottom == 1;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (bottom.Count == 1)
        {
            _resample.Value.Forward(bottom[0].Data, top[0].Data);
            return;
        }
        try
        {
            _unpooling.Value.Forward(bottom[0].Data, bottom[1].Data, top[0].Data);
        }
        catch (DeviceException e)
        {
            throw Error($"{e.Message}: its size does not match the pooling that computed '{bottom[1].Name}'");
        }
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (!propagateDown[0]) return;
        if (bottom.Count == 1)
            _resample.Value.Backward(top[0].Diff, bottom[0].Diff);
        else
            _unpooling.Value.Backward(top[0].Diff, bottom[1].Data, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.OtherBottoms;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (bottom.Count == 1)
        {
            if (_given.HasScaleH || _given.HasScaleW || _given.HasPadOutH || _given.HasPadOutW || _given.HasUpsampleH
                || _given.HasUpsampleW)
            {
                throw Error("upsample_param's scale_h, scale_w, pad_out_h, pad_out_w, upsample_h and upsample_w are "
                    + "SegNet's, which needs a second bottom, "
                    + "the mask of the pooling");
            }
            if (!_given.HasScale)
                throw Error("upsample_param.scale must be given (or, for SegNet's, a second bottom, the mask of the "
                    + "pooling)");
            if (_given.Scale == 0) throw Error("upsample_param.scale must be 1 or more, found 0");
            return;
        }
        if (_given.HasUpsampleH != _given.HasUpsampleW)
            throw Error("upsample_param: upsample_h and upsample_w come together");
        if (_given.HasScaleH != _given.HasScaleW) throw Error("upsample_param: scale_h and scale_w come together");
        if (_given.HasScale && _given.HasScaleH)
            throw Error("upsample_param: give scale, or scale_h and scale_w, not both");
        if (_given.HasUpsampleH) return;
        (uint scaleH, uint scaleW) = Scales();
        if (scaleH < 2 || scaleW < 2)
            throw Error($"upsample_param: scales must be 2 or more, found {scaleH} and {scaleW}");
        if ((_given.PadOutH && scaleH != 2) || (_given.PadOutW && scaleW != 2))
            throw Error($"upsample_param: pad_out_h and pad_out_w go with a scale of 2, found {scaleH} and "
                + $"{scaleW}; give upsample_h and upsample_w");
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape input = bottom[0].Shape;
        if (input.NumAxes != 4)
            throw Error($"takes a bottom with 4 axes (num, channels, height, width), found shape {input}");
        if (bottom.Count == 2 && !bottom[1].Shape.Equals(input))
            throw Error($"takes a mask of its bottom's shape {input}, found {bottom[1].Shape}");
        (uint scaleH, uint scaleW) = Scales();
        bool unpools = bottom.Count == 2, sized = unpools && _given.HasUpsampleH;
        Extent2D output = new(
            Extent(sized ? _given.UpsampleH : (long)input[2] * scaleH - (_given.PadOutH ? 1 : 0)),
            Extent(sized ? _given.UpsampleW : (long)input[3] * scaleW - (_given.PadOutW ? 1 : 0)));
        top[0].Reshape(input[0], input[1], output.Height, output.Width);
        if (unpools)
            EnsureOperator(_unpooling, new UnpoolingSpec(input, output));
        else
            EnsureOperator(_resample, new ResampleSpec(ResampleMethod.Nearest, input, 0, 0, output));
    }

    private (uint Height, uint Width) Scales() => _given.HasScaleH ? (_given.ScaleH, _given.ScaleW)
        : (_given.Scale, _given.Scale);

    private int Extent(long extent) =>
        extent > 0 ? Extents.Of(extent, "a dim of the top", "upsample_param")
        : throw Error($"gives a dim of {extent}, expected 1 or more");
}
