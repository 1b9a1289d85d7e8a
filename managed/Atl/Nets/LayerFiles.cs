using Atl.Layers;
using Atl.Proto;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Nets;

/// <summary>The files and folders that a layer's message names: the fields source and *_file of its parameter
/// messages.</summary>
internal static class LayerFiles
{
    private const string RootFolder = "root_folder";

    // The parameter messages that may name files, and their fields that do.
    private static readonly (Func<LayerParameter, IMessage?> Get, FieldDescriptor[] Fields)[] Naming =
    [
        .. ParameterMessages.All
            .Select(message => (message.Get, Fields: message.Field.MessageType.Fields.InFieldNumberOrder()
                .Where(NamesFile).ToArray()))
            .Where(naming => naming.Fields.Length > 0),
    ];

    /// <summary>The missing files.</summary>
    public static IReadOnlyList<string> Missing(LayerParameter layer)
    {
        // Few, so that they are compared one by one.
        List<string> missing = [];
        foreach ((_, FieldDescriptor field, string path) in Named(layer))
            if (field.Name != RootFolder && !missing.Contains(path) && !Path.Exists(path))
                missing.Add(path);
        return missing;
    }

    /// <summary>
    /// The layer with other paths in their places, a copy where one differs; root_folder, which is put before the names
    /// in a list as it stands, stays empty where it is.
    /// </summary>
    public static LayerParameter Replace(LayerParameter layer, Func<string, string> replace)
    {
        string[] paths = [.. Named(layer).Select(named => named.Path.Length > 0 ? replace(named.Path) : "")];
        if (Named(layer).Select(named => named.Path).SequenceEqual(paths)) return layer;
        LayerParameter replaced = SourceMap.CloneWithPlaces(layer);
        foreach (((IMessage parameters, FieldDescriptor field, _), string path) in Named(replaced).ToArray().Zip(paths))
            field.Accessor.SetValue(parameters, path);
        return replaced;
    }

    private static IEnumerable<(IMessage Parameters, FieldDescriptor Field, string Path)> Named(LayerParameter layer)
    {
        foreach ((Func<LayerParameter, IMessage?> get, FieldDescriptor[] fields) in Naming)
        {
            if (get(layer) is not { } parameters) continue;
            foreach (FieldDescriptor field in fields)
                if (field.Accessor.HasValue(parameters))
                    yield return (parameters, field, (string)field.Accessor.GetValue(parameters));
        }
    }

    private static bool NamesFile(FieldDescriptor field) => field.FieldType == FieldType.String && !field.IsRepeated
        && (field.Name is "source" or RootFolder || field.Name.EndsWith("_file", StringComparison.Ordinal));
}
