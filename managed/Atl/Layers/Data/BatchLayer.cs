using Atl.Data;
using Atl.Devices;
using Atl.Logging;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// A layer whose tops are batches of images (and their labels) that a thread loads ahead. The first image of a batch
/// gives its shape, so batches may differ in size where nothing crops them.
/// </summary>
/// <remarks>
/// Its state is the number of items that forwards have taken, so a resumed run goes on with the item that the
/// interrupted one would have taken next, however far the thread had read ahead.
/// </remarks>
/// <param name="parameter">The layer's message.</param>
/// <param name="context">What the net gives.</param>
/// <param name="field">The name of the layer's own message, for messages to the user.</param>
/// <param name="batchSize">The samples of one forward, from that message.</param>
internal abstract class BatchLayer(LayerParameter parameter, LayerContext context, string field, uint batchSize)
    : Layer(parameter, context)
{
    private IBatchSource? _source;
    private DatumTransformer? _transformer;
    private Prefetcher<Batch>? _prefetcher;
    private long _items;

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(0);

    /// <summary>Images, and labels where there is a second top.</summary>
    public override BlobCount Tops => BlobCount.Between(1, 2);

    private int Buffers => (int)Math.Clamp((Parameter.DataParam ?? new DataParameter()).Prefetch, 1, 64);

    /// <summary>The samples of one forward.</summary>
    protected int BatchSize { get; } = (int)batchSize;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        ObjectDisposedException.ThrowIf(_source is null, this);
        _prefetcher ??= StartPrefetching();
        Batch batch = LayerGuard.Get(Parameter, _prefetcher, static prefetcher => prefetcher.Take());
        top[0].Reshape(batch.Shape);
        batch.Data.AsSpan(0, (int)batch.Shape.Count).CopyTo(top[0].Data.AsWriteOnlySpan());
        if (top.Count > 1)
        {
            top[1].Reshape(batch.LabelShape);
            batch.Labels.CopyTo(top[1].Data.AsWriteOnlySpan());
        }
        _prefetcher.Return(batch);
        _items += BatchSize;
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
        state.Put("items", _items);
    }

    /// <inheritdoc/>
    public override void LoadState(LayerState state)
    {
        base.LoadState(state);
        if (state.FindValue("items") is not { } items) return;
        Close();
        _items = items;
        Open();
    }

    /// <summary>Opens what the layer reads from; called again when a resumed run takes up another seed.</summary>
    protected abstract IBatchSource OpenSource();

    /// <summary>
    /// The number of samples to skip at the start: drawn below rand_skip from the layer's own stream, 0 without
    /// rand_skip.
    /// </summary>
    protected long DrawSkip(uint randSkip) =>
        randSkip > 0 ? Context.CreateStream(StreamName, "rand_skip").Next(randSkip) : 0;

    /// <summary>The source that the layer's message names.</summary>
    /// <exception cref="LayerException">It names none.</exception>
    protected string Source(bool given, string source, string expected) => given && source.Length > 0
        ? source
        : throw Error($"{field}.source is missing, expected {expected}");

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (BatchSize <= 0) throw Error($"{field}.batch_size is {BatchSize}, expected a positive number");
        Open();
        if (Phase == Phase.Test && _transformer!.Mirror)
            Logger.Warning("batch_layer.cpp",
                $"{SourceMap.Prefix(Parameter)}layer '{Name}': mirror acts in TEST too, as in Caffe: half "
                + $"of the images are mirrored");
        Batch first = new();
        first.Load(_source!, _transformer!, 0, 1);
        Shape batch = first.Shape.With(0, BatchSize);
        _ = Extents.Of(batch.Count, $"the number of values of a batch of shape {batch}", $"{field}.batch_size");
        CheckMemory(batch);
        top[0].Reshape(batch);
        if (top.Count > 1) top[1].Reshape(first.LabelShape.With(0, BatchSize));
    }

    /// <summary>Nothing: forward shapes the tops as the batch is.</summary>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Close();

    private void Open()
    {
        _transformer = new DatumTransformer(
            Parameter.TransformParam ?? new TransformationParameter(), Phase,
            Context.CreateStream(StreamName, "transform").Key)
        {
            Logger = Logger,
        };
        _source = OpenSource();
    }

    private void Close()
    {
        _prefetcher?.Dispose();
        _source?.Dispose();
        (_prefetcher, _source) = (null, null);
    }

    // Batches are made in the program's own memory, which Linux grants without having it.
    private void CheckMemory(Shape batch)
    {
        long bytes = Extents.Times(batch.Count, sizeof(float));
        if (Extents.Times(bytes, Buffers) <= HostMemory.Most) return;
        throw new ShapeException(FormattableString.Invariant(
            $"{field}.batch_size: {Buffers} batches of {bytes} bytes (shape {batch}) are read ahead, ")
            + FormattableString.Invariant($"but the machine has {HostMemory.Most} bytes of memory; lower batch_size")
            + (Parameter.DataParam is null ? " or the images' size" : ", prefetch or the images' size"))
        {
            Field = $"{field}.batch_size",
        };
    }

    private Prefetcher<Batch> StartPrefetching()
    {
        // The thread knows nothing of the layer, so that a forgotten net ends it.
        (IBatchSource source, DatumTransformer transformer) = (_source!, _transformer!);
        (long next, int size) = (_items, BatchSize);
        return new Prefetcher<Batch>($"prefetch {Name}", Enumerable.Range(0, Buffers).Select(_ => new Batch()), batch =>
        {
            batch.Load(source, transformer, next, size);
            next += size;
        });
    }
}
