using System.Formats.Tar;
using System.Text;
using Atl.Face.Datasets;
using Atl.Face.Tests.Import;

namespace Atl.Cli.Tests.Documents;

/// <summary>Drawn faces in the folders, lists, archives and databases that documents name.</summary>
internal static class FaceInputs
{
    // Of the last there is one image only, as of many in LFW.
    private static readonly string[] Names = ["Ann_Lee", "Bo_Kim", "Cy_Roe", "Dee_Ray", "Eve_Fox", "Gus_Orr", "Hal_Poe"];
    private const int Each = 3;

    private static readonly Lazy<byte[][]> Drawn = new(() => [.. SyntheticFaces.Create(Names.Length, 10, seed: 2).Select(FacePicture.Png)]);

    /// <summary>The images of LFW's kind, and the number of the person on each.</summary>
    public static IReadOnlyList<(string Name, int Person)> Images { get; } =
    [
        .. Names.SelectMany((name, person) => Enumerable.Range(1, person == Names.Length - 1 ? 1 : Each)
            .Select(number => ($"{name}/{name}_{number:D4}.png", person))),
    ];

    /// <summary>What makes each file or folder, by its name.</summary>
    public static IEnumerable<KeyValuePair<string, Action<string>>> Makers =>
    [
        .. new[] { "faces", "casia_aligned", "lfw", "lfw_aligned" }.Select(name => Maker(name, folder => MakeTree(Path.Combine(folder, name)))),
        Maker("CASIA-WebFace", MakeLargeTree),
        Maker("photos", MakePhotos),
        Maker("faces.jsonl", folder =>
        {
            MakePhotos(folder);
            File.WriteAllLines(Path.Combine(folder, "faces.jsonl"), Photos.Select(FacesLine));
        }),
        Maker("list.txt", folder => File.WriteAllLines(Path.Combine(folder, "list.txt"), Photos.Select((name, person) => $"{name} {person}"))),
        Maker("faces.txt", folder => File.WriteAllLines(Path.Combine(folder, "faces.txt"), Images.Select(image => $"{image.Name} {image.Person}"))),
        Maker("pairs.txt", MakePairs),
        Maker("faces_lmdb", folder => FaceDatabase.Write(Path.Combine(folder, "faces_lmdb"), SyntheticFaces.Create(3, Each, seed: 3), 3 * Each, seed: 3)),
        Maker("faces_emore", MakeRecords),
        Maker("shard-*.tar", MakeShards),
    ];

    private static string[] Photos => ["a.png", "b.png", "c.png"];

    private static KeyValuePair<string, Action<string>> Maker(string name, Action<string> make) => new(name, make);

    private static byte[] Picture(int person, int number) => Drawn.Value[(10 * person) + number];

    private static void MakeTree(string root)
    {
        foreach (IGrouping<int, (string Name, int Person)> person in Images.GroupBy(image => image.Person))
            foreach ((int number, (string name, _)) in person.Index()) Write(Path.Combine(root, name), Picture(person.Key, number));
    }

    // Three people of whom there is enough to train on, and one of whom there is not.
    private static void MakeLargeTree(string folder)
    {
        for (int person = 0; person < 4; person++)
            for (int number = 0; number < (person == 3 ? 2 : 10); number++)
                Write(Path.Combine(folder, "CASIA-WebFace", $"{person:D7}", $"{number:D3}.png"), Picture(person, number));
    }

    private static void MakePhotos(string folder)
    {
        foreach ((int person, string name) in Photos.Index()) Write(Path.Combine(folder, "photos", name), Picture(person, 0));
    }

    private static string FacesLine(string name) =>
        $$"""{"image":"photos/{{name}}","name":"{{name}}","width":112,"height":112,"faces":[{"box":[0,0,111,111],"score":0.99,"""
        + """ "points":[[40,36],[72,36],[56,56],[44,76],[68,76]]}]}""";

    // LFW's protocol over two folds of three people each.
    private static void MakePairs(string folder)
    {
        StringBuilder text = new("2\t3\n");
        foreach (string[] fold in Names.Take(6).Chunk(3))
        {
            foreach (string name in fold) text.Append($"{name}\t1\t2\n");
            for (int i = 0; i < fold.Length; i++) text.Append($"{fold[i]}\t{i + 1}\t{fold[(i + 1) % fold.Length]}\t1\n");
        }
        File.WriteAllText(Path.Combine(folder, "pairs.txt"), text.ToString());
    }

    // train.rec, and the places of its records in train.idx.
    private static void MakeRecords(string folder)
    {
        using MemoryStream records = new();
        StringBuilder index = new();
        for (int i = 0; i < 6; i++)
        {
            index.Append($"{i}\t{records.Length}\n");
            records.Write(RecordIoBytes.Whole(RecordIoBytes.Headed([i / 2], Picture(i / 2, i % 2))));
        }
        Write(Path.Combine(folder, "faces_emore", "train.rec"), records.ToArray());
        File.WriteAllText(Path.Combine(folder, "faces_emore", "train.idx"), index.ToString());
    }

    private static void MakeShards(string folder)
    {
        for (int shard = 0; shard < 2; shard++)
        {
            using TarWriter tar = new(File.Create(Path.Combine(folder, $"shard-{shard}.tar")));
            for (int number = 0; number < 2; number++)
            {
                string sample = $"{(2 * shard) + number:D6}";
                Add($"{sample}.png", Picture(shard, number));
                Add($"{sample}.cls", Encoding.UTF8.GetBytes($"{shard}"));
            }

            void Add(string name, byte[] content) =>
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }
    }

    private static void Write(string file, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
    }
}
