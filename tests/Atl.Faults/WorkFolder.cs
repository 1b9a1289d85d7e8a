using System.Globalization;

namespace Atl.Faults;

/// <summary>A job's working folder for one run, removed at the end.</summary>
internal sealed class WorkFolder : IDisposable
{
    private static int _count;

    /// <summary>Makes one below a folder, with what the job needs in it.</summary>
    public WorkFolder(string parent, Job? job = null)
    {
        Path = System.IO.Path.Combine(parent, Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(Path);
        job?.Prepare(Path);
    }

    /// <summary>The path.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Directory.Delete(Path, true);
        File.Delete(Path + ".log");
    }
}
