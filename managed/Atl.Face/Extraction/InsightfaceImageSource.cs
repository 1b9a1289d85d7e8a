using System.Globalization;
using Atl.Data;
using Atl.Face.Faces;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Face.Extraction;

/// <summary>The images of an insightface verification set, called by their numbers from 0.</summary>
internal sealed class InsightfaceImageSource(string path, ILogger? logger) : ImageSource
{
    // As insightface parts the pairs.
    private const int Folds = 10;

    private readonly InsightfaceSet _set = InsightfaceSet.Read(path);

    public override long? Count => _set.Count;

    /// <summary>
    /// Lines of two images, 1 or 0, and a fold: ten runs of pairs in their order, the first ones longer by one where
    /// they do not go up.
    /// </summary>
    public override IEnumerable<string> PairLines
    {
        get
        {
            int pairs = _set.Same.Count, folds = Math.Min(Folds, pairs), longer = pairs % folds, length = pairs / folds;
            for (int i = 0; i < pairs; i++)
            {
                int fold = i < longer * (length + 1) ? i / (length + 1) : (i - longer) / length;
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"{NameOf(2 * i)}\t{NameOf(2 * i + 1)}\t{(_set.Same[i] ? 1 : 0)}\t{fold}");
            }
        }
    }

    public override IEnumerable<SourceImage> Images() =>
        Enumerable.Range(0, _set.Count).Select(i => new SetImage(_set, path, i, logger));

    private static string NameOf(int image) => image.ToString(CultureInfo.InvariantCulture);

    private sealed record SetImage(InsightfaceSet Set, string Path, int Index, ILogger? Logger)
        : SourceImage(NameOf(Index), null)
    {
        public override ItemImage Open(ImageColor color, int height, int width)
        {
            try
            {
                return DecodedImage.FromBytes(Set.Image(Index), color, height, width, Logger);
            }
            catch (Exception e)
            {
                throw new AtlException($"{Path}: image {Index}: {ItemFailure.Reason(e)}", e);
            }
        }
    }
}
