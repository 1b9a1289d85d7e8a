using System.Text;

namespace Atl.Face.Pickles;

/// <summary>
/// The calls that pickles of bytes and of NumPy's arrays and scalars of one byte hold, by what they give: none of them
/// is Python's code.
/// </summary>
internal static class PickleCalls
{
    private static readonly string[] Latin1 = ["latin1", "latin-1", "latin_1", "iso8859-1", "iso-8859-1"];
    private static readonly string[] OfOneByte = ["b1", "|b1", "?", "u1", "|u1", "i1", "|i1"];

    /// <summary>Whether a name is one of them.</summary>
    public static bool Knows(PickleGlobal global) => global is { Module: "_codecs", Name: "encode" }
        or { Module: "__builtin__" or "builtins", Name: "bytes" or "bytearray" }
        or { Module: "numpy", Name: "dtype" or "ndarray" }
        or { Module: "numpy.core.multiarray" or "numpy._core.multiarray", Name: "scalar" or "_reconstruct" }
        or { Module: "numpy.core.numeric" or "numpy._core.numeric", Name: "_frombuffer" };

    /// <summary>Returns the result of a call; null for arguments that are not understood.</summary>
    public static object? Call(PickleGlobal global, object?[] arguments) => (global.Name, arguments) switch
    {
        ("encode", [PickleText text, PickleText encoding]) when Latin1.Contains(Word(encoding)) =>
            new Latin1Bytes(text),
        ("bytes" or "bytearray", []) => new StoredBytes(default),
        ("bytes" or "bytearray", [PickleBytes bytes]) => bytes,
        ("bytearray", [PickleText text, PickleText encoding]) when Latin1.Contains(Word(encoding)) =>
            new Latin1Bytes(text),
        ("dtype", [var word, ..]) when OfOneByte.Contains(Word(word)) => new PickleType(Word(word)!),
        ("scalar", [PickleType { Name: var type }, PickleBytes { Length: <= 2 } value]) when value.ToArray()
            is [var element] => Scalar(type, element),
        ("_reconstruct", [PickleGlobal { Name: "ndarray" }, ..]) => new PickleArray(),
        ("_frombuffer", [PickleBytes elements, PickleType type, ..]) =>
            new PickleArray { Type = type, Elements = elements },
        _ => null,
    };

    /// <summary>Sets the state of an array or a type; false where it is not understood.</summary>
    public static bool SetState(object? target, object? state)
    {
        switch (target, state)
        {
            // Byte order, fields and flags change nothing in elements of one byte.
            case (PickleType, object?[]):
                return true;
            case (PickleArray array, object?[] and [_, _, PickleType type, _, PickleBytes elements]):
                (array.Type, array.Elements) = (type, elements);
                return true;
            default:
                return false;
        }
    }

    private static object Scalar(string type, byte element) => type.TrimStart('|') switch
    {
        "b1" or "?" => element != 0,
        "i1" => (long)(sbyte)element,
        _ => (long)element,
    };

    // A short word; null for anything else.
    private static string? Word(object? value)
    {
        const int Longest = 16;
        return value switch
        {
            PickleText { Bytes.Length: <= Longest } text => Encoding.Latin1.GetString(text.Bytes.Span),
            StoredBytes { Length: <= Longest } stored => Encoding.Latin1.GetString(stored.ToArray()),
            _ => null,
        };
    }
}
