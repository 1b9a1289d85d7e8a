using System.Globalization;

namespace Atl.Faults;

/// <summary>
/// The library tests/native/faults/fault_injection.cpp, which a program is started with: it makes calls of the system's
/// C library fail, or ends the process at one of them, for the files of one folder.
/// </summary>
internal static class FaultLibrary
{
    private const string Name = "libatl_faults.so";

    /// <summary>The built library; null where there is none.</summary>
    public static string? Path { get; } = Find();

    /// <summary>What a test says that is skipped without it.</summary>
    public static string AbsentReason => $"no {Name} in build/native: it is built with the native tests, on Linux";

    /// <summary>The variables with which a program is started.</summary>
    /// <param name="folder">The folder whose files are concerned.</param>
    /// <param name="fault">The fault, as the library's head describes it; null to count calls only.</param>
    /// <param name="log">A file for the calls; null for none.</param>
    /// <param name="name">A text in the paths of the files that are concerned; null for all.</param>
    public static Dictionary<string, string> Environment(string folder, string? fault, string? log = null,
        string? name = null)
    {
        Dictionary<string, string> variables = new()
        {
            ["LD_PRELOAD"] = Path ?? throw new InvalidOperationException(AbsentReason),
            ["ATL_FAULT_FOLDER"] = folder,
        };
        if (fault is not null) variables["ATL_FAULT"] = fault;
        if (log is not null) variables["ATL_FAULT_LOG"] = log;
        if (name is not null) variables["ATL_FAULT_NAME"] = name;
        return variables;
    }

    /// <summary>Reads a log of calls.</summary>
    public static FaultCall[] ReadLog(string log) => !File.Exists(log) ? [] :
    [
        .. File.ReadLines(log)
            .Select((line, index) => (Words: line.TrimStart('!').Split('\t'), Number: index + 1, Fails: line[0] == '!'))
            .Select(call => new FaultCall(
                call.Number, call.Words[0], long.Parse(call.Words[1], CultureInfo.InvariantCulture), call.Words[2],
                call.Words.ElementAtOrDefault(3), call.Fails)),
    ];

    private static string? Find()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder =
            System.IO.Path.GetDirectoryName(folder))
        {
            string library = System.IO.Path.Combine(folder, "build", "native", Name);
            if (File.Exists(System.IO.Path.Combine(folder, "Atl.slnx"))) return File.Exists(library) ? library : null;
        }
        return null;
    }
}

/// <summary>One call of a program to the system.</summary>
/// <param name="Number">Which one it was, counted from 1.</param>
/// <param name="Operation">write, sync, rename, create, allocate, folder or remove.</param>
/// <param name="Bytes">How much was to be written.</param>
/// <param name="Path">The file.</param>
/// <param name="Detail">
/// What a renamed file was called before; <see cref="Synced"/> of a write that is on the disk when it returns; null for
/// other calls.
/// </param>
/// <param name="Fails">Whether it was made to fail.</param>
internal sealed record FaultCall(int Number, string Operation, long Bytes, string Path, string? Detail, bool Fails)
{
    /// <summary>The detail of a write that is on the disk when it returns.</summary>
    public const string Synced = "synced";
}
