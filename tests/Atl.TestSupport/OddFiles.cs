using System.Diagnostics;
using System.Net.Sockets;

namespace Atl.TestSupport;

/// <summary>Makes what looks like a file by its name and is none.</summary>
public static class OddFiles
{
    /// <summary>Makes a named pipe to which nobody writes; skips the test where the system has none.</summary>
    public static string Pipe(string path)
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("pipes are told from files on Linux only");
        using Process process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero);
        return path;
    }

    /// <summary>Makes a socket to which nobody listens; it is there until disposal.</summary>
    public static Socket Socket(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return socket;
    }
}
