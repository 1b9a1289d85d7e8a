namespace Atl.Build;

/// <summary>Which tests passed when all were last run: a file for each test program, a name a line.</summary>
internal sealed class PassedTests(string folder)
{
    public string FileOf(string program) => Path.Combine(folder, program + ".passed.txt");

    public void Forget(string program)
    {
        Directory.CreateDirectory(folder);
        File.Delete(FileOf(program));
    }

    public void Keep(string program, IEnumerable<string> names)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllLines(FileOf(program), names.Order(StringComparer.Ordinal));
    }

    /// <summary>The names, or null where all tests of the program were not run yet.</summary>
    public HashSet<string>? Read(string program) => File.Exists(FileOf(program))
        ? new HashSet<string>(File.ReadLines(FileOf(program)), StringComparer.Ordinal) : null;
}
