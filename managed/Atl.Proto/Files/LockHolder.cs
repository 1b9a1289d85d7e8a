using System.Globalization;
using System.Text;

namespace Atl.Proto;

/// <summary>
/// The holder of an output's lock, as its file states it in one line: <c>process 12 on HOST since TIME UTC</c>.
/// </summary>
internal static class LockHolder
{
    private const int LongestText = 500;

    /// <summary>Writes that this process does. A disk that is full, or whatever else, takes the words and not the
    /// lock.</summary>
    public static void Write(FileStream stream)
    {
        string time = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        // The lock is what counts.
        FileFault.Ignore(() =>
        {
            stream.SetLength(0);
            stream.Position = 0;
            stream.Write(Encoding.UTF8.GetBytes($"process {Environment.ProcessId} on {Environment.MachineName} "
                + $"since {time} UTC\n"));
        });
    }

    /// <summary>Reads the file's line; null if it is empty.</summary>
    public static string? Read(FileStream stream)
    {
        try
        {
            byte[] bytes = new byte[LongestText];
            stream.Position = 0;
            string text = Encoding.UTF8.GetString(bytes, 0,
                stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
            text = text.Split('\n')[0].Trim();
            return text.StartsWith("process ", StringComparison.Ordinal) ? PathText.Show(text) : null;
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            return null;
        }
    }
}
