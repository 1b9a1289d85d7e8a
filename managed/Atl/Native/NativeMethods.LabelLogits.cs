using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/label_logits.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_label_logits_forward")]
    internal static partial Status LabelLogitsForward(in NativeLabelLogits logits, nint x, nint labels, nint y, nint state);

    [LibraryImport(Library, EntryPoint = "atl_label_logits_backward")]
    internal static partial Status LabelLogitsBackward(in NativeLabelLogits logits, nint x, nint labels, nint state, nint dy, nint dx);
}
