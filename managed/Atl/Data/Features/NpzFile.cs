using System.IO.Compression;
using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// Several NumPy arrays in one file (.npz, as numpy.savez and savez_compressed write it): a zip archive of .npy files.
/// </summary>
/// <remarks>Not for use by several threads at once.</remarks>
internal sealed class NpzFile : IDisposable
{
    private const string Ending = ".npy";

    // What packed arrays may take: so many bytes, and so many for each byte that they are packed in.
    private const long FewestUnpacked = 3L << 28, UnpackedPerByte = 16;

    private readonly string _path;
    private readonly ZipArchive _archive;

    /// <summary>Opens a file.</summary>
    /// <exception cref="AtlException">It is missing, or no zip archive.</exception>
    public NpzFile(string path)
    {
        _path = path;
        PathKinds.CheckRegular(path, "NumPy arrays (.npz)");
        try
        {
            _archive = UserFile.Guarded(path, "NumPy arrays (.npz)", () => OpenWithEntries(path));
        }
        catch (InvalidDataException e)
        {
            throw new AtlException(
                $"{path}: damaged or truncated, expected NumPy arrays in a zip archive (.npz): {e.Message}", e);
        }
    }

    /// <summary>The first bytes of every such file.</summary>
    public static ReadOnlySpan<byte> Magic => "PK\u0003\u0004"u8;

    /// <summary>The arrays' names.</summary>
    public IReadOnlyList<string> Names =>
        [.. _archive.Entries.Select(entry => entry.FullName)
            .Where(name => name.EndsWith(Ending, StringComparison.Ordinal)).Select(name => name[..^Ending.Length])];

    /// <summary>An array of numbers, to read in the order of the file.</summary>
    /// <exception cref="AtlException">There is none of this name, or it is damaged or of another type.</exception>
    public NpyReader Open(string name) => Open(name, allowText: false);

    /// <summary>Reads an array of text.</summary>
    /// <exception cref="AtlException">There is none of this name, it is damaged, or of another type.</exception>
    public string[] ReadText(string name)
    {
        using NpyReader reader = Open(name, allowText: true);
        return reader.ReadText();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _archive.Dispose();

    // The list of entries is read when it is first asked for, and may be damaged.
    private static ZipArchive OpenWithEntries(string path)
    {
        ZipArchive archive = ZipFile.OpenRead(path);
        try
        {
            _ = archive.Entries.Count;
            return archive;
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    private NpyReader Open(string name, bool allowText)
    {
        ZipArchiveEntry entry = _archive.GetEntry(name + Ending)
            ?? throw new AtlException(
                $"{_path}: no array '{name}'{NearestName.Hint(name, Names)}, found "
                    + $"{string.Join(", ", Names.Select(found => $"'{found}'"))}");
        string what = $"{_path}: array '{name}'";
        if (_archive.Entries.Count(other => other.FullName == entry.FullName) > 1)
            throw new AtlException($"{what}: found several of this name in the file, expected one");
        if (entry.IsEncrypted)
            throw new AtlException($"{what} is encrypted, expected a file without a password (unpack it, and save "
                + "it again with numpy.savez)");
        try
        {
            if (entry.Length < 0 || entry.Length > FewestUnpacked + UnpackedPerByte * Math.Min(entry.CompressedLength,
                new FileInfo(_path).Length))
                throw new AtlException(
                    $"{what} claims {entry.Length} bytes, packed in {entry.CompressedLength}: "
                    + $"expected at most {UnpackedPerByte} for each (damaged, or save it without compression: "
                    + "numpy.savez)");
            return new NpyReader(what, new ChecksumStream(entry.Open(), entry.Length, entry.Crc32, what), entry.Length,
                allowText);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new AtlException($"{what} cannot be read: {e.Message}", e);
        }
    }
}
