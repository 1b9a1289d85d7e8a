using Atl.Data;
using Atl.Proto;

namespace Atl.Face.Extraction;

/// <summary>One image of an <see cref="ImageSource"/>, not yet decoded.</summary>
/// <param name="Name">What its feature is called.</param>
/// <param name="Label">Its label, where one is known.</param>
internal abstract record SourceImage(string Name, int? Label)
{
    /// <summary>Decodes it; may run on any thread.</summary>
    /// <param name="color">The channels wanted.</param>
    /// <param name="height">The height to bring it to; 0 for its own.</param>
    /// <param name="width">The width to bring it to; 0 for its own.</param>
    /// <exception cref="AtlException">It cannot be read.</exception>
    public abstract ItemImage Open(ImageColor color, int height, int width);
}
