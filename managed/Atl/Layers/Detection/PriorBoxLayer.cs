using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// PriorBox: the boxes from which predictions at the places of a feature map (first bottom) start, as fractions of
/// the image's sides (second bottom, or <c>img_size</c>). Top 1 × 2 × 4·boxes: corners xmin, ymin, xmax, ymax, then
/// the variances. Only the bottoms' shapes are read. (PriorBoxLayer of weiliu89/caffe; Liu et al., SSD: Single Shot
/// MultiBox Detector, 2016.)
/// </summary>
[LayerType("PriorBox")]
internal sealed class PriorBoxLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private PriorBoxes? _boxes;
    private float[]? _made;
    private (int Width, int Height, float ImageWidth, float ImageHeight) _sides, _madeFor;

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(2);

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => false;

    /// <inheritdoc/>
    public override bool LeavesWithoutGradient(int bottom) => true;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (_made is null || _madeFor != _sides)
        {
            _made = _boxes!.Make(_sides.Width, _sides.Height, _sides.ImageWidth, _sides.ImageHeight);
            _madeFor = _sides;
        }
        _made.CopyTo(top[0].Data.AsWriteOnlySpan());
    }

    /// <summary>Nothing: shapes have no gradient.</summary>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        PriorBoxParameter given = Parameter.PriorBoxParam ?? new PriorBoxParameter();
        if (given.MinSize.Count == 0) throw Error("prior_box_param.min_size must be given");
        if (given.MaxSize.Count != 0 && given.MaxSize.Count != given.MinSize.Count)
            throw Error($"prior_box_param needs one max_size for each min_size ({given.MinSize.Count}) or none, "
                + $"found {given.MaxSize.Count}");
        for (int i = 0; i < given.MaxSize.Count; i++)
        {
            if (!(given.MaxSize[i] > given.MinSize[i]))
                throw Error($"prior_box_param.max_size must be above its min_size {given.MinSize[i]}, found "
                    + $"{given.MaxSize[i]}");
        }
        if (given.Variance.Count is not (0 or 1 or 4))
            throw Error($"prior_box_param.variance must be given once, four times or not at all, found "
                + $"{given.Variance.Count}");
        CheckPositive("min_size", given.MinSize);
        CheckPositive("aspect_ratio", given.AspectRatio);
        CheckPositive("variance", given.Variance);
        if (given.HasImgSize && (given.HasImgH || given.HasImgW))
            throw Error("prior_box_param: give img_size, or img_h and img_w, not both");
        if (given.HasImgH != given.HasImgW) throw Error("prior_box_param: img_h and img_w come together");
        if (given.HasImgSize) CheckPositive("img_size", [given.ImgSize]);
        if (given.HasImgH) CheckPositive("img_h and img_w", [given.ImgH, given.ImgW]);
        if (given.HasStep && (given.HasStepH || given.HasStepW))
            throw Error("prior_box_param: give step, or step_h and step_w, not both");
        if (given.HasStepH != given.HasStepW) throw Error("prior_box_param: step_h and step_w come together");
        if (given.HasStep) CheckPositive("step", [given.Step]);
        if (given.HasStepH) CheckPositive("step_h and step_w", [given.StepH, given.StepW]);
        _boxes = new PriorBoxes(given);
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        PriorBoxParameter given = Parameter.PriorBoxParam;
        Shape map = bottom[0].Shape, image = bottom[1].Shape;
        if (map.NumAxes != 4 || image.NumAxes != 4 || map.CountFrom(2) == 0 || image.CountFrom(2) == 0)
            throw Error($"takes a feature map and an image of 4 axes with at least one position, found {map} and "
                + $"{image}");
        float imageWidth = image[3], imageHeight = image[2];
        if (given.HasImgSize) (imageWidth, imageHeight) = (given.ImgSize, given.ImgSize);
        if (given.HasImgW) (imageWidth, imageHeight) = (given.ImgW, given.ImgH);
        _sides = (map[3], map[2], imageWidth, imageHeight);
        top[0].Reshape(1, 2, Extents.Product("the number of values", "prior_box_param", map[2], map[3],
            _boxes!.Count, 4));
    }

    private void CheckPositive(string name, IEnumerable<float> values)
    {
        foreach (float value in values)
            if (!(value > 0 && float.IsFinite(value)))
                throw Error($"prior_box_param.{name} must be above 0, found {value}");
    }
}
