using System.Text.RegularExpressions;
using Atl.Fuzz.Mutation;
using Atl.Fuzz.Running;

namespace Atl.Fuzz.Formats;

/// <summary>Images, as every command that takes some reads them.</summary>
internal static partial class ImageFormats
{
    /// <summary>The formats.</summary>
    public static IEnumerable<FuzzFormat> All =>
    [
        Image("png", ".png", new PngMutator()),
    ];

    private static FuzzFormat Image(string name, string ending, params Mutator[] mutators) => new(name)
    {
        Seeds = _ =>
        [
            new FuzzInput($"tree/Ann/image{ending}", Scene.Image(ending, 1)),
            new FuzzInput($"tree/Ann/gray{ending}", Scene.Image(ending, 2, channels: 1)),
        ],
        Mutators = mutators,
        Run = RunImage,
        Shallow = NoImage(),
    };

    private static void RunImage(FuzzCase fuzzCase)
    {
        File.WriteAllText("case/list.txt", $"{fuzzCase.Input.File} 0\n");
        Directory.CreateDirectory("case/tree/Bo");
        File.Copy(Path.Combine(Scene.Tree, Scene.Images[2]), "case/tree/Bo/good.png");
        File.WriteAllText("case/faces.txt", $"{fuzzCase.File} 5 5 11 5 8 8 6 12 10 12\n");
        fuzzCase.AtlOneOf(
            ["import", "case/tree", "-out", "out/db", "-raw"],
            ["import", "case/tree", "-out", "out/db", "-resize", "8x8", "-gray"],
            ["convert_imageset", "case/", "case/list.txt", "out/db", "-resize_width", "8", "-resize_height", "8"],
            ["align", "-faces", "case/faces.txt", "-out", "out/aligned", "-mode", "arcface"],
            ["extract", fuzzCase.File, "-model", Scene.Deploy, "-weights", Scene.Weights, "-fit", "resize", "-out", "out/x.npy"]);
    }

    [GeneratedRegex("no such file")]
    private static partial Regex NoImage();
}
