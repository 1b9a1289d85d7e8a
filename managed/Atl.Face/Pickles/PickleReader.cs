using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using Atl.Proto;

namespace Atl.Face.Pickles;

/// <summary>
/// Reads a pickle of bytes, text, numbers, truth values, lists and tuples, and of NumPy's arrays and scalars of one
/// byte, as Python 2 and 3 write them (protocols 0 to 5). Nothing is executed: the few calls that such pickles hold are
/// known by name, and every other one is an error. Memory and time are bounded by the file: values are views of its
/// bytes, nesting is never followed, and the number of operations has a limit.
/// </summary>
internal sealed class PickleReader
{
    /// <summary>More than any set of images has: a million, in the form that takes the most operations.</summary>
    internal const int MostOperations = 8_000_000;

    private readonly string _path;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];
    private PickleOpcode _opcode;
    private int _start, _at;

    private PickleReader(string path, ReadOnlyMemory<byte> bytes) => (_path, _bytes) = (path, bytes);

    /// <summary>
    /// Reads the pickle's value: null, bool, long, <see cref="PickleBytes"/>, <see cref="PickleText"/>,
    /// <see cref="PickleArray"/>, a
    /// <see cref="List{T}"/> for a list or an array of objects for a tuple.
    /// </summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="bytes">Its content.</param>
    /// <exception cref="AtlException">
    /// It is truncated or damaged, or holds an operation or a call that is not known.
    /// </exception>
    public static object? Read(string path, ReadOnlyMemory<byte> bytes) => new PickleReader(path, bytes).Run();

    private object? Run()
    {
        for (int operations = 0; operations < MostOperations; operations++)
        {
            _start = _at;
            if (_at >= _bytes.Length)
                throw new AtlException($"{_path}: truncated, the pickle ends at byte {_at} without a STOP");
            _opcode = (PickleOpcode)_bytes.Span[_at++];
            if (_opcode == PickleOpcode.Stop) return Pop();
            Step();
        }
        throw new AtlException($"{_path}: more than {MostOperations} operations, expected a set of images");
    }

    private void Step()
    {
        switch (_opcode)
        {
            case PickleOpcode.Proto:
                if (Take(1)[0] is > 5 and var protocol) throw Error($"gives protocol {protocol}, expected 0 to 5");
                break;
            case PickleOpcode.Frame:
                _ = Take(8);
                break;
            case PickleOpcode.Mark:
                _marks.Add(_stack.Count);
                break;
            case PickleOpcode.Pop:
                if (_marks is [.., var last] && last == _stack.Count) _marks.RemoveAt(_marks.Count - 1);
                else _ = Pop();
                break;
            case PickleOpcode.PopMark:
                _ = PopToMark();
                break;
            case PickleOpcode.Dup:
                Push(Top());
                break;
            case PickleOpcode.None or PickleOpcode.Newtrue or PickleOpcode.Newfalse or PickleOpcode.Int
                or PickleOpcode.Long or PickleOpcode.Binint
                or PickleOpcode.Binint1 or PickleOpcode.Binint2 or PickleOpcode.Long1:
                Push(Constant());
                break;
            case PickleOpcode.String or PickleOpcode.Binstring or PickleOpcode.ShortBinstring or PickleOpcode.Binbytes
                or PickleOpcode.ShortBinbytes
                or PickleOpcode.Binbytes8 or PickleOpcode.Bytearray8:
                Push(Bytes());
                break;
            case PickleOpcode.Unicode:
                Push(new PickleText(Line(), isEscaped: true));
                break;
            case PickleOpcode.Binunicode or PickleOpcode.ShortBinunicode or PickleOpcode.Binunicode8:
                Push(new PickleText(Counted(), isEscaped: false));
                break;
            case PickleOpcode.EmptyList:
                Push(new List<object?>());
                break;
            case PickleOpcode.List:
                Push(new List<object?>(PopToMark()));
                break;
            case PickleOpcode.Append:
                object? item = Pop();
                Listed().Add(item);
                break;
            case PickleOpcode.Appends:
                object?[] items = PopToMark();
                Listed().AddRange(items);
                break;
            case PickleOpcode.EmptyTuple:
                Push(Array.Empty<object?>());
                break;
            case PickleOpcode.Tuple:
                Push(PopToMark());
                break;
            case PickleOpcode.Tuple1 or PickleOpcode.Tuple2 or PickleOpcode.Tuple3:
                Push(PopLast(_opcode - PickleOpcode.Tuple1 + 1));
                break;
            case PickleOpcode.Put or PickleOpcode.Binput or PickleOpcode.LongBinput or PickleOpcode.Memoize:
                _memo[_opcode == PickleOpcode.Memoize ? _memo.Count : MemoKey()] = Top();
                break;
            case PickleOpcode.Get or PickleOpcode.Binget or PickleOpcode.LongBinget:
                long key = MemoKey();
                Push(_memo.TryGetValue(key, out object? kept) ? kept
                    : throw Error($"requests value {key}, which was not stored"));
                break;
            case PickleOpcode.Global or PickleOpcode.StackGlobal:
                Push(Global());
                break;
            case PickleOpcode.Reduce:
                object? arguments = Pop();
                Push(Call(Pop(), arguments));
                break;
            case PickleOpcode.Build:
                object? state = Pop();
                SetState(Top(), state);
                break;
            default:
                throw Error("does not occur in a set of images, and is not carried out");
        }
    }

    private object? Constant() => _opcode switch
    {
        PickleOpcode.None => null,
        PickleOpcode.Newtrue => true,
        PickleOpcode.Newfalse => false,
        PickleOpcode.Binint1 => (long)Take(1)[0],
        PickleOpcode.Binint2 => (long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)),
        PickleOpcode.Binint => (long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)),
        PickleOpcode.Long1 => LittleEndian(Take(Take(1)[0])),
        _ => Line().Span switch
        {
            // Protocol 0 has no truth values of its own.
            [(byte)'0', (byte)'1'] when _opcode == PickleOpcode.Int => true,
            [(byte)'0', (byte)'0'] when _opcode == PickleOpcode.Int => false,
            var digits => Number(digits),
        },
    };

    private long LittleEndian(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > sizeof(long))
            throw Error($"has a number of {bytes.Length} bytes, expected at most {sizeof(long)}");
        long value = bytes.Length > 0 && (bytes[^1] & 0x80) != 0 ? -1 : 0;
        for (int i = bytes.Length - 1; i >= 0; i--) value = (value << 8) | bytes[i];
        return value;
    }

    private long Number(ReadOnlySpan<byte> digits)
    {
        if (digits is [.., (byte)'L']) digits = digits[..^1];
        return Utf8Parser.TryParse(digits, out long value, out int read) && read == digits.Length
            ? value
            : throw Error($"has '{Shown(digits)}', expected a number");
    }

    private PickleBytes Bytes() =>
        _opcode == PickleOpcode.String ? new StoredBytes(Quoted(Line().Span)) : new StoredBytes(Counted());

    // Bytes or text behind their number.
    private ReadOnlyMemory<byte> Counted()
    {
        ulong count = _opcode switch
        {
            PickleOpcode.ShortBinstring or PickleOpcode.ShortBinbytes or PickleOpcode.ShortBinunicode => Take(1)[0],
            PickleOpcode.Binbytes8 or PickleOpcode.Bytearray8 or PickleOpcode.Binunicode8 =>
                BinaryPrimitives.ReadUInt64LittleEndian(Take(8)),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(Take(4)),
        };
        if (count > (ulong)(_bytes.Length - _at)) throw Truncated(count);
        ReadOnlyMemory<byte> counted = _bytes.Slice(_at, (int)count);
        _at += (int)count;
        return counted;
    }

    // Python 2's repr of a string.
    private byte[] Quoted(ReadOnlySpan<byte> line)
    {
        if (line.Length < 2 || line[0] is not ((byte)'\'' or (byte)'"') || line[^1] != line[0])
            throw Error($"has '{Shown(line)}', expected a string in quotes");
        line = line[1..^1];
        byte[] text = new byte[line.Length];
        int length = 0;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] != '\\')
            {
                text[length++] = line[i];
                continue;
            }
            i++;
            byte escape = i < line.Length ? line[i] : (byte)0;
            text[length++] = escape switch
            {
                (byte)'\\' or (byte)'\'' or (byte)'"' => escape,
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                (byte)'x' when i + 2 < line.Length
                    && Utf8Parser.TryParse(line.Slice(i + 1, 2), out byte code, out int read, 'x') && read == 2 => code,
                _ => throw Error($"has the escape '\\{(char)escape}', expected one of \\\\ \\' \\\" \\n \\r \\t \\xNN"),
            };
            if (escape == 'x') i += 2;
        }
        return text[..length];
    }

    private long MemoKey() => _opcode switch
    {
        PickleOpcode.Binput or PickleOpcode.Binget => Take(1)[0],
        PickleOpcode.LongBinput or PickleOpcode.LongBinget => BinaryPrimitives.ReadUInt32LittleEndian(Take(4)),
        _ => Number(Line().Span),
    };

    private PickleGlobal Global()
    {
        PickleGlobal global;
        if (_opcode == PickleOpcode.Global)
            global = new PickleGlobal(Shown(Line().Span), Shown(Line().Span));
        else if (PopLast(2) is [PickleText module, PickleText name])
            global = new PickleGlobal(Shown(module.Bytes.Span), Shown(name.Bytes.Span));
        else
            throw Error("has no names of text");
        return PickleCalls.Knows(global)
            ? global
            : throw Error($"names {global.Module}.{global.Name}, which a set of images does not need: it was not "
                + "called, and the file is not read");
    }

    private object Call(object? function, object? arguments)
    {
        if (function is not PickleGlobal global || arguments is not object?[] given)
            throw Error("calls something that is no known function");
        return PickleCalls.Call(global, given)
            ?? throw Error($"calls {global.Module}.{global.Name} with arguments that are not understood");
    }

    private void SetState(object? target, object? state)
    {
        if (!PickleCalls.SetState(target, state))
            throw Error("sets a state that is not understood, expected that of a NumPy array or type of one byte");
    }

    private List<object?> Listed() => Top() as List<object?> ?? throw Error("adds to something that is no list");

    private void Push(object? value) => _stack.Add(value);

    private object? Top() => _stack.Count > Floor ? _stack[^1] : throw Error("finds nothing on the stack");

    private object? Pop()
    {
        object? top = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    // Where the values above the last mark begin.
    private int Floor => _marks is [.., var mark] ? mark : 0;

    private object?[] PopToMark()
    {
        if (_marks.Count == 0) throw Error("finds no MARK");
        object?[] items = PopLast(_stack.Count - _marks[^1]);
        _marks.RemoveAt(_marks.Count - 1);
        return items;
    }

    private object?[] PopLast(int count)
    {
        if (_stack.Count - count < Floor)
            throw Error($"needs {count} values on the stack, found {_stack.Count - Floor}");
        object?[] items = CollectionsMarshal.AsSpan(_stack)[^count..].ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _at) throw Truncated((ulong)count);
        _at += count;
        return _bytes.Span.Slice(_at - count, count);
    }

    private ReadOnlyMemory<byte> Line()
    {
        int length = _bytes.Span[_at..].IndexOf((byte)'\n');
        if (length < 0)
            throw new AtlException(
                $"{_path}: truncated, {PickleOpcodes.NameOf(_opcode)} at byte {_start} has no end of its line");
        ReadOnlyMemory<byte> line = _bytes.Slice(_at, length);
        _at += length + 1;
        return line;
    }

    // What a file holds is shown in messages: printable, and not too much of it.
    private static string Shown(ReadOnlySpan<byte> bytes)
    {
        const int Most = 80;
        StringBuilder text = new();
        foreach (byte b in bytes[..Math.Min(bytes.Length, Most)])
            text.Append(b is >= (byte)' ' and < 0x7F ? (char)b : '?');
        return bytes.Length > Most ? text.Append('…').ToString() : text.ToString();
    }

    private AtlException Error(string problem) =>
        new($"{_path}: {PickleOpcodes.NameOf(_opcode)} at byte {_start} {problem}");

    private AtlException Truncated(ulong count) =>
        new($"{_path}: truncated, {PickleOpcodes.NameOf(_opcode)} at byte {_start} needs {count} bytes, "
            + $"{_bytes.Length - _at} follow");
}
