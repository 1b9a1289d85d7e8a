using System.Runtime.CompilerServices;

namespace Atl.Proto;

public sealed partial class LayerParameter
{
    /// <summary>
    /// A copy of the layer at the same place in its file, of which the phase, bottoms, tops and loss weights can be
    /// changed. All else is shared with this message, to be read only.
    /// </summary>
    internal LayerParameter ShallowCopy()
    {
        var copy = (LayerParameter)MemberwiseClone();
        // The lists of a message are read-only fields: set once, and here before anyone has seen the copy.
        Unsafe.AsRef(in copy.bottom_) = bottom_.Clone();
        Unsafe.AsRef(in copy.top_) = top_.Clone();
        Unsafe.AsRef(in copy.lossWeight_) = lossWeight_.Clone();
        return copy;
    }

    /// <summary>A copy without the blobs and their settings (<c>param</c>), and without the latter's places.</summary>
    internal LayerParameter CloneWithoutBlobs()
    {
        var head = (LayerParameter)MemberwiseClone();
        Unsafe.AsRef(in head.blobs_) = [];
        Unsafe.AsRef(in head.param_) = [];
        return head.Clone();
    }
}
