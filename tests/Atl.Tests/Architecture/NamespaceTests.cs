using System.Text.RegularExpressions;
using Atl.TestSupport;

namespace Atl.Tests.Architecture;

/// <summary>Namespaces follow rooms: the project and its first folder; the families below it share the room's
/// name.</summary>
public sealed partial class NamespaceTests
{
    // Blobs, the net and what every room counts with stand in the engine's own namespace, as the format's files do in
    // theirs; the two devices are rooms of their own.
    private static readonly Dictionary<string, string> Others = new()
    {
        ["managed/Atl/Blobs"] = "Atl",
        ["managed/Atl/Models"] = "Atl",
        ["managed/Atl.Face/Recognition"] = "Atl.Face",
        ["managed/Atl/Devices/Cpu"] = "Atl.Devices.Cpu",
        ["managed/Atl/Devices/Cuda"] = "Atl.Devices.Cuda",
        ["managed/Atl/Nets/Net.cs"] = "Atl",
        ["managed/Atl/Nets/NetException.cs"] = "Atl",
        ["managed/Atl/Nets/NetOptions.cs"] = "Atl",
        ["managed/Atl/Nets/LearnableParameter.cs"] = "Atl",
        ["managed/Atl.Generators/IsExternalInit.cs"] = "System.Runtime.CompilerServices",
        ["managed/Atl.Proto/Dialects"] = "Atl.Proto",
        ["managed/Atl.Proto/Files"] = "Atl.Proto",
        ["managed/Atl.Proto/Text"] = "Atl.Proto",
        ["managed/Atl.Proto/Upgrade"] = "Atl.Proto",
        ["tests/Atl.Proto.Tests/Trap.cs"] = "Atl.TestSupport",
        ["tests/Atl.Tests/Trap.cs"] = "Atl.TestSupport",
        ["tests/Atl.Cli.Tests/Trap.cs"] = "Atl.TestSupport",
        ["tests/Atl.Tests/Devices/Cuda"] = "Atl.Tests.Devices.Cuda",
        ["tests/Atl.Tests/Nets/FieldValues"] = "Atl.Tests.Nets.FieldValues",
        ["tests/Atl.Tests/Nets/RandomNets"] = "Atl.Tests.Nets.RandomNets",
    };

    [Test]
    public void ANamespaceIsTheProjectAndTheFirstFolder()
    {
        string root = TestData.RepositoryRoot;
        List<string> wrong = [];
        int files = 0;
        IEnumerable<string> folders = Directory.EnumerateDirectories(Path.Combine(root, "tests"), "*.Tests")
            .Append(Path.Combine(root, "managed"));
        foreach (string file in folders.SelectMany(folder =>
            Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)))
        {
            string name = Path.GetRelativePath(root, file).Replace('\\', '/');
            if (name.Split('/').Any(part => part is "bin" or "obj" or "buildTransitive")) continue;
            Match found = Declaration().Match(File.ReadAllText(file));
            if (!found.Success) continue;
            files++;
            string expected = Expected(name);
            if (found.Groups[1].Value != expected) wrong.Add($"{name}: {found.Groups[1].Value}, expected {expected}");
        }
        Assert.That(files, Is.GreaterThan(700), "the sources are where they are looked for");
        Assert.That(wrong, Is.Empty);
    }

    private static string Expected(string file)
    {
        for (string at = file; at.Length > 0; at = Path.GetDirectoryName(at)!.Replace('\\', '/'))
            if (Others.TryGetValue(at, out string? other)) return other;
        return string.Join('.', file.Split('/')[1..^1].Take(2));
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
