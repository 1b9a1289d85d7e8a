using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Atl.Data;
using Atl.Devices.Cpu;
using Atl.Face.Faces;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Face.Detection;

/// <summary>
/// Detects faces in many images: several workers, each with a detector of its own on one thread, read, decode and detect a few images at a
/// time; results come in the order of the images.
/// </summary>
public sealed class DetectionRun : IDisposable
{
    private readonly Func<IFaceDetector> _make;
    private readonly ConcurrentBag<IFaceDetector> _idle = [];
    private readonly int _batch;

    /// <summary>A run.</summary>
    /// <param name="makeDetector">Makes a detector; called once for each worker.</param>
    /// <param name="batch">How many images a worker takes at a time.</param>
    public DetectionRun(Func<IFaceDetector> makeDetector, int batch = 4)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        _make = makeDetector;
        _batch = batch;
        _idle.Add(makeDetector());
    }

    /// <summary>Detects lazily; an image that cannot be read becomes an entry with its error, as does one that the detector cannot take.</summary>
    /// <param name="images">The images.</param>
    /// <param name="workers">How many work at once.</param>
    /// <param name="onImage">Called by the workers with each image that could be read, and its faces.</param>
    public IEnumerable<ImageFaces> Run(IReadOnlyList<ImageFile> images, int workers, Action<ImageFaces, Mat>? onImage = null)
    {
        // Workers take the cores: OpenCV's threads would only fight with them.
        Cv2.SetNumThreads(1);
        using IEnumerator<ImageFaces[]> batches = Partitioner.Create(images.Chunk(_batch), EnumerablePartitionerOptions.NoBuffering).AsParallel().AsOrdered()
            .WithDegreeOfParallelism(Math.Max(1, workers)).WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(batch => Detect(batch, onImage)).GetEnumerator();
        while (Next(batches))
            foreach (ImageFaces found in batches.Current) yield return found;
    }

    // What a worker threw comes as itself, not as an aggregate.
    private static bool Next(IEnumerator<ImageFaces[]> batches)
    {
        try
        {
            return batches.MoveNext();
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
            throw;
        }
    }

    /// <summary>Detects the faces of images that are decoded already, on the calling thread.</summary>
    public IReadOnlyList<IReadOnlyList<DetectedFace>> Detect(IReadOnlyList<Mat> images)
    {
        IFaceDetector detector = _idle.TryTake(out IFaceDetector? idle) ? idle : _make();
        int threads = CpuDevice.Threads;
        try
        {
            CpuDevice.Threads = 1;
            return detector.Detect(images);
        }
        finally
        {
            CpuDevice.Threads = threads;
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
                try
                {
                    decoded.Add((i, DecodedImage.FromFile(batch[i].Path, ImageColor.Color)));
                }
                catch (AtlException e)
                {
                    found[i] = new ImageFaces(batch[i], 0, 0, [], e.Message);
                }
            Search(batch, decoded, found);
            foreach ((int place, DecodedImage image) in decoded)
                if (found[place].Error is null)
                    onImage?.Invoke(found[place], image.Mat);
            return found;
        }
        finally
        {
            foreach ((_, DecodedImage image) in decoded) image.Dispose();
        }
    }

    private void Search(ImageFile[] batch, IReadOnlyList<(int Place, DecodedImage Image)> decoded, ImageFaces[] found)
    {
        try
        {
            IReadOnlyList<IReadOnlyList<DetectedFace>> faces = Detect([.. decoded.Select(entry => entry.Image.Mat)]);
            for (int i = 0; i < decoded.Count; i++)
                found[decoded[i].Place] = new ImageFaces(batch[decoded[i].Place], decoded[i].Image.Mat.Cols, decoded[i].Image.Mat.Rows, faces[i]);
        }
        catch (AtlException e) when (decoded.Count == 1)
        {
            found[decoded[0].Place] = new ImageFaces(batch[decoded[0].Place], 0, 0, [], $"{batch[decoded[0].Place].Path}: {e.Message}");
        }
        catch (AtlException)
        {
            // One image must not cost the others their faces.
            foreach ((int, DecodedImage) entry in decoded) Search(batch, [entry], found);
        }
    }
}
