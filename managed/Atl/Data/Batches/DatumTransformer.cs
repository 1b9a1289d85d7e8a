using Atl.Logging;
using Atl.Native;
using Atl.Proto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Data;

/// <summary>
/// transform_param: from an image to a net's input, (pixel − mean)·scale, planar, channels in the order blue, green,
/// red. The crop's place is drawn in TRAIN and is the center in TEST; where <c>mirror</c> is set, half of the images
/// are mirrored in both phases. (Caffe's DataTransformer.)
/// </summary>
/// <remarks>
/// What is drawn for an image depends on the key and on the image's number alone, so it does not matter which thread
/// transforms it, or when. Safe for use by several threads.
/// </remarks>
internal sealed class DatumTransformer
{
    private readonly TransformationParameter _parameter;
    private readonly Phase _phase;
    private readonly ulong _key;
    private readonly float[] _meanValues;
    private readonly float[] _meanImage = [];
    private readonly Shape? _meanShape;
    private int _warned;

    /// <summary>Checks the parameters and reads the mean file.</summary>
    /// <param name="parameter">transform_param.</param>
    /// <param name="phase">TRAIN draws the crop's place, TEST crops the center.</param>
    /// <param name="key">The key of the random numbers, <see cref="RandomStream.Key"/>.</param>
    /// <exception cref="AtlException">Parameters exclude each other, or the mean file cannot be read.</exception>
    public DatumTransformer(TransformationParameter parameter, Phase phase, ulong key)
    {
        (_parameter, _phase, _key) = (parameter, phase, key);
        if (parameter.CropSize > 0) Crop = (CropSize, CropSize);
        _meanValues = [.. parameter.MeanValue];
        string place = SourceMap.Prefix(parameter);
        if (parameter.ForceColor && parameter.ForceGray)
            throw new AtlException($"{place}force_color and force_gray exclude each other");
        if (!parameter.HasMeanFile) return;
        if (_meanValues.Length > 0) throw new AtlException($"{place}mean_file and mean_value exclude each other");
        BlobProto stored = ProtoFiles.ReadBlob(parameter.MeanFile);
        Shape shape = stored.StoredShape();
        while (shape.NumAxes > 3 && shape[0] == 1) shape = new Shape(shape.Dims[1..]);
        if (shape.NumAxes != 3)
            throw new AtlException($"{parameter.MeanFile}: a mean of shape {stored.StoredShape()}, expected "
                + "channels x height x width");
        Tensor mean = new(shape);
        stored.CopyDataTo(mean);
        _meanShape = shape;
        _meanImage = mean.ToArray();
    }

    /// <summary>The logger that is warned of images with damaged parts, and of settings without effect.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The channels to which an encoded image is decoded.</summary>
    public ImageColor Color => _parameter.ForceColor ? ImageColor.Color : _parameter.ForceGray ? ImageColor.Gray
        : ImageColor.AsStored;

    /// <summary>The crop's height and width: crop_size twice, or another one in its place; null for the whole
    /// image.</summary>
    public (int Height, int Width)? Crop { get; init; }

    /// <summary>crop_size.</summary>
    internal int CropSize => (int)Math.Min(_parameter.CropSize, int.MaxValue);

    /// <summary>mirror.</summary>
    internal bool Mirror => _parameter.Mirror;

    /// <summary>scale.</summary>
    internal float Scale => _parameter.Scale;

    /// <summary>The mean at a place of a crop; of a mean image, its middle is read (WindowData).</summary>
    internal float MeanAt(int channel, int row, int column)
    {
        if (_meanShape is null) return _meanValues.Length switch
        {
            0 => 0,
            1 => _meanValues[0],
            _ => _meanValues[channel]
        };
        int border = (_meanShape[2] - CropSize) / 2;
        return _meanImage[(channel * _meanShape[1] + row + border) * _meanShape[2] + column + border];
    }

    /// <summary>Refuses a mean that does not cover a crop of so many channels.</summary>
    /// <exception cref="AtlException">It does not.</exception>
    internal void CheckWindowMean(int channels)
    {
        CheckMeanValues(channels);
        if (_meanShape is not null && (_meanShape[0] != channels || _meanShape[2] < CropSize
            || _meanShape[1] < CropSize + (_meanShape[2] - CropSize) / 2))
            throw new AtlException($"{_parameter.MeanFile}: a mean of shape {_meanShape}, "
                + $"expected {channels} channels that cover a crop of {CropSize} x {CropSize}");
    }

    /// <summary>The shape (channels, height, width) that images of given extents are brought to.</summary>
    /// <exception cref="AtlException">The crop is larger than the image, or the mean has other extents.</exception>
    public Shape OutputShape(int channels, int height, int width)
    {
        Check(channels, height, width);
        return Crop is (int rows, int columns) ? new Shape(channels, rows, columns)
            : new Shape(channels, height, width);
    }

    /// <summary>Transforms one image.</summary>
    /// <param name="image">The pixels.</param>
    /// <param name="item">The image's number in the run: what is drawn depends on it.</param>
    /// <param name="output">Takes channels × height × width values, of <see cref="OutputShape"/>.</param>
    /// <exception cref="AtlException">The image does not fit crop, mean or output.</exception>
    public unsafe void Transform(PixelView image, long item, Span<float> output)
    {
        Shape shape = OutputShape(image.Channels, image.Height, image.Width);
        if (output.Length != shape.Count)
            throw new AtlException($"an image that becomes {shape} values, expected {output.Length} values as the "
                + "first of its batch");
        (int top, int left, bool mirror) = Draw(item, image.Height - shape[1], image.Width - shape[2]);
        NativeImageWindow window = new()
        {
            Channels = image.Channels,
            Top = top,
            Left = left,
            Height = shape[1],
            Width = shape[2],
            Mirror = mirror ? 1 : 0,
        };
        bool wholeMean = _meanShape is not null;
        ReadOnlySpan<float> mean = wholeMean ? _meanImage : _meanValues;
        NativeImageLayout meanLayout = wholeMean
            ? PixelView.Planes(image.Height, image.Width)
            : new() { ChannelStride = _meanValues.Length > 1 ? 1 : 0, RowStride = 0, ColumnStride = 0 };
        fixed (byte* bytes = image.Bytes)
        fixed (float* floats = image.Floats, meanPointer = mean, y = output)
        {
            NativeMethods.Check(image.Floats.IsEmpty
                ? NativeMethods.ImageToPlanesU8(
                    (nint)bytes, image.Layout, (nint)meanPointer, meanLayout, window, _parameter.Scale, (nint)y)
                : NativeMethods.ImageToPlanesF32(
                    (nint)floats, image.Layout, (nint)meanPointer, meanLayout, window, _parameter.Scale, (nint)y));
        }
    }

    /// <summary>The image in a Datum: encoded (JPEG, PNG), raw bytes or float_data.</summary>
    /// <exception cref="AtlException">The Datum is damaged.</exception>
    public ItemImage Open(Datum datum)
    {
        if (datum.Encoded) return DecodedImage.FromBytes(datum.Data.Span, Color, logger: Logger);
        if (Color != ImageColor.AsStored && Interlocked.Exchange(ref _warned, 1) == 0)
            Logger.Warning("datum_transformer.cpp",
                $"force_color and force_gray act on encoded images only; these are raw and stay as they are");
        return new RawImage(datum);
    }

    private void Check(int channels, int height, int width)
    {
        if (Crop is (int rows, int columns) && (rows > height || columns > width))
        {
            string crop = rows == columns ? $"crop_size {rows}" : $"a crop of {rows} x {columns}";
            throw new AtlException($"{crop} is larger than the image of {height} x {width} (height x width)");
        }
        CheckMeanValues(channels);
        if (_meanShape is not null && !_meanShape.Equals(new Shape(channels, height, width)))
            throw new AtlException($"{_parameter.MeanFile}: "
                + $"a mean of shape {_meanShape} for an image of shape {new Shape(channels, height, width)}, "
                + "expected equal ones");
    }

    private void CheckMeanValues(int channels)
    {
        if (_meanValues.Length > 1 && _meanValues.Length != channels)
            throw new AtlException($"{_meanValues.Length} mean_value for an image of {channels} channels, expected "
                + $"one or {channels}");
    }

    private (int Top, int Left, bool Mirror) Draw(long item, int freeRows, int freeColumns)
    {
        Span<uint> words = stackalloc uint[4];
        RandomStream.Philox((ulong)item, _key, words);
        bool mirror = _parameter.Mirror && (words[2] & 1) != 0;
        return _phase == Phase.Train ? (Below(words[0], freeRows + 1), Below(words[1], freeColumns + 1), mirror)
            : (freeRows / 2, freeColumns / 2, mirror);
    }

    private static int Below(uint word, int count) => (int)(((ulong)word * (ulong)count) >> 32);
}
