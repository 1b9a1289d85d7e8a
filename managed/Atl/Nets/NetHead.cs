using System.Collections;
using Atl.Proto;
using Google.Protobuf.Reflection;

namespace Atl.Nets;

/// <summary>What a net's message says beside its layers.</summary>
internal static class NetHead
{
    /// <summary>A net of the same fields and the same place, without layers.</summary>
    public static NetParameter Of(NetParameter net)
    {
        NetParameter head = new();
        foreach (FieldDescriptor field in NetParameter.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.FieldNumber is NetParameter.LayerFieldNumber or NetParameter.LayersFieldNumber) continue;
            if (field.IsRepeated)
                foreach (object? value in (IList)field.Accessor.GetValue(net))
                    ((IList)field.Accessor.GetValue(head)).Add(value);
            else if (field.Accessor.HasValue(net))
                field.Accessor.SetValue(head, field.Accessor.GetValue(net));
        }
        SourceMap.Copy(net, head);
        return head;
    }
}
