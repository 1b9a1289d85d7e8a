using System.Globalization;
using Atl.Proto;

namespace Atl.Devices;

/// <summary>
/// The memory that this process can ever have: that of the machine and its swap space, or of the control group that it
/// runs in. Linux grants more when it is asked and ends the process when the memory is used.
/// </summary>
internal static class HostMemory
{
    private const string Groups = "/sys/fs/cgroup";

    private static readonly Lazy<long> Found = new(() => Math.Min(OfMachine(), OfGroups("/proc/self/cgroup", Groups)));

    /// <summary>Bytes; <see cref="long.MaxValue"/> where that is not known.</summary>
    public static long Most => Found.Value;

    /// <summary>The minimum limit of a process's control group and of those around it.</summary>
    /// <param name="groupsOfProcess">The file that names the process's groups.</param>
    /// <param name="root">Where the groups' folders are.</param>
    internal static long OfGroups(string groupsOfProcess, string root)
    {
        long most = long.MaxValue;
        foreach (string line in ReadLines(groupsOfProcess))
        {
            // Version 2: 0::/path. Version 1: number:controllers:/path.
            string[] parts = line.Split(':', 3);
            if (parts.Length < 3) continue;
            bool isSecond = parts[1].Length == 0;
            if (!isSecond && !parts[1].Split(',').Contains("memory")) continue;
            string top = isSecond ? root : Path.Combine(root, "memory");
            for (string path = parts[2].TrimEnd('/'); ; path = path[..path.LastIndexOf('/')])
            {
                string folder = top + path;
                most = Math.Min(most, isSecond
                    ? Limit($"{folder}/memory.max", $"{folder}/memory.swap.max")
                    : Limit($"{folder}/memory.limit_in_bytes", null));
                if (!path.Contains('/', StringComparison.Ordinal)) break;
            }
        }
        return most;
    }

    private static long Limit(string memory, string? swap)
    {
        long most = Number(memory);
        if (most == long.MaxValue || swap is null) return most;
        long swapped = Number(swap);
        return swapped > long.MaxValue - most ? long.MaxValue : most + swapped;
    }

    // "max" is no limit.
    private static long Number(string file) =>
        ReadLines(file) is [var line, ..] && long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture,
            out long number)
            ? number
            : long.MaxValue;

    private static long OfMachine()
    {
        if (!OperatingSystem.IsLinux()) return long.MaxValue;
        long memory = 0, swap = 0;
        foreach (string line in ReadLines("/proc/meminfo"))
        {
            if (line.StartsWith("MemTotal:", StringComparison.Ordinal)) memory = Kilobytes(line);
            if (line.StartsWith("SwapTotal:", StringComparison.Ordinal)) swap = Kilobytes(line);
        }
        return memory > 0 ? memory + swap : long.MaxValue;
    }

    private static long Kilobytes(string line)
    {
        string digits = new([.. line.Where(char.IsAsciiDigit)]);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number * 1024 : 0;
    }

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            return [];
        }
    }
}
