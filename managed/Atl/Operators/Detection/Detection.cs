using Atl.Devices;

namespace Atl.Operators;

/// <summary>Detections of SSD.</summary>
/// <param name="Images">The number of images.</param>
/// <param name="Priors">The number of prior boxes.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="Background">The class that is no object; -1: none.</param>
/// <param name="TopK">The best boxes of a class that are inspected; negative: all.</param>
/// <param name="KeepTopK">The best detections of an image that are kept; negative: all.</param>
/// <param name="Code">How boxes are coded.</param>
/// <param name="ShareLocation">Whether a prior has one box for all classes.</param>
/// <param name="VarianceEncoded">Whether predictions are multiplied by variances already.</param>
/// <param name="NmsThreshold">The overlap above which a box is dropped.</param>
/// <param name="Eta">What the threshold is multiplied by after each box kept, while it is above 0.5.</param>
/// <param name="ScoreThreshold">Scores at or below are no detections.</param>
internal sealed record DetectionSpec(
    long Images, long Priors, long Classes, long Background, long TopK, long KeepTopK, BoxCode Code, bool ShareLocation,
    bool VarianceEncoded,
    float NmsThreshold, float Eta, float ScoreThreshold) : OperatorSpec<Detection>;

/// <summary>
/// Boxes decoded from predictions and priors; of each class those above the score's threshold, best first, without
/// those that overlap a better one too much; of each image the best.
/// </summary>
internal abstract class Detection(Device device) : Operator(device)
{
    /// <summary>Rows of image, class, score, xmin, ymin, xmax, ymax, by image, class and falling score; valid until the
    /// next call.</summary>
    public abstract ReadOnlySpan<float> Forward(Tensor locations, Tensor scores, Tensor priors);
}
