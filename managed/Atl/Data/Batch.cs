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

    /// <summary>A label for each image.</summary>
    public float[] Labels { get; private set; } = [];

    /// <summary>Reads, decodes and transforms so many items; the first one's shape is the batch's.</summary>
    /// <exception cref="AtlException">An item cannot be read, or does not fit the first.</exception>
    public void Load(IBatchSource source, DatumTransformer transformer, long first, int count)
    {
        IReadOnlyList<BatchItem> items = source.Read(first, count);
        if (Labels.Length != count) Labels = new float[count];
        for (int i = 0; i < count; i++) Labels[i] = items[i].Label;

        Guarded(items[0], image =>
        {
            Shape item = transformer.OutputShape(image.View.Channels, image.View.Height, image.View.Width);
            Shape = new Shape([count, .. item.Dims]);
            if (Data.Length < Shape.Count) Data = new float[Shape.Count];
            transformer.Transform(image.View, first, Slot(0));
        });
        void LoadOne(int i) => Guarded(items[i], image => transformer.Transform(image.View, first + i, Slot(i)));
        if (Threads == 1)
            for (int i = 1; i < count; i++) LoadOne(i);
        else
            RunParallel(count, LoadOne);

        void Guarded(BatchItem item, Action<ItemImage> use)
        {
            try
            {
                using ItemImage image = item.Open(transformer);
                use(image);
            }
            catch (AtlException e)
            {
                throw new AtlException($"{item.Place}: {e.Message}", e);
            }
        }
    }

    private static void RunParallel(int count, Action<int> body)
    {
        try
        {
            Parallel.For(1, count, new ParallelOptions { MaxDegreeOfParallelism = Threads }, body);
        }
        catch (AggregateException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private Span<float> Slot(int i)
    {
        int size = checked((int)Shape.CountFrom(1));
        return Data.AsSpan(i * size, size);
    }
}
