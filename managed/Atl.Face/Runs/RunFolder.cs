using Atl.Proto;

namespace Atl.Face.Runs;

/// <summary>The folder of a run: the log that <c>atl train</c> wrote, or text logs of Caffe.</summary>
internal static class RunFolder
{
    /// <summary>
    /// Reads the run's course: from <see cref="RunLog.FileName"/> where it is there, else from the text logs (*.log,
    /// *.INFO*) in the order of their names.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="note">Receives a message for each ignored part.</param>
    /// <exception cref="AtlException">There is no such folder, or no log in it.</exception>
    public static RunHistory Read(string folder, Action<string> note)
    {
        if (!Directory.Exists(folder))
            throw new AtlException(
                $"{folder}: no such folder, expected one with {RunLog.FileName} or Caffe's text logs");
        string log = Path.Combine(folder, RunLog.FileName);
        if (File.Exists(log))
        {
            // Pipes and devices have no length either, and would be waited for.
            if (new FileInfo(log).Length == 0)
                throw new AtlException($"{log}: the file is empty, expected the log of a run");
            return RunLog.Read(log, note);
        }
        string[] texts = TextLogs(folder);
        if (texts.Length == 0)
            throw new AtlException(
                $"{folder}: no log of a run, expected {RunLog.FileName} (atl train -report or -run writes it) or "
                    + "Caffe's text logs (*.log, *.INFO*)");
        RunHistory history = new();
        foreach (string text in texts) CaffeLogReader.Read(text, history, note);
        if (history.Training.Count + history.Tests.Count == 0)
            throw new AtlException($"{folder}: no iteration in {string.Join(", ", texts.Select(Path.GetFileName))}");
        return history;
    }

    /// <summary>
    /// Reads what <c>atl train</c> has logged in the folder before; nothing where it has not, or the log cannot be
    /// read.
    /// </summary>
    public static RunHistory ReadEarlier(string folder, Action<string> note)
    {
        FileInfo log = new(Path.Combine(folder, RunLog.FileName));
        return log is { Exists: true, Length: > 0 } ? RunLog.ReadEarlier(log.FullName, note) : new RunHistory();
    }

    /// <summary>Whether there is a log to read.</summary>
    public static bool HasLog(string folder) => Directory.Exists(folder)
        && (File.Exists(Path.Combine(folder, RunLog.FileName)) || TextLogs(folder).Length > 0);

    // Empty ones tell nothing; pipes and devices are empty too, and would be waited for.
    private static string[] TextLogs(string folder) =>
    [
        .. new DirectoryInfo(folder).GetFiles()
            .Where(file => file.Name.EndsWith(".log", StringComparison.Ordinal)
                || file.Name.Contains(".INFO", StringComparison.Ordinal))
            .Where(file => file.Length > 0)
            .Select(file => Path.Combine(folder, file.Name))
            .Order(StringComparer.Ordinal),
    ];
}
