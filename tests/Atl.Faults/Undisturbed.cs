namespace Atl.Faults;

/// <summary>What a job leaves that nothing disturbs, and the calls by which it does.</summary>
/// <param name="Content">Its folder.</param>
/// <param name="Calls">Its calls.</param>
internal sealed record Undisturbed(SortedDictionary<string, string> Content, FaultCall[] Calls)
{
    /// <summary>The bytes that it writes.</summary>
    public long Bytes => Calls.Where(call => call.Operation == "write").Sum(call => call.Bytes);

    /// <summary>Runs the job.</summary>
    /// <exception cref="InvalidOperationException">It fails undisturbed, or its calls are not seen.</exception>
    public static Undisturbed Run(Job job, string parent)
    {
        using WorkFolder folder = new(parent, job);
        string log = folder.Path + ".log";
        ProgramEnd end = AtlProgram.Run(folder.Path, job.Command, FaultLibrary.Environment(folder.Path, null, log));
        if (end.Code != 0) throw new InvalidOperationException($"{job.Name} fails undisturbed: {end.Errors}");
        FaultCall[] calls = FaultLibrary.ReadLog(log);
        if (calls.Length == 0)
            throw new InvalidOperationException(
                $"{job.Name}: the fault library has seen no call, and would disturb none");
        return new Undisturbed(FolderContent.Read(folder.Path), calls);
    }

    /// <summary>What is under a final name in a disturbed folder and is not what belongs there; null where all is
    /// well.</summary>
    public string? Partial(SortedDictionary<string, string> found)
    {
        foreach ((string name, string content) in found)
            if (Content.TryGetValue(name, out string? right) && content != right
                && (right, content) is not (FolderContent.WholeLog, FolderContent.CutLog))
                return $"{name} is not whole: {content}";
        return null;
    }

    /// <summary>What is missing or differs in a folder whose job has ended well; null where all is there.</summary>
    public string? Difference(SortedDictionary<string, string> found)
    {
        foreach ((string name, string right) in Content)
        {
            if (!found.TryGetValue(name, out string? content)) return $"{name} is missing";
            if (content != right) return $"{name} differs: {content}";
        }
        return null;
    }
}
