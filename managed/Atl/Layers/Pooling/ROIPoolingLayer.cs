using Atl.Devices;
using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// ROIPooling: of feature maps (first bottom, N × C × height × width) the maxima over <c>pooled_h</c> × <c>pooled_w</c>
/// cells of each box (second bottom, R × 5: image, x1, y1, x2, y2). <c>spatial_scale</c> brings the boxes to the maps'
/// size, where corners are rounded to whole pixels. Top R × C × pooled_h × pooled_w. Boxes get no gradient.
/// (ROIPoolingLayer of rbgirshick/caffe-fast-rcnn; Girshick, Fast R-CNN, 2015.)
/// </summary>
[LayerType("ROIPooling")]
internal sealed class ROIPoolingLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private const int BoxLength = 5;

    private readonly ROIPoolingParameter _given = parameter.RoiPoolingParam ?? new ROIPoolingParameter();
    private readonly OperatorSlot<RoiPooling, RoiPoolingSpec> _pooling = new();

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(2);

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => bottom == 0;

    /// <inheritdoc/>
    public override bool LeavesWithoutGradient(int bottom) => bottom == 1;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        try
        {
            _pooling.Value.Forward(bottom[0].Data, bottom[1].Data, top[0].Data);
        }
        catch (DeviceException e)
        {
            throw Error($"cannot pool over the boxes of '{bottom[1].Name}': {e.Message}");
        }
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _pooling.Value.Backward(top[0].Diff, bottom[1].Data, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.OtherBottoms;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (_given.PooledH is 0 or > int.MaxValue || _given.PooledW is 0 or > int.MaxValue)
            throw Error($"roi_pooling_param.pooled_h and pooled_w must be 1 to 2^31 - 1, found {_given.PooledH} and "
                + $"{_given.PooledW}");
        if (!(_given.SpatialScale > 0 && float.IsFinite(_given.SpatialScale)))
            throw Error($"roi_pooling_param.spatial_scale must be above 0, found {_given.SpatialScale}");
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape input = bottom[0].Shape, boxes = bottom[1].Shape;
        if (input.NumAxes != 4)
            throw Error($"takes feature maps with 4 axes (num, channels, height, width) as its first bottom, found "
                + $"shape {input}");
        if (boxes.NumAxes < 2 || boxes.CountFrom(1) != BoxLength)
            throw Error($"takes boxes of {BoxLength} numbers (image, x1, y1, x2, y2) as its second bottom, found "
                + $"shape {boxes}");
        Extent2D cells = new((int)_given.PooledH, (int)_given.PooledW);
        top[0].Reshape(boxes[0], input[1], cells.Height, cells.Width);
        EnsureOperator(_pooling, new RoiPoolingSpec(input, boxes[0], cells, _given.SpatialScale));
    }
}
