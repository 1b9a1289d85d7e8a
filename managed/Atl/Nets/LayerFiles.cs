using Atl.Proto;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Nets;

/// <summary>The files and folders that a layer's message names: the fields source and *_file of its parameter messages.</summary>
internal static class LayerFiles
{
    /// <summary>Those that are not there.</summary>
    public static IReadOnlyList<string> Missing(LayerParameter layer) => [.. Named(layer).Where(path => !Path.Exists(path)).Distinct()];

    private static IEnumerable<string> Named(LayerParameter layer)
    {
        foreach (FieldDescriptor message in LayerParameter.Descriptor.Fields.InFieldNumberOrder())
        {
            if (message.IsRepeated || message.FieldType != FieldType.Message || message.Accessor.GetValue(layer) is not IMessage parameters) continue;
            foreach (FieldDescriptor field in message.MessageType.Fields.InFieldNumberOrder())
                if (field.FieldType == FieldType.String && !field.IsRepeated
                    && (field.Name == "source" || field.Name.EndsWith("_file", StringComparison.Ordinal))
                    && field.Accessor.HasValue(parameters))
                    yield return (string)field.Accessor.GetValue(parameters);
        }
    }
}
