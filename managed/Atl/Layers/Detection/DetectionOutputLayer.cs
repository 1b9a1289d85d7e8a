using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// DetectionOutput: the objects that SSD finds. Bottoms: predicted boxes N × 4·priors (4·priors·classes without
/// <c>share_location</c>), scores N × priors·classes and the priors 1 × 2 × 4·priors; a fourth, the images that SSD
/// draws the objects on, is not read. Top 1 × 1 × K × 7, a row for each detection: image, label, score, xmin, ymin,
/// xmax, ymax as fractions of the image's sides; where there is none, a row for each image: its number and six times
/// -1. K is known only after each forward. With <c>save_output_param</c>'s folder, label map and names of images,
/// results are written to files, too, each time that all images are through. (DetectionOutputLayer of weiliu89/caffe;
/// of equal scores the earlier prior comes first.)
/// </summary>
[LayerType("DetectionOutput")]
internal sealed class DetectionOutputLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private const int RowLength = 7;
    private readonly OperatorSlot<Detection, DetectionSpec> _detection = new();
    private DetectionFiles? _files;

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Between(3, 4);

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => false;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        ReadOnlySpan<float> rows = _detection.Value.Forward(bottom[0].Data, bottom[1].Data, bottom[2].Data);
        _files?.Add(rows, bottom[0].Shape[0]);
        if (rows.Length > 0)
        {
            top[0].Reshape(1, 1, rows.Length / RowLength, RowLength);
            rows.CopyTo(top[0].Data.AsWriteOnlySpan());
            return;
        }
        int images = bottom[0].Shape[0];
        top[0].Reshape(1, 1, images, RowLength);
        Span<float> none = top[0].Data.AsWriteOnlySpan();
        none.Fill(-1);
        for (int image = 0; image < images; image++) none[image * RowLength] = image;
    }

    /// <summary>Nothing: a choice of boxes has no gradient.</summary>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (Parameter.DetectionOutputParam is not { HasNumClasses: true, NumClasses: > 0 and <= int.MaxValue } given)
            throw Error("detection_output_param.num_classes must be given and be 1 or more");
        NonMaximumSuppressionParameter suppression = given.NmsParam ?? new NonMaximumSuppressionParameter();
        if (!(suppression.NmsThreshold >= 0))
            throw Error($"nms_param.nms_threshold must be 0 or more, found {suppression.NmsThreshold}");
        if (!(suppression.Eta is > 0 and <= 1))
            throw Error($"nms_param.eta must be above 0 and at most 1, found {suppression.Eta}");
        if (given.SaveOutputParam is { } saved && !Context.ShapesOnly)
            _files = DetectionFiles.Open(saved, Enumerable.Range(0, (int)given.NumClasses)
                .Where(label => label != given.BackgroundLabelId), Logger);
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        DetectionOutputParameter given = Parameter.DetectionOutputParam;
        NonMaximumSuppressionParameter suppression = given.NmsParam ?? new NonMaximumSuppressionParameter();
        Shape locations = bottom[0].Shape, scores = bottom[1].Shape, priors = bottom[2].Shape;
        if (priors.NumAxes != 3 || priors[0] != 1 || priors[1] != 2 || priors[2] == 0 || priors[2] % 4 != 0)
            throw Error($"the third bottom must be priors of shape 1 2 4*boxes, found {priors}");
        long boxes = priors[2] / 4, boxesOfPrior = given.ShareLocation ? 1 : given.NumClasses;
        if (locations.NumAxes < 2 || locations.CountFrom(1) != boxes * boxesOfPrior * 4)
        {
            throw Error($"the first bottom must hold {boxes} x {boxesOfPrior} boxes of 4 numbers for each image, "
                + $"found {locations}{HintAtDenseAnchors(locations)}");
        }
        if (scores.NumAxes < 2 || scores[0] != locations[0] || scores.CountFrom(1) != boxes * given.NumClasses)
            throw Error($"the second bottom must hold {boxes} x {given.NumClasses} scores for each of "
                + $"{locations[0]} images, found {scores}");
        top[0].Reshape(1, 1, 1, RowLength);
        EnsureOperator(_detection, new DetectionSpec(
            locations[0], boxes, given.NumClasses, given.BackgroundLabelId, suppression.HasTopK ? suppression.TopK
            : -1, given.KeepTopK,
            (BoxCode)given.CodeType, given.ShareLocation, given.VarianceEncodedInTarget, suppression.NmsThreshold,
            suppression.Eta,
            given.HasConfidenceThreshold ? given.ConfidenceThreshold : -float.MaxValue));
    }

    // FaceBoxes' PriorBox makes more boxes than its message says.
    private static string HintAtDenseAnchors(Shape locations) =>
        locations.NumAxes < 2 || locations.CountFrom(1) % 4 != 0
        ? ""
        : $", {locations.CountFrom(1) / 4} boxes; for a net of FaceBoxes (sfzhang15/FaceBoxes) give its PriorBox layers "
            + "prior_box_param.dense_anchors: true";
}
