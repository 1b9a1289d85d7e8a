using System.Text;
using Atl.Proto.Tests.Schema;
using Google.Protobuf;

namespace Atl.Proto.Tests.Text;

/// <summary>What we print, protoc reads back to the same bits.</summary>
public sealed class TextPrinterTests
{
    [Test]
    public void FloatsOfAnyBitsComeBack()
    {
        Random random = new(32);
        AllTypes message = new();
        for (int i = 0; i < 20_000; i++)
        {
            float single = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            double wide = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            // Text has one nan of each sign, so payloads can't come back.
            message.RepeatedFloat.Add(float.IsNaN(single) ? 0 : single);
            message.RepeatedDouble.Add(double.IsNaN(wide) ? 0 : wide);
        }
        message.RepeatedFloat.Add(
            [float.MaxValue, float.MinValue, float.Epsilon, -0f, 0f, 1f / 3, 16777216f, 8.5899346e9f,
                float.PositiveInfinity, float.NegativeInfinity]);
        message.RepeatedFloat.Add([BitConverter.UInt32BitsToSingle(0x7FC00000),
            BitConverter.UInt32BitsToSingle(0xFFC00000)]);
        message.RepeatedDouble.Add([double.MaxValue, double.Epsilon, -0d, 0.1, 1e22, 1e23, double.NegativeInfinity]);
        message.RepeatedDouble.Add([BitConverter.UInt64BitsToDouble(0x7FF8000000000000),
            BitConverter.UInt64BitsToDouble(0xFFF8000000000000)]);
        ReadsBack(message);
    }

    [Test]
    public void FloatsArePrintedShort()
    {
        AllTypes message = new()
        {
            RepeatedFloat =
            { 0.1f, 1e-5f, 1e20f, 3f, -0f, float.NaN, BitConverter.UInt32BitsToSingle(0x7FC00000),
            float.NegativeInfinity }
        };
        string[] lines = TextFormat.Print(message).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] expected = ["0.1", "1e-05", "1e+20", "3", "-0", "-nan", "nan", "-inf"];
        Assert.That(lines, Is.EqualTo(expected.Select(v => "repeated_float: " + v)));
    }

    [Test]
    public void IntegersBooleansAndEnumsComeBack() => ReadsBack(new AllTypes
    {
        RepeatedInt32 = { int.MinValue, -1, 0, int.MaxValue },
        RepeatedInt64 = { long.MinValue, long.MaxValue },
        RepeatedUint32 = { uint.MaxValue },
        RepeatedUint64 = { ulong.MaxValue },
        RepeatedSint32 = { int.MinValue },
        RepeatedSfixed64 = { long.MinValue },
        RepeatedBool = { true, false },
        RepeatedNestedEnum = { AllTypes.Types.NestedEnum.Neg, AllTypes.Types.NestedEnum.Baz },
        OptionalInt32 = 0,
        OptionalBool = false,
        OptionalString = "",
        OptionalGroup = new() { A = 3 },
        RepeatedGroup = { new AllTypes.Types.RepeatedGroup { A = 1 }, new AllTypes.Types.RepeatedGroup() },
        OneofNestedMessage = new() { Bb = 1 },
    });

    [Test]
    public void StringsOfAnyCharactersComeBack()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i),
            .. Enumerable.Range(0, 256).SelectMany(i => new[] { (byte)i, (byte)'7' })];
        StringBuilder text = new();
        for (int c = 0; c < 0x250; c++)
            text.Append((char)c).Append('0');
        text.Append("€😀\uFEFF\uFFFD\"'\\n");
        ReadsBack(new AllTypes { OptionalBytes = ByteString.CopyFrom(all), OptionalString = text.ToString() });
    }

    [Test]
    public void MapsAndWrappersComeBack()
    {
        Maps maps = new()
        {
            MapInt32Int32 = { [0] = 0, [-1] = 5 },
            MapStringString = { ["a\n"] = "b" },
            MapInt32ForeignMessage =
            { [2] = new() { C = 3 } },
            MapBoolBool = { [true] = false }
        };
        Assert.That(TextFormat.Parse<Maps>(TextFormat.Print(maps)), Is.EqualTo(maps));
        Odd odd = new()
        {
            Boxed = 5,
            Packed = { 1, 2 },
            Child = new() { Boxed = 0 },
            Needy = new() { First = 1, Second = "s" }
        };
        Assert.That(TextFormat.Parse<Odd>(TextFormat.Print(odd)), Is.EqualTo(odd));
    }

    [Test]
    public void LooksAsCaffesFilesDo()
    {
        const string text = """
            name: "n"
            layer {
              name: "c"
              type: "Convolution"
              include {
                phase: TRAIN
              }
              convolution_param {
                num_output: 3
                kernel_size: 5
                bias_term: false
              }
            }

            """;
        string expected = text.ReplaceLineEndings("\n")
            .Replace("    kernel_size: 5\n    bias_term: false\n", "    bias_term: false\n    kernel_size: 5\n",
                StringComparison.Ordinal);
        Assert.That(TextFormat.Print(TextFormat.Parse<NetParameter>(text)), Is.EqualTo(expected));
    }

    private static void ReadsBack(AllTypes message)
    {
        byte[] printed = Encoding.UTF8.GetBytes(TextFormat.Print(message));
        byte[]? read = Protoc.Encode("atl.test.AllTypes", printed, out string errors);
        Assert.That(read, Is.Not.Null, errors);
        Assert.That(message.ToByteArray().AsSpan().SequenceEqual(read), "other bits from protoc");
        Assert.That(TextFormat.Parse<AllTypes>(printed).ToByteArray().AsSpan().SequenceEqual(read),
            "other bits from our reader");
    }
}
