using System.Security.Cryptography;
using System.Text;
using Atl.Data;
using Atl.Face.Alignment;
using Atl.Face.Detection;
using Atl.Face.Extraction;
using Atl.Face.Faces;
using Atl.Images;
using Atl.Logging;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Face;

/// <summary>
/// Finds faces, aligns and embeds them, and compares them: everything from an image to "is this the same person?".
/// Its models lie in one folder (<see cref="Load"/>).
/// </summary>
/// <example>
/// <code>
/// using FaceRecognizer recognizer = FaceRecognizer.Load("model");
/// Face a = recognizer.FindFace("a.jpg"), b = recognizer.FindFace("b.jpg");
/// double similarity = recognizer.Compare(a, b);
/// bool same = recognizer.IsSameIdentity(a, b);
/// </code>
/// </example>
/// <remarks>
/// Thread-safe: any number of threads may call it at once and get the bits of one alone. They share the weights; each
/// call works with activations of its own, and waits where more than <see cref="FaceRecognizerOptions.Concurrency"/>
/// are under way. An embedding depends on its face alone, not on others of the image or on other calls.
/// </remarks>
public sealed class FaceRecognizer : IDisposable
{
    /// <summary>The embedding net's file in the folder.</summary>
    public const string NetFile = "deploy.prototxt";

    /// <summary>The file of its weights.</summary>
    public const string WeightsFile = "face.caffemodel";

    /// <summary>The file with the threshold, which <c>atl verify -threshold</c> writes.</summary>
    public const string ThresholdFile = "threshold.json";

    /// <summary>The file of the mean image, where the threshold's recipe asks for one.</summary>
    public const string MeanFile = "mean.binaryproto";

    private readonly string _folder;
    private readonly FaceRecognizerOptions _options;
    private readonly Model _model;
    private readonly FaceDetectorModel? _detector;
    private readonly FaceAlignment _alignment;
    private readonly ExtractionOptions _extraction;
    private readonly RecognizerPool _workers;

    private FaceRecognizer(string folder, FaceRecognizerOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Concurrency);
        (_folder, _options) = (folder, options);
        string net = Path.Combine(folder, NetFile), weights = Path.Combine(folder, WeightsFile),
            threshold = Path.Combine(folder, ThresholdFile);
        if (File.Exists(threshold)) Threshold = FaceThreshold.Read(threshold);
        _alignment = options.Alignment ?? (Threshold is { Recipe.Alignment: { } measured }
            ? AlignmentDescription.Parse(measured) : new WuXiangAlignment());
        _extraction = (options.Extraction ?? Threshold?.Recipe.ToOptions(Path.Combine(folder, MeanFile))
            ?? new ExtractionOptions { Mirror = MirrorFeatures.None })
            with
        { Batch = 1, Threads = options.Threads, Logger = options.Logger };
        ModelOptions model = new() { Device = options.Device, Logger = options.Logger };
        _model = Model.Load(net, weights, model);
        RecognizerWorker? first = null;
        try
        {
            _detector = FaceDetectorModel.TryLoad(folder, options.Mtcnn with { Threads = options.Threads },
                options.Rsa with { Threads = options.Threads }, model);
            first = CreateWorker();
            CheckSize(first.Extractor);
            FeatureRecipe recipe = FeatureRecipe.Of(first.Extractor, net, [weights], _alignment.Description);
            if (Threshold?.Recipe.Difference(recipe) is { } difference)
                throw new AtlException($"{threshold}: was measured with {difference}; measure this model with atl "
                    + "extract and atl verify -threshold, or remove the file");
            EmbeddingLength = recipe.Columns;
            byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(JsonText.Of(recipe)));
            ModelId =
                $"{(_model.Name.Length > 0 ? _model.Name : "face")}-{Convert.ToHexStringLower(hash.AsSpan(0, 6))}";
            _workers = new RecognizerPool(CreateWorker, first, options.Concurrency);
        }
        catch
        {
            first?.Dispose();
            _detector?.Dispose();
            _model.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The id to store beside embeddings: the net's name and a digest of net, weights, alignment and preprocessing.
    /// Only embeddings of one id can be compared.
    /// </summary>
    public string ModelId { get; }

    /// <summary>The number of values of an embedding.</summary>
    public int EmbeddingLength { get; }

    /// <summary>The threshold of the folder's threshold.json; null where there is none.</summary>
    public FaceThreshold? Threshold { get; }

    /// <summary>Whether the folder has a detector, so that faces can be found.</summary>
    public bool HasDetector => _detector is not null;

    /// <summary>
    /// Loads what a folder holds: <see cref="NetFile"/> and <see cref="WeightsFile"/>, the embedding net with one image
    /// input; for <see cref="FindFaces(ImageInput)"/> a detector (<see cref="FaceDetectorModel.TryLoad"/>: det1, det2
    /// and det3 of MTCNN, or RSA's nets, as .prototxt and .caffemodel); for <see cref="IsSameIdentity(Face, Face)"/>
    /// <see cref="ThresholdFile"/>. Where that is there, alignment and preprocessing are what it was measured with.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="AtlException">
    /// A file is missing or damaged, a layer finds no weights, aligned faces do not have the size of the net's input,
    /// or the threshold was measured with another model, alignment or preprocessing.
    /// </exception>
    public static FaceRecognizer Load(string folder, FaceRecognizerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new FaceRecognizer(folder, options ?? new FaceRecognizerOptions());
    }

    /// <summary>Finds faces and their landmarks, without embeddings.</summary>
    /// <param name="image">The image, in color.</param>
    /// <returns>The faces by falling score; none where the image shows none.</returns>
    /// <exception cref="AtlException">The image cannot be decoded, or the folder has no detector.</exception>
    /// <exception cref="ObjectDisposedException">The recognizer was disposed.</exception>
    public IReadOnlyList<DetectedFace> Detect(ImageInput image) => Use(image, Detect);

    /// <summary>Finds and embeds every face of an image. A face whose landmarks cannot be aligned, which detectors find
    /// where there is none, is left out with a warning to the log.</summary>
    /// <inheritdoc cref="Detect(ImageInput)"/>
    public IReadOnlyList<Face> FindFaces(ImageInput image) => Use(image, (worker, mat) =>
    {
        List<Face> faces = [];
        foreach (DetectedFace found in Detect(worker, mat))
            try
            {
                faces.Add(new Face(found, Embed(worker, mat, found.Landmarks), ModelId));
            }
            catch (FaceAlignmentException e)
            {
                _options.Logger.Warning("face_recognizer.cpp", $"a face is left out: {e.Message}");
            }
        return faces;
    });

    /// <summary>Finds and embeds the largest face of an image, as <c>atl align</c> chooses.</summary>
    /// <param name="image">The image, in color.</param>
    /// <exception cref="AtlException">The image shows no face or cannot be decoded, or the folder has no
    /// detector.</exception>
    /// <exception cref="FaceAlignmentException">The face's landmarks cannot be aligned.</exception>
    /// <exception cref="ObjectDisposedException">The recognizer was disposed.</exception>
    public Face FindFace(ImageInput image) => Use(image, (worker, mat) =>
    {
        IReadOnlyList<DetectedFace> found = Detect(worker, mat);
        if (found.Count == 0) throw new AtlException("the image shows no face");
        DetectedFace face = FaceChoice.Largest.Choose(found, mat.Cols, mat.Rows)[0];
        return new Face(face, Embed(worker, mat, face.Landmarks), ModelId);
    });

    /// <summary>Finds and embeds the largest face of an image file.</summary>
    /// <param name="path">The file (JPEG, PNG, ...).</param>
    /// <inheritdoc cref="FindFace(ImageInput)"/>
    public Face FindFace(string path)
    {
        try
        {
            return FindFace(ImageInput.FromFile(path));
        }
        catch (FaceAlignmentException e)
        {
            throw new FaceAlignmentException($"{PathText.Show(path)}: {e.Message}");
        }
        catch (AtlException e) when (!e.Message.Contains(path, StringComparison.Ordinal))
        {
            throw new AtlException($"{PathText.Show(path)}: {e.Message}", e);
        }
    }

    /// <summary>Aligns and embeds a face whose landmarks are known, such as those of another detector.</summary>
    /// <param name="image">The image, in color.</param>
    /// <param name="landmarks">Its five landmarks.</param>
    /// <returns>The embedding, of length 1.</returns>
    /// <exception cref="FaceAlignmentException">The landmarks cannot be aligned.</exception>
    /// <exception cref="AtlException">The image cannot be decoded.</exception>
    /// <exception cref="ObjectDisposedException">The recognizer was disposed.</exception>
    public float[] Embed(ImageInput image, Landmarks landmarks) =>
        Use(image, (worker, mat) => Embed(worker, mat, landmarks));

    /// <summary>Embeds a face that is aligned already.</summary>
    /// <param name="face">The aligned face, in color.</param>
    /// <returns>The embedding, of length 1.</returns>
    /// <exception cref="AtlException">The image cannot be decoded, or has not the size of the net's
    /// input.</exception>
    /// <exception cref="ObjectDisposedException">The recognizer was disposed.</exception>
    public float[] EmbedAligned(ImageInput face) => Use(face, (worker, mat) => worker.Embed(mat));

    /// <summary>The similarity of two faces: the cosine of the angle between their embeddings, from −1 to 1.</summary>
    /// <exception cref="ArgumentException">A face was embedded by another model, alignment or
    /// preprocessing.</exception>
    public double Compare(Face a, Face b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        foreach (Face face in (Face[])[a, b])
            if (face.ModelId != ModelId)
                throw new ArgumentException($"a face that was embedded by '{face.ModelId}', expected '{ModelId}': "
                    + "embeddings of different models cannot be compared");
        return Compare(a.Embedding.Span, b.Embedding.Span);
    }

    /// <summary>The similarity of two embeddings, such as stored ones: the cosine of the angle between them.</summary>
    /// <exception cref="ArgumentException">An embedding has another length than the model's, or no
    /// direction.</exception>
    public double Compare(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != EmbeddingLength || b.Length != EmbeddingLength)
            throw new ArgumentException($"embeddings of {a.Length} and {b.Length} values, expected {EmbeddingLength}");
        double product = 0, squareOfA = 0, squareOfB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            product += (double)a[i] * b[i];
            squareOfA += (double)a[i] * a[i];
            squareOfB += (double)b[i] * b[i];
        }
        double cosine = product / Math.Sqrt(squareOfA * squareOfB);
        return double.IsNaN(cosine) ? throw new ArgumentException("an embedding is zero or not finite")
            : Math.Clamp(cosine, -1, 1);
    }

    /// <summary>Whether two faces are of one identity: whether their similarity is above
    /// <see cref="Threshold"/>.</summary>
    /// <exception cref="AtlException">The folder has no threshold.json. The message says how to make it.</exception>
    /// <inheritdoc cref="Compare(Face, Face)"/>
    public bool IsSameIdentity(Face a, Face b) => IsSameIdentity(Compare(a, b));

    /// <summary>Whether a similarity (<see cref="Compare(ReadOnlySpan{float}, ReadOnlySpan{float})"/>) is above
    /// <see cref="Threshold"/>.</summary>
    /// <exception cref="AtlException">The folder has no threshold.json. The message says how to make it.</exception>
    public bool IsSameIdentity(double similarity) => similarity > (Threshold ?? throw new AtlException(
        $"{_folder}: has no {ThresholdFile}, which says from what similarity on two faces are of one identity; measure "
        + "the model on labeled faces: atl extract aligned/ -model deploy.prototxt -weights face.caffemodel -out "
        + $"f.npy, then atl verify f.npy -pairs pairs.txt -threshold "
        + $"{Path.Combine(_folder, ThresholdFile)}")).Threshold;

    /// <summary>Frees the nets; what other threads still compute ends first.</summary>
    public void Dispose()
    {
        _workers.Dispose();
        _detector?.Dispose();
        _model.Dispose();
    }

    // Calls that wait for a worker hold no decoded images.
    private T Use<T>(ImageInput image, Func<RecognizerWorker, Mat, T> work)
    {
        ArgumentNullException.ThrowIfNull(image);
        return _workers.Use(worker =>
        {
            using DecodedImage opened = Open(image);
            return work(worker, opened.Mat);
        });
    }

    private static DecodedImage Open(ImageInput image)
    {
        ItemImage opened = image.Open(3, ChannelOrder.Bgr);
        if (opened is DecodedImage decoded) return decoded;
        using (opened) return DecodedImage.FromPlanes(((RawImage)opened).Datum, ImageColor.Color);
    }

    private RecognizerWorker CreateWorker()
    {
        FaceExtractor extractor = new(_model, _extraction);
        try
        {
            return new RecognizerWorker(extractor, _detector?.CreateDetector());
        }
        catch
        {
            extractor.Dispose();
            throw;
        }
    }

    private void CheckSize(FaceExtractor extractor)
    {
        (int channels, int height, int width) = (extractor.Input[0], extractor.Input[1], extractor.Input[2]);
        if (channels is not (1 or 3))
            throw new AtlException($"{Path.Combine(_folder, NetFile)}: the input takes {channels} channels, expected 1 "
                + "or 3");
        bool fits = _extraction.Fit switch
        {
            ImageFit.Exact => (_alignment.Height, _alignment.Width) == (height, width),
            ImageFit.Crop => _alignment.Height >= height && _alignment.Width >= width,
            _ => true,
        };
        if (!fits)
            throw new AtlException($"{Path.Combine(_folder, NetFile)}: the input takes {width}x{height} pixels "
                + "(width x "
                + $"height), faces aligned by '{_alignment.Description}' have {_alignment.Width}x{_alignment.Height}; "
                + $"set {nameof(FaceRecognizerOptions)}.{nameof(FaceRecognizerOptions.Alignment)} to how the net's "
                + "training images were aligned");
    }

    private IReadOnlyList<DetectedFace> Detect(RecognizerWorker worker, Mat image) =>
        (worker.Detector ?? throw new AtlException(
            $"{_folder}: has no face detector, expected {string.Join(", ", FaceDetectorModel.MtcnnNames)} (MTCNN) as "
            + ".prototxt and .caffemodel; without one, embed faces by their landmarks or aligned ones")).Detect(
                [image])[0];

    private float[] Embed(RecognizerWorker worker, Mat image, Landmarks landmarks)
    {
        using Mat aligned = _alignment.Align(image, landmarks);
        return worker.Embed(aligned);
    }
}
