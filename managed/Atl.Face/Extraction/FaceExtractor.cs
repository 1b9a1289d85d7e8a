using Atl.Data;
using Atl.Face.Datasets;
using Atl.Face.Verification;
using Atl.Nets;
using Atl.Proto;

namespace Atl.Face.Extraction;

/// <summary>Runs an embedding net over images, and over their mirror images where asked.</summary>
internal sealed class FaceExtractor : IDisposable
{
    private readonly Model _model;
    private readonly bool _ownsModel;
    private readonly Session? _session;
    private readonly string _input;
    private readonly DatumTransformer _transformer;
    private float[] _mirrored = [];

    /// <summary>Builds the net of a deploy prototxt, which has one input N × C × H × W.</summary>
    /// <param name="deploy">The net.</param>
    /// <param name="weights">Its weights, the later ones over the earlier ones; none for the fillers' values.</param>
    /// <param name="options">How features are taken.</param>
    /// <exception cref="NetException">
    /// The net has not one input of 4 axes, or not the blob that is the feature; or a layer finds no weights, though
    /// some are given
    /// (<see cref="ExtractionOptions.AllowMissingWeights"/>).
    /// </exception>
    /// <exception cref="AtlException">Weights do not fit, or the mean file cannot be read.</exception>
    public FaceExtractor(NetParameter deploy, IEnumerable<WeightsFile> weights, ExtractionOptions options)
        : this(Load(deploy, weights, options), options, ownsModel: true)
    {
    }

    /// <summary>An extractor of a model that others may share, such as one for each thread. Device, seed and missing
    /// weights are the model's matter.</summary>
    /// <inheritdoc cref="FaceExtractor(NetParameter, IEnumerable{WeightsFile}, ExtractionOptions)"/>
    public FaceExtractor(Model model, ExtractionOptions options)
        : this(model, options, ownsModel: false)
    {
    }

    private FaceExtractor(Model model, ExtractionOptions options, bool ownsModel)
    {
        (_model, _ownsModel, Options) = (model, ownsModel, options);
        try
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Batch);
            BlobInfo input = FindInput();
            _input = input.Name;
            Input = new Shape(input.Shape.Dims[1..]);
            (Feature, Shape feature) = FindFeature(input);
            _session = _model.CreateSession(new SessionOptions { Blobs = [Feature], Threads = options.Threads });
            Columns = checked((int)(feature.Count / feature[0]) * (options.Mirror == MirrorFeatures.Concat ? 2 : 1));
            TransformationParameter transform = options.Transform.Clone();
            transform.ClearMirror();
            _transformer = options.Fit == ImageFit.Crop
                ? new DatumTransformer(transform, Phase.Test, 0)
                {
                    Crop = (Input[1], Input[2]),
                    Logger = options.Logger
                }
                : new DatumTransformer(transform, Phase.Test, 0) { Logger = options.Logger };
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The options of the extraction.</summary>
    public ExtractionOptions Options { get; }

    /// <summary>The shape of an image, channels × height × width.</summary>
    public Shape Input { get; }

    /// <summary>The blob that is the feature.</summary>
    public string Feature { get; }

    /// <summary>The length of a feature.</summary>
    public int Columns { get; }

    /// <summary>The channels to which images are decoded for the net.</summary>
    public ImageColor Color => Input[0] switch
    {
        1 => ImageColor.Gray,
        3 => ImageColor.Color,
        _ => ImageColor.AsStored,
    };

    /// <summary>The features of faces, one row each.</summary>
    /// <param name="faces">The faces.</param>
    /// <exception cref="NetException">A face does not fit the net's input.</exception>
    public FeatureMatrix Extract(IReadOnlyList<FaceSample> faces)
    {
        int size = checked((int)Input.Count);
        float[] pixels = new float[Math.Min(Options.Batch, faces.Count) * size],
            values = new float[checked(faces.Count * Columns)];
        for (int start = 0; start < faces.Count; start += Options.Batch)
        {
            int count = Math.Min(Options.Batch, faces.Count - start);
            for (int i = 0; i < count; i++)
            {
                FaceSample face = faces[start + i];
                try
                {
                    Transform(new PixelView(face.Pixels, face.Channels, face.Height, face.Width, false),
                        pixels.AsSpan(i * size, size));
                }
                catch (AtlException e)
                {
                    throw new NetException($"face {start + i}: {e.Message}");
                }
            }
            Run(pixels, count).CopyTo(values, start * Columns);
        }
        return new FeatureMatrix(values, faces.Count, Columns);
    }

    /// <summary>Brings an image into the form of the net's input; several threads may call at once.</summary>
    /// <param name="image">The image.</param>
    /// <param name="pixels">Takes as many values as <see cref="Input"/> counts.</param>
    /// <exception cref="AtlException">The image has another size or other channels than the input, or does not fit
    /// crop or mean.</exception>
    internal void Transform(PixelView image, Span<float> pixels)
    {
        Shape shape = _transformer.OutputShape(image.Channels, image.Height, image.Width);
        if (!shape.Equals(Input))
            throw new AtlException($"an image of {Describe(shape)} (channels×height×width), the net's input is "
                + $"{Describe(Input)}");
        _transformer.Transform(image, 0, pixels);
    }

    /// <summary>The features of images, one row each.</summary>
    /// <param name="pixels">The images as <see cref="Transform"/> makes them, one after another.</param>
    /// <param name="count">How many there are.</param>
    internal float[] Run(ReadOnlySpan<float> pixels, int count)
    {
        float[] features = new float[checked(count * Columns)];
        ReadOnlySpan<float> images = pixels[..(count * (int)Input.Count)];
        Take(Forward(images), (row, feature) => feature.CopyTo(features.AsSpan(row * Columns)));
        if (Options.Mirror == MirrorFeatures.None) return features;
        if (_mirrored.Length < images.Length) _mirrored = new float[images.Length];
        Span<float> flipped = _mirrored.AsSpan(0, images.Length);
        Mirror(images, flipped);
        SessionBlob mirrored = Forward(flipped);
        if (Options.Mirror == MirrorFeatures.Concat)
            Take(mirrored, (row, feature) => feature.CopyTo(features.AsSpan((row * Columns) + feature.Length)));
        else
            Take(mirrored, (row, feature) =>
            {
                float share = Options.Mirror == MirrorFeatures.Average ? 0.5f : 1;
                for (int i = 0; i < feature.Length; i++)
                    features[(row * Columns) + i] = (features[(row * Columns) + i] + feature[i]) * share;
            });
        return features;
    }

    /// <summary>Frees the net, or its session where others share the net.</summary>
    public void Dispose()
    {
        _session?.Dispose();
        if (_ownsModel) _model.Dispose();
    }

    private static Model Load(NetParameter deploy, IEnumerable<WeightsFile> weights, ExtractionOptions options)
    {
        ModelOptions model = new()
        {
            Device = options.Device,
            Seed = options.Seed,
            Logger = options.Logger,
            AllowMissingWeights = options.AllowMissingWeights,
        };
        WeightsFile[] files = [.. weights];
        return files.Length == 0 ? Model.Untrained(deploy, model) : new Model(deploy, files, model);
    }

    private static string Describe(Shape shape) => string.Join('×', shape);

    private BlobInfo FindInput()
    {
        if (_model.Inputs is [{ Shape.NumAxes: 4 } input]) return input;
        string found = _model.Inputs.Count == 0 ? "none"
            : string.Join(", ", _model.Inputs.Select(blob => $"{blob.Name} {blob.Shape}"));
        throw new NetException(
            $"net '{_model.Name}' has inputs {found}; expected a deploy net with one input of 4 axes "
            + "(images)");
    }

    private (string Name, Shape Shape) FindFeature(BlobInfo input)
    {
        string name = Options.Blob ?? (_model.Outputs is [var only] ? only.Name : throw new NetException(
            $"net '{_model.Name}' has outputs {string.Join(", ", _model.Outputs.Select(blob => blob.Name))}; "
            + "expected one, or the name of the blob that is the feature"));
        Shape shape = _model.ShapeOf(name);
        if (shape.NumAxes == 0 || shape[0] != input.Shape[0] || shape.Count == 0)
            throw new NetException($"blob '{name}' of net '{_model.Name}' has shape {shape}, expected one row for each "
                + $"of {input.Shape[0]} images");
        return (name, shape);
    }

    private SessionBlob Forward(ReadOnlySpan<float> pixels) =>
        _session!.Run(_input, pixels, [pixels.Length / (int)Input.Count, .. Input])[Feature];

    private void Mirror(ReadOnlySpan<float> pixels, Span<float> mirrored)
    {
        pixels.CopyTo(mirrored);
        int width = Input[2];
        for (int row = 0; row < mirrored.Length; row += width) mirrored.Slice(row, width).Reverse();
    }

    private static void Take(SessionBlob features, Action<int, ReadOnlySpan<float>> take)
    {
        using ReadOnlyElementLoan values = features.Borrow();
        int rows = features.Shape[0], width = values.Span.Length / rows;
        for (int row = 0; row < rows; row++) take(row, values.Span.Slice(row * width, width));
    }
}
