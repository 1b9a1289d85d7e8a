using Atl.Proto;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Nets;

/// <summary>The files and folders that a layer's message names: the fields source and *_file of its parameter messages.</summary>
internal static class LayerFiles
{
    private const string RootFolder = "root_folder";

    /// <summary>Those that are not there.</summary>
    public static IReadOnlyList<string> Missing(LayerParameter layer) =>
        [.. Named(layer).Where(named => named.Field.Name != RootFolder).Select(named => named.Path).Where(path => !Path.Exists(path)).Distinct()];

    /// <summary>Puts other paths in their places; root_folder, which is put before the names in a list as it stands, stays empty where it is.</summary>
    public static void Replace(LayerParameter layer, Func<string, string> replace)
    {
        foreach ((IMessage parameters, FieldDescriptor field, string path) in Named(layer).ToArray())
            if (path.Length > 0) field.Accessor.SetValue(parameters, replace(path));
    }

    private static IEnumerable<(IMessage Parameters, FieldDescriptor Field, string Path)> Named(LayerParameter layer)
    {
        foreach (FieldDescriptor message in LayerParameter.Descriptor.Fields.InFieldNumberOrder())
        {
            if (message.IsRepeated || message.FieldType != FieldType.Message || message.Accessor.GetValue(layer) is not IMessage parameters) continue;
            foreach (FieldDescriptor field in message.MessageType.Fields.InFieldNumberOrder())
                if (field.FieldType == FieldType.String && !field.IsRepeated
                    && (field.Name is "source" or RootFolder || field.Name.EndsWith("_file", StringComparison.Ordinal))
                    && field.Accessor.HasValue(parameters))
                    yield return (parameters, field, (string)field.Accessor.GetValue(parameters));
        }
    }
}
