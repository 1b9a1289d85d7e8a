namespace Atl.Bindgen;

/// <summary>A file that the generator writes.</summary>
internal static class GeneratedFile
{
    /// <summary>
    /// Writes the file where its text has changed, or with <paramref name="check"/> only says so; whether all is well.
    /// </summary>
    public static bool Bring(string path, string text, bool check)
    {
        if (File.Exists(path) && File.ReadAllText(path) == text)
        {
            Console.WriteLine($"{path} is up to date");
            return true;
        }
        if (check)
        {
            Console.Error.WriteLine(
                $"bindings: {path} is not what the sources give; run `dotnet run build.cs -- bindings` and commit it");
            return false;
        }
        File.WriteAllText(path, text);
        Console.WriteLine($"wrote {path}");
        return true;
    }
}
