namespace Atl;

/// <summary>
/// The order in memory of the elements of a blob N × C × spatial. The values are those of <c>atl_layout</c> in
/// atl/types.h.
/// </summary>
public enum Layout
{
    /// <summary>N C spatial: Caffe's row-major order. Every blob is available in it.</summary>
    Plain = 0,

    /// <summary>N spatial C.</summary>
    ChannelsLast = 1,

    /// <summary>N C/8 spatial 8; needs C to be a multiple of 8.</summary>
    Blocked8 = 2,

    /// <summary>N C/16 spatial 16; needs C to be a multiple of 16.</summary>
    Blocked16 = 3,
}

/// <summary>The shapes that a layout can hold, and its arithmetic.</summary>
internal static class LayoutExtensions
{
    /// <summary>The number of channels that lie side by side: 1 (plain), C (channels last) or the block.</summary>
    public static int Block(this Layout layout, Shape shape) => layout switch
    {
        Layout.Plain => 1,
        Layout.ChannelsLast => Math.Max(1, shape[1]),
        Layout.Blocked8 => 8,
        Layout.Blocked16 => 16,
        _ => throw new ArgumentOutOfRangeException(nameof(layout), layout, "unknown layout"),
    };

    /// <summary>Whether a blob of this shape can lie in this layout: anything can be plain; the others need three axes
    /// or more, blocks that divide C.</summary>
    public static bool Fits(this Layout layout, Shape shape) =>
        layout == Layout.Plain || (shape.NumAxes >= 3 && shape[1] % layout.Block(shape) == 0);
}
