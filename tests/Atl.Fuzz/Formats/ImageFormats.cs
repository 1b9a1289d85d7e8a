using System.Buffers.Binary;
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
        Image("jpeg", ".jpg", new JpegMutator()),
        // Signature, screen and image descriptor.
        Image("gif", ".gif", FieldMutator.At((6, 2, false), (8, 2, false), (10, 1, false), (11, 1, false)),
            new SignatureMutator(12, "\x2C\0\0\0\0")),
        Image("bmp", ".bmp", FieldMutator.At(
            (2, 4, false), (10, 4, false), (14, 4, false), (18, 4, false), (22, 4, false), (26, 2, false),
                (28, 2, false), (30, 4, false),
            (34, 4, false), (46, 4, false))),
        Image("webp", ".webp", FieldMutator.At((4, 4, false), (16, 4, false), (20, 4, false), (24, 4, false)),
            new SignatureMutator(16, "VP8", "ALPH")),
        Image("pnm", ".ppm", new TextMutator("P1", "P2", "P3", "P4", "P5", "P6", "P7")),
        Image("tiff", ".tiff", new FieldMutator(TiffFields)),
    ];

    private static FuzzFormat Image(string name, string ending, params Mutator[] mutators) => new(name)
    {
        Seeds = _ =>
        [
            new FuzzInput($"tree/Ann/image{ending}", Scene.Image(ending, 1)),
            .. Gray(ending) is { } gray ? [new FuzzInput($"tree/Ann/gray{gray}", Scene.Image(gray, 2, channels: 1))]
                : Array.Empty<FuzzInput>(),
        ],
        Mutators = mutators,
        Arrange = Arrange,
        Run = RunImage,
        Shallow = NoImage(),
    };

    // A good image, and lists with the other one.
    private static void Arrange(FuzzInput input, string folder)
    {
        string good = Path.Combine(folder, "tree", "Bo");
        Directory.CreateDirectory(good);
        File.Copy(Path.Combine(Scene.Tree, Scene.Images[2]), Path.Combine(good, "good.png"));
        File.WriteAllText(Path.Combine(folder, "list.txt"), $"{input.File} 0\n");
        File.WriteAllText(
            Path.Combine(folder, "faces.txt"), $"{FuzzCase.InputFolder}/{input.File} 5 5 11 5 8 8 6 12 10 12\n");
    }

    // What OpenCV writes gray images as.
    private static string? Gray(string ending) => ending switch
    {
        ".gif" => null,
        ".ppm" => ".pgm",
        _ => ending,
    };

    private static void RunImage(FuzzCase fuzzCase)
    {
        string[][] any =
        [
            ["convert_imageset", "case/", "case/list.txt", "out/db", "-resize_width", "8", "-resize_height", "8"],
            ["align", "-faces", "case/faces.txt", "-out", "out/aligned", "-mode", "arcface"],
        ];
        // The commands that take images by their names' endings take no GIF.
        fuzzCase.AtlOneOf(fuzzCase.File.EndsWith(".gif", StringComparison.Ordinal) ? any :
        [
            .. any,
            ["import", "case/tree", "-out", "out/db", "-raw"],
            ["import", "case/tree", "-out", "out/db", "-resize", "8x8", "-gray"],
            ["extract", fuzzCase.File, "-model", Scene.Deploy, "-weights", Scene.Weights, "-fit", "resize", "-out",
                "out/x.npy"],
            ["detect", fuzzCase.File, "-models", "scene/mtcnn", "-out", "out/found.jsonl", "-draw", "out/drawn"],
        ]);
    }

    // The entries of the first directory: tag, type, count, value.
    private static IEnumerable<(int Offset, int Width, bool BigEndian)> TiffFields(byte[] data)
    {
        yield return (4, 4, false);
        if (data.Length < 8) yield break;
        long directory = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(4));
        if (directory + 2 > data.Length) yield break;
        int count = BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan((int)directory));
        for (int i = 0; i < Math.Min(count, 64); i++)
        {
            int entry = (int)directory + 2 + (12 * i);
            yield return (entry, 2, false);
            yield return (entry + 2, 2, false);
            yield return (entry + 4, 4, false);
            yield return (entry + 8, 4, false);
        }
    }

    [GeneratedRegex("none of the 1 (images|pictures) (could|can) be read|cannot be decoded|no such file")]
    private static partial Regex NoImage();
}
