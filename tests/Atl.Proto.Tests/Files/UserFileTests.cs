using System.IO.Pipes;
using System.Text;
using Atl.TestSupport;

namespace Atl.Proto.Tests.Files;

/// <summary>What only looks like a file is an error at once; what is piped in on purpose is read.</summary>
public sealed class UserFileTests : FolderFixture
{
    [Test]
    public void APipeToWhichNobodyWritesIsNotWaitedFor()
    {
        string pipe = OddFiles.Pipe(_folder["net.prototxt"]);
        Fails(() => UserFile.ReadAll(pipe, "a list"), $"{pipe}: a named pipe, expected a list in a regular file");
        Fails(() => UserFile.Lines(pipe, "a log").ToArray(), $"{pipe}: a named pipe, expected a log in a regular file");
        Fails(() => ProtoFiles.ReadNet(pipe), $"{pipe}: a named pipe, expected ");
        Fails(() => ProtoFiles.ReadNetBinary(pipe), $"{pipe}: a named pipe, expected ");
        Fails(() => JsonText.Read<int>(pipe, "a number"), $"{pipe}: a named pipe, expected a number");
        Assert.That(Hdf5Snapshots.IsHdf5(pipe), Is.False);
    }

    [Test]
    public void DevicesSocketsAndFoldersAreNamed()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("devices are told from files on Linux only");
        Fails(() => UserFile.Lines("/dev/zero", "a log").ToArray(),
            "/dev/zero: a device, expected a log in a regular file");
        string socket = _folder["socket"];
        using IDisposable made = OddFiles.Socket(socket);
        Fails(() => UserFile.ReadAll(socket, "a list"), $"{socket}: a socket, expected a list in a regular file");
        Fails(() => UserFile.ReadAll(_folder.FullName, "a list"), $"{_folder.FullName}: a folder, expected a list");
    }

    // The kernel's messages wait for the next one, and a process's page map never ends.
    [TestCase("/proc/kmsg")]
    [TestCase("/proc/self/pagemap")]
    [TestCase("/sys/kernel/notes")]
    public void FilesOfTheSystemAreNotRead(string file)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(file)) Assert.Ignore("the system's own files of Linux");
        string link = _folder["x.jpg"];
        File.CreateSymbolicLink(link, file);
        foreach (string path in (string[])[file, link])
            Fails(() => UserFile.ReadAll(path, "a list"),
                $"{path}: a file of the system's own (as in /proc), expected a list in a regular file");
        Assert.That(PathKinds.Of(link), Is.EqualTo(PathKind.System));
        File.WriteAllText(_folder["plain"], "");
        Assert.That(PathKinds.Of(_folder["plain"]), Is.EqualTo(PathKind.File));
    }

    [Test]
    public void LinksThatLeadNowhereAreNamed()
    {
        File.CreateSymbolicLink(_folder["link"], "nowhere");
        File.CreateSymbolicLink(_folder["circle"], "circle");
        Fails(() => UserFile.ReadAll(_folder["link"], "a list"),
            $"{_folder["link"]}: a link to 'nowhere', which does not exist, expected a list");
        Fails(() => UserFile.ReadAll(_folder["circle"], "a list"), $"{_folder["circle"]}: ");
        File.WriteAllText(_folder["nowhere"], "x");
        Assert.That(UserFile.Lines(_folder["link"], "a list"), Is.EqualTo(["x"]));
    }

    [Test]
    public void WhatIsPipedInIsReadUpToALimit()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("there is no /dev/fd");
        Assert.That(ReadPiped(1000, 1000), Is.EqualTo(1000));
        Fails(() => ReadPiped(1001, 1000),
            "a pipe with more than 1,000 bytes, expected a list; write it to a file first");
    }

    [Test]
    public void AFileWithoutPermissionIsNamed()
    {
        string file = _folder["secret"];
        File.WriteAllText(file, "x");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.None);
        if (Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
            Assert.Ignore("the administrator may read every file");
        Fails(() => UserFile.ReadAll(file, "a list"), $"{file}: no permission to read the file, expected a list");
    }

    private static long ReadPiped(int bytes, int most)
    {
        using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        pipe.Write(Encoding.UTF8.GetBytes(new string('x', bytes)));
        string path = "/dev/fd/" + pipe.GetClientHandleAsString();
        // The writer's end is closed, so that the reader comes to an end.
        Task<long> read = Task.Run(() =>
        {
            using Stream stream = UserFile.Open(path, "a list", most);
            return stream.Length;
        });
        Thread.Sleep(50);
        pipe.Dispose();
        return read.GetAwaiter().GetResult();
    }

    private static void Fails(Action read, string message) =>
        Assert.That(read, Throws.TypeOf<AtlException>().With.Message.Contains(message));
}
