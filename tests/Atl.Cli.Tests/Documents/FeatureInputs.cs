using Atl.Data;

namespace Atl.Cli.Tests.Documents;

/// <summary>Extracted features with the names beside them, and an array of images.</summary>
internal static class FeatureInputs
{
    private const int Values = 16;

    /// <summary>What makes each file, by its name.</summary>
    public static IEnumerable<KeyValuePair<string, Action<string>>> Makers =>
    [
        .. new[] { "lfw", "lfw_60000", "faces", "probes" }.Select(name => Features(name, FaceInputs.Images)),
        // The first image of each person.
        Features("gallery", [.. FaceInputs.Images.DistinctBy(image => image.Person)]),
        new("face.npy", folder =>
        {
            Tensor images = new(new Shape(2, 3, 112, 112));
            Span<float> pixels = images.AsWriteOnlySpan();
            for (int i = 0; i < pixels.Length; i++) pixels[i] = MathF.Sin(i);
            NpyFile.Write(Path.Combine(folder, "face.npy"), images);
        }),
    ];

    private static KeyValuePair<string, Action<string>> Features(string name, IReadOnlyList<(string Name, int Person)> images) => new($"{name}.npy", folder =>
    {
        Tensor features = new(new Shape(images.Count, Values));
        Span<float> values = features.AsWriteOnlySpan();
        for (int i = 0; i < values.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, Values);
            // Images of one person differ little.
            values[i] = MathF.Sin((7 * images[row].Person) + (3 * column)) + (0.2f * MathF.Sin(11 * i));
        }
        NpyFile.Write(Path.Combine(folder, $"{name}.npy"), features);
        File.WriteAllLines(Path.Combine(folder, $"{name}.txt"), images.Select(image => $"{image.Name}\t{image.Person}"));
    });
}
