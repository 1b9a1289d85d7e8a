using System.Formats.Tar;
using System.Text;
using Atl.Face.Datasets;

namespace Atl.Cli.Tests.Documents;

/// <summary>Drawn faces in the folders, lists, archives and databases that documents name.</summary>
internal static class FaceInputs
{
    private const int Each = 3, Most = 10;

    // Of the last there is one image only, as of many in LFW.
    private static readonly string[] Names =
        ["Ann_Lee", "Bo_Kim", "Cy_Roe", "Dee_Ray", "Eve_Fox", "Gus_Orr", "Hal_Poe"];

    private static readonly string[] Photos = ["a.png", "b.png", "c.png"];

    private static readonly Lazy<byte[][]> Drawn =
        new(() => [.. SyntheticFaces.Create(Names.Length, Most, seed: 2).Select(FaceImage.Png)]);

    /// <summary>The images of LFW's kind, and the number of the person on each.</summary>
    public static IReadOnlyList<(string Name, int Person)> Images { get; } =
    [
        .. Names.SelectMany((name, person) => Enumerable.Range(1, person == Names.Length - 1 ? 1 : Each)
            .Select(number => ($"{name}/{name}_{number:D4}.png", person))),
    ];

    /// <summary>The inputs.</summary>
    public static IEnumerable<DocumentInput> All =>
    [
        .. from name in (string[])["faces", "casia_aligned", "lfw", "lfw_aligned"]
           select DocumentInput.At(name, MakeTree),
        DocumentInput.At("CASIA-WebFace", MakeLargeTree),
        DocumentInput.At("photos", MakePhotos),
        new("faces.jsonl", folder =>
        {
            MakePhotos(Path.Combine(folder, "photos"));
            File.WriteAllLines(Path.Combine(folder, "faces.jsonl"), Photos.Select(FacesLine));
        }),
        DocumentInput.Lines("list.txt", Photos.Select((name, person) => $"{name} {person}")),
        DocumentInput.Lines("faces.txt", Images.Select(image => $"{image.Name} {image.Person}")),
        DocumentInput.Lines("pairs.txt", Pairs()),
        DocumentInput.Lines("overlap.txt", [Names[1]]),
        DocumentInput.At("faces_lmdb", path =>
            FaceDatabase.Write(path, SyntheticFaces.Create(Each, Each, seed: 3), Each * Each, seed: 3)),
        new("shard-*.tar", MakeShards),
    ];

    /// <summary>A drawn face as a PNG file.</summary>
    public static byte[] Picture(int person, int number) => Drawn.Value[(Most * person) + number];

    private static void MakeTree(string root)
    {
        foreach (IGrouping<int, (string Name, int Person)> person in Images.GroupBy(image => image.Person))
            foreach ((int number, (string name, _)) in person.Index())
                Write(Path.Combine(root, name), Picture(person.Key, number));
    }

    // Three people of whom there is enough to train on, and one of whom there is not.
    private static void MakeLargeTree(string root)
    {
        for (int person = 0; person < 4; person++)
            for (int number = 0; number < (person == 3 ? 2 : Most); number++)
                Write(Path.Combine(root, $"{person:D7}", $"{number:D3}.png"), Picture(person, number));
    }

    private static void MakePhotos(string root)
    {
        foreach ((int person, string name) in Photos.Index()) Write(Path.Combine(root, name), Picture(person, 0));
    }

    private static string FacesLine(string name)
    {
        const string Points = "[[40,36],[72,36],[56,56],[44,76],[68,76]]";
        string faces = $$"""[{"box":[0,0,111,111],"score":0.99,"points":{{Points}}}]""";
        return $$"""{"image":"photos/{{name}}","name":"{{name}}","width":112,"height":112,"faces":{{faces}}}""";
    }

    // LFW's protocol over two folds of three people each.
    private static IEnumerable<string> Pairs()
    {
        yield return "2\t3";
        foreach (string[] fold in Names.Take(6).Chunk(3))
        {
            foreach (string name in fold) yield return $"{name}\t1\t2";
            foreach ((int i, string name) in fold.Index()) yield return $"{name}\t{i + 1}\t{fold[(i + 1) % 3]}\t1";
        }
    }

    private static void MakeShards(string folder)
    {
        for (int shard = 0; shard < 2; shard++)
        {
            using TarWriter tar = new(File.Create(Path.Combine(folder, $"shard-{shard}.tar")));
            for (int number = 0; number < 2; number++)
            {
                string sample = $"{(2 * shard) + number:D6}";
                Add(tar, $"{sample}.png", Picture(shard, number));
                Add(tar, $"{sample}.cls", Encoding.UTF8.GetBytes($"{shard}"));
            }
        }
    }

    private static void Add(TarWriter tar, string name, byte[] content)
    {
        using MemoryStream stream = new(content);
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = stream });
    }

    private static void Write(string file, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
    }
}
