namespace Atl.Proto;

/// <summary>The kind of a path in the file system, links followed.</summary>
internal enum PathKind
{
    /// <summary>Nothing, or a link that leads nowhere or to itself.</summary>
    Absent,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A pipe: a named one, or one that a shell made.</summary>
    Pipe,

    /// <summary>A socket.</summary>
    Socket,

    /// <summary>A device, such as <c>/dev/zero</c> or a disk.</summary>
    Device,

    /// <summary>
    /// A file of the system's own, as below <c>/proc</c> and <c>/sys</c>: it looks like a regular one, but its length
    /// is made up, and reading it may wait for something to happen or never end.
    /// </summary>
    System,
}
