namespace Atl.Proto;

/// <summary>
/// A command's output that cannot be written: the disk is full, or the folder is not writable. It ends a run over many
/// items, which would continue after the fault of one item.
/// </summary>
internal sealed class OutputException(string message, Exception inner) : AtlException(message, inner);
