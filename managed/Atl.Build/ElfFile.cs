using System.Buffers.Binary;
using System.Text;

namespace Atl.Build;

/// <summary>The requirements of a 64-bit little-endian ELF library: names, and versions of symbols.</summary>
internal sealed class ElfFile
{
    private const int DynamicSection = 6, VersionNeedSection = 0x6FFFFFFE, NeededTag = 1;

    private readonly byte[] _bytes;

    private ElfFile(byte[] bytes)
    {
        _bytes = bytes;
        List<string> needed = [], versions = [];
        foreach (Section section in Sections())
        {
            if (section.Kind == DynamicSection) needed.AddRange(ReadNeeded(section));
            if (section.Kind == VersionNeedSection) versions.AddRange(ReadVersions(section));
        }
        Needed = needed;
        Versions = versions;
    }

    private readonly record struct Section(int Kind, int Offset, int Size, int Link);

    /// <summary>The libraries that are loaded with it (DT_NEEDED).</summary>
    public IReadOnlyList<string> Needed { get; }

    /// <summary>The versions of symbols that it asks for, such as GLIBC_2.34 (.gnu.version_r).</summary>
    public IReadOnlyList<string> Versions { get; }

    /// <summary>Whether a file is ELF.</summary>
    public static bool Is(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[4];
        return file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length
            && magic.SequenceEqual("\u007fELF"u8);
    }

    /// <summary>Reads a file.</summary>
    public static ElfFile Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes is not [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, ..])
            throw new BuildException($"{path} is not a 64-bit little-endian ELF file");
        return new ElfFile(bytes);
    }

    /// <summary>The newest version of a kind, such as <c>GLIBC_</c>, that it asks for; null where it asks for
    /// none.</summary>
    public Version? NewestVersion(string kind) =>
        Versions.Where(version => version.StartsWith(kind, StringComparison.Ordinal))
            .Select(version => Version.TryParse(version[kind.Length..], out Version? number) ? number : null).Max();

    private IEnumerable<Section> Sections()
    {
        int table = Long(0x28), size = Short(0x3A), count = Short(0x3C);
        for (int i = 0, at = table; i < count; i++, at += size)
            yield return new Section(Int(at + 4), Long(at + 0x18), Long(at + 0x20), Int(at + 0x28));
    }

    private int Strings(Section section) => Sections().ElementAt(section.Link).Offset;

    private IEnumerable<string> ReadNeeded(Section section)
    {
        int strings = Strings(section);
        for (int at = section.Offset; at < section.Offset + section.Size; at += 16)
            if (Long(at) == NeededTag) yield return Text(strings + Long(at + 8));
    }

    // A list of files, each with a list of versions; both linked by distances in bytes, 0 at the end.
    private IEnumerable<string> ReadVersions(Section section)
    {
        int strings = Strings(section);
        for (int file = section.Offset, next = 1; next != 0; file += next)
        {
            for (int version = file + Int(file + 8), step = 1; step != 0; version += step)
            {
                yield return Text(strings + Int(version + 8));
                step = Int(version + 12);
            }
            next = Int(file + 12);
        }
    }

    private int Short(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at));

    private int Int(int at) => BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(at));

    // Offsets fit: the file was read into an array. Tags that do not are none that is looked for.
    private int Long(int at) => (int)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(at)), int.MaxValue);

    private string Text(int at) =>
        Encoding.ASCII.GetString(_bytes.AsSpan(at, _bytes.AsSpan(at).IndexOf((byte)0)));
}
