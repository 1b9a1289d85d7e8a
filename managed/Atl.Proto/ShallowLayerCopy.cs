using System.Runtime.CompilerServices;
using Google.Protobuf.Collections;

namespace Atl.Proto;

public sealed partial class LayerParameter
{
    /// <summary>
    /// A copy of the layer at the same place in its file, of which the phase, bottoms, tops, loss weights and params
    /// can be changed. All else is shared with this message, to be read only.
    /// </summary>
    public LayerParameter ShallowCopy()
    {
        var copy = (LayerParameter)MemberwiseClone();
        // The lists of a message are read-only fields: set once, and here before anyone has seen the copy.
        Unsafe.AsRef(in copy.bottom_) = bottom_.Clone();
        Unsafe.AsRef(in copy.top_) = top_.Clone();
        Unsafe.AsRef(in copy.lossWeight_) = lossWeight_.Clone();
        RepeatedField<ParamSpec> param = [];
        foreach (ParamSpec spec in param_) param.Add(SourceMap.CloneWithPlaces(spec));
        Unsafe.AsRef(in copy.param_) = param;
        return copy;
    }
}
