using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Atl.Fuzz.Mutation;
using Atl.Fuzz.Running;

namespace Atl.Fuzz.Formats;

/// <summary>Features, and the lists that go with them: names, labels, pairs.</summary>
internal static partial class FeatureFormats
{
    private static readonly string[] Quick = ["-bootstrap", "0"];

    /// <summary>The formats.</summary>
    public static IEnumerable<FuzzFormat> All =>
    [
        new("npy")
        {
            Seeds = _ => [new FuzzInput("array.npy", File.ReadAllBytes(Scene.Features)),
                new FuzzInput("input.npy", Array("<f4", "(1, 3, 16, 16)", 3072))],
            Mutators = [new NpyMutator()],
            Run = RunNpy,
            Shallow = NoFeatures(),
        },
        new("npz")
        {
            Seeds = _ => [new FuzzInput("features.npz", Npz())],
            Mutators = [new ZipMutator(new NpyMutator())],
            Run = RunFeatures,
            Shallow = NoFeatures(),
        },
        new("csv")
        {
            Seeds = _ => [
                Text("features.csv",
                    (string[])["name,v1,v2,v3,v4", .. Rows().Select((row, i) => $"{Scene.Images[i]},{row}")]),
                        Text("plain.csv", [.. Rows()])],
            Mutators = [new TextMutator("name", ",", "nan", "inf")],
            Run = RunFeatures,
            Shallow = NoFeatures(),
        },
        new("pairs")
        {
            Seeds = _ =>
            [
                Text("pairs.txt", ["1\t1", "Ann\t1\t2", "Ann\t1\tBo\t1"]),
                Text("list.txt", [.. Listed().Select(pair => $"{pair.First} {pair.Second} {pair.Same}")]),
                Text("folds.txt",
                    [.. Listed().Select((pair, i) => $"{pair.First}\t{pair.Second}\t{pair.Same}\t{i % 2}")]),
                Text("commas.csv", [.. Listed().Select(pair => $"{pair.First},{pair.Second},{pair.Same}")]),
                Text("lines.txt",
                    [.. Listed().SelectMany(pair =>
                        (string[])[$"{pair.First} {pair.Same}", $"{pair.Second} {pair.Same}"])]),
            ],
            Mutators = [new TextMutator([.. Scene.Images, "Ann", "Bo", "0", "1", "100000000"])],
            Run = fuzzCase =>
                fuzzCase.Atl(["verify", Scene.Features, "-pairs", fuzzCase.File, "-json", "out/x.json", .. Quick]),
            Shallow = NoPairs(),
        },
        new("names")
        {
            Seeds = _ =>
            [
                Text("names.txt", [.. Scene.Images.Select((name, i) => $"{name} {i / 2}")]),
                Text("tabs.txt", [.. Scene.Images.Select((name, i) => $"{name}\t{i / 2}")]),
                Text("labels.lst", [.. Scene.Images.Select((name, i) => $"{name} {i / 2}")]),
            ],
            Mutators = [new TextMutator([.. Scene.Images, "Ann", "0"])],
            Run = fuzzCase => fuzzCase.AtlOneOf(
                ["verify", Scene.Features, "-names", fuzzCase.File, "-all", "-identity", "lfw", .. Quick],
                ["verify", Scene.Features, "-labels", fuzzCase.File, "-all", .. Quick],
                ["identify", Scene.Features, "-labels", fuzzCase.File]),
            Shallow = NoPairs(),
        },
    ];

    private static FuzzInput Text(string name, string[] lines) =>
        new(name, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));

    private static IEnumerable<string> Rows() => Scene.Images.Select((_, i) =>
        string.Join(',',
            Enumerable.Range(0, 4).Select(column => FormattableString.Invariant($"{Scene.FeatureValue(i, column)}"))));

    private static IEnumerable<(string First, string Second, int Same)> Listed() =>
        from i in Enumerable.Range(0, Scene.Images.Count)
        from j in Enumerable.Range(i + 1, Scene.Images.Count - i - 1)
        select (Scene.Images[i], Scene.Images[j], i / 2 == j / 2 ? 1 : 0);

    private static void RunNpy(FuzzCase fuzzCase)
    {
        if (fuzzCase.Input.File == "array.npy")
            fuzzCase.AtlOneOf(["verify", fuzzCase.File, "-all", "-names", "scene/features.txt", .. Quick],
                ["convert", fuzzCase.File, "out/x.binaryproto"]);
        else
            fuzzCase.AtlOneOf(
                ["run", "-model", Scene.Deploy, "-weights", Scene.Weights, "-input", $"data={fuzzCase.File}", "-out",
                    "out/blobs"],
                ["convert", fuzzCase.File, "out/x.h5"]);
    }

    private static void RunFeatures(FuzzCase fuzzCase) => fuzzCase.AtlOneOf(
        ["verify", fuzzCase.File, "-all", "-names", "scene/features.txt", .. Quick],
        ["identify", fuzzCase.File, "-names", "scene/features.txt", "-identity", "lfw"]);

    private static byte[] Npz()
    {
        using MemoryStream bytes = new();
        using (ZipArchive archive = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, "features.npy", File.ReadAllBytes(Scene.Features));
            int longest = Scene.Images.Max(name => name.Length);
            byte[] names = Array($"<U{longest}", $"({Scene.Images.Count},)", 0);
            Add(archive, "names.npy",
                [.. names, .. Scene.Images.SelectMany(name => Encoding.UTF32.GetBytes(name.PadRight(longest, '\0')))]);
        }
        return bytes.ToArray();
    }

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        ZipArchiveEntry entry = archive.CreateEntry(name);
        entry.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using Stream stream = entry.Open();
        stream.Write(content);
    }

    private static byte[] Array(string type, string shape, int bytes)
    {
        string text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY\x01\0"u8, (byte)text.Length, 0, .. Encoding.ASCII.GetBytes(text), .. new byte[bytes]];
    }

    [GeneratedRegex(
        "neither a NumPy|not a NumPy|truncated in its header|the header .* is not understood|"
            + "expected NumPy|damaged or truncated|no rows|:1: column")]
    private static partial Regex NoFeatures();

    [GeneratedRegex("no pairs|the file is empty|no names|:1: ")]
    private static partial Regex NoPairs();
}
