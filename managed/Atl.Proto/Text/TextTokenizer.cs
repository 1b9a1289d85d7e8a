using System.Buffers;
using System.Globalization;
using System.Text;

namespace Atl.Proto;

/// <summary>
/// Cuts a protobuf text file into tokens, by protoc's rules: <c>#</c> comments, identifiers, decimal, hexadecimal and
/// octal numbers, floats with an optional <c>f</c>, strings in either quote, and single-character symbols.
/// Works on the file's bytes, so that comments in any encoding pass.
/// </summary>
internal sealed class TextTokenizer
{
    // Names of fields, and words that stand for values, have some dozen letters.
    private const int LongestWord = 1000;

    private const string BackslashAdvice = "; in a path, write / or \\\\";

    private readonly byte[] _text;
    private readonly string _file;
    private readonly ArrayBufferWriter<byte> _unescaped = new();
    private int _position;
    private int _line = 1;
    private int _lineStart;
    private int _columnOffset;
    private int _column = 1;

    public TextTokenizer(byte[] text, string file)
    {
        _text = text;
        _file = file;
        // Editors on Windows begin a file with a byte-order mark.
        if (text.AsSpan().StartsWith(Encoding.UTF8.Preamble))
            _position = _lineStart = _columnOffset = Encoding.UTF8.Preamble.Length;
        Next();
    }

    /// <summary>The kind of the current token.</summary>
    public TokenKind Kind { get; private set; }

    /// <summary>The first byte of the current token.</summary>
    public int Start { get; private set; }

    /// <summary>The line of the current token's first byte, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The column of the current token's first character, from 1.</summary>
    public int Column => ColumnOf(Start);

    /// <summary>The bytes of the current token as they stand in the file.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(Start, _position - Start);

    /// <summary>The number of bytes of the text.</summary>
    public int Length => _text.Length;

    /// <summary>The place of the current token.</summary>
    public SourceLocation Location => new(_file, Line, Column);

    private byte Current => _position < _text.Length ? _text[_position] : (byte)0;

    private bool AtEnd => _position >= _text.Length;

    /// <summary>Whether the current token is this symbol.</summary>
    public bool IsSymbol(char symbol) => Kind == TokenKind.Symbol && _text[Start] == symbol;

    /// <summary>The current token as an error message names it.</summary>
    public string Describe()
    {
        if (Kind == TokenKind.End)
            return "the end of the file";
        string text = Encoding.UTF8.GetString(Text[..Math.Min(Text.Length, 60)]);
        text = text.Length > 40 ? text[..40] + "…" : text;
        return Kind == TokenKind.String ? $"the string {text}" : $"'{text}'";
    }

    /// <summary>Goes on to the next token.</summary>
    public void Next()
    {
        SkipBlanks();
        Start = _position;
        Line = _line;
        if (AtEnd)
        {
            Kind = TokenKind.End;
            return;
        }
        byte c = _text[_position];
        if (IsLetter(c))
        {
            while (!AtEnd && (IsLetter(Current) || IsDigit(Current)))
                _position++;
            if (_position - Start > LongestWord)
                throw new PrototxtException(Location,
                    $"a word of {_position - Start} letters, expected at most {LongestWord}");
            Kind = TokenKind.Identifier;
        }
        else if (IsDigit(c) || (c == '.' && _position + 1 < _text.Length && IsDigit(_text[_position + 1])))
        {
            if (c == '.' && Kind == TokenKind.Identifier && _position > 0
                && (IsLetter(_text[_position - 1]) || IsDigit(_text[_position - 1])))
                throw Error("a decimal point right after a name, expected a space between them");
            ReadNumber();
        }
        else if (c is (byte)'"' or (byte)'\'')
            ReadString(c);
        else if (c < ' ' || c == 0x7F)
            throw Error($"the control character 0x{c:X2}, expected text");
        else if (c >= 0x80)
            throw Error($"the character {Named(_position)} outside of a string, expected plain ASCII");
        else
        {
            _position++;
            Kind = TokenKind.Symbol;
        }
    }

    /// <summary>The current string token with its escapes resolved; valid until the next call.</summary>
    public ReadOnlySpan<byte> Unescape(bool append)
    {
        if (!append)
            _unescaped.ResetWrittenCount();
        int last = _position - 1;
        int i = Start + 1;
        while (i < last)
        {
            int run = _text.AsSpan(i, last - i).IndexOf((byte)'\\');
            run = run < 0 ? last - i : run;
            if (run > 0)
            {
                _unescaped.Write(_text.AsSpan(i, run));
                i += run;
            }
            else
                i = UnescapeOne(i + 1, last);
        }
        return _unescaped.WrittenSpan;
    }

    private PrototxtException Error(string problem) =>
        new(new SourceLocation(_file, _line, ColumnOf(_position)), problem);

    private void SkipBlanks()
    {
        while (_position < _text.Length)
        {
            byte c = _text[_position];
            if (c == '\n')
            {
                _position++;
                StartLine();
            }
            else if (c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\v' or (byte)'\f')
                _position++;
            else if (c == '#')
            {
                // A zero byte ends a comment too, and is then refused.
                int length = _text.AsSpan(_position).IndexOfAny((byte)'\n', (byte)0);
                _position = length < 0 ? _text.Length : _position + length;
            }
            else
                return;
        }
    }

    private void StartLine()
    {
        _line++;
        _lineStart = _columnOffset = _position;
        _column = 1;
    }

    private int ColumnOf(int offset)
    {
        // Counting goes on from the last asked place, or a long one-line file would take quadratic time.
        if (offset < _columnOffset)
        {
            _columnOffset = _lineStart;
            _column = 1;
        }
        _column += CountCharacters(_columnOffset, offset);
        _columnOffset = offset;
        return _column;
    }

    private int CountCharacters(int from, int to)
    {
        int count = 0;
        foreach (byte b in _text.AsSpan(from, to - from))
            count += (b & 0xC0) == 0x80 ? 0 : 1;
        return count;
    }

    private void ReadNumber()
    {
        bool isFloat = false;
        bool leadingZero = Current == '0';
        byte second = _position + 1 < _text.Length ? _text[_position + 1] : (byte)0;
        if (leadingZero && second is (byte)'x' or (byte)'X')
        {
            _position += 2;
            if (!IsHex(Current))
                throw Error("'0x' without digits, expected hexadecimal digits");
            while (IsHex(Current))
                _position++;
        }
        else if (leadingZero && IsDigit(second))
        {
            while (Current is >= (byte)'0' and <= (byte)'7')
                _position++;
            if (IsDigit(Current))
                throw Error("the digit '" + (char)Current
                    + "' in a number that begins with 0 and is therefore octal, expected digits 0 to 7");
        }
        else
            isFloat = ReadDecimal();
        Kind = isFloat ? TokenKind.Float : TokenKind.Integer;
        if (IsLetter(Current))
            throw Error($"the letter '{(char)Current}' right after a number, expected a space between them");
        if (Current == '.')
            throw Error(isFloat
                ? "a second decimal point or one after an exponent, expected the number's end"
                : "a decimal point in a hexadecimal or octal number, expected an integer");
    }

    private bool ReadDecimal()
    {
        bool isFloat = false;
        SkipDigits();
        if (Current == '.')
        {
            isFloat = true;
            _position++;
            SkipDigits();
        }
        if (Current is (byte)'e' or (byte)'E')
        {
            isFloat = true;
            _position++;
            if (Current is (byte)'-' or (byte)'+')
                _position++;
            if (!IsDigit(Current))
                throw Error("an 'e' without an exponent, expected digits");
            SkipDigits();
        }
        if (Current is (byte)'f' or (byte)'F')
        {
            isFloat = true;
            _position++;
        }
        return isFloat;
    }

    private void SkipDigits()
    {
        while (IsDigit(Current))
            _position++;
    }

    private void ReadString(byte quote)
    {
        SourceLocation opened = new(_file, _line, ColumnOf(_position));
        bool escapesQuote = false;
        _position++;
        while (true)
        {
            if (AtEnd)
                throw new PrototxtException(opened,
                    $"a string that is not closed, expected {(char)quote} before the end of the file{Advice()}");
            byte c = _text[_position];
            if (c == 0)
                throw Error("a zero byte in a string, expected \\000 for it");
            if (c == '\n')
                throw new PrototxtException(opened,
                    $"a string that is not closed, expected {(char)quote} before the end of the line{Advice()}");
            _position++;
            if (c == quote)
                break;
            if (c == '\\')
            {
                escapesQuote |= Current == quote;
                CheckEscape();
            }
        }
        Kind = TokenKind.String;

        // The last backslash of a folder's path escapes the quote behind it.
        string Advice() => escapesQuote ? BackslashAdvice : "";
    }

    private void CheckEscape()
    {
        byte c = Current;
        if (c is (byte)'x' or (byte)'X')
        {
            if (!IsHex(At(_position + 1)))
                throw Error("\\x without digits, expected one or two hexadecimal digits" + BackslashAdvice);
            _position++;
        }
        else if (c == 'u' && !HexRun(_position + 1, 4))
            throw Error("an incomplete \\u, expected four hexadecimal digits" + BackslashAdvice);
        else if (c == 'U' && !(HexRun(_position + 1, 8) && CodePoint(_position + 1, 8) is >= 0 and <= 0x10FFFF))
            throw Error("an incomplete or too large \\U, expected eight hexadecimal digits up to 0010FFFF"
                + BackslashAdvice);
        else if (!(c is (byte)'u' or (byte)'U' || (c is >= (byte)'0' and <= (byte)'7') || SimpleEscape(c) != 0))
            throw Error(AtEnd
                ? "a backslash at the end of the file, expected an escape"
                : $"the escape \\{CharacterAt(_position)}, expected one of \\a \\b \\f \\n \\r \\t \\v \\\\ \\? \\' "
                    + "\\\" \\ooo \\xhh \\uhhhh \\Uhhhhhhhh"
                    + BackslashAdvice);
        _position++;
    }

    private int UnescapeOne(int i, int last)
    {
        byte c = _text[i++];
        if (c is >= (byte)'0' and <= (byte)'7')
        {
            int value = c - '0';
            for (int n = 0; n < 2 && i < last && _text[i] is >= (byte)'0' and <= (byte)'7'; n++)
                value = (value * 8) + _text[i++] - '0';
            AppendByte((byte)value);
        }
        else if (c is (byte)'x' or (byte)'X')
        {
            int value = 0;
            for (int n = 0; n < 2 && i < last && IsHex(_text[i]); n++)
                value = (value * 16) + HexValue(_text[i++]);
            AppendByte((byte)value);
        }
        else if (c is (byte)'u' or (byte)'U')
            i = UnescapeCodePoint(i, c == 'u' ? 4 : 8, last);
        else
            AppendByte(SimpleEscape(c));
        return i;
    }

    private int UnescapeCodePoint(int i, int digits, int last)
    {
        int value = CodePoint(i, digits);
        i += digits;
        // A high surrogate joins a low one that follows as an escape of its own.
        if (value is >= 0xD800 and <= 0xDBFF && i + 1 < last && _text[i] == '\\' && _text[i + 1] == 'u')
        {
            int low = CodePoint(i + 2, 4);
            if (low is >= 0xDC00 and <= 0xDFFF)
            {
                value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
                i += 6;
            }
        }
        AppendCodePoint(value);
        return i;
    }

    private void AppendCodePoint(int value)
    {
        // Written out by hand because lone surrogates are kept as three bytes, as protoc does.
        if (value < 0x80)
            AppendByte((byte)value);
        else if (value < 0x800)
        {
            AppendByte((byte)(0xC0 | (value >> 6)));
            AppendByte((byte)(0x80 | (value & 0x3F)));
        }
        else
        {
            if (value < 0x10000)
                AppendByte((byte)(0xE0 | (value >> 12)));
            else
            {
                AppendByte((byte)(0xF0 | (value >> 18)));
                AppendByte((byte)(0x80 | ((value >> 12) & 0x3F)));
            }
            AppendByte((byte)(0x80 | ((value >> 6) & 0x3F)));
            AppendByte((byte)(0x80 | (value & 0x3F)));
        }
    }

    private void AppendByte(byte value)
    {
        _unescaped.GetSpan(1)[0] = value;
        _unescaped.Advance(1);
    }

    private byte At(int offset) => offset < _text.Length ? _text[offset] : (byte)0;

    private bool HexRun(int offset, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (!IsHex(At(offset + i)))
                return false;
        }
        return true;
    }

    private int CodePoint(int offset, int digits)
    {
        int value = 0;
        for (int i = 0; i < digits; i++)
            value = (value << 4) | HexValue(At(offset + i));
        return value;
    }

    private string CharacterAt(int offset)
    {
        OperationStatus status = Rune.DecodeFromUtf8(_text.AsSpan(offset), out Rune rune, out _);
        return status == OperationStatus.Done ? rune.ToString() : $"\\x{_text[offset]:X2}";
    }

    // Byte-order marks and blanks of word processors look like nothing, and their quotes much like those of the format.
    private string Named(int offset)
    {
        if (Rune.DecodeFromUtf8(_text.AsSpan(offset), out Rune rune, out _) != OperationStatus.Done)
            return $"'{CharacterAt(offset)}'";
        string code = string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");
        return rune.Value switch
        {
            0xFEFF => $"{code} (a byte-order mark)",
            0x2018 or 0x2019 or 0x201C or 0x201D => $"'{rune}' ({code}; quotes are \" or ')",
            _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator =>
                $"{code} (a space that is not ASCII)",
            _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format => $"{code} (which is not visible)",
            _ => $"'{rune}'",
        };
    }

    private static bool IsLetter(byte c) => (c | 0x20) is >= (byte)'a' and <= (byte)'z' || c == '_';

    private static bool IsDigit(byte c) => c is >= (byte)'0' and <= (byte)'9';

    private static bool IsHex(byte c) => IsDigit(c) || (c | 0x20) is >= (byte)'a' and <= (byte)'f';

    private static int HexValue(byte c) => IsDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;

    private static byte SimpleEscape(byte c) => (char)c switch
    {
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'n' => 10,
        'r' => 13,
        't' => 9,
        'v' => 11,
        '\\' or '?' or '\'' or '"' => c,
        _ => 0,
    };
}
