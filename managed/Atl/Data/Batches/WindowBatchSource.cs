using System.Collections.Concurrent;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Data;

/// <summary>
/// Batches of windows: the first of a batch are drawn from the background, the last <c>⌊batch · fg_fraction⌋</c> from
/// the objects. What is drawn for a sample depends on its number alone.
/// </summary>
internal sealed class WindowBatchSource(WindowFile windows, WindowDataParameter parameter, ulong key) : IBatchSource
{
    private readonly ConcurrentDictionary<string, byte[]> _cached = new(StringComparer.Ordinal);

    private WindowDataParameter Parameter => parameter;

    private List<string> Images => windows.Images;

    public IReadOnlyList<BatchItem> Read(long first, int count)
    {
        BatchItem[] items = new BatchItem[count];
        int batch = checked((int)parameter.BatchSize), background = batch - (int)(batch * parameter.FgFraction);
        Span<uint> words = stackalloc uint[4];
        for (int i = 0; i < count; i++)
        {
            RandomStream.Philox((ulong)(first + i), key, words);
            List<WindowFile.Window> set = (first + i) % batch < background ? windows.Background : windows.Foreground;
            WindowFile.Window window = set[(int)(((ulong)words[0] * (ulong)set.Count) >> 32)];
            items[i] = new Item(this, window, (words[1] & 1) != 0);
        }
        return items;
    }

    public void Dispose()
    {
    }

    private DecodedImage Open(string path, ILogger logger) => parameter.CacheImages
        ? DecodedImage.FromBytes(_cached.GetOrAdd(path, DecodedImage.ReadFile), ImageColor.Color, logger: logger)
        : DecodedImage.FromFile(path, ImageColor.Color, logger: logger);

    private sealed record Item(WindowBatchSource Source, WindowFile.Window Window, bool Mirror)
        : BatchItem(new float[] { Window.Label })
    {
        public override string Place => $"{Source.Parameter.Source}:{Window.Line}";

        public override BatchSample Open(DatumTransformer transformer, long number)
        {
            using DecodedImage image = Source.Open(Source.Parameter.RootFolder + Source.Images[Window.Image],
                transformer.Logger);
            return new WindowSample(image, Window, Source.Parameter, transformer, Mirror);
        }
    }
}
