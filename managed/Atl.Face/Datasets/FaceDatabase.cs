using Atl.Data;
using Atl.Proto;
using Google.Protobuf;

namespace Atl.Face.Datasets;

/// <summary>Puts faces into an LMDB of raw Datums that a Data layer reads.</summary>
internal static class FaceDatabase
{
    /// <summary>Writes faces in a random order: a Data layer reads in the order of the keys, so the shuffle goes into
    /// the keys.</summary>
    /// <param name="folder">The database; one that is there already is replaced.</param>
    /// <param name="faces">The faces, as many as <paramref name="count"/>.</param>
    /// <param name="count">How many faces there are.</param>
    /// <param name="seed">Chooses the order.</param>
    /// <exception cref="ArgumentException">There are more or fewer faces than said.</exception>
    /// <exception cref="AtlException">The folder cannot be written.</exception>
    public static void Write(string folder, IEnumerable<FaceSample> faces, int count, ulong seed)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(folder))!);
        int[] places = [.. Enumerable.Range(0, count)];
        new RandomStream(seed, "order of the faces").Shuffle<int>(places);
        using LmdbWriter writer = new(folder);
        int next = 0;
        foreach (FaceSample face in faces)
        {
            if (next == count) throw new ArgumentException($"found more faces than {count}", nameof(faces));
            Datum datum = new()
            {
                Channels = face.Channels,
                Height = face.Height,
                Width = face.Width,
                Label = face.Label,
                Data = UnsafeByteOperations.UnsafeWrap(face.Pixels),
            };
            writer.Put(LmdbWriter.KeyOf(places[next++], $"person{face.Label}"), datum);
        }
        if (next < count) throw new ArgumentException($"found {next} faces, expected {count}", nameof(faces));
    }
}
