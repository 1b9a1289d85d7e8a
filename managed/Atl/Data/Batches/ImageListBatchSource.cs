using Atl.Proto;

namespace Atl.Data;

/// <summary>The images of a list, over and over, reshuffled for each pass where a key is given.</summary>
internal sealed class ImageListBatchSource(ImageList list, ImageDataParameter parameter, long skip, ulong? shuffleKey)
    : IBatchSource
{
    private readonly int[] _order = [.. Enumerable.Range(0, list.Images.Count)];
    private long _pass = -1;

    public IReadOnlyList<BatchItem> Read(long first, int count)
    {
        BatchItem[] items = new BatchItem[count];
        for (int i = 0; i < count; i++)
        {
            (long pass, long place) = Math.DivRem(first + i + skip, list.Images.Count);
            if (shuffleKey is { } key && pass != _pass) Shuffle(key, pass);
            ListedImage image = list.Images[_order[place]];
            items[i] = new Line(parameter, image.Path, [.. image.Labels.Select(label => (float)label)],
                $"{list.File}:{image.Line}");
        }
        return items;
    }

    public void Dispose()
    {
    }

    // The order of a pass depends on its number alone, so that a resumed run need not replay the passes before.
    private void Shuffle(ulong key, long pass)
    {
        for (int i = 0; i < _order.Length; i++) _order[i] = i;
        new RandomStream(key) { Position = (ulong)pass << 32 }.Shuffle(_order.AsSpan());
        _pass = pass;
    }

    private sealed record Line(ImageDataParameter Parameter, string Path, float[] Numbers, string Place)
        : BatchItem(Numbers)
    {
        public override string Place { get; } = Place;

        public override BatchSample Open(DatumTransformer transformer, long number) => new TransformedImage(
            DecodedImage.FromFile(
                Parameter.RootFolder + Path, Parameter.IsColor ? ImageColor.Color
                : ImageColor.Gray, (int)Parameter.NewHeight, (int)Parameter.NewWidth,
                transformer.Logger),
            transformer,
            number);
    }
}
