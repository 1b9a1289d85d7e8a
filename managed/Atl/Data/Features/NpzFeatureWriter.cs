using System.IO.Compression;
using System.Text;

namespace Atl.Data;

/// <summary>
/// Features as NumPy arrays in a zip archive: <c>features</c>, and <c>names</c> (text) where every row has a name. The
/// arrays' extents stand before their values, so the rows wait in a temporary file until their number is known.
/// </summary>
internal sealed class NpzFeatureWriter(string path, Stream target) : FeatureWriter(path)
{
    private const int ValuesAtOnce = 1 << 20;
    private const int BytesOfCharacter = 4;

    // The same features give the same bytes.
    private static readonly DateTimeOffset Written = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly WaitingRows _waiting = new(path);
    private readonly List<string> _names = [];

    internal override void Complete()
    {
        byte[] header = NpyFile.Header([Rows, .. Row.Dims]);
        using ZipArchive archive = new(target, ZipArchiveMode.Create, leaveOpen: true);
        using (Stream entry = Entry(archive, FeatureFile.NpzArray))
        {
            entry.Write(header);
            float[] values = new float[ValuesAtOnce];
            _waiting.Rewind();
            for (long left = Rows * Row.Count; left > 0;)
            {
                Span<float> part = values.AsSpan(0, (int)Math.Min(left, values.Length));
                _waiting.Read(part);
                NpyFile.Write(entry, part);
                left -= part.Length;
            }
        }
        if (_names.Count != Rows) return;
        int width = Math.Max(BytesOfCharacter, _names.Max(Encoding.UTF32.GetByteCount));
        using Stream names = Entry(archive, FeatureFile.NpzNames);
        names.Write(NpyFile.Header([Rows], type: $"<U{width / BytesOfCharacter}"));
        byte[] element = new byte[width];
        foreach (string name in _names)
        {
            Array.Clear(element);
            Encoding.UTF32.GetBytes(name, element);
            names.Write(element);
        }
    }

    protected override void Write(Shape shape, ReadOnlySpan<float> values, string? name)
    {
        _waiting.Append(values);
        if (name is not null) _names.Add(name);
    }

    private static Stream Entry(ZipArchive archive, string name)
    {
        ZipArchiveEntry entry = archive.CreateEntry(name + ".npy", CompressionLevel.NoCompression);
        entry.LastWriteTime = Written;
        return entry.Open();
    }

    protected override void Close() => _waiting.Dispose();
}
