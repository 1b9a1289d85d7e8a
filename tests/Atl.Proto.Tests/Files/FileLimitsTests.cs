using System.Text;
using Atl.TestSupport;
using Google.Protobuf;

namespace Atl.Proto.Tests.Files;

/// <summary>Files whose messages, words or shapes claim more than the file accounts for.</summary>
public sealed class FileLimitsTests
{
    private const long MostAllocated = 64 << 20;

    [Test]
    public void MillionsOfEmptyLayersAreRefusedBeforeTheyAreMade()
    {
        // Three bytes a layer: field 100 and a length of 0.
        byte[] layers = [.. Enumerable.Repeat((byte[])[0xA2, 0x06, 0], 1_000_000).SelectMany(layer => layer)];
        Expect<NetParameter>("w.caffemodel", layers, path => ProtoFiles.ReadNetBinary(path),
            "hold so many empty messages");
    }

    [Test]
    public void MillionsOfEmptyBlobsAreRefusedBeforeTheyAreMade()
    {
        byte[] blobs = [.. Enumerable.Repeat((byte[])[0x1A, 0], 5_000_000).SelectMany(blob => blob)];
        Expect<SolverState>("s.solverstate", [8, 1, .. blobs], path => ProtoFiles.ReadSolverState(path),
            "hold so many empty messages");
    }

    [Test]
    public void EmptyMessagesOfATextAreCounted()
    {
        string text = string.Concat(Enumerable.Repeat("layer {} ", 1000));
        Assert.That(TextFormat.Parse<NetParameter>(text).Layer, Has.Count.EqualTo(1000));
        Assert.That(() => TextFormat.Parse<NetParameter>(text, "n.prototxt",
            new TextFormatOptions { FewestBytes = 1 << 19 }),
            Throws.InstanceOf<PrototxtException>().With.Message.Contains(
                ": more messages than a file of 9000 bytes needs"));
    }

    [Test]
    public void TextsWithoutMeasureAreRefusedWhereTheyBegin()
    {
        Fails(new string('a', 5_000_000) + ": 1", "n.prototxt:1:1: a word of 5000000 letters, expected at most 1000");
        Fails("[" + string.Concat(Enumerable.Repeat("a.", 1_000_000)) + "]: 1",
            "expected ']' after an extension's name");
        Fails(string.Concat(Enumerable.Repeat("zzz {", 100_000)), "messages nested deeper than 100");
        Fails("a: " + new string('[', 100_000), "messages nested deeper than 100");
        Fails(string.Concat(Enumerable.Repeat("zzz: 1\n", 100_000)),
            "n.prototxt:1001:1: more than 1000 unknown fields and values");
        Fails("input_dim: " + new string('9', 1_000_000), "is out of range");
    }

    [Test]
    public void MessagesAreOfALengthThatCanBeRead()
    {
        string message = new AtlException(
            $"a.txt:7: found '{new string('x', 1_000_000)}', expected a number\nsecond line").Message;
        Assert.That(message, Has.Length.LessThan(10_100).And.StartsWith("a.txt:7: found 'xxx").And.Contains(
            "x', expected a number\nsecond line"));
    }

    [TestCase(-1L)]
    [TestCase(1L << 31)]
    [TestCase(long.MaxValue)]
    public void BlobsWithoutAShapeNameTheirFile(long extent)
    {
        BlobProto blob = new() { Shape = new BlobShape { Dim = { extent } }, Data = { 1 } };
        string expected = $"shape {extent} is out of range, expected dims in 0..2147483647";
        Expect<BlobProto>("m.binaryproto", blob.ToByteArray(), path => ProtoFiles.ReadBlob(path), expected);
        SolverState state = new() { Iter = 1, LearnedNet = "x", History = { blob } };
        Expect<SolverState>("s.solverstate", state.ToByteArray(), path => ProtoFiles.ReadSolverState(path),
            $"history[0].{expected}");
    }

    [Test]
    public void BlobsThatNoArrayHoldsNameTheirFile()
    {
        BlobProto axes = new() { Shape = new BlobShape { Dim = { Enumerable.Repeat(1L, 33) } }, Data = { 1 } };
        Expect<BlobProto>("m.binaryproto", axes.ToByteArray(), path => ProtoFiles.ReadBlob(path),
            "shape has 33 axes, expected at most 32");
        BlobProto large = new() { Shape = new BlobShape { Dim = { int.MaxValue, int.MaxValue } }, Data = { 1 } };
        Expect<BlobProto>("m.binaryproto", large.ToByteArray(), path => ProtoFiles.ReadBlob(path),
            "shape 2147483647 2147483647 has too many values, expected at most 1152921504606846975");
    }

    [Test]
    public void StatesBeforeTheirBeginningNameTheirFile()
    {
        SolverState state = new()
        {
            Iter = -5,
            LearnedNet = "x.caffemodel",
            History = { new BlobProto { Shape = new BlobShape { Dim = { 1 } }, Data = { 1 } } }
        };
        Expect<SolverState>("s.solverstate", state.ToByteArray(), path => ProtoFiles.ReadSolverState(path),
            "iter is -5, expected 0 or more");
        state.Iter = 5;
        state.CurrentStep = -1;
        Expect<SolverState>("s.solverstate", state.ToByteArray(), path => ProtoFiles.ReadSolverState(path),
            "current_step is -1, expected 0 or more");
        using TemporaryFolder folder = new();
        ProtoFiles.WriteSolverStateHdf5(folder["s.solverstate.h5"], state);
        Assert.That(() => ProtoFiles.ReadSolverState(folder["s.solverstate.h5"]),
            Throws.InstanceOf<AtlException>().With.Message.Contains("s.solverstate.h5: current_step is -1"));
    }

    private static void Fails(string text, string expected)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        Assert.That(() => TextFormat.Parse<NetParameter>(bytes, "n.prototxt"),
            Throws.InstanceOf<PrototxtException>().With.Message.Contains(expected));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(MostAllocated));
    }

    private static void Expect<T>(string name, byte[] content, Func<string, T> read, string expected)
    {
        using TemporaryFolder folder = new();
        string path = folder[name];
        File.WriteAllBytes(path, content);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => read(path),
            Throws.InstanceOf<AtlException>().With.Message.StartsWith($"{path}: ").And.Message.Contains(expected));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(MostAllocated));
    }
}
