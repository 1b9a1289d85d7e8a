using System.Text;

namespace Atl.Devices;

/// <summary>Memory that a device does not have: how much, for what, and what the device holds already.</summary>
internal sealed class DeviceMemoryException : DeviceException
{
    private readonly string _why, _report;

    internal DeviceMemoryException(long bytes, string why, string report, string use = "", string remedy = "")
        : base(Describe(bytes, why, report, use, remedy)) => (Bytes, _why, _report, Use) = (bytes, why, report, use);

    /// <summary>The number of bytes asked for; 0 if unknown.</summary>
    public long Bytes { get; }

    /// <summary>The use of the memory; empty if unknown.</summary>
    public string Use { get; }

    /// <summary>The same error with what the memory was asked for, unless that is known.</summary>
    internal DeviceMemoryException For(string use) => Use.Length > 0 ? this : new(Bytes, _why, _report, use);

    /// <summary>The same error with what to do about it.</summary>
    internal DeviceMemoryException With(string remedy) => new(Bytes, _why, _report, Use, remedy);

    private static string Describe(long bytes, string why, string report, string use, string remedy)
    {
        StringBuilder text = new();
        if (bytes > 0)
        {
            text.Append(FormattableString.Invariant($"{bytes} bytes "));
            if (use.Length > 0) text.Append($"for {use} ");
            text.Append("cannot be allocated: ");
        }
        text.Append(why);
        // What to do stands last, where it is seen.
        if (report.Length > 0) text.Append('\n').Append(report);
        if (remedy.Length > 0) text.Append(report.Length > 0 ? "\n" : "; ").Append(remedy);
        return text.ToString();
    }
}
