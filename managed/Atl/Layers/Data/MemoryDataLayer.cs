using Atl.Data;
using Atl.Logging;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// MemoryData: batches cut one after the other from images and labels that the program has given (<see cref="Reset"/>,
/// <see cref="AddDatumVector"/>), from the first again after the last. Tops: batch × channels × height × width, and the
/// labels (batch). (Caffe's MemoryDataLayer.)
/// </summary>
[LayerType("MemoryData")]
internal sealed class MemoryDataLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly MemoryDataParameter _memory = parameter.MemoryDataParam ?? new MemoryDataParameter();
    private DatumTransformer? _transformer;
    private ReadOnlyMemory<float> _data, _labels;
    private int _batch, _count, _position;
    private long _added;
    private bool _unread;

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(0);

    /// <inheritdoc/>
    public override BlobCount Tops => BlobCount.Exactly(2);

    /// <summary>The images of one forward. May be set while no added images wait.</summary>
    /// <exception cref="LayerException">Added images wait, or the number is not positive.</exception>
    public int BatchSize
    {
        get => _batch;
        set
        {
            if (_unread) throw Error("the batch size cannot change until the added images have been used");
            if (value <= 0) throw Error($"a batch size of {value}, expected a positive number");
            _batch = value;
        }
    }

    private int ItemSize => Extents.Product(
        "the number of values of an image", "memory_data_param", _memory.Channels, _memory.Height, _memory.Width);

    /// <summary>Takes images as they are (channels × height × width floats each, no transformation) and their labels;
    /// forward starts with the first.</summary>
    /// <exception cref="LayerException">The numbers of images, labels and the batch size do not fit.</exception>
    public void Reset(ReadOnlyMemory<float> data, ReadOnlyMemory<float> labels)
    {
        if (labels.IsEmpty || labels.Length % BatchSize != 0)
            throw Error($"{Amount.Of(labels.Length, "image")}, expected a positive multiple of the batch size "
                + $"{BatchSize}");
        if (data.Length != (long)labels.Length * ItemSize)
            throw Error($"{Amount.Of(data.Length, "value")} for {Amount.Of(labels.Length, "label")}, expected "
                + $"{(long)labels.Length * ItemSize}");
        if (Parameter.TransformParam is not null)
            Logger.Warning("memory_data_layer.cpp",
                $"layer '{Name}': transform_param does not act on what Reset is given");
        (_data, _labels, _count, _position, _unread) = (data, labels, labels.Length, 0, true);
    }

    /// <summary>Takes images and labels, transformed by transform_param; what was added before must have been
    /// used.</summary>
    /// <exception cref="LayerException">Added images wait, their number does not fit the batch size, or one does not
    /// fit the layer's shape.</exception>
    public void AddDatumVector(IReadOnlyList<Datum> items)
    {
        if (_unread) throw Error("images cannot be added until those added before have been used");
        if (items.Count == 0 || items.Count % BatchSize != 0)
            throw Error($"{Amount.Of(items.Count, "image")}, expected a positive multiple of the batch size "
                + $"{BatchSize}");
        float[] data = new float[Extents.Product("the number of values", null, items.Count, ItemSize)],
            labels = new float[items.Count];
        for (int i = 0; i < items.Count; i++)
        {
            try
            {
                using ItemImage image = _transformer!.Open(items[i]);
                _transformer.Transform(image.View, _added + i, data.AsSpan(i * ItemSize, ItemSize));
            }
            catch (AtlException e)
            {
                throw new LayerException(Parameter, $"image {i} of {items.Count}: {e.Message}", e);
            }
            if (items[i].FloatLabel.Count > 1)
                throw Error($"image {i} of {items.Count} has {items[i].FloatLabel.Count} labels, expected one");
            labels[i] = items[i].FloatLabel.Count == 1 ? items[i].FloatLabel[0] : items[i].Label;
        }
        _added += items.Count;
        (_data, _labels, _count, _position, _unread) = (data, labels, items.Count, 0, true);
    }

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (_count == 0) throw Error("no images: the program must give some (Reset or AddDatumVector) before forward");
        top[0].Reshape(BatchSize, (int)_memory.Channels, (int)_memory.Height, (int)_memory.Width);
        top[1].Reshape(BatchSize);
        _data.Span.Slice(_position * ItemSize, BatchSize * ItemSize).CopyTo(top[0].Data.AsWriteOnlySpan());
        _labels.Span.Slice(_position, BatchSize).CopyTo(top[1].Data.AsWriteOnlySpan());
        _position = (_position + BatchSize) % _count;
        if (_position == 0) _unread = false;
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    public override void SaveState(LayerState state)
    {
        base.SaveState(state);
        state.Put("added", _added);
    }

    /// <inheritdoc/>
    public override void LoadState(LayerState state)
    {
        base.LoadState(state);
        _added = state.FindValue("added") ?? 0;
        _transformer = MakeTransformer();
    }

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (_memory.BatchSize == 0 || _memory.Channels == 0 || _memory.Height == 0 || _memory.Width == 0)
            throw Error($"memory_data_param has batch_size {_memory.BatchSize}, channels {_memory.Channels}, height "
                + $"{_memory.Height}, "
                + $"width {_memory.Width}, expected all positive");
        _ = Extents.Product("the number of values of a batch", "memory_data_param", _memory.BatchSize, ItemSize);
        _batch = (int)_memory.BatchSize;
        _transformer = MakeTransformer();
        top[0].Reshape(_batch, (int)_memory.Channels, (int)_memory.Height, (int)_memory.Width);
        top[1].Reshape(_batch);
    }

    /// <summary>Nothing: forward shapes the tops as the batch size is.</summary>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
    }

    private DatumTransformer MakeTransformer() =>
        new(Parameter.TransformParam ?? new TransformationParameter(), Phase,
            Context.CreateStream(StreamName, "transform").Key);
}
