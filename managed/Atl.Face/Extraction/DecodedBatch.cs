using Atl.Data;

namespace Atl.Face.Extraction;

/// <summary>
/// The next images of a source in the form of a net's input, in buffers that are used again. An image that failed takes
/// no place: the next one takes it, so that batches, and the last bits of features with them, are those of the source
/// without it.
/// </summary>
internal sealed class DecodedBatch(FaceExtractor extractor)
{
    private readonly int _size = checked((int)extractor.Input.Count);
    private readonly string?[] _errors = new string?[extractor.Options.Batch];
    private readonly List<(string Name, string Reason)> _failed = [];

    /// <summary>
    /// The number of images; less than <see cref="ExtractionOptions.Batch"/> in the last batch alone.
    /// </summary>
    public int Count { get; private set; }

    /// <summary>Whether nothing is left of the source.</summary>
    public bool IsEmpty => Count == 0 && _failed.Count == 0;

    /// <summary>The images.</summary>
    public SourceImage[] Images { get; } = new SourceImage[extractor.Options.Batch];

    /// <summary>The images before and among these that failed, and why.</summary>
    public IReadOnlyList<(string Name, string Reason)> Failed => _failed;

    /// <summary>The images, one after another, and zeros.</summary>
    public float[] Pixels { get; } = new float[checked(extractor.Options.Batch * extractor.Input.Count)];

    /// <summary>Takes the next images and decodes them on all cores.</summary>
    public void Load(IEnumerator<SourceImage> images)
    {
        _failed.Clear();
        int end;
        for (Count = 0; Count < Images.Length; KeepDecoded(end))
        {
            end = Count;
            while (end < Images.Length && images.MoveNext()) Images[end++] = images.Current;
            if (end == Count) break;
            ParallelItems.Run(Count, end, Environment.ProcessorCount, i => _errors[i] = Decode(Images[i], PixelsOf(i)));
        }
        Pixels.AsSpan(Count * _size).Clear();
    }

    // Of the images from Count on, those that were decoded move together.
    private void KeepDecoded(int end)
    {
        for (int i = Count; i < end; i++)
        {
            if (_errors[i] is { } error)
            {
                _failed.Add((Images[i].Name, error));
                continue;
            }
            if (i > Count)
            {
                Images[Count] = Images[i];
                PixelsOf(i).CopyTo(PixelsOf(Count));
            }
            Count++;
        }
    }

    private Span<float> PixelsOf(int image) => Pixels.AsSpan(image * _size, _size);

    private string? Decode(SourceImage image, Span<float> pixels)
    {
        bool resize = extractor.Options.Fit == ImageFit.Resize;
        try
        {
            using ItemImage opened = image.Open(extractor.Color, resize ? extractor.Input[1] : 0, resize
                ? extractor.Input[2] : 0);
            extractor.Transform(opened.View, pixels);
            return null;
        }
        catch (Exception e) when (ItemFailure.IsOfItem(e))
        {
            return ItemFailure.Reason(e);
        }
    }
}
