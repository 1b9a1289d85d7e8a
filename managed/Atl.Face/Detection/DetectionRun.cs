using System.Collections.Concurrent;
using Atl.Data;
using Atl.Face.Faces;
using Atl.Images;
using Microsoft.Extensions.Logging;
using OpenCvSharp;

namespace Atl.Face.Detection;

/// <summary>
/// Detects faces in many images: several workers, each with a detector of its own, read, decode and detect a few
/// images at a time; results come in the order of the images.
/// </summary>
internal sealed class DetectionRun : IDisposable
{
    private readonly Func<IFaceDetector> _make;
    private readonly ConcurrentBag<IFaceDetector> _idle = [];
    private readonly ILogger? _logger;
    private readonly int _batch;

    /// <summary>A run.</summary>
    /// <param name="makeDetector">Makes a detector; called once for each worker. One whose nets take a single thread
    /// leaves the cores to the workers.</param>
    /// <param name="batch">How many images a worker takes at a time.</param>
    /// <param name="logger">The logger that is warned of images with damaged parts; null for none.</param>
    public DetectionRun(Func<IFaceDetector> makeDetector, int batch = 4, ILogger? logger = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        _make = makeDetector;
        _batch = batch;
        _logger = logger;
        _idle.Add(makeDetector());
    }

    /// <summary>Detects lazily; an image that cannot be read becomes an entry with its error, as does one that the
    /// detector cannot take.</summary>
    /// <param name="images">The images.</param>
    /// <param name="workers">How many work at once.</param>
    /// <param name="onImage">Called by the workers with each image that could be read, and its faces.</param>
    public IEnumerable<ImageFaces> Run(IReadOnlyList<ImageFile> images, int workers,
        Action<ImageFaces, Mat>? onImage = null)
    {
        // Workers take the cores: OpenCV's threads would only fight with them.
        Cv2.SetNumThreads(1);
        using IEnumerator<ImageFaces[]> batches = Partitioner.Create(images.Chunk(_batch),
            EnumerablePartitionerOptions.NoBuffering).AsParallel().AsOrdered()
            .WithDegreeOfParallelism(Math.Max(1, workers)).WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(batch => Detect(batch, onImage)).GetEnumerator();
        while (ParallelItems.Unwrapped(batches.MoveNext))
            foreach (ImageFaces found in batches.Current) yield return found;
    }

    /// <summary>Detects the faces of images that are decoded already, on the calling thread.</summary>
    public IReadOnlyList<IReadOnlyList<DetectedFace>> Detect(IReadOnlyList<Mat> images)
    {
        IFaceDetector detector = _idle.TryTake(out IFaceDetector? idle) ? idle : _make();
        try
        {
            return detector.Detect(images);
        }
        finally
        {
            _idle.Add(detector);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_idle.TryTake(out IFaceDetector? detector)) detector.Dispose();
    }

    private ImageFaces[] Detect(ImageFile[] batch, Action<ImageFaces, Mat>? onImage)
    {
        ImageFaces[] found = new ImageFaces[batch.Length];
        List<(int Place, DecodedImage Image)> decoded = [];
        try
        {
            for (int i = 0; i < batch.Length; i++)
            {
                if (Try(i, () => EncodedImage.FromFile(batch[i].Path)) is not { } encoded) continue;
                // Large images are held alone, so that no worker waits for another one that waits for it.
                if (encoded.IsLarge) Finish();
                if (Try(i, () => encoded.Decode(ImageColor.Color, logger: _logger)) is { } image)
                    decoded.Add((i, image));
                if (encoded.IsLarge) Finish();
            }
            Finish();
            return found;
        }
        finally
        {
            LetGo();
        }

        T? Try<T>(int place, Func<T> read)
            where T : class
        {
            try
            {
                return read();
            }
            catch (Exception e) when (ItemFailure.IsOfItem(e))
            {
                found[place] = new ImageFaces(batch[place], 0, 0, [], ItemFailure.Reason(e));
                return null;
            }
        }

        void Finish()
        {
            Search(batch, decoded, found);
            foreach ((int place, DecodedImage image) in decoded)
                if (found[place].Error is null)
                    onImage?.Invoke(found[place], image.Mat);
            LetGo();
        }

        void LetGo()
        {
            foreach ((_, DecodedImage image) in decoded) image.Dispose();
            decoded.Clear();
        }
    }

    private void Search(ImageFile[] batch, IReadOnlyList<(int Place, DecodedImage Image)> decoded, ImageFaces[] found)
    {
        if (decoded.Count == 0) return;
        try
        {
            IReadOnlyList<IReadOnlyList<DetectedFace>> faces = Detect([.. decoded.Select(entry => entry.Image.Mat)]);
            for (int i = 0; i < decoded.Count; i++)
                found[decoded[i].Place] = new ImageFaces(batch[decoded[i].Place], decoded[i].Image.Mat.Cols,
                    decoded[i].Image.Mat.Rows, faces[i]);
        }
        catch (Exception e) when (decoded.Count == 1)
        {
            ImageFile image = batch[decoded[0].Place];
            found[decoded[0].Place] = new ImageFaces(image, 0, 0, [], $"{image.Path}: {ItemFailure.Reason(e)}");
        }
        catch (Exception)
        {
            // One image must not cost the others their faces.
            foreach ((int, DecodedImage) entry in decoded) Search(batch, [entry], found);
        }
    }
}
