using System.IO.Enumeration;

namespace Atl.Proto;

/// <summary>
/// The files of a folder and of all folders below it. Each folder is visited once, whichever links lead to it, by its
/// own path where that lies below the folder: links that lead in a circle have no end otherwise.
/// </summary>
internal sealed class FolderWalk
{
    private readonly List<string> _files = [];
    private readonly List<(string Folder, string Reason)> _skipped = [];
    private readonly List<(string Folder, string Reason)> _unreadable = [];
    private readonly Dictionary<string, string> _visited = new(StringComparer.Ordinal);
    private readonly Predicate<string> _enters;
    private readonly EnumerationOptions _options;

    private FolderWalk(Predicate<string> enters, bool hidden)
    {
        _enters = enters;
        _options = new EnumerationOptions { IgnoreInaccessible = false };
        if (hidden) _options.AttributesToSkip = FileAttributes.None;
    }

    /// <summary>The files' paths, in ordinal order.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>The folders that were not visited for they had been before, and by which path.</summary>
    public IReadOnlyList<(string Folder, string Reason)> Skipped => _skipped;

    /// <summary>The folders that cannot be read, and why: what lies below them is missing.</summary>
    public IReadOnlyList<(string Folder, string Reason)> Unreadable => _unreadable;

    /// <summary>The skipped folders as lines to show: the first few, and how many more there are.</summary>
    public IEnumerable<string> SkippedLines()
    {
        const int Shown = 5;
        foreach ((string folder,
            string reason) in _skipped.Take(Shown)) yield return $"{PathText.Show(folder)}: {reason}";
        if (_skipped.Count > Shown) yield return $"{_skipped.Count - Shown} more folders skipped";
    }

    /// <summary>Goes through a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="enters">Whether a folder below it is visited; null for all.</param>
    /// <param name="hidden">Whether files and folders count whose names begin with a dot.</param>
    /// <exception cref="AtlException">The folder itself cannot be read.</exception>
    public static FolderWalk Through(string folder, Predicate<string>? enters = null, bool hidden = false)
    {
        FolderWalk walk = new(enters ?? (_ => true), hidden);
        Queue<string> links = new();
        walk.Visit(folder, links);
        // The first that is visited is the folder itself.
        if (walk._unreadable is [var (unreadable, reason), ..] && unreadable == folder)
            throw new AtlException($"{PathText.Show(folder)}: {reason}");
        while (links.TryDequeue(out string? link)) walk.Visit(link, links);
        walk._files.Sort(StringComparer.Ordinal);
        return walk;
    }

    /// <summary>Checks that a folder can be read.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="AtlException">It cannot.</exception>
    public static void CheckReadable(string folder) => Through(folder, _ => false);

    // Links wait until all that is reached without them was visited.
    private void Visit(string root, Queue<string> links)
    {
        Stack<string> folders = new([root]);
        while (folders.TryPop(out string? folder))
        {
            string identity = PathKinds.Identity(folder) ?? folder;
            if (!_visited.TryAdd(identity, folder))
            {
                _skipped.Add((folder, $"skipped, for it is the folder {PathText.Show(_visited[identity])}"));
                continue;
            }
            try
            {
                List<string> below = [];
                foreach ((string path, bool isFolder, bool isLink) in Entries(folder)
                    .OrderBy(entry => entry.Path, StringComparer.Ordinal))
                    if (!isFolder) _files.Add(path);
                    else if (!_enters(path)) continue;
                    else if (isLink) links.Enqueue(path);
                    else below.Add(path);
                for (int i = below.Count - 1; i >= 0; i--) folders.Push(below[i]);
            }
            catch (Exception e) when (FileFault.Is(e))
            {
                _unreadable.Add((folder, $"cannot be read: {e.Message}"));
            }
        }
    }

    private FileSystemEnumerable<(string Path, bool IsFolder, bool IsLink)> Entries(string folder) => new(
        folder,
        (ref FileSystemEntry entry) =>
            (entry.ToSpecifiedFullPath(), entry.IsDirectory, (entry.Attributes & FileAttributes.ReparsePoint) != 0),
        _options);
}
