using System.Text;
using Google.Protobuf.Reflection;

namespace Atl.Proto;

/// <summary>One field of a message type as the text format sees it.</summary>
internal sealed class FieldPlan
{
    private readonly byte[] _utf8Name;

    public FieldPlan(FieldDescriptor descriptor)
    {
        Descriptor = descriptor;
        IsMessage = descriptor.FieldType is FieldType.Message or FieldType.Group;
        // A group is written by the name of its type, which differs from the field's in case.
        TextName = descriptor.FieldType == FieldType.Group ? descriptor.MessageType.Name : descriptor.Name;
        _utf8Name = Encoding.UTF8.GetBytes(TextName);
        IsWrapper = IsMessage && descriptor.MessageType.File.Name == "google/protobuf/wrappers.proto";
    }

    public FieldDescriptor Descriptor { get; }

    public string TextName { get; }

    public bool IsMessage { get; }

    public bool IsRepeated => Descriptor.IsRepeated;

    /// <summary>A boxed scalar of google/protobuf/wrappers.proto, which C# shows as a nullable value and not as a
    /// message.</summary>
    public bool IsWrapper { get; }

    public bool NameIs(ReadOnlySpan<byte> name) => name.SequenceEqual(_utf8Name);
}
