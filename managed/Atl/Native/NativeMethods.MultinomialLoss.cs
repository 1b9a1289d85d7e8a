using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/multinomial_loss.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_multinomial_loss_forward")]
    internal static partial Status MultinomialLossForward(long rows, long classes, nint p, nint labels, nint loss);

    [LibraryImport(Library, EntryPoint = "atl_multinomial_loss_backward")]
    internal static partial Status MultinomialLossBackward(long rows, long classes, float weight, nint p, nint labels, nint dp);
}
