using System.Buffers.Binary;
using System.Globalization;
using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// Refuses damage to a LevelDB that the library does not report: it would end the process, wait for ever, or silently
/// give fewer records. All other damage is found by the library's checksums.
/// </summary>
internal static class LevelDbCheck
{
    private const int FooterBytes = 48, TrailerBytes = 5;
    private const ulong TableMagic = 0xDB4775248B80FB57;

    /// <summary>Checks the files of a folder.</summary>
    /// <exception cref="AtlException">One is no regular file, is damaged or missing.</exception>
    public static void Require(string folder)
    {
        string[] files = UserFile.Guarded(folder, "a LevelDB", () => Directory.GetFiles(folder));
        foreach (string file in files) PathKinds.CheckRegular(file, "a part of a LevelDB");
        foreach (string table in files.Where(file => Path.GetExtension(file) is ".ldb" or ".sst")) CheckTable(table);
        if (OldestLog(folder) is not { } oldest) return;
        SortedDictionary<ulong, string> logs = [];
        foreach (string log in files.Where(file => Path.GetExtension(file) == ".log"))
            if (ulong.TryParse(Path.GetFileNameWithoutExtension(log), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)) logs[number] = log;
        if (!logs.ContainsKey(oldest))
            throw new AtlException($"{folder}: the file {oldest:D6}.log is missing, with the records that were written last");
        foreach ((ulong number, string log) in logs)
            if (number >= oldest) foreach (byte[] _ in LevelDbLog.Read(log)) continue;
    }

    // A table ends with the places of its two outermost blocks, which no checksum covers, and a number.
    private static void CheckTable(string table)
    {
        using Stream stream = UserFile.Open(table, "a table of a LevelDB");
        byte[] footer = new byte[FooterBytes];
        long length = stream.Length;
        if (length >= FooterBytes)
            UserFile.Guarded(table, "a table of a LevelDB", () =>
            {
                stream.Position = length - FooterBytes;
                stream.ReadExactly(footer);
                return footer;
            });
        if (length < FooterBytes || BinaryPrimitives.ReadUInt64LittleEndian(footer.AsSpan(FooterBytes - sizeof(ulong))) != TableMagic)
            throw new AtlException($"{table}: {length:N0} bytes without the end of a table: truncated or damaged");
        ReadOnlySpan<byte> rest = footer;
        for (int block = 0; block < 2; block++)
            if (!TryReadNumber(ref rest, out ulong offset) || !TryReadNumber(ref rest, out ulong size)
                || offset > (ulong)length || size > (ulong)length || offset + size + TrailerBytes > (ulong)(length - FooterBytes))
                throw new AtlException($"{table}: the end of the table names a block that is not in its {length:N0} bytes: damaged");
    }

    // The first log whose records are in no table yet, by the manifest; null where the library will say what is wrong.
    private static ulong? OldestLog(string folder)
    {
        string current = Path.Combine(folder, "CURRENT");
        string name = UserFile.ReadLines(current, "the name of a LevelDB's manifest").FirstOrDefault() ?? "";
        string manifest = Path.Combine(folder, name);
        if (!name.StartsWith("MANIFEST-", StringComparison.Ordinal) || !File.Exists(manifest)) return null;
        ulong log = 0, previous = 0, next = 0;
        foreach (byte[] edit in LevelDbLog.Read(manifest))
            if (!TryReadLogs(edit, ref log, ref previous, ref next)) return null;
        // The library ends the process where its next number is not above all others.
        if (next > 0 && (log >= next || previous >= next))
            throw new AtlException($"{manifest}: the logs {log} and {previous} are not below the next file's number {next}: damaged");
        return log == 0 ? null : previous == 0 ? log : Math.Min(log, previous);
    }

    private static bool TryReadLogs(ReadOnlySpan<byte> edit, ref ulong log, ref ulong previous, ref ulong next)
    {
        const int Comparator = 1, Log = 2, NextFile = 3, LastSequence = 4, CompactPointer = 5, DeletedFile = 6, NewFile = 7, PreviousLog = 9;
        while (!edit.IsEmpty)
        {
            if (!TryReadNumber(ref edit, out ulong tag)) return false;
            bool read = tag switch
            {
                Comparator => TrySkipText(ref edit),
                Log => TryReadNumber(ref edit, out log),
                NextFile => TryReadNumber(ref edit, out next),
                LastSequence => TryReadNumber(ref edit, out _),
                CompactPointer => TryReadNumber(ref edit, out _) && TrySkipText(ref edit),
                DeletedFile => TryReadNumber(ref edit, out _) && TryReadNumber(ref edit, out _),
                NewFile => TryReadNumber(ref edit, out _) && TryReadNumber(ref edit, out _) && TryReadNumber(ref edit, out _)
                    && TrySkipText(ref edit) && TrySkipText(ref edit),
                PreviousLog => TryReadNumber(ref edit, out previous),
                _ => false,
            };
            if (!read) return false;
        }
        return true;
    }

    private static bool TrySkipText(ref ReadOnlySpan<byte> bytes)
    {
        if (!TryReadNumber(ref bytes, out ulong length) || length > (ulong)bytes.Length) return false;
        bytes = bytes[(int)length..];
        return true;
    }

    // Seven bits a byte, the lowest first.
    private static bool TryReadNumber(ref ReadOnlySpan<byte> bytes, out ulong number)
    {
        number = 0;
        for (int i = 0; i < bytes.Length && i < 10; i++)
        {
            number |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] >= 0x80) continue;
            bytes = bytes[(i + 1)..];
            return true;
        }
        return false;
    }
}
