using System.Collections;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Proto;

/// <summary>
/// Remembers where each message read from a text file began, so that an error found long after parsing can still name
/// its line. Messages are distinguished by identity, not by content, and are not kept alive by the map.
/// </summary>
internal static class SourceMap
{
    // The places of messages that do not hold their own.
    private static readonly ConditionalWeakTable<IMessage, Entry> Entries = [];
    private static readonly ConcurrentDictionary<MessageDescriptor, FieldDescriptor[]> MessageFields = new();

    // The numbers of one message's fields, and those of the fields of the same names in another.
    private static readonly ConcurrentDictionary<(MessageDescriptor From, MessageDescriptor To), Dictionary<int, int>>
        Translations = new();

    /// <summary>
    /// The place of the message's field name in its file (the file's first character for a whole file); null if it did
    /// not come from a text file.
    /// </summary>
    public static SourceLocation? Find(IMessage message) =>
        EntryOf(message)?.Location;

    /// <summary>
    /// The place at which a field of the message was first given, or the message's own place if the field was not given
    /// in a file. Null if the message did not come from a text file.
    /// </summary>
    public static SourceLocation? Find(IMessage message, int fieldNumber) => FindGiven(message, fieldNumber)
        ?? Find(message);

    /// <summary>
    /// The place at which a field of the message was first given; null if it was not given in a file.
    /// </summary>
    public static SourceLocation? FindGiven(IMessage message, int fieldNumber)
    {
        if (EntryOf(message) is not { } entry)
            return null;
        foreach ((int number, int line, int column) in entry.Fields)
        {
            if (number == fieldNumber)
                return new SourceLocation(entry.Location.File, line, column);
        }
        return null;
    }

    /// <summary>Forgets where a field was given: what it holds now is not from the file.</summary>
    public static void Forget(IMessage message, int fieldNumber) =>
        EntryOf(message)?.Fields.RemoveAll(field => field.Number == fieldNumber);

    /// <summary>Whether fields of another Caffe were ignored in a message whose values are kept.</summary>
    public static bool HasPassedOver(IMessage message) => EntryOf(message)?.PassedOver is not null;

    /// <summary>
    /// The value of a field of another Caffe that was ignored in a message, as it stands in the text:
    /// <c>resize_param.height</c> of a transform_param. Null where it was not given, or is more than one word, number
    /// or string.
    /// </summary>
    public static string? FindPassedOver(IMessage message, string path) =>
        EntryOf(message)?.PassedOver?.GetValueOrDefault(path);

    /// <summary>Gives a message made from another (a clone, an upgraded layer) the other's place. Does nothing when the
    /// other has none.</summary>
    public static void Copy(IMessage from, IMessage to)
    {
        if (!ReferenceEquals(from, to) && EntryOf(from) is { } entry)
            Set(to, from.Descriptor == to.Descriptor ? entry : Translate(entry, from.Descriptor, to.Descriptor));
    }

    /// <summary>Clones a message, all of its sub-messages keeping their places.</summary>
    public static T CloneWithPlaces<T>(T message)
        where T : class, IDeepCloneable<T>, IMessage
    {
        T clone = message.Clone();
        CopyTree(message, clone);
        return clone;
    }

    /// <summary>
    /// A message of the same fields at the same place, which shares the other's sub-messages: replace them, but do not
    /// change them.
    /// </summary>
    /// <param name="message">The message to copy.</param>
    /// <param name="without">The numbers of fields that the copy does not have.</param>
    public static T ShallowCopy<T>(T message, params ReadOnlySpan<int> without)
        where T : class, IMessage, new()
    {
        T copy = new();
        foreach (FieldDescriptor field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (without.Contains(field.FieldNumber)) continue;
            if (field.IsRepeated)
                foreach (object? value in (IList)field.Accessor.GetValue(message))
                    ((IList)field.Accessor.GetValue(copy)).Add(value);
            else if (field.Accessor.HasValue(message))
                field.Accessor.SetValue(copy, field.Accessor.GetValue(message));
        }
        Copy(message, copy);
        return copy;
    }

    /// <summary>The start of an error message about <paramref name="message"/>: <c>file:line:column: </c>, or nothing
    /// when its place is unknown.</summary>
    public static string Prefix(IMessage message) => Find(message) is { } location ? $"{location}: " : "";

    /// <summary>
    /// The place at which the net's file gives an input that this layer reads without its dims, so that it was ignored;
    /// null if there is none.
    /// </summary>
    public static SourceLocation? FindInputWithoutDims(LayerParameter layer, string bottom) =>
        EntryOf(layer) is { } entry && entry.InputsWithoutDims.Contains(bottom) ? entry.Inputs : null;

    internal static void AddInputsWithoutDims(LayerParameter layer, SourceLocation place, IReadOnlyList<string> inputs)
    {
        if (EntryOf(layer) is { } entry) (entry.Inputs, entry.InputsWithoutDims) = (place, inputs);
    }

    internal static Entry Add(IMessage message, SourceLocation location, int places = 0)
    {
        Entry entry = new(location, places);
        Set(message, entry);
        return entry;
    }

    private static Entry? EntryOf(IMessage message) =>
        message is IPlaced placed ? placed.Place : Entries.TryGetValue(message, out Entry? entry) ? entry : null;

    private static void Set(IMessage message, Entry entry)
    {
        if (message is IPlaced placed)
            placed.Place = entry;
        else
            Entries.AddOrUpdate(message, entry);
    }

    // A message of another type knows its fields by the same names but under other numbers.
    private static Entry Translate(Entry entry, MessageDescriptor from, MessageDescriptor to)
    {
        Entry translated = new(entry.Location) { PassedOver = entry.PassedOver };
        Dictionary<int, int> numbers =
            Translations.GetOrAdd((from, to), static pair => CommonFields(pair.From, pair.To));
        foreach ((int number, int line, int column) in entry.Fields)
            if (numbers.TryGetValue(number, out int known))
                translated.Fields.Add((known, line, column));
        return translated;
    }

    private static Dictionary<int, int> CommonFields(MessageDescriptor from, MessageDescriptor to) =>
        from.Fields.InFieldNumberOrder()
            .Select(field => (field.FieldNumber, Other: to.FindFieldByName(field.Name)))
            .Where(pair => pair.Other is not null)
            .ToDictionary(pair => pair.FieldNumber, pair => pair.Other.FieldNumber);

    private static FieldDescriptor[] FindMessageFields(MessageDescriptor message) =>
        [.. message.Fields.InFieldNumberOrder().Where(
            field => field.FieldType is FieldType.Message or FieldType.Group && !field.IsMap)];

    private static void CopyTree(IMessage from, IMessage to)
    {
        Copy(from, to);
        foreach (FieldDescriptor field in MessageFields.GetOrAdd(from.Descriptor, FindMessageFields))
        {
            object? source = field.Accessor.GetValue(from);
            if (source is null or IList { Count: 0 })
                continue;
            object? target = field.Accessor.GetValue(to);
            if (field.IsRepeated)
            {
                var sources = (IList)source;
                var targets = (IList)target!;
                for (int i = 0; i < sources.Count; i++)
                    CopyTree((IMessage)sources[i]!, (IMessage)targets[i]!);
            }
            else if (source is IMessage one && target is IMessage other)
                CopyTree(one, other);
        }
    }

    /// <summary>The place of one message and of each of its fields' first appearance.</summary>
    /// <param name="location">The message's place.</param>
    /// <param name="places">How many fields it is likely to have.</param>
    internal sealed class Entry(SourceLocation location, int places = 0)
    {
        public SourceLocation Location { get; } = location;

        public List<(int Number, int Line, int Column)> Fields { get; } = new(places);

        /// <summary>The place of the net's inputs without dims.</summary>
        public SourceLocation? Inputs { get; set; }

        public IReadOnlyList<string> InputsWithoutDims { get; set; } = [];

        public Dictionary<string, string>? PassedOver { get; set; }

        public void AddPassedOver(string path, string value) => (PassedOver ??= []).TryAdd(path, value);
    }
}
