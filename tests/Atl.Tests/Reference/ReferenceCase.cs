using System.Globalization;
using System.Runtime.InteropServices;
using Atl.TestSupport;

namespace Atl.Tests.Reference;

/// <summary>One folder of values recorded from BVLC Caffe: manifest.tsv and tensors.f32, in the format of the reference's README.</summary>
internal sealed class ReferenceCase
{
    private readonly float[] _floats;

    public ReferenceCase(string folder)
    {
        Folder = folder;
        Name = Path.GetFileName(folder);
        _floats = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "tensors.f32"))).ToArray();
        Lines = [.. File.ReadLines(Path.Combine(folder, "manifest.tsv")).Where(line => line.Length > 0 && line[0] != '#').Select(ReferenceLine.Parse)];
    }

    /// <summary>The folder that holds all reference cases: ATL_REFERENCE, or reference below the folder of real inputs.</summary>
    public static string Root => Environment.GetEnvironmentVariable("ATL_REFERENCE") ?? Path.Combine(TestData.Folder, "reference");

    public string Folder { get; }

    public string Name { get; }

    public IReadOnlyList<ReferenceLine> Lines { get; }

    /// <summary>The case folders of a kind (layers, margin, solvers, nets), one test each; one that skips with a clear word where there are none.</summary>
    public static IEnumerable<TestCaseData> All(string kind)
    {
        string folder = Path.Combine(Root, kind);
        string[] cases = Directory.Exists(folder)
            ? [.. Directory.GetDirectories(folder).Where(path => File.Exists(Path.Combine(path, "manifest.tsv"))).Order(StringComparer.Ordinal)]
            : [];
        if (cases.Length == 0)
            return [new TestCaseData("").SetArgDisplayNames($"no {kind} cases")
                .Ignore($"no reference cases in {folder} (set ATL_REFERENCE to where they are)")];
        return cases.Select(path => new TestCaseData(path).SetArgDisplayNames(Path.GetFileName(path)));
    }

    public IEnumerable<ReferenceLine> Of(string kind) => Lines.Where(line => line.Kind == kind);

    public string? Fact(string name) => Lines.FirstOrDefault(line => line.Kind == "meta" && line.Name == name)?.Extra;

    public int Number(string name) => int.Parse(Fact(name) ?? "0", CultureInfo.InvariantCulture);

    public ReadOnlySpan<float> Values(ReferenceLine line) => _floats.AsSpan(line.Offset, line.Count);
}
