using System.Globalization;
using System.Text;

namespace Atl.Face.Tests.Import;

/// <summary>Writes tar archives for tests, header by header, so that a header may claim anything.</summary>
internal static class TarBytes
{
    public const int Block = 512;

    /// <summary>A file with a header of ustar whose checksum fits.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="type">The kind of the entry.</param>
    /// <param name="size">The field of the size; the content's in octal digits where it is not given.</param>
    public static byte[] File(string name, byte[] content, char type = '0', byte[]? size = null)
    {
        byte[] header = new byte[Block];
        Encoding.UTF8.GetBytes(name).CopyTo(header, 0);
        (size ?? Octal(content.Length, 11)).CopyTo(header, 124);
        header[156] = (byte)type;
        "ustar\000"u8.CopyTo(header.AsSpan(257));
        header.AsSpan(148, 8).Fill((byte)' ');
        Octal(header.Sum(b => b), 6).CopyTo(header, 148);
        header[154] = 0;
        byte[] filled = new byte[(content.Length + Block - 1) / Block * Block];
        content.CopyTo(filled, 0);
        return [.. header, .. filled];
    }

    /// <summary>A line of an extended header.</summary>
    public static byte[] Record(string key, string value)
    {
        string rest = $" {key}={value}\n";
        int length = Encoding.UTF8.GetByteCount(rest), digits = length + 2 < 100 ? 2 : 3;
        return Encoding.UTF8.GetBytes((length + digits).ToString(CultureInfo.InvariantCulture) + rest);
    }

    /// <summary>Digits as headers have them.</summary>
    public static byte[] Octal(long number, int digits) =>
        Encoding.ASCII.GetBytes(Convert.ToString(number, 8).PadLeft(digits, '0'));
}
