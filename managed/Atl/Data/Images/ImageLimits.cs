using System.Globalization;
using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// The process-wide limit on the size of images. A few hundred bytes of PNG can claim gigabytes of pixels. So width and
/// height are read from an image's header and checked before decoding. The limit also applies to the size to which
/// images are resized.
/// </summary>
/// <remarks>Safe for use by several threads; set the limit before images are read.</remarks>
internal static class ImageLimits
{
    /// <summary>The environment variable that sets the limit where nothing else does.</summary>
    public const string Variable = "ATL_MAX_PIXELS";

    /// <summary>The limit where nothing sets one: 100 megapixels.</summary>
    public const int DefaultMaxPixels = 100_000_000;

    /// <summary>The largest limit: four channels of so many pixels are the largest array.</summary>
    public const int LargestMaxPixels = int.MaxValue / 4;

    // The longest that the usual decoder takes.
    private const long LongestSide = 1 << 20;

    private static int _maxPixels;

    /// <summary>
    /// The most pixels (width × height) of an image: what was set here, else <see cref="Variable"/>, else
    /// <see cref="DefaultMaxPixels"/>.
    /// </summary>
    /// <exception cref="AtlException">The environment variable holds no such number.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The limit is not between 1 and <see cref="LargestMaxPixels"/>.
    /// </exception>
    public static int MaxPixels
    {
        get
        {
            if (Volatile.Read(ref _maxPixels) is > 0 and var limit) return limit;
            limit = FromEnvironment();
            // What another thread has set in between stays.
            return Interlocked.CompareExchange(ref _maxPixels, limit, 0) is > 0 and var set ? set : limit;
        }
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LargestMaxPixels);
            Volatile.Write(ref _maxPixels, value);
        }
    }

    /// <summary>Refuses an image that has more pixels than the limit, or none.</summary>
    /// <param name="width">The columns that its header claims.</param>
    /// <param name="height">The rows that its header claims.</param>
    /// <exception cref="AtlException">It does; the message names the size and the limit, not the image.</exception>
    internal static void CheckImage(long width, long height)
    {
        if (width <= 0 || height <= 0)
            throw new AtlException(
                $"the header says {width} x {height} pixels (width x height), expected at least one");
        if (Math.Max(width, height) > LongestSide)
            throw new AtlException($"an image of {width} x {height} pixels (width x height), expected sides of at most "
                + $"{LongestSide} pixels");
        if (IsTooLarge(width, height))
            throw new AtlException($"an image of {Describe(width, height)}, expected at most {MaxPixels} pixels; "
                + $"-max_pixels or {Variable} raises the limit");
    }

    /// <summary>Refuses to resize to more pixels than the limit.</summary>
    /// <exception cref="AtlException">The size has more; the message names the size and the limit.</exception>
    public static void CheckTarget(long width, long height)
    {
        if (IsTooLarge(width, height))
            throw new AtlException($"a size of {Describe(width, height)} to resize to, expected at most "
                + $"{MaxPixels} pixels; "
                + $"-max_pixels or {Variable} raises the limit");
    }

    private static bool IsTooLarge(long width, long height) => (UInt128)(ulong)width * (ulong)height > (ulong)MaxPixels;

    private static string Describe(long width, long height) => string.Create(CultureInfo.InvariantCulture,
        $"{width} x {height} = {(UInt128)(ulong)width * (ulong)height} pixels (width x height)");

    private static int FromEnvironment()
    {
        string? text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text)) return DefaultMaxPixels;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
            && limit is > 0 and <= LargestMaxPixels
            ? limit
            : throw new AtlException($"the environment variable {Variable} is '{text}', "
                + $"expected a number of pixels from 1 to {LargestMaxPixels}");
    }
}
