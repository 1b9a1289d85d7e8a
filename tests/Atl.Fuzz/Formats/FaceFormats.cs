using System.Formats.Tar;
using System.Text;
using System.Text.RegularExpressions;
using Atl.Fuzz.Mutation;
using Atl.Fuzz.Running;

namespace Atl.Fuzz.Formats;

/// <summary>Lists of images and of faces, and sets of faces: RecordIO, pickles, tar archives.</summary>
internal static partial class FaceFormats
{
    private const string CsvHeader =
        "image,name,width,height,faces,score,left,top,right,bottom,x1,y1,x2,y2,x3,y3,x4,y4,x5,y5,error";

    private const string Face = """
        {"box":[0,0,15,15],"score":0.9,"points":[[5,5],[11,5],[8,8],[6,12],[10,12]]}
        """;

    /// <summary>The formats.</summary>
    public static IEnumerable<FuzzFormat> All =>
    [
        new("lists")
        {
            Seeds = _ =>
            [
                Text("list.txt", Scene.Images.Select((name, i) => $"{name} {i / 2}")),
                Text("names.list", Scene.Images.Select((name, i) => $"{name}\tperson {i / 2}")),
                Text("im2rec.lst", Scene.Images.Select((name, i) => $"{i}\t{i / 2}\t{name}")),
            ],
            Mutators = [new TextMutator([.. Scene.Images, "Ann", "0"])],
            Run = RunList,
            Shallow = NoLines(),
        },
        new("faces")
        {
            Seeds = _ =>
            [
                Text("faces.txt", Images().Select(image => $"{image} 5 5 11 5 8 8 6 12 10 12")),
                Text("faces.jsonl", Images().Select((image, i) => $$"""
                    {"image":"{{image}}","name":"{{Scene.Images[i]}}","width":16,"height":16,"faces":[{{Face}}]}
                    """)),
                Text("faces.csv",
                    [CsvHeader, .. Images()
                        .Select((image, i) =>
                            $"{image},{Scene.Images[i]},16,16,1,0.9,0,0,15,15,5,5,11,5,8,8,6,12,10,12,")]),
            ],
            Mutators = [new TextMutator("null", "true", "[]", "{}", "\"error\":\"x\"", "points", "faces", "name")],
            Run = fuzzCase => fuzzCase.AtlOneOf(
                ["align", "-faces", fuzzCase.File, "-out", "out/aligned", "-mode", "arcface"],
                ["align", "-faces", fuzzCase.File, "-out", "out/aligned", "-mode", "wuxiang", "-choose", "all"]),
            Shallow = NoLines(),
        },
        new("recordio")
        {
            Seeds = _ => [Records(index: false), Records(index: true), IndexOfRecords()],
            Mutators = [new RecordIoMutator()],
            Run = fuzzCase => fuzzCase.AtlOneOf(
                ["import", "case/train.rec", "-out", "out/db"],
                ["import", "case/train.rec", "-out", "out/db", "-raw", "-renumber", "-order", "balanced"]),
            Shallow = NoSet(),
        },
        new("pickle")
        {
            Seeds = _ => [new FuzzInput("pairs.bin", Pickle())],
            Mutators = [new PickleMutator()],
            Run = fuzzCase => fuzzCase.Atl(
                "extract", fuzzCase.File, "-model", Scene.Deploy, "-weights", Scene.Weights, "-fit", "resize", "-out",
                    "out/x.npy"),
            Shallow = NoSet(),
        },
        new("tar")
        {
            Seeds = _ => [.. new[] { TarEntryFormat.Pax, TarEntryFormat.Ustar, TarEntryFormat.Gnu }.Select(kind =>
                new FuzzInput($"{kind}.tar", Tar(kind)))],
            Mutators = [new TarMutator()],
            Run = fuzzCase => fuzzCase.Atl("import", fuzzCase.File, "-out", "out/db"),
            Shallow = NoSet(),
        },
    ];

    private static FuzzInput Text(string name, IEnumerable<string> lines) =>
        new(name, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));

    private static IEnumerable<string> Images() => Scene.Images.Select(name => $"{Scene.Tree}/{name}");

    private static void RunList(FuzzCase fuzzCase)
    {
        if (fuzzCase.Input.File == "list.txt")
            fuzzCase.AtlOneOf(
                ["import", fuzzCase.File, "-root", Scene.Tree, "-out", "out/db"],
                ["convert_imageset", Scene.Tree + "/", fuzzCase.File, "out/db"],
                ["run", "-model", "scene/list.prototxt", "-out", "out/blobs"]);
        else
            fuzzCase.Atl("import", fuzzCase.File, "-root", Scene.Tree, "-out", "out/db");
    }

    private static FuzzInput Records(bool index)
    {
        (byte[] records, string places) = MakeRecords();
        return new FuzzInput("train.rec", records)
        { Beside = index ? [new FuzzInput("train.idx", Encoding.UTF8.GetBytes(places))] : [] };
    }

    private static FuzzInput IndexOfRecords()
    {
        (byte[] records, string places) = MakeRecords();
        return new FuzzInput("train.idx",
            Encoding.UTF8.GetBytes(places))
        { Beside = [new FuzzInput("train.rec", records)] };
    }

    private static (byte[] Records, string Places) MakeRecords()
    {
        using MemoryStream records = new();
        StringBuilder places = new();
        for (int i = 0; i < 4; i++)
        {
            places.Append($"{i}\t{records.Length}\n");
            // A flag, the label, two numbers, the image; the last has two labels.
            byte[] labels = i < 3 ? [0, 0, 0, 0, .. BitConverter.GetBytes((float)(i / 2))] : [2, 0, 0, 0, 0, 0, 0, 0];
            byte[] more = i < 3 ? [] : [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(0f)];
            records.Write(RecordIoMutator.Join(0, [.. labels, .. new byte[16], .. more, .. Scene.Image(".png", i)]));
        }
        return (records.ToArray(), places.ToString());
    }

    // A list of encoded images and one of truth values, as insightface's sets have them.
    private static byte[] Pickle()
    {
        using MemoryStream bytes = new();
        using BinaryWriter pickle = new(bytes);
        pickle.Write([0x80, 3, (byte)']', (byte)'(']);
        for (int i = 0; i < 4; i++)
        {
            byte[] image = Scene.Image(i == 1 ? ".jpg" : ".png", i);
            pickle.Write((byte)'B');
            pickle.Write(image.Length);
            pickle.Write(image);
        }
        pickle.Write([(byte)'e', (byte)']', (byte)'(', 0x88, 0x89, (byte)'e', 0x86, (byte)'.']);
        pickle.Flush();
        return bytes.ToArray();
    }

    private static byte[] Tar(TarEntryFormat format)
    {
        using MemoryStream bytes = new();
        using (TarWriter tar = new(bytes, format, leaveOpen: true))
            for (int i = 0; i < 3; i++)
            {
                Add(tar, format, $"set/{i:D4}.png", Scene.Image(".png", i));
                Add(tar, format, i == 0 ? $"set/{i:D4}.cls" : $"set/{i:D4}.json",
                    Encoding.UTF8.GetBytes(i == 0 ? "0" : $"{{\"label\": {i}}}"));
            }
        return bytes.ToArray();
    }

    private static void Add(TarWriter tar, TarEntryFormat format, string name, byte[] content)
    {
        TarEntry entry = format switch
        {
            TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
            TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
            _ => new PaxTarEntry(TarEntryType.RegularFile, name),
        };
        entry.ModificationTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
        entry.DataStream = new MemoryStream(content);
        tar.WriteEntry(entry);
    }

    [GeneratedRegex("is empty|:1: found|names no picture|none of the|not text")]
    private static partial Regex NoLines();

    [GeneratedRegex(
        "expected a record of RecordIO|no record holds|at byte [0-9] |gives protocol|found no images|no tar archive")]
    private static partial Regex NoSet();
}
