using System.Text;
using Atl.Proto.Tests.Schema;

namespace Atl.Proto.Tests.Text;

/// <summary>Each rule of the text format, in both directions of every doubt: protoc says what is right, we must agree
/// and mean the same bytes.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ProtocAgreementTests
{
    private static readonly string[] Rules =
    [
        // Blanks and comments
        "", " \t\r\n\v\f", "# nothing", "#\n# a\noptional_int32: 1 # b\n#", "optional_int32:1", "optional_int32\n:\n1",
        "optional_int32: 1\0", "optional_int32: 1 \u0001", "optional_int32: 1 é", "# é\noptional_int32: 1",
        "# a\0b\noptional_int32: 1",
            "# a\u0001b\noptional_int32: 1", "# a\roptional_int32: 1", "optional_int32: 1 \u007f",
        // Colons and separators
        "optional_int32 1", "optional_int32: 1,", "optional_int32: 1;", "optional_int32: 1,;", "optional_int32: 1,,",
        ",optional_int32: 1",
            "; optional_int32: 1",
        "optional_int32: 1 optional_int64: 2", "optional_int32: 1optional_int64: 2", "optional_int32:: 1",
        "optional_nested_message: { bb: 1 }",
        "optional_nested_message { bb: 1 },", "optional_nested_message { bb: 1, };", "optional_nested_message { , }",
        "optional_string: 'a'optional_int32: 1",
        // Delimiters
        "optional_nested_message < bb: 1 >", "optional_nested_message { bb: 1 >", "optional_nested_message < bb: 1 }",
        "optional_nested_message {",
            "optional_nested_message {}",
        "optional_nested_message: <>", "}", ">", "{", "optional_nested_message { bb: 1 }}",
        "optional_nested_message ( bb: 1 )",
        // Lists
        "repeated_int32: [1, 2, 3]", "repeated_int32: []", "repeated_int32: [1, 2,]", "repeated_int32: [1 2]",
        "repeated_int32: [1; 2]", "repeated_int32: [,]",
            "repeated_int32: [1",
        "repeated_int32 [1]", "repeated_int32: [1] repeated_int32: 2 repeated_int32: [3]", "optional_int32: [1]",
        "optional_int32: []",
            "repeated_nested_message [{bb: 1}, <bb: 2>]",
        "repeated_nested_message: [{bb: 1}]", "repeated_nested_message: []", "repeated_nested_message []",
        "repeated_nested_message [{bb: 1},]",
            "repeated_string: ['a' 'b', \"c\"]",
        "repeated_nested_enum: [FOO, 2, BAZ]", "repeated_int32: [[1]]", "repeated_float: [1, -2.5, inf, -nan]",
        "RepeatedGroup [{a: 1}, {a: 2}]",
            "repeated_int32: [1],", "optional_nested_message [{bb: 1}]",
        // Repetition of singular fields
        "optional_int32: 1 optional_int32: 2", "optional_int32: 0 optional_int32: 0",
        "optional_nested_message {} optional_nested_message {}",
            "optional_nested_message {bb: 1 bb: 1}",
        "oneof_uint32: 1 oneof_string: 'a'", "oneof_uint32: 1 oneof_uint32: 1",
        "oneof_nested_message {} oneof_bytes: ''", "OptionalGroup {} OptionalGroup {}",
        // Names
        "optional_Int32: 1", "OPTIONAL_INT32: 1", "optionalgroup { a: 1 }", "OptionalGroup { a: 1 }",
        "optionalGroup { a: 1 }", "OPTIONALGROUP {}", "1: 1",
            "no_such: 1", "no_such { x: 1 }", "'optional_int32': 1",
        "optional_int32: one", "_: 1", "a.b: 1", "[a.b]: 1", "[a.b] {}", "[type.googleapis.com/a.B] { }", "[]: 1",
        "[a.b: 1", "[a b]: 1", "optional_int32.x: 1",
        // Integers
        "optional_int32: 2147483647", "optional_int32: 2147483648", "optional_int32: -2147483648",
        "optional_int32: -2147483649", "optional_int32: - 5",
            "optional_int32: --5", "optional_int32: +5",
        "optional_int32: 0x7fffffff", "optional_int32: 0x80000000", "optional_int32: -0x80000000",
        "optional_int32: 0XfF", "optional_int32: 0x",
            "optional_int32: 0xg", "optional_int32: 017", "optional_int32: 08",
        "optional_int32: 0", "optional_int32: 00", "optional_int32: -0", "optional_int32: -010", "optional_int32: 1.0",
        "optional_int32: 1e3",
            "optional_int32: 1f", "optional_int32: '1'", "optional_int32: true", "optional_int32: inf",
        "optional_int64: 9223372036854775807", "optional_int64: 9223372036854775808",
        "optional_int64: -9223372036854775808",
            "optional_int64: -9223372036854775809", "optional_uint32: 4294967295",
        "optional_uint32: 4294967296", "optional_uint32: -1", "optional_uint32: -0",
        "optional_uint64: 18446744073709551615",
            "optional_uint64: 18446744073709551616", "optional_uint64: 0xffffffffffffffff",
        "optional_uint64: 0x10000000000000000", "optional_uint64: 01777777777777777777777",
        "optional_uint64: 02000000000000000000000", "optional_sint32: -5",
            "optional_sfixed64: -5", "optional_fixed32: -5", "optional_int32: 1_000",
        "optional_int32: 10abc", "optional_int32: 0x1z", "optional_int32: 1-", "optional_int32: -", "optional_int32: ",
        "optional_int32:",
            "optional_int32: 0x1.0", "optional_int32: 01.0", "optional_int32: 99999999999999999999999",
        // Floats
        "optional_float: 1", "optional_float: 1.", "optional_float: .5", "optional_float: .", "optional_float: 1.5e3",
        "optional_float: 1.5E+3",
            "optional_float: 1.5e-3", "optional_float: 1.5e", "optional_float: 1e+", "optional_float: 1.5f",
        "optional_float: 1F", "optional_float: 1.f", "optional_float: 1e3f", "optional_float: 1.5ff",
        "optional_float: 1.5.5", "optional_float: 1..5",
            "optional_float: 1e3.5", "optional_float: -1.5", "optional_float: - 1.5", "optional_float: -.5",
        "optional_float: +1.5", "optional_float: --1", "optional_float: 0x10", "optional_float: 010",
        "optional_float: 00", "optional_float: 01.5",
            "optional_float: 09", "optional_float: 0", "optional_float: -0", "optional_float: -0.0",
            "optional_float: 0f", "optional_float: 0.f",
        "optional_float: inf", "optional_float: -inf", "optional_float: INF", "optional_float: Infinity",
        "optional_float: -infinity", "optional_float: nan",
            "optional_float: -nan", "optional_float: NaN", "optional_float: inff", "optional_float: - inf",
        "optional_float: infinit", "optional_float: '1'", "optional_float: true", "optional_float: 1e40",
        "optional_float: -1e40", "optional_float: 1e-50",
            "optional_float: 3.4028236e38", "optional_float: 3.4028235677973366e38",
        "optional_float: 3.40282357e38", "optional_float: 1.17549435e-38", "optional_float: 1e-45",
        "optional_float: 16777217",
            "optional_float: 123456789012345678901234567890", "optional_float: 1.00000005960464477539062500000001",
        "optional_double: 1e400", "optional_double: 1e-400", "optional_double: 0.1", "optional_double: 4.9e-324",
        "optional_double: 2.4703282292062328e-324",
            "optional_double: 1.7976931348623157e308", "optional_double: 18446744073709551615",
        "optional_double: 18446744073709551617", "optional_double: 9007199254740993", "optional_double: inf",
        "optional_double: -nan", "optional_double: 0x1",
            "optional_double: 1e5f", "optional_float: 1.5 f", "optional_float: 1 .5", "optional_float:.5",
            "optional_float:-.5",
        // Booleans
        "optional_bool: true", "optional_bool: false", "optional_bool: True", "optional_bool: False",
        "optional_bool: TRUE", "optional_bool: t",
            "optional_bool: f", "optional_bool: T", "optional_bool: 1", "optional_bool: 0", "optional_bool: 2",
        "optional_bool: 01", "optional_bool: 0x1", "optional_bool: 00", "optional_bool: -1", "optional_bool: -0",
        "optional_bool: 'true'", "optional_bool: yes",
            "optional_bool: 1.0", "optional_bool: 1f",
        // Enums
        "optional_nested_enum: FOO", "optional_nested_enum: foo", "optional_nested_enum: 2",
        "optional_nested_enum: NEG", "optional_nested_enum: -1",
            "optional_nested_enum: - 1", "optional_nested_enum: 9", "optional_nested_enum: -9",
        "optional_nested_enum: 0x2", "optional_nested_enum: 02", "optional_nested_enum: 2.0",
        "optional_nested_enum: 'FOO'", "optional_nested_enum: QUX",
            "optional_nested_enum: 4294967297", "optional_nested_enum: -FOO", "optional_nested_enum: { }",
            "optional_nested_enum: true",
        // Strings
        "optional_string: \"a\"", "optional_string: 'a'", "optional_string: 'a\"b'", "optional_string: \"a'b\"",
        "optional_string: 'a' \"b\"\n'c'",
            "optional_string: 'a''b'", "optional_string: 'a", "optional_string: 'a\"", "optional_string: 'a\nb'",
        "optional_string: 'a\\\nb'", "optional_string: a", "optional_string: 1", "optional_string: ''",
        "optional_string: 'a' 1",
            "optional_string: \"\\a\\b\\f\\n\\r\\t\\v\\\\\\?\\'\\\"\"", "optional_string: '\\q'",
            "optional_string: '\\'", "optional_string: '\\8'",
        "optional_string: '\\1'", "optional_string: '\\12'", "optional_string: '\\101'", "optional_string: '\\1011'",
        "optional_bytes: '\\377'",
            "optional_bytes: '\\400'", "optional_bytes: '\\777'", "optional_bytes: '\\0'", "optional_bytes: '\\000'",
        "optional_bytes: '\\x41'", "optional_bytes: '\\x4'", "optional_bytes: '\\x411'", "optional_bytes: '\\x'",
        "optional_bytes: '\\xg'",
            "optional_bytes: '\\X41'", "optional_bytes: '\\xff\\xFE'", "optional_string: '\\u00e9'",
            "optional_string: '\\u00e'",
        "optional_string: '\\u20AC'", "optional_string: '\\U0001F600'", "optional_string: '\\U0010FFFF'",
        "optional_string: '\\U00200000'",
            "optional_string: '\\U0001F60'",
        "optional_bytes: '\\uD83D\\uDE00'", "optional_bytes: '\\uD83D'", "optional_bytes: '\\uDE00'",
        "optional_bytes: '\\uD83Dx'",
            "optional_bytes: '\\uD83D\\u0041'", "optional_bytes: '\\uDE00\\uD83D'", "optional_string: 'é€😀'",
            "optional_bytes: 'é'",
        "optional_string: 'a\0b'", "optional_string: '\u0001\u007f'", "optional_string: 'a\tb'",
        "optional_string: 'a\rb'", "optional_string: '#'",
            "optional_bytes: '\\U0000d83d'", "optional_bytes: '\\uD83D\\U0000DE00'", "optional_string: '\\u0000'",
            "optional_bytes: '\\u0000'",
        "optional_bytes: 'a' 'b\\x' '41'", "optional_bytes: '\\x4' '1'", "optional_bytes: \"\\'\\\"'\"",
        "optional_bytes: '\\?'", "optional_bytes: '\\e'",
            "optional_string: \"a\" 'b", "optional_string: `a`",
        // Symbols
        "optional_int32: 1 = 2", "optional_int32 = 1", "=", "optional_int32: (1)", "@",
        "optional_int32: 1 // no comment", "optional_int32: 1 /* no */",
            "optional_int32: $", "optional_int32:1#x", "optional_string:'a'#'b'",
        // Groups and messages as values
        "OptionalGroup: { a: 1 }", "OptionalGroup { a: 1 } optional_int32: 1",
        "RepeatedGroup { a: 1 } RepeatedGroup { a: 2 }", "optional_nested_message: 1",
            "optional_nested_message: 'a'", "optional_int32 { }", "optional_int32: { }", "optional_nested_message",
            "optional_nested_message:",
    ];

    private static readonly string[] MapRules =
    [
        "map_int32_int32 { key: 1 value: 2 }", "map_int32_int32 { value: 2 key: 1 }", "map_int32_int32 { key: 1 }",
        "map_int32_int32 { value: 1 }",
            "map_int32_int32 {}", "map_int32_int32 { key: 1 key: 2 }", "map_int32_int32 { key: 1 other: 2 }",
        "map_int32_int32 [{ key: 1 value: 2 }, { key: 2 value: 3 }]",
        "map_int32_int32 { key: 1 value: 2 } map_int32_int32 { key: 1 value: 3 }",
            "map_int32_int32: { key: 1, value: 2 }", "map_int32_int32 { key 1 }", "map_int32_int32 { key: 'a' }",
        "map_int32_foreign_message { key: 1 value { c: 2 } }", "map_int32_foreign_message { key: 1 value: { c: 2 } }",
        "map_int32_foreign_message { key: 1 }",
            "map_int32_foreign_message { value <c: 1> }", "map_string_string < key: 'a' value: \"b\" >",
            "map_int32_int32 { key: 1",
        "map_int32_enum { key: 1 value: MAP_ENUM_BAR }", "map_int32_enum { key: 1 value: 9 }",
        "map_bool_bool { key: true value: 1 }",
            "map_int32_float { key: 1 value: 0x1 }", "map_int32_int32: 1", "map_int32_int32 { 1: 1 }",
            "map_int32_foreign_message { value: 1 }",
    ];

    private static readonly string[] OddRules =
    [
        "child { child { child { number: 1 } } }", "children { } children { children { } }", "gone: 1", "gone { a: 1 }",
        "gone: { a: [1, 'b', <c: 2>] }",
            "gone: [1, 2]", "gone: -inf", "gone: -x", "gone: 'a' 'b' number: 1", "gone", "gone:", "gone: [",
        "boxed { value: 5 }", "boxed { }", "boxed { value: 1 value: 2 }", "any { type_url: 'a' value: 'b' }",
        "any { [a.b/C] { } }", "packed: [1, 2, 3]",
            "packed: 1 packed: 2", "[atl.test.no_such]: 1", "gone { [a.b]: 1 }", "gone { [a.b/c] { d: 1 } }",
        "needy { first: 1 second: 'a' }", "gone: [{a: 1}, 2]", "gone [1]", "gone [{}]", "gone {}, number: 1",
        "gone: x.y", "gone: [[1]]", "gone { 1: 2 }",
            "gone: 0x1 gone: 08", "gone: [] number: 1", "gone { [a.b: 1 }", "gone { [a.b] }", "gone { [] {} }",
            "boxed { value: 0 value: 2 }",
                "gone { 'a': 1 }",
    ];

    private static IEnumerable<TestCaseData> All() => Rules.Select(r => Case(r, "atl.test.AllTypes"))
        .Concat(MapRules.Select(r => Case(r, "atl.test.Maps"))).Concat(OddRules.Select(r => Case(r, "atl.test.Odd")));

    private static TestCaseData Case(string text, string type)
    {
        StringBuilder name = new("Rule(");
        foreach (char c in text)
            name.Append(c is >= ' ' and < (char)0x7F ? c.ToString() : $"<{(int)c:X2}>");
        return new TestCaseData(text, type).SetName(name.Append(')').ToString());
    }

    [TestCaseSource(nameof(All))]
    public void Agree(string text, string type)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        switch (type)
        {
            case "atl.test.AllTypes":
                RealFilesTests.CompareWithProtoc<AllTypes>(type, bytes, withWriter: false);
                break;
            case "atl.test.Maps":
                RealFilesTests.CompareWithProtoc<Maps>(type, bytes, withWriter: false);
                break;
            default:
                RealFilesTests.CompareWithProtoc<Odd>(type, bytes, withWriter: false);
                break;
        }
    }
}
