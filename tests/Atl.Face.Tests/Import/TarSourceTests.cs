using Atl.Face.Import;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Face.Tests.Import;

/// <summary>Tar archives whose headers claim what is not there, and all kinds of names.</summary>
public sealed class TarSourceTests : FolderFixture
{
    private static readonly byte[] End = new byte[2 * TarBytes.Block];

    private string Archive => _folder["a.tar"];

    [Test]
    public void NamesOfAllKindsAreRead()
    {
        string longName = new string('n', 120) + "/1.jpg", paxName = new string('p', 130) + "/2.jpg";
        Write(
            TarBytes.File("Ann/0.jpg", [1], '\0'), TarBytes.File("Ann/", [], '\0'), TarBytes.File("Bo", [], '5'),
            TarBytes.File("././@LongLink", [.. System.Text.Encoding.ASCII.GetBytes(longName), 0], 'L'),
                TarBytes.File("x", [2]),
            TarBytes.File("pax", TarBytes.Record("path", paxName), 'x'), TarBytes.File("y", [3], '7'),
            TarBytes.File("global", TarBytes.Record("comment", "c" + new string('c', 20)), 'g'),
            TarBytes.File("Ann/link.jpg", [], '2'),
            TarBytes.File("Ann/3.jpg", [4, 5], size: [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]),
            End);
        using ImportSource source = ImportSource.Open([Archive]);
        Assert.That(source.Items.Select(item => item.Name), Is.EqualTo(["Ann/0.jpg", longName, paxName, "Ann/3.jpg"]));
        Assert.That(source.Faults.Single().Reason, Does.Contain("'Ann/link.jpg' is a symbolic link"));
        Assert.That(Enumerable.Range(0, 4).Select(source.Read), Is.EqualTo(new byte[][] { [1], [2], [3], [4, 5] }));
    }

    [Test]
    public void HardLinksAreTheFilesThatTheyLeadTo()
    {
        Write(
            TarBytes.File("Ann/0.jpg", [1]),
            TarBytes.File("pax", TarBytes.Record("linkpath", "Ann/0.jpg"), 'x'), TarBytes.File("Bo/1.jpg", [], '1'),
            TarBytes.File("././@LongLink", "Bo/1.jpg\0"u8.ToArray(), 'K'), TarBytes.File("Cy/2.jpg", [], '1'),
            TarBytes.File("pax", TarBytes.Record("linkpath", "none.jpg"), 'x'), TarBytes.File("Di/3.jpg", [], '1'),
            TarBytes.File("Ed/4.jpg", [], '6'),
            End);
        using ImportSource source = ImportSource.Open([Archive]);
        Assert.That(source.Items.Select(item => item.Name), Is.EqualTo(["Ann/0.jpg", "Bo/1.jpg", "Cy/2.jpg"]));
        Assert.That(Enumerable.Range(0, 3).Select(source.Read), Has.All.EqualTo(new byte[] { 1 }));
        Assert.That(source.Faults.Select(fault => fault.Name), Is.EqualTo(["Di/3.jpg", "Ed/4.jpg"]));
        Assert.That(source.Faults[0].Reason,
            Does.Contain("'Di/3.jpg' is a link to 'none.jpg', which is not in the archive before it"));
    }

    // As GNU's tar writes with --sparse in each of its formats, and what else is no file.
    [Test]
    public void SparseFilesAndOtherEntriesAreNamedByTheirOwnNames()
    {
        Write(
            TarBytes.File("Ann/0.jpg", [1]),
            TarBytes.File("pax",
                [.. TarBytes.Record("GNU.sparse.major", "1"), .. TarBytes.Record("GNU.sparse.name", "Bo/1.jpg"),
                .. TarBytes.Record("GNU.sparse.realsize", "1000")], 'x'),
            TarBytes.File("./GNUSparseFile.7/1.jpg", [2, 3]),
            TarBytes.File("pax",
                [.. TarBytes.Record("GNU.sparse.size", "1000"), .. TarBytes.Record("GNU.sparse.map", "0,1")], 'x'),
            TarBytes.File("Bo/2.jpg", [4]),
            TarBytes.File("Cy/3.jpg", [5], 'S'), TarBytes.File("Di/4.jpg", [6], 'M'),
            TarBytes.File("Di/5.jpg", [7], 'Z'),
            TarBytes.File("Di", [], 'D'), TarBytes.File("backup", [], 'V'), TarBytes.File("Ed/6.jpg", [8]),
            End);
        using ImportSource source = ImportSource.Open([Archive]);
        Assert.That(source.Items.Select(item => item.Name), Is.EqualTo(["Ann/0.jpg", "Ed/6.jpg"]));
        Assert.That(source.Read(1), Is.EqualTo(new byte[] { 8 }));
        Assert.That(source.Faults.Select(fault => fault.Name),
            Is.EqualTo(["Bo/1.jpg", "Bo/2.jpg", "Cy/3.jpg", "Di/4.jpg", "Di/5.jpg"]));
        Assert.That(source.Faults.Take(3).Select(fault => fault.Reason), Has.All.Contains(
            "is a sparse file, packed without its zeros, expected a whole file (tar without --sparse)"));
        Assert.That(source.Faults[3].Reason,
            Does.Contain("'Di/4.jpg' is an entry of type 'M', the rest of a file of another volume"));
        Assert.That(source.Faults[4].Reason, Does.Contain("'Di/5.jpg' is an entry of type 'Z', expected a file"));
    }

    [Test]
    public void ArchivesThatAreJoinedAreReadToTheirEnd()
    {
        Write(TarBytes.File("Ann/0.jpg", [1]), End, TarBytes.File("Bo/1.jpg", [2]), End,
            [.. Enumerable.Repeat((byte)7, TarBytes.Block)]);
        using ImportSource source = ImportSource.Open([Archive]);
        Assert.That(source.Items.Select(item => item.Name), Is.EqualTo(["Ann/0.jpg", "Bo/1.jpg"]));
        Assert.That(source.Faults.Single().Reason, Does.StartWith($"{Archive}: at byte 4096: damaged"));
    }

    [Test]
    public void AnArchiveOfTheLibrarysFormatsIsRead([Values] System.Formats.Tar.TarEntryFormat format)
    {
        if (format == System.Formats.Tar.TarEntryFormat.Unknown) return;
        using (System.Formats.Tar.TarWriter writer = new(File.Create(Archive), format))
        {
            File.WriteAllBytes(_folder["1.jpg"], [1, 2, 3]);
            writer.WriteEntry(_folder["1.jpg"], "Ann/1.jpg");
        }
        using ImportSource source = ImportSource.Open([Archive]);
        Assert.That(source.Items, Is.EqualTo([new ImportItem("Ann/1.jpg", "Ann")]));
        Assert.That(source.Read(0), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void AFileThatBreaksOffWithItsArchiveIsOneError()
    {
        Write(TarBytes.File("Ann/0.jpg", [1]), TarBytes.File("Ann/1.jpg", [2, 3], size: TarBytes.Octal(1L << 32, 11)));
        using ImportSource source = ImportSource.Open([Archive]);
        Assert.That(source.Items, Has.Count.EqualTo(2));
        Assert.That(source.Read(0), Is.EqualTo(new byte[] { 1 }));
        Assert.That(() => source.Read(1), Throws.InstanceOf<AtlException>().With.Message.EqualTo(
            $"'Ann/1.jpg' claims 4294967296 bytes at byte 1536 of {Archive}, which has 2048 (truncated or damaged)"));
    }

    // A number of more than 64 bits, a negative one, one of 63 bits, and no number.
    [TestCase(new byte[] { 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 }, "the size in the header is no number of bytes")]
    [TestCase(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE },
        "the size in the header is no number")]
    [TestCase(new byte[] { 0x80, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF },
        "the size in the header is no number")]
    [TestCase(new byte[] { (byte)'8', (byte)'x' }, "the size in the header is no number")]
    public void SizesThatAreNoneAreErrors(byte[] size, string expected)
    {
        Write(TarBytes.File("Ann/0.jpg", [1]), TarBytes.File("Ann/1.jpg", [2], size: size), End);
        Assert.That(Error(), Does.StartWith(
            $"{Archive}: at byte 1024: damaged, or no tar archive").And.Contains(expected));
    }

    [Test]
    public void ExtendedHeadersWithoutMeasureAreErrors([Values('x', 'g', 'L', 'K')] char type)
    {
        Write(TarBytes.File("Ann/0.jpg", [1]), TarBytes.File("e", [], type, TarBytes.Octal(1L << 31, 11)),
            new byte[4096]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(Error(), Is.EqualTo(
            $"{Archive}: at byte 1024: a name or extended header claims 2147483648 bytes, expected at most 4096 "
                + "(damaged); what follows is lost"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(16 << 20));
    }

    [TestCase("size", "18446744073709551615", "the extended header gives the size '18446744073709551615'")]
    [TestCase("size", "-1", "the extended header gives the size '-1'")]
    public void ExtendedSizesThatAreNoneAreErrors(string key, string value, string expected)
    {
        Write(TarBytes.File("pax", TarBytes.Record(key, value), 'x'), TarBytes.File("Ann/0.jpg", [1]), End);
        Assert.That(Error(), Does.Contain(expected));
    }

    [TestCase("99999 path=x\n")]
    [TestCase("0 path=x\n")]
    [TestCase("path=x\n")]
    [TestCase("9 pathxx\n")]
    public void ExtendedHeadersThatAreNoneAreErrors(string text)
    {
        Write(TarBytes.File("pax", System.Text.Encoding.ASCII.GetBytes(text), 'x'), TarBytes.File("Ann/0.jpg", [1]),
            End);
        Assert.That(Error(), Is.EqualTo(
            $"{Archive}: at byte 0: damaged: the extended header holds no lines of a length, a key and a value"));
    }

    [Test]
    public void AHeaderWithOneWrongByteNamesItsPlace()
    {
        // Of the group's number, which nobody needs.
        byte[] second = TarBytes.File("Ann/1.jpg", [2]);
        second[116] = 0x80;
        Write(TarBytes.File("Ann/0.jpg", [1]), second, End);
        Assert.That(Error(), Does.StartWith($"{Archive}: at byte 1024: damaged").And.EndsWith(
            "the header does not match its checksum; what follows is lost"));
        Write(TarBytes.File("Ann/0.jpg", [1]), new byte[100]);
        Assert.That(Error(), Does.StartWith($"{Archive}: at byte 1024: truncated"));
    }

    [Test]
    public void WhatCanBeReadOfADamagedArchiveIsImported()
    {
        byte[] broken = TarBytes.File("Ann/3.jpg", [4]);
        broken[116] = 0x80;
        Write(TarBytes.File("Ann/0.jpg", [1]), TarBytes.File("Ann/0.json", "{"u8.ToArray()),
            TarBytes.File("Ann/1.jpg", [2]), TarBytes.File("Ann/2.jpg", [3]), TarBytes.File("Ann/2.cls", []),
            TarBytes.File("Ann/9.cls", []), TarBytes.File("Ann/1.jpg", [5]), broken,
            TarBytes.File("Ann/4.jpg", [6]), End);
        using ImportSource source = ImportSource.Open([Archive]);
        Assert.That(source.Items, Is.EqualTo([new ImportItem("Ann/1.jpg", "Ann")]));
        Assert.That(source.Faults.Select(fault => (fault.Name, fault.Problem)), Is.EqualTo(
            ((string[])[Archive, "Ann/0.jpg", "Ann/2.jpg", "Ann/1.jpg", "Ann/9.cls"]).Select(name =>
                (name, ImportProblem.Unreadable))));
        string[] reasons = [.. source.Faults.Select(fault => fault.Reason)];
        Assert.That(reasons[0], Does.StartWith($"{Archive}: at byte ").And.EndsWith("; what follows is lost"));
        Assert.That(reasons[1], Does.StartWith($"{Archive}: 'Ann/0.json' is no JSON"));
        Assert.That(reasons[2], Is.EqualTo($"{Archive}: 'Ann/2.cls' has 0 bytes, expected an identity"));
        Assert.That(reasons[3], Does.Contain("found two images called 'Ann/1.jpg'"));
        Assert.That(reasons[4], Does.Contain("'Ann/9.cls' has 0 bytes"));
    }

    [Test]
    public void AnArchiveThatEndsWithinAnotherFileIsNotWhole()
    {
        Write(TarBytes.File("Ann/0.jpg", [1]), TarBytes.File("readme", [2], size: TarBytes.Octal(1L << 20, 11)));
        Assert.That(Error(), Is.EqualTo($"{Archive}: truncated: it ends within 'readme'; what follows is lost"));
    }

    [Test]
    public void OneOfSeveralArchivesMayBeNone()
    {
        Write(TarBytes.File("Ann/0.jpg", [1]), End);
        File.WriteAllBytes(_folder["b.tar"], [.. Enumerable.Range(0, 2000).Select(i => (byte)(i * 7))]);
        using ImportSource source = ImportSource.Open([_folder["b.tar"], Archive]);
        Assert.That((source.Items.Count, source.Read(0), source.Faults.Single().Name),
            Is.EqualTo((1, new byte[] { 1 }, _folder["b.tar"])));
    }

    // What is wrong with an archive: an error where no image is left.
    private string Error()
    {
        try
        {
            using ImportSource source = ImportSource.Open([Archive]);
            return source.Faults.Single().Reason;
        }
        catch (AtlException e)
        {
            return e.Message;
        }
    }

    private void Write(params byte[][] parts) => File.WriteAllBytes(Archive, [.. parts.SelectMany(part => part)]);
}
