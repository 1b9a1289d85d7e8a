using System.Text;
using Atl.Face.Tests.Import;

namespace Atl.Cli.Tests.Documents;

/// <summary>insightface's files: a data set as RecordIO, and verification sets with features of one.</summary>
internal static class InsightFaceInputs
{
    // Ten folds of a pair of one person and one of two.
    private const int Pairs = 20;

    /// <summary>The inputs.</summary>
    public static IEnumerable<DocumentInput> All =>
    [
        DocumentInput.At("faces_emore", MakeRecords),
        .. from name in (string[])["lfw.bin", "cfp_fp.bin", "agedb_30.bin"] select DocumentInput.At(name, MakePickle),
        DocumentInput.At("agedb_30.npy", path =>
        {
            FeatureInputs.Write(path, [.. Images().Index().Select(image => ($"{image.Index}", image.Item.Person))]);
            IEnumerable<string> pairs =
                from pair in Enumerable.Range(0, Pairs)
                select $"{2 * pair} {(2 * pair) + 1} {(IsSame(pair) ? 1 : 0)} {pair / 2}";
            File.WriteAllLines(Path.ChangeExtension(path, ".pairs.txt"), pairs);
        }),
    ];

    private static bool IsSame(int pair) => pair % 2 == 0;

    // The images of the pairs, each in its turn: person and number.
    private static IEnumerable<(int Person, int Number)> Images()
    {
        for (int pair = 0; pair < Pairs; pair++)
        {
            yield return (pair % 5, pair % 9);
            yield return IsSame(pair) ? (pair % 5, (pair % 9) + 1) : ((pair % 5) + 1, pair % 9);
        }
    }

    // train.rec, and the places of its records in train.idx.
    private static void MakeRecords(string root)
    {
        using MemoryStream records = new();
        StringBuilder index = new();
        for (int i = 0; i < 6; i++)
        {
            index.Append($"{i}\t{records.Length}\n");
            records.Write(RecordIoBytes.Whole(RecordIoBytes.Headed([i / 2], FaceInputs.Picture(i / 2, i % 2))));
        }
        Directory.CreateDirectory(root);
        File.WriteAllBytes(Path.Combine(root, "train.rec"), records.ToArray());
        File.WriteAllText(Path.Combine(root, "train.idx"), index.ToString());
    }

    // A pickle of protocol 3: the pair of a list of bytes, the encoded images, and a list of truth values.
    private static void MakePickle(string path)
    {
        using BinaryWriter pickle = new(File.Create(path));
        pickle.Write([0x80, 3, (byte)']', (byte)'(']);
        foreach ((int person, int number) in Images())
        {
            byte[] picture = FaceInputs.Picture(person, number);
            pickle.Write((byte)'B');
            pickle.Write(picture.Length);
            pickle.Write(picture);
        }
        pickle.Write([(byte)'e', (byte)']', (byte)'(']);
        for (int pair = 0; pair < Pairs; pair++) pickle.Write((byte)(IsSame(pair) ? 0x88 : 0x89));
        pickle.Write([(byte)'e', 0x86, (byte)'.']);
    }
}
