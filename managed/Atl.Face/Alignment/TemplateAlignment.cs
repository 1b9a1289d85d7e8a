using System.Numerics;
using Atl.Face.Faces;
using Atl.Proto;

namespace Atl.Face.Alignment;

/// <summary>Brings the five points closest to those of a template, by least squares and without reflection
/// (<see cref="SimilarityTransform.Fit"/>).</summary>
public sealed class TemplateAlignment : FaceAlignment
{
    private static readonly Vector2[] ArcFacePoints =
        [new(38.2946f, 51.6963f), new(73.5318f, 51.5014f), new(56.0252f, 71.7366f), new(41.5493f, 92.3655f),
            new(70.7299f, 92.2041f)];

    private readonly string _name;
    private readonly Vector2[] _template;

    private TemplateAlignment(string name, int width, int height, Vector2[] template)
        : base(width, height) => (_name, _template) = (name, template);

    /// <summary>
    /// SphereFace's template for 96 columns × 112 rows. MATLAB counts pixels from 1 and we from 0, so 1 is subtracted
    /// from its numbers.
    /// </summary>
    /// <param name="width">Other columns scale the template.</param>
    /// <param name="height">Rows, in the template's ratio to the columns.</param>
    /// <exception cref="AtlException">Width and height have another ratio.</exception>
    public static TemplateAlignment SphereFace(int width = 96, int height = 112) => Scaled(
        "sphereface", width, height, 96, 112,
        [new(30.2946f, 51.6963f), new(65.5318f, 51.5014f), new(48.0252f, 71.7366f), new(33.5493f, 92.3655f),
            new(62.7299f, 92.2041f)], 1);

    /// <summary>The template of insightface (ArcFace) for 112 × 112: SphereFace's, 8 columns further right, counted
    /// from 0.</summary>
    /// <param name="width">Other columns scale the template.</param>
    /// <param name="height">Rows, as many as columns.</param>
    /// <exception cref="AtlException">Width and height have another ratio.</exception>
    public static TemplateAlignment ArcFace(int width = 112, int height = 112) => Scaled(
        "arcface", width, height, 112, 112,
        ArcFacePoints, 0);

    /// <summary>The points of a frontal face.</summary>
    internal static ReadOnlySpan<Vector2> Frontal => ArcFacePoints;

    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant($"{_name} {Width}x{Height}");

    /// <inheritdoc/>
    internal override SimilarityTransform Transform(Landmarks points, int imageWidth, int imageHeight) =>
        SimilarityTransform.Fit(points.Points, _template);

    private static TemplateAlignment Scaled(string name, int width, int height, int ownWidth, int ownHeight,
        Vector2[] points, float firstPixel)
    {
        if (width * ownHeight != height * ownWidth)
            throw new AtlException($"the size {width}x{height} has not the ratio of this alignment's template, "
                + $"{ownWidth}x{ownHeight}");
        float ratio = (float)width / ownWidth;
        return new TemplateAlignment(name, width, height,
            [.. points.Select(point => (point - new Vector2(firstPixel)) * ratio)]);
    }
}
