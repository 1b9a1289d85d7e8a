using System.Runtime.InteropServices;
using Atl.Operators;

namespace Atl.Native;

// atl/recurrence.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_lstm_unit_forward")]
    internal static partial Status LstmUnitForward(long n, long d, nint cBefore, nint cont, nint gates, nint c, nint h);

    [LibraryImport(Library, EntryPoint = "atl_lstm_unit_backward")]
    internal static partial Status LstmUnitBackward(long n, long d, nint cBefore, nint cont, nint c, nint dc, nint dh, nint gates, nint dcBefore);

    [LibraryImport(Library, EntryPoint = "atl_recurrence_forward")]
    internal static partial Status RecurrenceForward(
        RecurrentCell cell, long steps, long n, long d, nint cont, nint w, nint fixedGates, nint h0, nint c0, nint gates, nint h, nint c, nint masked);

    [LibraryImport(Library, EntryPoint = "atl_recurrence_backward")]
    internal static partial Status RecurrenceBackward(
        RecurrentCell cell, long steps, long n, long d, nint cont, nint w, nint c0, nint h, nint c, nint masked, nint dh, nint gates, nint dfixed, nint dw);
}
