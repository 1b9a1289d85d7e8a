using System.IO.Compression;

namespace Atl.Fuzz.Mutation;

/// <summary>Damage to the entries of a zip archive, which is written anew with right sums.</summary>
/// <param name="content">Damages an entry's content.</param>
internal sealed class ZipMutator(Mutator content) : Mutator
{
    private static readonly ByteMutator Raw = new();
    private static readonly string[] Names =
        ["features.npy", "names.npy", "features", "../x.npy", " ", "arr_0.npy", "features.npy.npy"];

    /// <inheritdoc/>
    public override byte[] Mutate(byte[] data, Random random)
    {
        if (Read(data) is not { Count: > 0 } entries) return Raw.Mutate(data, random);
        int one = random.Next(entries.Count);
        switch (random.Next(8))
        {
            case 0:
                entries.RemoveAt(one);
                break;
            case 1:
                entries.Add(entries[one]);
                break;
            case 2:
                entries[one] = (Names[random.Next(Names.Length)], entries[one].Content);
                break;
            default:
                entries[one] = (entries[one].Name, content.Mutate(entries[one].Content, random));
                break;
        }
        using MemoryStream bytes = new();
        CompressionLevel level = random.Next(2) == 0 ? CompressionLevel.NoCompression : CompressionLevel.Fastest;
        using (ZipArchive archive = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] values) in entries)
            {
                ZipArchiveEntry entry = archive.CreateEntry(name.Length > 0 ? name : " ", level);
                // The same entries give the same bytes.
                entry.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using Stream stream = entry.Open();
                stream.Write(values);
            }
        }
        return bytes.ToArray();
    }

    private static List<(string Name, byte[] Content)>? Read(byte[] data)
    {
        try
        {
            using ZipArchive archive = new(new MemoryStream(data));
            List<(string, byte[])> entries = [];
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                using Stream stream = entry.Open();
                using MemoryStream content = new();
                stream.CopyTo(content);
                entries.Add((entry.FullName, content.ToArray()));
            }
            return entries;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return null;
        }
    }
}
