using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// An image that is stored with more than 8 bits a channel, where its pixels are wanted as they are stored.
/// </summary>
public sealed class ImageDepthException(string message, int bits) : AtlException(message)
{
    /// <summary>The bits of a channel.</summary>
    public int Bits => bits;
}
