namespace Atl.Proto;

/// <summary>
/// What a command is for cannot be written: the disk is full, or the folder may not be written to. It ends a run over
/// many items, which go on after a fault of one of them.
/// </summary>
internal sealed class OutputException(string message, Exception inner) : AtlException(message, inner);
