using Atl.Face.Import;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Face.Tests.Import;

public sealed class RecordIoTests : FolderFixture
{
    private string Rec => _folder["train.rec"];

    [TestCase(false)]
    [TestCase(true)]
    public void PicturesAndLabelsOfInsightface(bool indexed)
    {
        byte[][] records =
        [
            RecordIoBytes.Whole(RecordIoBytes.Headed([4, 6], [])),
            RecordIoBytes.Whole(RecordIoBytes.Headed([3], [1, 2, 3, 4, 5])),
            RecordIoBytes.Whole(RecordIoBytes.Headed([7, 0], [6, 7])),
            RecordIoBytes.Whole(RecordIoBytes.Headed([9], [8], flagged: true)),
            RecordIoBytes.Whole(RecordIoBytes.Headed([1, 3], [])),
            RecordIoBytes.Whole(RecordIoBytes.Headed([3, 4], [])),
        ];
        Write(records, indexed);
        using ImportSource source = ImportSource.Open([Rec]);
        Assert.Multiple(() =>
        {
            Assert.That(source.IsNumbered);
            Assert.That(source.Items,
                Is.EqualTo([new ImportItem("1", "3"), new ImportItem("2", "7"), new ImportItem("3", "9")]));
            Assert.That(source.Read(0), Is.EqualTo(new byte[] { 1, 2, 3, 4, 5 }));
            Assert.That(source.Read(1), Is.EqualTo(new byte[] { 6, 7 }));
            Assert.That(source.Read(2), Is.EqualTo(new byte[] { 8 }));
        });
    }

    [Test]
    public void ARecordOfManyPartsTakesTimeByItsLength()
    {
        const int Parts = 100_000;
        using MemoryStream bytes = new();
        bytes.Write(RecordIoBytes.Part(1, RecordIoBytes.Headed([2], [1])));
        for (int i = 0; i < Parts; i++) bytes.Write(RecordIoBytes.Part(2, []));
        bytes.Write(RecordIoBytes.Part(3, [9]));
        File.WriteAllBytes(Rec, bytes.ToArray());
        using ImportSource source = ImportSource.Open([Rec]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        byte[] picture = source.Read(0);
        Assert.That(picture, Has.Length.EqualTo(1 + 4 * (Parts + 1) + 1));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(16 << 20));
    }

    [Test]
    public void RecordsOfAnIndexAreNotOneAndTheSame()
    {
        File.WriteAllBytes(Rec, RecordIoBytes.Whole(RecordIoBytes.Headed([3], [1])));
        File.WriteAllText(_folder["train.idx"], "1\t0\n2\t0\n3\t4\n4\tx\n");
        using ImportSource source = ImportSource.Open([Rec]);
        string index = _folder["train.idx"];
        Assert.That(source.Items, Is.EqualTo([new ImportItem("1", "3")]));
        Assert.That(source.Faults.Select(fault => (fault.Name, fault.Reason)), Is.EqualTo(
        [
            ($"{index}:2", $"{index}:2: record 2 should be at byte 0, but another one is there"),
            ($"{index}:3", $"{index}:3: record 3 is not at the index's position: {Rec}: found 0x00000019 at byte 4, "
                + "expected a record of RecordIO (0xced7230a)"),
            ($"{index}:4", $"{index}:4: found '4\\tx', expected a record's number, a tab and its position in bytes"),
        ]));
    }

    [Test]
    public void WhatComesBeforeTheDamageIsRead()
    {
        byte[] good = RecordIoBytes.Whole(RecordIoBytes.Headed([3], [1, 2, 3, 4])),
            odd = RecordIoBytes.Whole(RecordIoBytes.Headed([0.5f], [1]));
        File.WriteAllBytes(Rec, [.. good, .. odd, .. good, .. good[..^4]]);
        using ImportSource source = ImportSource.Open([Rec]);
        Assert.That(source.Items, Is.EqualTo([new ImportItem("0", "3"), new ImportItem("2", "3")]));
        Assert.That(source.Read(1), Is.EqualTo(new byte[] { 1, 2, 3, 4 }));
        Assert.That(source.Faults.Select(fault => fault.Name), Is.EqualTo(["1", Rec]));
        Assert.That(source.Faults[0].Reason, Does.Contain("record 1 has the label 0.5"));
        Assert.That(source.Faults[1].Reason, Does.StartWith($"{Rec}: truncated, the record at byte "));
    }

    [Test]
    public void RecordInPartsHasTheMagicNumberBetweenThem()
    {
        byte[] content = RecordIoBytes.Headed([2], [1, 2, 3, 4, 0x0a, 0x23, 0xd7, 0xce, 5, 6, 7, 8, 0x0a, 0x23, 0xd7,
            0xce, 9]);
        int first = content.Length - 13, second = content.Length - 5;
        Write([
            [
                .. RecordIoBytes.Part(1, content[..first]), .. RecordIoBytes.Part(2, content[(first + 4)..second]),
                .. RecordIoBytes.Part(3, content[(second + 4)..]),
            ],
            RecordIoBytes.Whole(RecordIoBytes.Headed([1], [42])),
        ], false);
        using ImportSource source = ImportSource.Open([Rec]);
        Assert.That(source.Items.Select(item => item.Identity), Is.EqualTo(["2", "1"]));
        Assert.That(source.Read(0), Is.EqualTo(content[24..]));
        Assert.That(source.Read(1), Is.EqualTo(new byte[] { 42 }));
    }

    [Test]
    public void DamagedFilesAreRefused()
    {
        byte[] record = RecordIoBytes.Whole(RecordIoBytes.Headed([3], [1, 2, 3, 4, 5]));
        File.WriteAllBytes(Rec, record[..^4]);
        Assert.That(Error(), Does.Contain("truncated, the record at byte 0 has 29 bytes, but 28 follow"));
        File.WriteAllBytes(Rec, [.. record, 1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.That(Fault(), Does.Contain("found 0x04030201 at byte 40, expected a record of RecordIO (0xced7230a)"));
        File.WriteAllBytes(Rec, [.. record, 1, 2, 3]);
        Assert.That(Fault(), Does.Contain("truncated"));
        File.WriteAllBytes(Rec, RecordIoBytes.Whole([1, 2, 3]));
        Assert.That(Error(), Does.Contain("record 0 has 3 bytes, expected a header of 24"));
        File.WriteAllBytes(Rec, RecordIoBytes.Whole(RecordIoBytes.Headed([0.5f], [1])));
        Assert.That(Error(), Does.Contain("record 0 has the label 0.5, expected a whole number from 0"));
        File.WriteAllBytes(Rec, []);
        Assert.That(Error(), Does.Contain("no record holds an image"));
        File.WriteAllBytes(Rec, RecordIoBytes.Part(1, RecordIoBytes.Headed([1], [1])));
        Assert.That(Error(), Does.Contain("truncated"));
        File.WriteAllBytes(Rec, record);
        File.WriteAllText(_folder["train.idx"], "0\t0\n1\tx\n");
        Assert.That(Fault(), Does.Contain("train.idx:2: found '1\\tx', expected a record's number"));
        File.WriteAllText(_folder["train.idx"], "0\t400\n");
        Assert.That(Error(), Does.Contain("train.idx:1: record 0 should be at byte 400"));
    }

    private string Error() => Assert.Throws<AtlException>(() => ImportSource.Open([Rec]).Dispose())!.Message;

    // What is wrong with a file of which the rest can be read.
    private string Fault()
    {
        using ImportSource source = ImportSource.Open([Rec]);
        return source.Faults.Single().Reason;
    }

    private void Write(byte[][] records, bool indexed)
    {
        File.WriteAllBytes(Rec, [.. records.SelectMany(record => record)]);
        if (!indexed) return;
        int at = 0;
        List<string> lines = [];
        for (int i = 0; i < records.Length; at += records[i++].Length) lines.Add($"{i}\t{at}");
        // insightface writes the first record's line last.
        File.WriteAllLines(_folder["train.idx"], lines.Skip(1).Append(lines[0]));
    }
}
