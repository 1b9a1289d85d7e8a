using Atl.Data;
using Atl.Face.Datasets;
using Atl.Face.Verification;
using Atl.Nets;
using Atl.Proto;

namespace Atl.Face.Extraction;

/// <summary>Runs an embedding net over pictures, and over their mirror images where asked.</summary>
public sealed class FaceExtractor : IDisposable
{
    private readonly Net _net;
    private readonly Blob _input;
    private readonly Blob _feature;
    private readonly DatumTransformer _transformer;

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
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Batch);
        Options = options;
        _net = new Net(deploy, new NetOptions
        {
            Phase = Phase.Test,
            Seed = options.Seed,
            Device = options.Device,
            Logger = options.Logger,
            Keep = options.Blob is { } keep ? [keep]
        : []
        });
        try
        {
            _input = FindInput();
            _feature = FindFeature();
            WeightsReport report = WeightsReport.Load(_net, weights);
            if (report.Files.Count > 0) report.Require(options.AllowMissingWeights);
            Input = new Shape(_input.Shape.Dims[1..]);
            Columns = checked((int)(_feature.Shape.Count / _feature.Shape[0]) * (options.Mirror == MirrorFeatures.Concat
                ? 2 : 1));
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
            _net.Dispose();
            throw;
        }
    }

    /// <summary>How features are taken.</summary>
    public ExtractionOptions Options { get; }

    /// <summary>The shape of a picture, channels × height × width.</summary>
    public Shape Input { get; }

    /// <summary>The length of a feature.</summary>
    public int Columns { get; }

    /// <summary>How pictures are to be decoded for the net's channels.</summary>
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

    /// <summary>Brings a picture into the form of the net's input; several threads may call at once.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="pixels">Takes as many values as <see cref="Input"/> counts.</param>
    /// <exception cref="AtlException">The picture has another size or other channels than the input, or does not fit
    /// crop or mean.</exception>
    internal void Transform(PixelView picture, Span<float> pixels)
    {
        Shape shape = _transformer.OutputShape(picture.Channels, picture.Height, picture.Width);
        if (!shape.Equals(Input))
            throw new AtlException($"an image of {Describe(shape)} (channels×height×width), the net's input is "
                + $"{Describe(Input)}");
        _transformer.Transform(picture, 0, pixels);
    }

    /// <summary>The features of pictures, one row each.</summary>
    /// <param name="pixels">The pictures as <see cref="Transform"/> makes them, one after another.</param>
    /// <param name="count">How many there are.</param>
    internal float[] Run(ReadOnlySpan<float> pixels, int count)
    {
        float[] features = new float[checked(count * Columns)];
        Forward(pixels, count, mirrored: false);
        Take((row, feature) => feature.CopyTo(features.AsSpan(row * Columns)));
        if (Options.Mirror == MirrorFeatures.None) return features;
        Forward(pixels, count, mirrored: true);
        if (Options.Mirror == MirrorFeatures.Concat)
            Take((row, feature) => feature.CopyTo(features.AsSpan((row * Columns) + feature.Length)));
        else
            Take((row, feature) =>
            {
                float share = Options.Mirror == MirrorFeatures.Average ? 0.5f : 1;
                for (int i = 0; i < feature.Length; i++)
                    features[(row * Columns) + i] = (features[(row * Columns) + i] + feature[i]) * share;
            });
        return features;
    }

    /// <summary>Frees the net.</summary>
    public void Dispose() => _net.Dispose();

    private static string Describe(Shape picture) => string.Join('×', picture);

    private Blob FindInput()
    {
        if (_net.Inputs is [{ NumAxes: 4 } input]) return input;
        string found = _net.Inputs.Count == 0 ? "none"
            : string.Join(", ", _net.Inputs.Select(blob => $"{blob.Name} {blob.Shape}"));
        throw new NetException($"net '{_net.Name}' has inputs {found}; expected a deploy net with one input of 4 axes "
            + "(images)");
    }

    private Blob FindFeature()
    {
        Blob feature;
        if (Options.Blob is { } name)
            feature = _net.FindBlob(name)
                ?? throw new NetException($"net '{_net.Name}' has no blob "
                    + $"'{name}'{NearestName.Hint(name, _net.Blobs.Select(blob => blob.Name))}");
        else if (_net.Outputs is [var only])
            feature = only;
        else
            throw new NetException(
                $"net '{_net.Name}' has outputs {string.Join(", ", _net.Outputs.Select(blob => blob.Name))}; "
                + "expected one, or the name of the blob that is the feature");
        if (feature.NumAxes == 0 || feature.Shape[0] != _input.Shape[0] || feature.Shape.Count == 0)
            throw new NetException($"blob '{feature.Name}' of net '{_net.Name}' has shape {feature.Shape}, expected "
                + $"one row for each of {_input.Shape[0]} images");
        return feature;
    }

    private void Forward(ReadOnlySpan<float> pixels, int count, bool mirrored)
    {
        if (_input.Shape[0] != count)
        {
            _input.Reshape(_input.Shape.With(0, count));
            _net.Reshape();
        }
        using (ElementLoan loan = _input.Data.BorrowToWrite())
        {
            Span<float> input = loan.Span;
            pixels[..input.Length].CopyTo(input);
            int width = Input[2];
            for (int row = 0; mirrored && row < input.Length; row += width) input.Slice(row, width).Reverse();
        }
        _net.Forward();
    }

    private void Take(Action<int, ReadOnlySpan<float>> take)
    {
        using ReadOnlyElementLoan features = _feature.Data.Borrow();
        int rows = _feature.Shape[0], width = features.Span.Length / rows;
        for (int row = 0; row < rows; row++) take(row, features.Span.Slice(row * width, width));
    }
}
