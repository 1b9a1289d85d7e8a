using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Atl.Face.Faces;
using Atl.Face.Pickles;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Face.Tests.Pickles;

/// <summary>
/// Pickles made by hand, byte by byte, in the forms that Python 2 and 3 give to insightface's sets, and hostile ones.
/// </summary>
[TestFixture]
public sealed class PickleReaderTests : FolderFixture
{
    // The images are the bytes 00 FF 41 and 27 0A 5C; the answer is True.
    private static readonly byte[][] Images = [[0x00, 0xFF, 0x41], [0x27, 0x0A, 0x5C]];

    private static IEnumerable<TestCaseData> Sets()
    {
        yield return Set("Python 2, protocol 0", "((lp0\nS'\\x00\\xffA'\np1\naS\"'\\n\\\\\"\np2\na(lp3\nI01\natp4\n.");
        yield return Set("Python 2, protocol 1",
            "(]q\0(U\u0003\0\u00FFAq\u0001U\u0003'\n\\q\u0002e]q\u0003I01\natq\u0004.");
        yield return Set("Python 2, protocol 2",
            "\u0080\u0002]q\0(U\u0003\0\u00FFAq\u0001T\u0003\0\0\0'\n\\q\u0002e]q\u0003\u0088a\u0086q\u0004.");
        yield return Set("Python 3, protocol 0",
            "((lp0\nc_codecs\nencode\np1\n(V\\u0000\u00FFA\np2\nVlatin1\np3\ntp4\nRp5\nag1\n(V'\\u000a\\u005c\np6\ng3\ntp7\nRp8\na(lp9\nI01\natp10\n.");
        yield return Set("Python 3, protocol 2",
            "\u0080\u0002]q\0(c_codecs\nencode\nq\u0001X\u0004\0\0\0\0\u00C3\u00BFAq\u0002X\u0006\0\0\0latin1q\u0003\u0086q\u0004Rq\u0005"
            + "h\u0001X\u0003\0\0\0'\n\\q\u0006h\u0003\u0086q\u0007Rq\u0008e]q\u0009\u0088a\u0086q\u000A.");
        yield return Set("Python 3, protocol 3",
            "\u0080\u0003]q\0(C\u0003\0\u00FFAq\u0001B\u0003\0\0\0'\n\\q\u0002e]q\u0003\u0088a\u0086q\u0004.");
        yield return Set("Python 3, protocol 4",
            "\u0080\u0004\u0095\u0020\0\0\0\0\0\0\0]\u0094(C\u0003\0\u00FFA\u0094\u008E\u0003\0\0\0\0\0\0\0'\n\\\u0094e]\u0094\u0088a\u0086\u0094.");
        yield return Set("Python 3, protocol 5 with a bytearray",
            "\u0080\u0005]\u0094(C\u0003\0\u00FFA\u0094\u0096\u0003\0\0\0\0\0\0\0'\n\\\u0094e]\u0094\u0088a\u0086\u0094.");
        yield return Set("answers as numbers in a tuple",
            "\u0080\u0002]q\0(U\u0003\0\u00FFAU\u0003'\n\\eK\u0001\u0085\u0086.");
        const string BoolType =
            "cnumpy\ndtype\nX\u0002\0\0\0b1\u0089\u0088\u0087R(K\u0003X\u0001\0\0\0|NNNJ\u00FF\u00FF\u00FF\u00FFJ\u00FF\u00FF\u00FF\u00FFK\0tb";
        yield return Set("NumPy's truth value",
            $"\u0080\u0003](C\u0003\0\u00FFAC\u0003'\n\\e](cnumpy.core.multiarray\nscalar\n{BoolType}C\u0001\u0001\u0086Re\u0086.");
        yield return Set("an array of NumPy's truth values",
            "\u0080\u0003](C\u0003\0\u00FFAC\u0003'\n\\ecnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\u0085C\u0001b\u0087R"
            + $"(K\u0001K\u0001\u0085{BoolType}\u0089C\u0001\u0001tb\u0086.");
        const string ByteType = "cnumpy\ndtype\nX\u0002\0\0\0u1\u0089\u0088\u0087R";
        yield return Set("images as arrays of NumPy 2",
            "\u0080\u0004](cnumpy._core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\u0085C\u0001b\u0087R"
            + $"(K\u0001K\u0003\u0085{ByteType}\u0089C\u0003\0\u00FFAtb"
            + "cnumpy._core.numeric\n_frombuffer\n"
            + $"(C\u0003'\n\\{ByteType}K\u0003\u0085X\u0001\0\0\0CtRe]\u0088a\u0086.");

        static TestCaseData Set(string name, string pickle) => new TestCaseData(pickle).SetName($"Set({name})");
    }

    [TestCaseSource(nameof(Sets))]
    public void ASetIsReadInEveryForm(string pickle)
    {
        File.WriteAllBytes(_folder["lfw.bin"], Encoding.Latin1.GetBytes(pickle));
        Assert.That(InsightfaceSet.IsAt(_folder["lfw.bin"]));
        InsightfaceSet set = InsightfaceSet.Read(_folder["lfw.bin"]);
        Assert.That(Enumerable.Range(0, set.Count).Select(set.Image), Is.EqualTo(Images));
        Assert.That(set.Same, Is.EqualTo([true]));
    }

    [TestCase("cposix\nsystem\n(S'touch x'\ntR.", "GLOBAL at byte 0 names posix.system", "not called")]
    [TestCase("\u0080\u0004\u008C\u0005posix\u008C\u0006system\u0093\u008C\u0007touch x\u0085R.",
        "STACK_GLOBAL at byte 17 names posix.system", "")]
    [TestCase("\u0080\u0002c__builtin__\neval\nU\u00011\u0085R.", "GLOBAL at byte 2 names __builtin__.eval", "")]
    [TestCase("\u0080\u0002cnumpy\nload\nU\u00011\u0085R.", "GLOBAL at byte 2 names numpy.load", "")]
    [TestCase("(S'touch x'\niposix\nsystem\n.", "INST at byte 12 does not occur", "not carried out")]
    [TestCase("(cposix\nsystem\no.", "GLOBAL at byte 1 names posix.system", "")]
    [TestCase("\u0080\u0002c__builtin__\nbytes\n)\u0081.", "NEWOBJ at byte 22 does not occur", "")]
    [TestCase("\u0080\u0002\u0082\u0001.", "EXT1 at byte 2 does not occur", "")]
    [TestCase("Pabc\n.", "PERSID at byte 0 does not occur", "")]
    [TestCase("\u0080\u0005\u0097.", "NEXT_BUFFER at byte 2 does not occur", "")]
    [TestCase("}(S'a'\nI1\nu.", "EMPTY_DICT at byte 0 does not occur", "")]
    [TestCase("\u00FA.", "the byte 0xfa, which is no operation, at byte 0", "")]
    [TestCase("I1\nI2\n\u0086R.", "REDUCE at byte 7 ", "")]
    [TestCase("c_codecs\nencode\nS'a'\nS'rot13'\n\u0086R.",
        "REDUCE at byte 31 calls _codecs.encode with arguments that are not understood", "")]
    [TestCase("I1\nN\u0085b.", "BUILD at byte 5 sets a state that is not understood", "")]
    [TestCase("\u0080\u0009.", "PROTO at byte 0 gives protocol 9", "")]
    [TestCase("", "truncated, the pickle ends at byte 0 without a STOP", "")]
    [TestCase("\u0080\u0002](U\u0003ab", "truncated, SHORT_BINSTRING at byte 4 needs 3 bytes, 2 follow", "")]
    [TestCase("\u0080\u0003B\u00FF\u00FF\u00FF\u00FFa",
        "truncated, BINBYTES at byte 2 needs 4294967295 bytes, 1 follow", "")]
    [TestCase("\u0080\u0004\u008E\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u007Fa",
        "truncated, BINBYTES8 at byte 2 needs 9223372036854775807 bytes", "")]
    [TestCase("\u0080\u0002\u008B\u00FF\u00FF\u00FF\u007F.", "LONG4 at byte 2 does not occur", "")]
    [TestCase("\u0080\u0002\u008A\u0010", "truncated, LONG1 at byte 2 needs 16 bytes, 0 follow", "")]
    [TestCase("\u0080\u0002h\u0005.", "BINGET at byte 2 requests value 5, which was not stored", "")]
    [TestCase("g99999999999999999999\n.", "GET at byte 0 has '99999999999999999999', expected a number", "")]
    [TestCase(".", "STOP at byte 0 finds nothing on the stack", "")]
    [TestCase("N(.", "STOP at byte 2 finds nothing on the stack", "")]
    [TestCase("\u0086.", "TUPLE2 at byte 0 needs 2 values on the stack, found 0", "")]
    [TestCase("N(N\u0086.", "TUPLE2 at byte 3 needs 2 values on the stack, found 1", "")]
    [TestCase("Nt.", "TUPLE at byte 1 finds no MARK", "")]
    [TestCase("NNa.", "APPEND at byte 2 adds to something that is no list", "")]
    [TestCase("S'a\n.", "STRING at byte 0 has ''a', expected a string in quotes", "")]
    [TestCase("S'\\q'\n.", "STRING at byte 0 has the escape '\\q'", "")]
    [TestCase("S'no end", "truncated, STRING at byte 0 has no end of its line", "")]
    [TestCase("]]\u0086.", "0 images and 0 truth values", "")]
    [TestCase("N.", "a pickle of something else", "")]
    [TestCase("(N]]t.", "a pickle of something else", "")]
    [TestCase("]U\u0001aa]\u0088a\u0086.", "1 image and 1 truth value, expected two images for each of them", "")]
    [TestCase("]Na]\u0088a\u0086.", "item 0 of the first list is no bytes", "")]
    [TestCase("]U\u0001aaU\u0001ba]K\u0007a\u0086.", "item 0 of the second list is no truth value", "")]
    [TestCase("N]\u0088a\u0086.", "the first part is no list", "")]
    [TestCase("]N\u0086.", "the second part is no list", "")]
    public void HostileAndDamagedFilesAreRefused(string pickle, string message, string further)
    {
        File.WriteAllBytes(_folder["lfw.bin"], Encoding.Latin1.GetBytes(pickle));
        Assert.That(() => InsightfaceSet.Read(_folder["lfw.bin"]), Throws.TypeOf<AtlException>()
            .With.Message.StartsWith(_folder["lfw.bin"]).And.Message.Contains(message).And.Message.Contains(further));
    }

    [Test]
    public void ListsThatHoldThemselvesAndOneAnotherTakeNoTime()
    {
        // Thirty lists of which each holds the one before ten times, then itself: followed, 10^30 items.
        StringBuilder pickle = new("\u0080\u0002]q\0");
        for (int i = 0; i < 30; i++)
        {
            pickle.Append("]q").Append((char)(i + 1)).Append('(');
            for (int k = 0; k < 10; k++) pickle.Append('h').Append((char)i);
            pickle.Append('h').Append((char)(i + 1)).Append('e');
        }
        pickle.Append("h\u001Eh\u001E\u0086.");
        long before = GC.GetAllocatedBytesForCurrentThread();
        Stopwatch watch = Stopwatch.StartNew();
        object? value = PickleReader.Read("bomb", Encoding.Latin1.GetBytes(pickle.ToString()));
        Assert.That(((List<object?>)((object?[])value!)[0]!)[10], Is.SameAs(((object?[])value)[0]));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void OneTextThatIsEncodedManyTimesIsNotCopied()
    {
        const int Length = 1 << 20, Times = 20_000;
        byte[] text = new byte[Length];
        Array.Fill(text, (byte)'a');
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, Length);
        byte[] call = Encoding.Latin1.GetBytes("h\u0001h\0h\u0002\u0086R");
        byte[] pickle =
        [
            0x80, 2, (byte)'X', .. length, .. text,
                .. Encoding.Latin1.GetBytes("q\u00000c_codecs\nencode\nq\u00010X\u0006\0\0\0latin1q\u00020]("),
            .. Enumerable.Repeat(call, Times).SelectMany(part => part), (byte)'e', (byte)'.',
        ];
        long before = GC.GetAllocatedBytesForCurrentThread();
        List<object?> images = (List<object?>)PickleReader.Read("bomb", pickle)!;
        Assert.That(images, Has.Count.EqualTo(Times));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 24),
            "20,000 copies would take 20 GB");
    }

    [Test]
    public void OperationsHaveALimit()
    {
        byte[] marks = new byte[PickleReader.MostOperations + 1];
        Array.Fill(marks, (byte)'(');
        Assert.That(() => PickleReader.Read("marks", marks),
            Throws.TypeOf<AtlException>().With.Message.Contains("more than 8000000 operations"));
    }

    [Test]
    public void NoCutOrChangedByteDoesAnythingButFailOrRead()
    {
        byte[] whole = Encoding.Latin1.GetBytes((string)Sets()
            .First(set => set.TestName!.Contains("NumPy's truth value", StringComparison.Ordinal)).Arguments[0]!);
        for (int length = 0; length < whole.Length; length++)
            Assert.That(() => PickleReader.Read("cut", whole[..length]), Throws.TypeOf<AtlException>());
        int failed = 0, read = 0;
        for (int place = 0; place < whole.Length; place++)
            for (int value = 0; value < 256; value++)
            {
                byte[] changed = [.. whole];
                changed[place] = (byte)value;
                try
                {
                    _ = PickleReader.Read("changed", changed);
                    read++;
                }
                catch (AtlException)
                {
                    failed++;
                }
            }
        Assert.That(failed, Is.GreaterThan(1000));
        Assert.That(read, Is.GreaterThan(whole.Length), "at least each byte as it was");
    }
}
