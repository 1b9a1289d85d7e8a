namespace Atl.Data;

/// <summary>
/// Bounds how many pixels of large images all threads of the process hold decoded at once, to
/// <see cref="ImageLimits.MaxPixels"/>: a folder of panoramas takes no more memory on 64 cores than on two. Small
/// images do not count. A thread that holds a large image must not wait for a second one.
/// </summary>
internal static class DecodingBudget
{
    /// <summary>The most pixels of an image that does not count.</summary>
    public const long SmallPixels = 4 << 20;

    private static readonly object Gate = new();
    private static long _held;

    /// <summary>Waits until an image of so many pixels may be decoded; one alone always may.</summary>
    public static void Take(long pixels)
    {
        if (pixels <= SmallPixels) return;
        lock (Gate)
        {
            while (_held > 0 && _held + pixels > ImageLimits.MaxPixels) Monitor.Wait(Gate);
            _held += pixels;
        }
    }

    /// <summary>Lets others decode; called once for each <see cref="Take"/>.</summary>
    public static void Return(long pixels)
    {
        if (pixels <= SmallPixels) return;
        lock (Gate)
        {
            _held -= pixels;
            Monitor.PulseAll(Gate);
        }
    }
}
