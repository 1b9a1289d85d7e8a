using System.Globalization;
using System.Runtime.InteropServices;
using Atl.TestSupport;

namespace Atl.Tests.Reference;

/// <summary>One folder of values recorded from BVLC Caffe: manifest.tsv and tensors.f32, in the format of the
/// reference's README.</summary>
internal sealed class ReferenceCase
{
    private readonly float[] _floats;

    public ReferenceCase(string folder)
    {
        Folder = folder;
        Name = Path.GetFileName(folder);
        _floats = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "tensors.f32"))).ToArray();
        Lines = [.. File.ReadLines(Path.Combine(folder, "manifest.tsv")).Where(line => line.Length > 0
            && line[0] != '#').Select(ReferenceLine.Parse)];
    }

    /// <summary>The folder of the real inputs that recorded values of published nets speak of: prototxt files and
    /// weights.</summary>
    public static string Inputs => Elsewhere is { } folder ? Path.Combine(folder, "..") : TestData.Folder;

    // Recorded values of the same format that somebody else has.
    private static string? Elsewhere => Environment.GetEnvironmentVariable("ATL_REFERENCE");

    public string Folder { get; }

    public string Name { get; }

    public IReadOnlyList<ReferenceLine> Lines { get; }

    /// <summary>
    /// A file or folder of the recorded values: below ATL_REFERENCE, in this repository (tests/data/reference), or,
    /// where published weights are needed, beside the real inputs.
    /// </summary>
    public static string PathOf(string name)
    {
        if (Elsewhere is { } folder) return Path.Combine(folder, name);
        string own = Path.Combine(TestData.RepositoryRoot, "tests", "data", "reference", name);
        return Path.Exists(own) ? own : Path.Combine(TestData.Folder, "reference", name);
    }

    /// <summary>The case folders of a kind (layers, margin, solvers, nets), one test each; one that skips with a clear
    /// word where there are none.</summary>
    public static IEnumerable<TestCaseData> All(string kind)
    {
        string folder = PathOf(kind);
        string[] cases = Directory.Exists(folder)
            ? [.. Directory.GetDirectories(folder).Where(path => File.Exists(Path.Combine(path, "manifest.tsv")))
                .Order(StringComparer.Ordinal)]
            : [];
        return cases.Length == 0 ? [Absent($"no {kind} cases")]
            : cases.Select(path => new TestCaseData(path).SetArgDisplayNames(Path.GetFileName(path)));
    }

    /// <summary>The one test in the place of those whose real inputs or recorded values are absent.</summary>
    public static TestCaseData Absent(string name, int arguments = 1) =>
        new TestCaseData([.. Enumerable.Repeat("", arguments)])
        .SetArgDisplayNames(name).Ignore(Elsewhere is { } folder
            ? $"no recorded values in {folder}, which ATL_REFERENCE names" : TestData.AbsentReason);

    public IEnumerable<ReferenceLine> Of(string kind) => Lines.Where(line => line.Kind == kind);

    public string? Fact(string name) => Lines.FirstOrDefault(line => line.Kind == "meta" && line.Name == name)?.Extra;

    public int Number(string name) => int.Parse(Fact(name) ?? "0", CultureInfo.InvariantCulture);

    public ReadOnlySpan<float> Values(ReferenceLine line) => _floats.AsSpan(line.Offset, line.Count);

    /// <summary>How a tensor differs from the recorded one; null where it does not.</summary>
    /// <param name="found">The tensor; null where there is none.</param>
    /// <param name="line">What was recorded.</param>
    /// <param name="tolerance">What values may be apart, by the largest one.</param>
    public string? Difference(Tensor? found, ReferenceLine line, double tolerance)
    {
        string what = $"{line.Kind} {line.Name} {line.Index}";
        if (found is null) return $"{what} is missing";
        if (!found.Shape.Equals(line.Shape)) return $"{what} has shape {found.Shape}, expected {line.Shape}";
        return Closeness.Difference(found.AsReadOnlySpan(), Values(line), 0, tolerance, 1) is { } difference
            ? $"{what} {difference}" : null;
    }
}
