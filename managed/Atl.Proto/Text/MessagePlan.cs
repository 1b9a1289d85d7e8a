using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Proto;

/// <summary>The parser's plan for a message type, built once: its fields by text name, and the required ones.</summary>
internal sealed class MessagePlan
{
    private static readonly ConcurrentDictionary<MessageDescriptor, MessagePlan> Plans = new();

    private readonly Dictionary<string, FieldPlan> _fields = [];
    private readonly Dictionary<string, FieldPlan>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private HashSet<string>? _reserved;

    private MessagePlan(MessageDescriptor descriptor)
    {
        Descriptor = descriptor;
        foreach (FieldDescriptor field in descriptor.Fields.InDeclarationOrder())
        {
            FieldPlan plan = new(field);
            _fields[plan.TextName] = plan;
            // A group goes by the name of its type and by its own.
            _fields.TryAdd(field.Name, plan);
        }
        _lookup = _fields.GetAlternateLookup<ReadOnlySpan<char>>();
        Cost = MessageCost.Of(descriptor);
        Required = [.. descriptor.Fields.InDeclarationOrder().Where(f => f.IsRequired)];
    }

    public MessageDescriptor Descriptor { get; }

    public FieldDescriptor[] Required { get; }

    public long Cost { get; }

    /// <summary>The number of places of fields in the last such message, as an estimate for the next.</summary>
    public int Places { get; set; }

    public IEnumerable<string> FieldNames => _fields.Keys;

    public static MessagePlan For(MessageDescriptor descriptor) =>
        Plans.GetOrAdd(descriptor, static d => new MessagePlan(d));

    public FieldPlan? Find(ReadOnlySpan<char> name) => _lookup.TryGetValue(name, out FieldPlan? field) ? field : null;

    /// <summary>Whether the schema sets the name aside: protoc ignores such fields.</summary>
    public bool IsReserved(string name) => (_reserved ??= [.. Descriptor.ToProto().ReservedName]).Contains(name);

    public IMessage Create() => (IMessage)Activator.CreateInstance(Descriptor.ClrType)!;
}
