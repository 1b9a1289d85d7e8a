using Atl.Data;
using Atl.Face.Alignment;
using Atl.Face.Extraction;
using Atl.Proto;

namespace Atl.Cli.Tests.Documents;

/// <summary>Extracted features with the names beside them, and an array of images.</summary>
internal static class FeatureInputs
{
    private const int Values = 16;

    /// <summary>The inputs.</summary>
    public static IEnumerable<DocumentInput> All =>
    [
        .. from name in (string[])["lfw.npy", "lfw_60000.npy", "faces.npy", "probes.npy"]
           select DocumentInput.At(name, path => WriteExtracted(path, FaceInputs.Images)),
        // The first image of each person.
        DocumentInput.At("gallery.npy", path => Write(path, [.. FaceInputs.Images.DistinctBy(image => image.Person)])),
        DocumentInput.At("face.npy", path => Write(path, new Shape(2, 3, 112, 112), i => MathF.Sin(i))),
    ];

    /// <summary>Writes features of images, and beside them the names; images of one person differ little.</summary>
    public static void Write(string path, IReadOnlyList<(string Name, int Person)> images)
    {
        Write(path, new Shape(images.Count, Values), i =>
            MathF.Sin((7 * images[i / Values].Person) + (3 * (i % Values))) + (0.2f * MathF.Sin(11 * i)));
        IEnumerable<string> names = images.Select(image => $"{image.Name}\t{image.Person}");
        File.WriteAllLines(Path.ChangeExtension(path, ".txt"), names);
    }

    // As extract leaves them.
    private static void WriteExtracted(string path, IReadOnlyList<(string Name, int Person)> images)
    {
        Write(path, images);
        using StagedFile recipe = new FeatureRecipe
        {
            Version = FeatureRecipe.CurrentVersion,
            NetSha256 = new string('0', 64),
            WeightsSha256 = [new string('0', 64)],
            Blob = "fc5",
            Columns = Values,
            Mirror = MirrorFeatures.None,
            Fit = ImageFit.Exact,
            Mean = [127.5f],
            Scale = 1 / 128f,
            Alignment = new WuXiangAlignment().Description,
        }.Stage(path);
        recipe.TakeName();
    }

    private static void Write(string path, Shape shape, Func<int, float> value)
    {
        Tensor array = new(shape);
        array.CopyFrom([.. Enumerable.Range(0, (int)shape.Count).Select(value)]);
        NpyFile.Write(path, array);
    }
}
