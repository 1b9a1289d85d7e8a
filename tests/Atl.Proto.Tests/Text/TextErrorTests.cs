using System.Text;
using Atl.Proto.Tests.Schema;
using Atl.TestSupport;

namespace Atl.Proto.Tests.Text;

/// <summary>What an error says: file, line, column, what was found and what was expected.</summary>
public sealed class TextErrorTests
{
    [TestCase("name: \"n\"\nlayer {\n  kernal_size: 3\n}",
        "net.prototxt:3:3: 'kernal_size' is not a field of LayerParameter")]
    [TestCase("layer { convolution_param { kernal_size: 3 } }",
        "net.prototxt:1:29: 'kernal_size' is not a field of ConvolutionParameter, did you mean 'kernel_size'?")]
    [TestCase("layer { num_output: 3 }",
        "net.prototxt:1:9: 'num_output' is not a field of LayerParameter; it belongs inside convolution_param, "
            + "inner_product_param, embed_param or others")]
    [TestCase("layer {\n  name \"a\"\n}", "net.prototxt:2:8: the string \"a\", expected ':' after 'name'")]
    [TestCase("layer {\n  type: CONVOLUTION\n}",
    "net.prototxt:2:9: 'CONVOLUTION', expected a string in quotes for 'type'")]
    [TestCase("layer {\n  phase: TRIAN\n}",
    "net.prototxt:2:10: 'TRIAN' is not a value of Phase for 'phase', did you mean 'TRAIN'?")]
    [TestCase("layer { phase: 7 }",
    "net.prototxt:1:16: 7 is not the number of a value of Phase for 'phase', expected TRAIN, TEST")]
    [TestCase("layer {\n  name: \"a\"\n",
    "net.prototxt:3:1: the end of the file, expected '}' to close 'layer' of line 1")]
    [TestCase("layer <\n  name: \"a\"\n}", "net.prototxt:3:1: '}', expected '>' to close 'layer' of line 1")]
    [TestCase("name: \"a\nlayer {}",
    "net.prototxt:1:7: a string that is not closed, expected \" before the end of the line")]
    [TestCase("name: 'a", "net.prototxt:1:7: a string that is not closed, expected ' before the end of the file")]
    [TestCase("name: '\\q'", "net.prototxt:1:9: the escape \\q, expected one of")]
    [TestCase("name: 'a'\nname: 'b'",
    "net.prototxt:2:1: 'name' is given a second time (first at 1:1), expected once because it is not repeated")]
    [TestCase("layer { include { phase: TEST } relu_param {}\n  relu_param {} }",
    "net.prototxt:2:3: 'relu_param' is given a second time (first at 1:33)")]
    [TestCase("input_dim: 3000000000",
    "net.prototxt:1:12: '3000000000' is out of range, expected -2147483648 to 2147483647 for 'input_dim'")]
    [TestCase("input_dim: -3000000000",
    "net.prototxt:1:12: '-3000000000' is out of range, expected -2147483648 to 2147483647 for 'input_dim'")]
    [TestCase("layer { convolution_param { num_output: -1 } }",
    "net.prototxt:1:41: '-', expected an integer that is not negative for 'num_output'")]
    [TestCase("input_dim: 1.5", "net.prototxt:1:12: '1.5', expected an integer for 'input_dim'")]
    [TestCase("layer { dropout_param { dropout_ratio: half } }",
    "net.prototxt:1:40: 'half', expected a number for 'dropout_ratio'")]
    [TestCase("layer { dropout_param { dropout_ratio: 0x1 } }",
    "net.prototxt:1:40: '0x1', expected a decimal number for 'dropout_ratio'")]
    [TestCase("force_backward: maybe", "net.prototxt:1:17: 'maybe', expected true or false for 'force_backward'")]
    [TestCase("layer: 5", "net.prototxt:1:8: '5', expected '{' to open 'layer'")]
    [TestCase("input_dim: [1, 2",
    "net.prototxt:1:17: the end of the file, expected ',' or ']' in the list of 'input_dim'")]
    [TestCase("layer { clip_param { min: 0 } }",
    "net.prototxt:1:9: ClipParameter without 'max', expected it because it is required")]
    [TestCase("layer { [my.ext]: 1 }",
    "net.prototxt:1:9: [my.ext] is an extension, expected a field of LayerParameter")]
    [TestCase("[type.googleapis.com/caffe.Net] {}",
    "net.prototxt:1:1: [type.googleapis.com/caffe.Net] is an expanded Any, expected a field of NetParameter")]
    [TestCase("# 注\n名: 1", "net.prototxt:2:1: the character '名' outside of a string, expected plain ASCII")]
    [TestCase("name: '名' layr {}", "net.prototxt:1:11: 'layr' is not a field of NetParameter, did you mean 'layer'?")]
    [TestCase("input_dim: 08",
    "net.prototxt:1:13: the digit '8' in a number that begins with 0 and is therefore octal")]
    [TestCase("input_dim: 0xg", "net.prototxt:1:14: '0x' without digits, expected hexadecimal digits")]
    [TestCase("\tname: 5", "net.prototxt:1:8: '5', expected a string in quotes for 'name'")]
    [TestCase("name: 'a'\0", "net.prototxt:1:10: the control character 0x00, expected text")]
    [TestCase("name: 'a\0'", "net.prototxt:1:9: a zero byte in a string, expected \\000 for it")]
    [TestCase("\uFEFFname: 5", "net.prototxt:1:7: '5', expected a string in quotes for 'name'")]
    [TestCase("name: 'a' \uFEFF",
    "net.prototxt:1:11: the character U+FEFF (a byte-order mark) outside of a string, expected plain ASCII")]
    [TestCase("name:\u00A0'a'",
    "net.prototxt:1:6: the character U+00A0 (a space that is not ASCII) outside of a string")]
    [TestCase("name: \u200B'a'", "net.prototxt:1:7: the character U+200B (which is not visible) outside of a string")]
    [TestCase("name: \u201Ca\u201D",
    "net.prototxt:1:7: the character '\u201C' (U+201C; quotes are \" or ') outside of a string")]
    [TestCase("layer { type: RELU }",
        "net.prototxt:1:15: 'RELU', expected a string in quotes for 'type'; types without quotes are those of "
            + "layers, the old format")]
    [TestCase("layers { type: \"ReLU\" }",
    "net.prototxt:1:16: the string \"ReLU\", expected a value of LayerType without quotes for 'type'; types in quotes "
        + "belong to layer, the current format")]
    [TestCase("layer { phase: \"TEST\" }",
    "net.prototxt:1:16: the string \"TEST\", expected a value of Phase without quotes for 'phase'")]
    [TestCase("name: '\\U00110000'",
        @"net.prototxt:1:9: an incomplete or too large \U, expected eight hexadecimal digits up to 0010FFFF; in a path, write / or \\")]
    [TestCase("name: 'C:\\Users'",
        @"net.prototxt:1:11: an incomplete or too large \U, expected eight hexadecimal digits up to 0010FFFF; in a path, write / or \\")]
    [TestCase("name: 'a\\b\\'\n",
    @"net.prototxt:1:7: a string that is not closed, expected ' before the end of the line; in a path, write / or \\")]
    [TestCase("name: 'a\\users'",
    @"net.prototxt:1:10: an incomplete \u, expected four hexadecimal digits; in a path, write / or \\")]
    [TestCase("name: 'a\\xyz'",
    @"net.prototxt:1:10: \x without digits, expected one or two hexadecimal digits; in a path, write / or \\")]
    [TestCase("name: 'a\\caffe'",
        @"net.prototxt:1:10: the escape \c, expected one of \a \b \f \n \r \t \v \\ \? \' \"" \ooo \xhh \uhhhh \Uhhhhhhhh; in a path, write / or \\")]
    [TestCase("name: '\\377'", "net.prototxt:1:7: a string that is not valid UTF-8, expected UTF-8 for 'name'")]
    [CaffeBehaviour(CaffeBehaviour.UnknownFieldsAreNamed)]
    public void Says(string text, string message)
    {
        PrototxtException error = Assert.Throws<PrototxtException>(() =>
            TextFormat.Parse<NetParameter>(text, "net.prototxt"))!;
        Assert.That(error.Message, Does.StartWith(message));
        Assert.That(error.Message, Is.EqualTo($"{error.File}:{error.Line}:{error.Column}: {error.Problem}"));
    }

    [Test]
    public void AByteOrderMarkIsPassedOver()
    {
        NetParameter net = TextFormat.Parse<NetParameter>("\uFEFFname: 'a'\nlayer { name: 'l' }", "net.prototxt");
        Assert.That((net.Name, SourceMap.Find(net.Layer[0]).ToString()), Is.EqualTo(("a", "net.prototxt:2:1")));
        Assert.That(SourceMap.Find(net, NetParameter.NameFieldNumber).ToString(), Is.EqualTo("net.prototxt:1:1"));
        Assert.That(TextFormat.Parse<NetParameter>("\uFEFF"), Is.EqualTo(new NetParameter()));
    }

    [Test]
    public void CommentsMayHoldAnyBytes()
    {
        byte[] text = [.. "# "u8, 0xC4, 0xE3, 0xFF, .. "\nname: 'a'"u8];
        Assert.That(TextFormat.Parse<NetParameter>(text).Name, Is.EqualTo("a"));
    }

    [Test]
    public void InvalidUtf8InAStringIsRefusedAndInBytesKept()
    {
        byte[] inString = [.. "optional_string: 'a"u8, 0xFF, .. "'"u8];
        byte[] inBytes = [.. "optional_bytes: 'a"u8, 0xFF, .. "'"u8];
        Assert.That(() => TextFormat.Parse<AllTypes>(inString),
            Throws.TypeOf<PrototxtException>().With.Message.Contains("not valid UTF-8"));
        Assert.That(TextFormat.Parse<AllTypes>(inBytes).OptionalBytes.ToByteArray(),
            Is.EqualTo(new byte[] { (byte)'a', 0xFF }));
    }

    [Test]
    public void DeepNestingIsRefusedAtTheLimit()
    {
        string Nested(int depth) => string.Concat(Enumerable.Repeat("child {", depth))
            + string.Concat(Enumerable.Repeat("}", depth));
        Assert.That(() => TextFormat.Parse<Odd>(Nested(100)), Throws.Nothing);
        Assert.That(() => TextFormat.Parse<Odd>(Nested(101)),
            Throws.TypeOf<PrototxtException>().With.Message.Contains("nested deeper than 100"));
        string unknown = "gone " + string.Concat(Enumerable.Repeat("{ a ", 1_000_000));
        Assert.That(() => TextFormat.Parse<Odd>(unknown),
            Throws.TypeOf<PrototxtException>().With.Message.Contains("nested deeper than 100"));
    }

    [Test]
    public void ListsOfUnknownFieldsCantNestWithoutLimit()
    {
        string text = "gone: " + new string('[', 1_000_000);
        Assert.That(() => TextFormat.Parse<Odd>(text),
            Throws.TypeOf<PrototxtException>().With.Message.Contains("nested deeper than 100"));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.UnknownFieldsMayBeAllowed)]
    public void UnknownFieldsBecomeNotesWhereAllowed()
    {
        List<string> notes = [];
        TextFormatOptions options = new() { AllowUnknownFields = true, Note = notes.Add };
        string text = "nme: 'x' layer { name: 'a' new_param { a: 1 b { c: [1, 'x', { d: -inf }] } } 7: 3 [a.b] <> "
            + "top: 't' }";
        NetParameter net = TextFormat.Parse<NetParameter>(text, "net.prototxt", options);
        Assert.That(net, Is.EqualTo(TextFormat.Parse<NetParameter>("layer { name: 'a' top: 't' }")));
        Assert.That(notes, Has.Count.EqualTo(4));
        Assert.That(notes[0],
            Is.EqualTo("net.prototxt:1:1: 'nme' is not a field of NetParameter, did you mean 'name'? (ignored)"));
        Assert.That(notes[1], Does.StartWith("net.prototxt:1:28: 'new_param'"));
    }

    [TestCase("x: [1")]
    [TestCase("x { a: 1")]
    [TestCase("x: -abc")]
    [TestCase("x: 1 2")]
    [TestCase("x: [1 2]")]
    [TestCase("x")]
    public void UnknownFieldsMustStillBeWellFormed(string text)
    {
        TextFormatOptions options = new() { AllowUnknownFields = true };
        Assert.That(() => TextFormat.Parse<NetParameter>(text, null, options),
            Throws.TypeOf<PrototxtException>().With.Message.StartsWith("<text>:1:"));
    }

    [Test]
    public void ReadsByDescriptor()
    {
        var net = (NetParameter)TextFormat.Parse(NetParameter.Descriptor, "name: 'a'", "f");
        Assert.That(net.Name, Is.EqualTo("a"));
        Assert.That(SourceMap.Find(net)!.Value.ToString(), Is.EqualTo("f:1:1"));
        Assert.That(Encoding.UTF8.GetByteCount(TextFormat.Print(net)), Is.EqualTo(10));
    }
}
