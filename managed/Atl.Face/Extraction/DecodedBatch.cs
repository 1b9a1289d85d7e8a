using Atl.Data;

namespace Atl.Face.Extraction;

/// <summary>
/// The next images of a source in the form of a net's input, in buffers that are used again. An image that failed keeps its place, as zeros, so that
/// the net need not be shaped anew.
/// </summary>
internal sealed class DecodedBatch(FaceExtractor extractor)
{
    private readonly int _size = checked((int)extractor.Input.Count);

    /// <summary>How many images there are; none after the source's last.</summary>
    public int Count { get; private set; }

    /// <summary>The images.</summary>
    public SourceImage[] Images { get; } = new SourceImage[extractor.Options.Batch];

    /// <summary>Why an image failed; null for one that did not.</summary>
    public string?[] Errors { get; } = new string?[extractor.Options.Batch];

    /// <summary>The pictures, one after another.</summary>
    public float[] Pixels { get; } = new float[checked(extractor.Options.Batch * extractor.Input.Count)];

    /// <summary>Whether not all images failed.</summary>
    public bool AnyReadable => Errors.AsSpan(0, Count).Contains(null);

    /// <summary>Takes the next images and decodes them on all cores.</summary>
    public void Load(IEnumerator<SourceImage> images)
    {
        Count = 0;
        while (Count < Images.Length && images.MoveNext()) Images[Count++] = images.Current;
        ParallelItems.Run(0, Count, Environment.ProcessorCount, i =>
            Errors[i] = Decode(Images[i], Pixels.AsSpan(i * _size, _size)));
    }

    private string? Decode(SourceImage image, Span<float> pixels)
    {
        bool resize = extractor.Options.Fit == ImageFit.Resize;
        try
        {
            using ItemImage opened = image.Open(extractor.Color, resize ? extractor.Input[1] : 0, resize ? extractor.Input[2] : 0);
            extractor.Transform(opened.View, pixels);
            return null;
        }
        catch (Exception e) when (ItemFailure.IsOfItem(e))
        {
            pixels.Clear();
            return ItemFailure.Reason(e);
        }
    }
}
