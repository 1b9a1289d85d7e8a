using System.Collections;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Proto;

/// <summary>
/// The comments of a text file, and where they go when the message read from it is rewritten: a line of comment
/// before the field that followed it, one after a field after that field again, those before the first field to the
/// top. What has no field any more goes to the next that there is.
/// </summary>
internal sealed class TextComments
{
    private readonly List<(int Line, string Text, bool BehindField)> _comments = [];

    /// <summary>Finds the comments of a file.</summary>
    /// <param name="text">The file's bytes; it was read without an error.</param>
    public TextComments(ReadOnlySpan<byte> text)
    {
        int line = 1;
        byte quote = 0;
        bool behindField = false;
        for (int i = text.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0; i < text.Length; i++)
        {
            byte c = text[i];
            if (c == '\n')
            {
                (quote, behindField) = (0, false);
                line++;
            }
            else if (quote != 0)
            {
                if (c == '\\') i++;
                else if (c == quote) quote = 0;
            }
            else if (c == '#')
            {
                int length = text[i..].IndexOf((byte)'\n');
                ReadOnlySpan<byte> comment = length < 0 ? text[i..] : text.Slice(i, length);
                _comments.Add((line, Encoding.UTF8.GetString(comment).TrimEnd(), behindField));
                i += comment.Length - 1;
            }
            else
            {
                if (c is (byte)'"' or (byte)'\'') quote = c;
                behindField |= c is not ((byte)' ' or (byte)'\t' or (byte)'\r');
            }
        }
    }

    /// <summary>Deals the comments out to the places of a message and all in it.</summary>
    internal Placed Place(IMessage root)
    {
        Placed placed = new();
        if (SourceMap.Find(root) is not { } start)
        {
            placed.Top.AddRange(_comments.Select(comment => comment.Text));
            return placed;
        }
        SortedDictionary<(int Line, int Column), bool> isMessage = [];
        Collect(root, start.File, isMessage);
        (int Line, int Column)[] places = [.. isMessage.Keys];
        foreach ((int line, string text, bool behindField) in _comments)
        {
            (int Line, int Column)[] onLine = behindField ? [.. places.Where(place => place.Line == line)] : [];
            // Behind a message that began on the line, it speaks of the whole message.
            if (onLine.Length > 0 && isMessage[onLine[0]])
                placed.AddBefore(onLine[0], text);
            else if (onLine.Length > 0 && placed.TryAddBehind(onLine[^1], text))
                continue;
            else if (Array.FindIndex(places, place => place.Line > line) is >= 0 and var next)
                if (next == 0) placed.Top.Add(text);
                else placed.AddBefore(places[next], text);
            else
                placed.End.Add(text);
        }
        return placed;
    }

    private static void Collect(IMessage message, string file, SortedDictionary<(int Line, int Column), bool> isMessage)
    {
        foreach (FieldDescriptor field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            object? value = field.Accessor.GetValue(message);
            if (value is IList { Count: 0 }
                || (!field.IsRepeated && field.HasPresence && !field.Accessor.HasValue(message))) continue;
            if (field.FieldType is FieldType.Message or FieldType.Group && !field.IsMap)
            {
                foreach (IMessage child in value is IList children ? children.Cast<IMessage>() : [(IMessage)value!])
                {
                    if (SourceMap.Find(child) is { } place && place.File == file)
                        isMessage[(place.Line, place.Column)] = true;
                    Collect(child, file, isMessage);
                }
            }
            else if (SourceMap.FindGiven(message, field.FieldNumber) is { } given && given.File == file)
            {
                isMessage[(given.Line, given.Column)] = false;
            }
        }
    }

    /// <summary>Comments by the places of the fields that they belong to.</summary>
    internal sealed class Placed
    {
        private readonly Dictionary<(int Line, int Column), List<string>> _before = [];
        private readonly Dictionary<(int Line, int Column), string> _behind = [];

        /// <summary>The comments before all fields.</summary>
        public List<string> Top { get; } = [];

        /// <summary>The comments after all fields.</summary>
        public List<string> End { get; } = [];

        public void AddBefore((int Line, int Column) place, string text)
        {
            if (!_before.TryGetValue(place, out List<string>? lines)) _before[place] = lines = [];
            lines.Add(text);
        }

        public bool TryAddBehind((int Line, int Column) place, string text) => _behind.TryAdd(place, text);

        /// <summary>The lines before a place, once.</summary>
        public IReadOnlyList<string> TakeBefore(SourceLocation? place) =>
            place is { } at && _before.Remove((at.Line, at.Column), out List<string>? lines) ? lines : [];

        /// <summary>The comment after a place, once; null where there is none.</summary>
        public string? TakeBehind(SourceLocation? place) =>
            place is { } at && _behind.Remove((at.Line, at.Column), out string? text) ? text : null;
    }
}
