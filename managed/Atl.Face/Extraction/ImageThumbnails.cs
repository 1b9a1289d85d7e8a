using Atl.Data;
using Atl.Face.Datasets;
using Microsoft.Extensions.Logging;

namespace Atl.Face.Extraction;

/// <summary>Small thumbnails of images by the names that their features have.</summary>
internal static class ImageThumbnails
{
    /// <summary>Finds the thumbnails of some images; those that are not found or cannot be decoded are
    /// missing.</summary> <param name="names">The images' names.</param>
    /// <param name="source">The images that were extracted; null to take names for paths of files.</param>
    /// <param name="note">Receives a message for each image that is missing or cannot be decoded.</param>
    /// <param name="logger">The logger that is warned of thumbnails with damaged parts; null for none.</param>
    public static IReadOnlyDictionary<string, Thumbnail> Find(IReadOnlyCollection<string> names, ImageSource? source,
        Action<string> note, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(names);
        HashSet<string> wanted = [.. names];
        Dictionary<string, Thumbnail> pictures = new(StringComparer.Ordinal);
        if (source is null)
        {
            foreach (string name in names.Where(File.Exists))
                Take(name, () => DecodedImage.FromFile(name, ImageColor.Color, logger: logger));
        }
        else
        {
            foreach (SourceImage image in source.Images())
            {
                if (wanted.Remove(image.Name)) Take(image.Name, () => image.Open(ImageColor.Color, 0, 0));
                if (wanted.Count == 0) break;
            }
            foreach (string name in wanted) note($"{name} is not among the images given");
        }
        return pictures;

        void Take(string name, Func<ItemImage> open)
        {
            try
            {
                using ItemImage image = open();
                pictures[name] = Thumbnail.Of(image);
            }
            catch (Exception e) when (ItemFailure.IsOfItem(e))
            {
                note($"{name}: {ItemFailure.Reason(e)}");
            }
        }
    }
}
