using Atl.Data;
using Atl.Face.Detection;
using Atl.Face.Extraction;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Face;

/// <summary>The sessions for one call of a <see cref="FaceRecognizer"/>.</summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class RecognizerWorker(FaceExtractor extractor, IFaceDetector? detector) : IDisposable
{
    private readonly float[] _pixels = new float[checked((int)extractor.Input.Count)];

    public FaceExtractor Extractor => extractor;

    /// <summary>Finds faces; null where the recognizer has no detector.</summary>
    public IFaceDetector? Detector => detector;

    /// <summary>The embedding of an aligned face, of length 1. A batch of one, so that it does not depend on what else
    /// is embedded.</summary>
    /// <exception cref="AtlException">The face does not fit the net's input, or its feature has no
    /// direction.</exception>
    public unsafe float[] Embed(Mat aligned)
    {
        using Mat face = Fitted(aligned);
        ReadOnlySpan<byte> bytes = new(face.DataPointer, checked((int)face.Total() * face.Channels()));
        extractor.Transform(new PixelView(bytes, face.Channels(), face.Rows, face.Cols, true), _pixels);
        float[] feature = extractor.Run(_pixels, 1);
        double square = 0;
        foreach (float value in feature) square += (double)value * value;
        if (!(square > 0) || !double.IsFinite(square))
            throw new AtlException($"the embedding of length {Math.Sqrt(square)} has no direction: its values are all "
                + "zero or not finite");
        double length = Math.Sqrt(square);
        for (int i = 0; i < feature.Length; i++) feature[i] = (float)(feature[i] / length);
        return feature;
    }

    public void Dispose()
    {
        extractor.Dispose();
        detector?.Dispose();
    }

    // Gray for a net of one channel, and of the input's size where images are resized; one block of memory.
    private Mat Fitted(Mat aligned)
    {
        Mat face = extractor.Color == ImageColor.Gray ? aligned.CvtColor(ColorConversionCodes.BGR2GRAY)
            : aligned.Clone();
        if (extractor.Options.Fit != ImageFit.Resize) return face;
        using (face) return face.Resize(new Size(extractor.Input[2], extractor.Input[1]));
    }
}
