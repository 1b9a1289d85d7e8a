using Atl.Proto;

namespace Atl.Face.Runs;

/// <summary>
/// The verifications in a run's folder, a JSON file each in its folder <c>verifications</c>. Files that have not
/// changed since are not read again, so that a page can be written often while a net is trained.
/// </summary>
/// <param name="run">The run's folder.</param>
internal sealed class RunVerifications(string run)
{
    /// <summary>The folder's name below the run's.</summary>
    public const string FolderName = "verifications";

    private const string Ending = ".json";

    private readonly string _folder = Path.Combine(run, FolderName);
    private readonly Dictionary<string, (DateTime Written, long Length, RunVerification? Verification)> _read =
        new(StringComparer.Ordinal);
    private bool _unreadable;

    /// <summary>The file of a verification: its name, with a dash for what is no letter, digit, dot, dash, plus sign or
    /// underscore.</summary>
    public string FileOf(string name)
    {
        char[] letters = [.. name.Select(letter => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '+' or '_'
            ? letter : '-')];
        return Path.Combine(_folder, new string(letters) + Ending);
    }

    /// <summary>Adds a verification in the place of an earlier one of its name, or of a file that is damaged.</summary>
    /// <returns>Its file.</returns>
    /// <exception cref="AtlException">Another one has this file, or it cannot be written.</exception>
    public string Add(RunVerification verification)
    {
        ArgumentNullException.ThrowIfNull(verification);
        string file = FileOf(verification.Name);
        if (File.Exists(file) && ReadOne(new FileInfo(file), _ => { }) is { } earlier
            && earlier.Name != verification.Name)
            throw new AtlException($"{file}: has the verification '{earlier.Name}', expected another name than "
                + $"'{verification.Name}'");
        OutputFolder.Make(_folder);
        verification.Write(file);
        return file;
    }

    /// <summary>Reads them, the newest first.</summary>
    /// <param name="note">Receives one message for each ignored file.</param>
    public IReadOnlyList<RunVerification> Read(Action<string> note)
    {
        ArgumentNullException.ThrowIfNull(note);
        if (!Directory.Exists(_folder)) return [];
        List<RunVerification> found = [];
        foreach (FileInfo file in Files(note))
        {
            if (!_read.TryGetValue(file.FullName, out var known) || known.Written != file.LastWriteTimeUtc
                || known.Length != file.Length)
                _read[file.FullName] = known = (file.LastWriteTimeUtc, file.Length, ReadOne(file, note));
            if (known.Verification is { } verification) found.Add(verification);
        }
        return [.. found.OrderByDescending(verification => verification.Time)];
    }

    private IEnumerable<FileInfo> Files(Action<string> note)
    {
        try
        {
            return new DirectoryInfo(_folder).GetFiles("*" + Ending).OrderBy(file => file.Name, StringComparer.Ordinal);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            if (!_unreadable) note($"{_folder}: cannot be read, ignored: {e.Message}");
            _unreadable = true;
            return [];
        }
    }

    private static RunVerification? ReadOne(FileInfo file, Action<string> note)
    {
        try
        {
            // Pipes and devices have no length either, and would be waited for.
            return file.Length > 0 ? RunVerification.Read(file.FullName)
                : throw new AtlException($"{file}: the file is empty");
        }
        catch (AtlException e)
        {
            note($"ignored: {e.Message}");
            return null;
        }
    }
}
