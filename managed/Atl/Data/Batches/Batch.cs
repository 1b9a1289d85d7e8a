using Atl.Proto;

namespace Atl.Data;

/// <summary>The images and labels of one forward, in buffers that are used again.</summary>
internal sealed class Batch
{
    // The threads that decode and transform beside the one that computes.
    private static readonly int Threads = Math.Clamp(Environment.ProcessorCount / 4, 1, 8);

    /// <summary>The shape, batch × channels × height × width.</summary>
    public Shape Shape { get; private set; } = new(0);

    /// <summary>The transformed images; the first <see cref="Shape"/>.Count values count.</summary>
    public float[] Data { get; private set; } = [];

    /// <summary>The labels of each sample, one sample's after another's.</summary>
    public float[] Labels { get; private set; } = [];

    /// <summary>The labels' shape: batch, or batch × labels where samples have several.</summary>
    public Shape LabelShape { get; private set; } = new(0);

    /// <summary>Reads, decodes and transforms so many items; the first one's shape is the batch's.</summary>
    /// <exception cref="AtlException">An item cannot be read, or does not fit the first.</exception>
    public void Load(IBatchSource source, DatumTransformer transformer, long first, int count)
    {
        IReadOnlyList<BatchItem> items = source.Read(first, count);
        TakeLabels(items);
        Guarded(items[0], 0, sample =>
        {
            Shape = new Shape([count, .. sample.Shape.Dims]);
            int values = Extents.Of(Shape.Count, $"the number of values of a batch of shape {Shape}");
            if (Data.Length < values) Data = new float[values];
            sample.WriteTo(Slot(0));
        });
        void LoadOne(int i) => Guarded(items[i], i, sample => sample.WriteTo(Slot(i)));
        if (Threads == 1)
            for (int i = 1; i < count; i++) LoadOne(i);
        else
            ParallelItems.Run(1, count, Threads, LoadOne);

        void Guarded(BatchItem item, int i, Action<BatchSample> use)
        {
            try
            {
                using BatchSample sample = item.Open(transformer, first + i);
                use(sample);
            }
            catch (Exception e)
            {
                throw new AtlException($"{item.Place}: {ItemFailure.Reason(e)}", e);
            }
        }
    }

    private void TakeLabels(IReadOnlyList<BatchItem> items)
    {
        int labels = items[0].Labels.Length;
        LabelShape = labels == 1 ? new Shape(items.Count) : new Shape(items.Count, labels);
        if (Labels.Length != LabelShape.Count) Labels = new float[LabelShape.Count];
        for (int i = 0; i < items.Count; i++)
        {
            if (items[i].Labels.Length != labels)
                throw new AtlException($"{items[i].Place}: {items[i].Labels.Length} labels, expected {labels} as in "
                    + $"the first of its batch ({items[0].Place})");
            items[i].Labels.Span.CopyTo(Labels.AsSpan(i * labels));
        }
    }

    private Span<float> Slot(int i)
    {
        int size = (int)Shape.CountFrom(1);
        return Data.AsSpan(i * size, size);
    }
}
