using System.Text;
using Atl.Proto.Tests.Schema;
using Atl.TestSupport;
using Google.Protobuf;

namespace Atl.Proto.Tests.Text;

/// <summary>Every real file, read by us and by protoc: the same bytes, or refused by both at the same line.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RealFilesTests
{
    private static IEnumerable<TestCaseData> Prototxts() =>
        Files("*.prototxt", "prototxt", "weights", Path.Combine("..", "seed"))
        .Select(f => new TestCaseData(f.Path).SetName($"Prototxt({f.Name})"));

    private static IEnumerable<TestCaseData> Textprotos() =>
        Files("*.txt", "textproto").Select(f => new TestCaseData(f.Path).SetName($"Textproto({f.Name})"));

    [TestCaseSource(nameof(Prototxts))]
    public void PrototxtMeansWhatProtocReads(string? path)
    {
        byte[] text = File.ReadAllBytes(path ?? TestData.Require("prototxt"));
        if (Path.GetFileName(path)!.Contains("solver", StringComparison.Ordinal))
            CompareWithProtoc<SolverParameter>("caffe.SolverParameter", text, withWriter: true);
        else
            CompareWithProtoc<NetParameter>("caffe.NetParameter", text, withWriter: true);
    }

    [TestCaseSource(nameof(Textprotos))]
    public void TextprotoMeansWhatProtocReads(string? path)
    {
        byte[] text = File.ReadAllBytes(path ?? TestData.Require("textproto"));
        if (Path.GetFileName(path)!.Contains("map", StringComparison.Ordinal))
            CompareWithProtoc<Maps>("atl.test.Maps", text, withWriter: true);
        else
            CompareWithProtoc<AllTypes>("atl.test.AllTypes", text, withWriter: true);
    }

    [Test]
    public void DialectsLoadWhereUnknownFieldsAreAllowed()
    {
        string path = Path.Combine(TestData.Require("prototxt", "chuanqi305+MobileNet-SSD"), "train.prototxt");
        List<string> notes = [];
        NetParameter net = ProtoFiles.ReadNet(path, new TextFormatOptions
        {
            AllowUnknownFields = true,
            Note = notes.Add
        });
        Assert.That(net.Layer, Has.Count.GreaterThan(50));
        Assert.That(notes, Has.Some.Contains("'annotated_data_param' is a field of SSD's Caffe (weiliu89/caffe): "));
    }

    internal static void CompareWithProtoc<T>(string type, byte[] text, bool withWriter)
        where T : IMessage<T>, new()
    {
        byte[]? expected = Protoc.Encode(type, text, out string errors);
        T? message = default;
        PrototxtException? refused = null;
        List<string> notes = [];
        try
        {
            message = TextFormat.Parse<T>(text, "input", new TextFormatOptions { Note = notes.Add });
        }
        catch (PrototxtException error)
        {
            refused = error;
        }
        if (expected is null)
        {
            // Fields of other Caffes without effect are passed over; protoc ends at the first of them.
            if (notes.Exists(note => note.EndsWith("(ignored)", StringComparison.Ordinal)
                && errors.Contains(LineOf(note), StringComparison.Ordinal)))
                return;
            Assert.That(refused, Is.Not.Null, $"protoc refuses the file: {errors}");
            Assert.That(errors, Does.Contain($"input:{refused!.Line}:"),
                $"protoc names another line than {refused.Message}");
            return;
        }
        Assert.That(refused, Is.Null, $"protoc takes the file: {refused?.Message}");
        AssertSameMessage(message!, expected);
        if (!withWriter)
            return;
        byte[] printed = Encoding.UTF8.GetBytes(TextFormat.Print(message!));
        byte[]? reread = Protoc.Encode(type, printed, out errors);
        Assert.That(reread, Is.Not.Null, $"protoc refuses what we print: {errors}");
        AssertSameMessage(message!, reread!);
    }

    // "input:22:" of "input:22:1: …".
    private static string LineOf(string note) => string.Concat(note.Split(':').Take(2).Select(part => part + ":"));

    /// <summary>The same bytes; with maps the same content, because C# leaves zeros out of map entries and protoc does
    /// not.</summary>
    internal static void AssertSameMessage<T>(T message, byte[] expected)
        where T : IMessage<T>, new()
    {
        if (!message.Descriptor.Fields.InDeclarationOrder().Any(f => f.IsMap))
        {
            Assert.That(message.ToByteArray().AsSpan().SequenceEqual(expected), "other bytes than protoc's");
            return;
        }
        T reread = new();
        reread.MergeFrom(expected);
        Assert.That(message, Is.EqualTo(reread));
    }

    private static IEnumerable<(string? Path, string Name)> Files(string pattern, params string[] folders)
    {
        string[] present = [.. folders.Select(f => Path.Combine(TestData.Folder, f)).Where(Directory.Exists)];
        if (present.Length == 0)
            return [(null, "absent")];
        return present.SelectMany(f => Directory.EnumerateFiles(f, pattern, SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal).Select(p => ((string?)p, Path.GetRelativePath(TestData.Folder, p)));
    }
}
