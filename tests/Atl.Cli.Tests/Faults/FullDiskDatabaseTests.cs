using Atl.Data;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Cli.Tests.Faults;

/// <summary>Databases that are made on a disk without room for them.</summary>
public sealed class FullDiskDatabaseTests : FolderFixture
{
    [SetUp]
    public void MakePictures()
    {
        Directory.CreateDirectory(_folder["faces/ann"]);
        for (int i = 0; i < 30; i++)
        {
            using Mat image = new(48, 48, MatType.CV_8UC3);
            Cv2.Randu(image, Scalar.All(0), Scalar.All(i + 1));
            Cv2.ImWrite(_folder[$"faces/ann/{i}.png"], image);
        }
        File.WriteAllLines(_folder["list.txt"], Enumerable.Range(0, 30).Select(i => $"faces/ann/{i}.png {i}"));
    }

    [TestCase("lmdb", "4k")]
    [TestCase("lmdb", "8k")]
    [TestCase("lmdb", "32k")]
    [TestCase("leveldb", "32k")]
    public void NothingStandsUnderItsName(string backend, string size)
    {
        using SmallDisk disk = new(_folder["disk"], size);
        ProgramResult result = AtlProgram.Run(_folder.FullName, "convert_imageset", "-backend", backend, "./",
            "list.txt", "disk/db");
        Assert.That(result.ExitCode, Is.EqualTo(1), result.Errors);
        Assert.That(result.LastError, Does.StartWith("atl convert_imageset: disk/db").And.Contains(
            backend == "lmdb" ? "the disk is full" : "No space left on device"));
        Assert.That(Directory.GetFileSystemEntries(_folder["disk"]), Is.Empty);
    }

    [Test]
    public void AnImportGoesOnWhenThereIsRoom()
    {
        Assert.That(AtlProgram.Run(_folder.FullName, "import", "faces", "-out", "whole").ExitCode, Is.Zero);
        using SmallDisk disk = new(_folder["disk"], "48k");
        ProgramResult result = AtlProgram.Run(_folder.FullName, "import", "faces", "-out", "disk/db");
        Assert.That((result.ExitCode, Directory.Exists(_folder["disk/db"])), Is.EqualTo((1, false)), result.Errors);
        disk.Grow("4m");
        Assert.That(AtlProgram.Run(_folder.FullName, "import", "faces", "-out", "disk/db").ExitCode, Is.Zero);
        using LmdbReader whole = new(_folder["whole"]), later = new(_folder["disk/db"]);
        Assert.That(later.Count, Is.EqualTo(whole.Count));
        do Assert.That(later.Key + Convert.ToHexString(later.Value),
            Is.EqualTo(whole.Key + Convert.ToHexString(whole.Value)));
        while (later.TryMoveNext() & whole.TryMoveNext());
    }
}
