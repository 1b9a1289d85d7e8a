using System.Diagnostics;
using System.Reflection;
using System.Text;
using Atl.TestSupport;
using Google.Protobuf;

namespace Atl.Proto.Tests.Files;

/// <summary>Files read and written, and what is said of files that are something else.</summary>
public sealed class ProtoFilesTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("atl-proto-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void BinaryNetsComeBack()
    {
        NetParameter net = SampleNet();
        ProtoFiles.WriteNetBinary(At("a.caffemodel"), net);
        Assert.That(ProtoFiles.ReadNetBinary(At("a.caffemodel")), Is.EqualTo(net));
        Assert.That(NetParameter.Parser.ParseFrom(File.ReadAllBytes(At("a.caffemodel"))), Is.EqualTo(net));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(1), "no temporary file stays behind");
    }

    [Test]
    public void TextBinaryAndStatesComeBack()
    {
        NetParameter net = SampleNet();
        ProtoFiles.WriteNet(At("n.prototxt"), net);
        Assert.That(ProtoFiles.ReadNet(At("n.prototxt")), Is.EqualTo(net));
        var solver = new SolverParameter { BaseLr = 0.1f, LrPolicy = "fixed" };
        ProtoFiles.WriteSolver(At("s.prototxt"), solver);
        Assert.That(ProtoFiles.ReadSolver(At("s.prototxt")), Is.EqualTo(solver));
        var state = new SolverState { Iter = 0, LearnedNet = "x", History = { new BlobProto { Data = { 1f } } } };
        ProtoFiles.WriteSolverState(At("s.solverstate"), state);
        Assert.That(ProtoFiles.ReadSolverState(At("s.solverstate")), Is.EqualTo(state));
        var blob = new BlobProto { Shape = new BlobShape { Dim = { 2 } }, Data = { 1f, 2f } };
        ProtoFiles.WriteBlob(At("b.binaryproto"), blob);
        Assert.That(ProtoFiles.ReadBlob(At("b.binaryproto")), Is.EqualTo(blob));
    }

    [Test]
    public void ErrorsNameTheFileTheyGot()
    {
        ProtoFiles.WriteNetBinary(At("net"), SampleNet());
        ProtoFiles.WriteSolverState(At("state"), new SolverState
        {
            Iter = 3,
            LearnedNet = "x.caffemodel",
            History = { new BlobProto { Data = { 1f } } }
        });
        ProtoFiles.WriteBlob(At("blob"), new BlobProto { Num = 1, Channels = 1, Data = { 1f, 2f, 3f } });
        File.WriteAllText(At("text"), "name: 'a'\nlayer { }\n");
        File.WriteAllBytes(At("hdf5"), [0x89, .. "HDF\r\n"u8, 0x1A, (byte)'\n', 0, 0]);
        File.WriteAllBytes(At("empty"), []);
        File.WriteAllBytes(At("png"), [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n', 0, 0, 0, 13]);

        Says(() => ProtoFiles.ReadNetBinary(At("state")),
            "a solver state, expected weights as a binary protobuf (caffemodel); pass a solver state as -snapshot");
        Says(() => ProtoFiles.ReadNetBinary(At("text")), "a text file, expected weights");
        Says(() => ProtoFiles.ReadNetBinary(At("hdf5")), "hdf5: the superblock ends early");
        Says(() => ProtoFiles.ReadNetBinary(At("empty")), "an empty file, expected weights");
        Says(() => ProtoFiles.ReadNetBinary(At("blob")), "a binary blob (binaryproto), expected weights");
        Says(() => ProtoFiles.ReadNetBinary(At("png")), "truncated, or not a protobuf file");
        Says(() => ProtoFiles.ReadNetBinary(At("none")), "no such file, expected weights");
        Says(() => ProtoFiles.ReadNetBinary(_folder), "a folder, expected weights");
        Says(() => ProtoFiles.ReadNetBinary(""), "'': not the name of a file, expected weights");
        Says(() => ProtoFiles.ReadSolverState(At("net")),
            "a binary net with weights (caffemodel), expected a solver state as a binary protobuf (solverstate); pass "
                + "weights as -weights");
        Says(() => ProtoFiles.ReadSolverState(At("text")), "a text file, expected a solver state");
        Says(() => ProtoFiles.ReadBlob(At("net")), "a binary net with weights (caffemodel), expected a blob");
        Says(() => ProtoFiles.ReadNet(At("net")),
            "a binary net with weights (caffemodel), expected a net as text (prototxt)");
        Says(() => ProtoFiles.ReadNet(At("hdf5")), "an HDF5 file, expected a net as text");
        Says(() => ProtoFiles.ReadSolver(At("state")), "a solver state, expected a solver as text");
        Says(() => ProtoFiles.ReadSolver(At("text")), "text: a net as text, expected a solver as text (prototxt) (");
        File.WriteAllText(At("solver"), "net: 'x'\nbase_lr: 1");
        Says(() => ProtoFiles.ReadNet(At("solver")), "solver: a solver as text, expected a net as text (prototxt) (");
        File.WriteAllText(At("utf16"), "name: 'a'", Encoding.Unicode);
        Says(() => ProtoFiles.ReadNet(At("utf16")),
            "text in UTF-16, expected a net as text (prototxt) in UTF-8; save it as UTF-8");
        File.WriteAllText(At("utf16"), "net: 'a'", new UnicodeEncoding(bigEndian: true, byteOrderMark: false));
        Says(() => ProtoFiles.ReadSolver(At("utf16")),
            "text in UTF-16, expected a solver as text (prototxt) in UTF-8; save it as UTF-8");
        Says(() => ProtoFiles.ReadSolver(At("none")), "no such file, expected a solver as text");
    }

    [Test]
    public void KindsAreToldByTheirBytes()
    {
        Assert.That(Kind(new NetParameter
        {
            State = new NetState { Phase = Phase.Test },
            Layer = { new LayerParameter { Name = "l" } }
        }),
            Is.EqualTo(FileKind.Net));
        Assert.That(Kind(new NetParameter { Input = { "a" }, InputDim = { 1, 2 } }), Is.EqualTo(FileKind.Net));
        Assert.That(Kind(new NetParameter { Layers = { new V1LayerParameter { Name = "l" } } }),
            Is.EqualTo(FileKind.Net));
        Assert.That(Kind(new BlobProto { DoubleData = { 1, 2 } }), Is.EqualTo(FileKind.Blob));
        Assert.That(Kind(new BlobProto { Num = 1, Channels = 3, Data = { 0.1f, 0.2f } }), Is.EqualTo(FileKind.Blob));
        Assert.That(Kind(new Datum
        {
            Channels = 3,
            Height = 1,
            Width = 1,
            Data = ByteString.CopyFrom(1, 2, 3),
            Label = 4
        }), Is.EqualTo(FileKind.Datum));
        Assert.That(Kind(new SolverState { Iter = 5 }), Is.EqualTo(FileKind.SolverState));

        FileKind Kind(IMessage message)
        {
            File.WriteAllBytes(At("kind"), message.ToByteArray());
            return ProtoFiles.Identify(At("kind"));
        }
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void PipesAreRead()
    {
        string text = TextFormat.Print(SampleNet());
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.Out);
        Task feed = Task.Run(() =>
        {
            pipe.Write(Encoding.UTF8.GetBytes(text));
            pipe.Dispose();
        });
        Assert.That(ProtoFiles.ReadNet("/dev/fd/" + pipe.GetClientHandleAsString()), Is.EqualTo(SampleNet()));
        feed.Wait();
    }

    [Test]
    public void WhatAKilledWriterLeftIsReplaced()
    {
        File.WriteAllText(At("b.tmp"), "half a blob of a process that was killed, longer than the new one");
        ProtoFiles.WriteBlob(At("b"), new BlobProto { Data = { 1f } });
        Assert.That(ProtoFiles.ReadBlob(At("b")).Data, Is.EqualTo([1f]));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(1));
    }

    [Test]
    public void EveryTruncationIsNoticedOrEndsAtALayer()
    {
        NetParameter net = SampleNet();
        ProtoFiles.WriteNetBinary(At("whole"), net);
        byte[] bytes = File.ReadAllBytes(At("whole"));
        for (int length = 1; length < bytes.Length; length++)
        {
            File.WriteAllBytes(At("cut"), bytes[..length]);
            try
            {
                NetParameter read = ProtoFiles.ReadNetBinary(At("cut"));
                Assert.That(read.CalculateSize(), Is.EqualTo(length),
                    "a file cut between two fields is a smaller file");
            }
            catch (AtlException error)
            {
                Assert.That(error.Message, Does.Contain("truncated").Or.Contain("a text file").Or.Contain("damaged"));
            }
        }
        File.WriteAllBytes(At("cut"), bytes[..^3]);
        Says(() => ProtoFiles.ReadNetBinary(At("cut")),
            "that break off after 1 complete layers, the last being 'a' at byte");
    }

    [Test]
    public void NoByteCanCrashTheReader()
    {
        ProtoFiles.WriteNetBinary(At("whole"), SampleNet());
        byte[] bytes = File.ReadAllBytes(At("whole"));
        Random random = new(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] changed = (byte[])bytes.Clone();
            changed[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(At("bad"), changed);
            try
            {
                ProtoFiles.ReadNetBinary(At("bad"));
            }
            catch (AtlException)
            {
                // Any other exception would fail the test.
            }
        }
    }

    [Test]
    public void NestingWithoutEndIsRefused()
    {
        // A group in a group in a group, as unknown fields: 100,000 start tags.
        byte[] bytes = [0x0A, 1, (byte)'n', .. Enumerable.Repeat((byte)0x5B, 100_000)];
        File.WriteAllBytes(At("deep"), bytes);
        Says(() => ProtoFiles.ReadNetBinary(At("deep")), "expected weights");
    }

    [Test]
    public void AFailedWriteLeavesTheOldFile()
    {
        File.WriteAllText(At("f"), "old");
        Says(() => AtomicFile.Write(At("f"), s =>
        {
            s.Write("new, half of it"u8);
            FillDisk();
        }), "the disk is full, expected room for the file; the file that was there is unchanged");
        Assert.That(File.ReadAllText(At("f")), Is.EqualTo("old"));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(1));
        AtomicFile.Write(At("f"), s => s.Write("new"u8));
        Assert.That(File.ReadAllText(At("f")), Is.EqualTo("new"));
    }

    // As the library that writes HDF5 fails, which calls by reflection.
    [Test]
    public void AFullDiskIsSaidThroughReflectionToo()
    {
        Says(() => AtomicFile.Write(At("f"), _ => throw new TargetInvocationException(new IOException("no space", 28))),
            "the disk is full, expected room for the file; nothing was written");
        Assert.That(
            () => AtomicFile.Write(At("f"),
                _ => throw new TargetInvocationException(new NotSupportedException("of the library"))),
            Throws.TypeOf<NotSupportedException>().With.Message.EqualTo("of the library"));
        Assert.That(Directory.GetFiles(_folder), Is.Empty);
    }

    [Test]
    public void ADeviceIsWrittenToAndStays()
    {
        if (!File.Exists("/dev/full")) Assert.Ignore("Linux has /dev/full");
        Says(() => AtomicFile.Write("/dev/full", s => s.Write("new"u8)), "/dev/full: the disk is full");
        AtomicFile.Write("/dev/null", s => s.Write("new"u8));
        Assert.That((PathKinds.Of("/dev/full"), PathKinds.Of("/dev/null")),
            Is.EqualTo((PathKind.Device, PathKind.Device)));
        Assert.That(File.Exists("/dev/null.tmp"), Is.False);
    }

    [Test]
    public void APipeIsWrittenToAndStays()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("the pipe is made with mkfifo");
        using (Process made = Process.Start("mkfifo", [At("pipe")])) made.WaitForExit();
        Task<string> reading = Task.Run(() => File.ReadAllText(At("pipe")));
        AtomicFile.Write(At("pipe"), s =>
        {
            s.Write("xew"u8);
            s.Position = 0;
            s.Write("n"u8);
        });
        Assert.That(reading.Result, Is.EqualTo("new"));
        Assert.That(PathKinds.Of(At("pipe")), Is.EqualTo(PathKind.Pipe));
    }

    [Test]
    public void AMissingFolderIsNamed() =>
        Says(() => ProtoFiles.WriteBlob(Path.Combine(_folder, "no", "b"), new BlobProto()),
            $"the folder {Path.Combine(_folder, "no")} does not exist, expected one to write to; nothing was written");

    [Test]
    public void AFolderOfTheNameIsNotReplaced()
    {
        Directory.CreateDirectory(At("d"));
        Assert.That(() => ProtoFiles.WriteBlob(At("d"), new BlobProto()), Throws.TypeOf<AtlException>());
        Assert.That(Directory.Exists(At("d")));
        Assert.That(Directory.GetFiles(_folder), Is.Empty);
    }

    [Test]
    public void TooManyBlobsForProtobufAreRefusedBeforeWriting()
    {
        var blob = new BlobProto { Data = { new float[1 << 20] } };
        var net = new NetParameter();
        // 600 references to one blob of 4 MB: no memory, 2.4 GB on disk.
        for (int i = 0; i < 600; i++)
            net.Layer.Add(new LayerParameter { Blobs = { blob } });
        Says(() => ProtoFiles.WriteNetBinary(At("big"), net),
            "2,516,582,400 bytes of blobs, expected at most 2,130,706,431 (protobuf's limit)");
        Assert.That(Directory.GetFiles(_folder), Is.Empty);
    }

    // As BVLC Caffe writes them: floats in field 5, packed (tag 0x2A), in older files one by one (tag 0x2D), and a
    // Split layer of its own.
    [TestCase("2A 08 00 00 80 3F 00 00 00 40")]
    [TestCase("2D 00 00 80 3F 2D 00 00 00 40")]
    [CaffeBehaviour(CaffeBehaviour.CaffesOwnWeights)]
    public void CaffesOwnWeightsArePackedOrNotAndHoldSplitLayers(string floats)
    {
        byte[] data = Convert.FromHexString(floats.Replace(" ", "", StringComparison.Ordinal));
        byte[] blob = [0x3A, 3, 0x0A, 1, 2, .. data], split = [0x0A, 1, (byte)'s', 0x12, 5, .. "Split"u8];
        byte[] layer = [0x0A, 1, (byte)'a', 0x3A, (byte)blob.Length, .. blob];
        File.WriteAllBytes(At("caffes.caffemodel"), [0xA2, 0x06, (byte)split.Length, .. split, 0xA2, 0x06,
            (byte)layer.Length, .. layer]);
        NetParameter net = ProtoFiles.ReadNetBinary(At("caffes.caffemodel"));
        Assert.That(net.Layer.Select(one => (one.Name, one.Type)), Is.EqualTo([("s", "Split"), ("a", "")]));
        Assert.That(net.Layer[1].Blobs[0].Data, Is.EqualTo([1f, 2]));
        Assert.That(net.Layer[1].Blobs[0].Shape.Dim, Is.EqualTo([2L]));
    }

    [Test]
    public void RealWeightsSurviveALoadAndASave()
    {
        foreach (string path in Directory.EnumerateFiles(TestData.Require("weights"), "*.caffemodel",
            SearchOption.AllDirectories))
        {
            NetParameter net = ProtoFiles.ReadNetBinary(path);
            Assert.That(net.Layer.Sum(l => l.Blobs.Count), Is.GreaterThan(0), path);
            Assert.That(ProtoFiles.Identify(path), Is.EqualTo(FileKind.Net));
            ProtoFiles.WriteNetBinary(At("again"), net);
            Assert.That(ProtoFiles.ReadNetBinary(At("again")), Is.EqualTo(net));
        }
        foreach (string path in Directory.EnumerateFiles(TestData.Require("misc"), "*.binaryproto"))
            Assert.That(ProtoFiles.ReadBlob(path).Data, Is.Not.Empty);
    }

    private static void FillDisk()
    {
        // Linux has a device that is always full, so the error is the system's own.
        if (!File.Exists("/dev/full"))
            throw new IOException("no space", 28);
        using FileStream full = new("/dev/full", FileMode.Open, FileAccess.Write);
        full.Write(new byte[1 << 16]);
        full.Flush(flushToDisk: true);
    }

    private static NetParameter SampleNet() => TextFormat.Parse<NetParameter>(
        """
        name: "a sample net"
        layer { name: "a" type: "InnerProduct" bottom: "x" top: "y" blobs { shape { dim: [2, 2] } data: [1, 2, 3, 4] } inner_product_param { num_output: 2 } }
        layer { name: "b" type: "ReLU" bottom: "y" top: "y" relu_param { negative_slope: 0.1 } }
        """);

    private static void Says(Action action, string words) =>
        Assert.That(action, Throws.TypeOf<AtlException>().With.Message.Contains(words));

    private string At(string name) => Path.Combine(_folder, name);
}
