using System.Text;
using Atl.Proto.Tests.Schema;
using Google.Protobuf;

namespace Atl.Proto.Tests.Text;

/// <summary>Thousands of damaged texts from a fixed seed: nothing but PrototxtException may come out, and protoc must
/// judge a sample alike.</summary>
public sealed class MutationTests
{
    private const string Seed =
        """
        # a bit of everything
        optional_int32: -12 optional_uint64: 0xFFff; optional_float: 1.5e-3, optional_double: .25f
        optional_bool: true optional_string: "a\n\x41\101\u00e9" 'b' optional_bytes: '\377\0'
        OptionalGroup { a: 017 } optional_nested_message < bb: 1 > optional_nested_enum: BAZ
        repeated_int32: [1, 2, -3] repeated_float: [inf, -nan, 2.] repeated_string: ["x", 'y' "z"]
        repeated_nested_message [{ bb: 1 }, <bb: 2>] RepeatedGroup: { a: 1 } oneof_string: "s" repeated_nested_enum: 2
        """;

    private const string Bits = " \n\t#\"'\\{}<>[]:,;-+.0123456789abefinxuU_";

    private static readonly string[] Pieces =
        ["optional_int32: ", "0x", "1e5", "nan", "inf", "'", "\\x4", "{ bb: 1 }", "[1]", "oneof_uint32: 1", "[a.b]: 1",
        "0", "\0", "é", "f", " - ", "t",
            "repeated_int32: 08", "\\U0001F600", "<", ">"];

    [Test]
    public void NothingButPrototxtExceptionComesOut()
    {
        Random random = new(147);
        TextFormatOptions tolerant = new() { AllowUnknownFields = true };
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] text = Encoding.UTF8.GetBytes(Mutate(random));
            try
            {
                TextFormat.Parse<AllTypes>(text, "m", i % 2 == 0 ? null : tolerant);
            }
            catch (PrototxtException)
            {
                refused++;
            }
        }
        Assert.That(refused, Is.InRange(1, 19_999));
    }

    [Test]
    public void ProtocJudgesAlike()
    {
        const int wanted = 100;
        Random random = new(99);
        StringBuilder taken = new();
        AllTypesList ours = new();
        List<byte[]> refused = [];
        while (ours.Item.Count < wanted || refused.Count < wanted)
        {
            string text = Mutate(random);
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            try
            {
                AllTypes message = TextFormat.Parse<AllTypes>(bytes);
                // All that we take goes to protoc at once, as the items of one message.
                ours.Item.Add(message);
                taken.Append("item {\n").Append(text).Append("\n}\n");
            }
            catch (PrototxtException error)
            {
                // Invalid UTF-8 in a string field is our only stricter rule: protoc lets it pass in proto2.
                if (refused.Count < wanted && !error.Message.Contains("UTF-8", StringComparison.Ordinal))
                    refused.Add(bytes);
            }
        }
        byte[]? expected = Protoc.Encode("atl.test.AllTypesList", Encoding.UTF8.GetBytes(taken.ToString()),
            out string errors);
        Assert.That(expected, Is.Not.Null, $"protoc refuses what we take: {errors}");
        Assert.That(ours.ToByteArray().AsSpan().SequenceEqual(expected), "other bytes than protoc's");
        string[] wronglyRefused =
            [.. refused.AsParallel().Where(b => Protoc.Encode("atl.test.AllTypes", b) is not null)
            .Select(b => Encoding.UTF8.GetString(b))];
        Assert.That(wronglyRefused, Is.Empty);
    }

    private static string Mutate(Random random)
    {
        StringBuilder text = new(Seed);
        for (int n = random.Next(1, 4); n > 0; n--)
        {
            int at = random.Next(text.Length);
            switch (random.Next(5))
            {
                case 0:
                    text.Remove(at, Math.Min(random.Next(1, 6), text.Length - at));
                    break;
                case 1:
                    text.Insert(at, Bits[random.Next(Bits.Length)]);
                    break;
                case 2:
                    text[at] = Bits[random.Next(Bits.Length)];
                    break;
                case 3:
                    text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                default:
                    text.Insert(at, text.ToString(at, Math.Min(random.Next(1, 12), text.Length - at)));
                    break;
            }
        }
        return text.ToString();
    }
}
