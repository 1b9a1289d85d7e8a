using System.Text.RegularExpressions;
using Atl.Data;
using Atl.Fuzz.Mutation;
using Atl.Fuzz.Running;
using Atl.Proto;
using Atl.TestSupport;
using Google.Protobuf;

namespace Atl.Fuzz.Formats;

/// <summary>LMDBs and LevelDBs of images and of features.</summary>
internal static partial class DatabaseFormats
{
    private const int ManyRecords = 150;
    private const string Images = "images", Features = "features";

    /// <summary>The formats.</summary>
    public static IEnumerable<FuzzFormat> All =>
    [
        new("lmdb")
        {
            Seeds = scratch =>
            [
                .. Contents().Select((content, i) =>
                {
                    string folder = Under(scratch, i, content.Folder);
                    using (LmdbWriter writer = new(folder)) Put(writer, content.Records);
                    return new FuzzInput($"{content.Folder}/data.mdb",
                        File.ReadAllBytes(Path.Combine(folder, "data.mdb")));
                }),
            ],
            Mutators = [new FieldMutator(LmdbPages.Fields)],
            Run = fuzzCase => Run(fuzzCase, "lmdb"),
            Shallow = NoDatabase(),
        },
        new("leveldb")
        {
            Seeds = scratch =>
                [.. Contents().SelectMany((content, i) => LevelDb(Under(scratch, i, content.Folder), content.Records))],
            Mutators = [new LevelDbMutator()],
            Run = fuzzCase => Run(fuzzCase, "leveldb"),
            Shallow = NoDatabase(),
            Elsewhere = FewerRecords(),
        },
    ];

    // Few records, as many as make a tree of pages, records of pages of their own, encoded images.
    private static IEnumerable<(string Folder, Datum[] Records)> Contents() =>
    [
        (Features, [.. Enumerable.Range(0, 2 * Scene.Images.Count).Select(i => new Datum
            { Channels = 4, Height = 1, Width = 1, Label = i / 2,
                FloatData = { Enumerable.Range(0, 4).Select(c => Scene.FeatureValue(i, c)) } })]),
        (Images, [.. Enumerable.Range(0, ManyRecords).Select(i => Pixels(i, 4))]),
        (Images, [.. Enumerable.Range(0, 4).Select(i => Pixels(i, 32))]),
        (Images, [.. Enumerable.Range(0, 4)
            .Select(i => new Datum { Encoded = true, Label = i, Data = ByteString.CopyFrom(Scene.Image(".png", i)) })]),
    ];

    private static string Under(string scratch, int number, string name) =>
        Path.Combine(Directory.CreateDirectory(Path.Combine(scratch, $"{number}")).FullName, name);

    private static Datum Pixels(int number, int side) => new()
    {
        Channels = 3,
        Height = side,
        Width = side,
        Label = number % 5,
        Data = ByteString.CopyFrom([.. Enumerable.Range(0, 3 * side * side).Select(i => (byte)(i + number))]),
    };

    private static void Put(RecordWriter writer, Datum[] records)
    {
        foreach ((int i, Datum record) in records.Index()) writer.Put(RecordWriter.KeyOf(i, "x"), record);
    }

    // As it is written, and, once the library has opened it again, with its records in a table.
    private static IEnumerable<FuzzInput> LevelDb(string folder, Datum[] records)
    {
        using (LevelDbWriter writer = new(folder)) Put(writer, records);
        foreach (FuzzInput input in Files(folder)) yield return input;
        using (new LevelDbReference(folder)) { }
        foreach (FuzzInput input in Files(folder)) yield return input;
    }

    private static IEnumerable<FuzzInput> Files(string folder) =>
        from path in Directory.GetFiles(folder).Order(StringComparer.Ordinal)
        let name = Path.GetFileName(path)
        where name is not ("CURRENT" or "LOCK" or "LOG" or "LOG.old") && new FileInfo(path).Length > 0
        select FuzzInput.InFolder(folder, name);

    // A record that is rightly removed is no damage; then the labels are too many.
    [GeneratedRegex("lines of a label each, found")]
    private static partial Regex FewerRecords();

    private static void Run(FuzzCase fuzzCase, string backend)
    {
        string folder = fuzzCase.Folder;
        if (Path.GetFileName(folder) == Features)
            fuzzCase.Atl("verify", folder, "-all", "-labels", Scene.Labels, "-bootstrap", "0");
        else
            fuzzCase.AtlOneOf(
                ["compute_image_mean", folder, "out/mean.binaryproto", "-backend", backend],
                ["run", "-model", $"scene/{backend}.prototxt", "-out", "out/blobs"],
                ["extract", folder, "-model", Scene.Deploy, "-weights", Scene.Weights, "-fit", "resize", "-out",
                    "out/x.npy"]);
    }

    [GeneratedRegex("not an LMDB|no LMDB|no LevelDB|truncated|checksum|no such file")]
    private static partial Regex NoDatabase();
}
