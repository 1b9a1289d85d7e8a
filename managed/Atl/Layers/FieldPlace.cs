using Atl.Proto;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Layers;

/// <summary>The place in its file of a field of a layer's message.</summary>
internal static class FieldPlace
{
    /// <summary>
    /// The place of a field named by its path (<c>tile_param.tiles</c>), or of the last message on the way that has
    /// one.
    /// </summary>
    public static SourceLocation? Find(LayerParameter layer, string path)
    {
        IMessage message = layer;
        SourceLocation? place = SourceMap.Find(layer);
        foreach (string name in path.Split('.'))
        {
            if (message.Descriptor.FindFieldByName(name) is not { } field) break;
            place = SourceMap.FindGiven(message, field.FieldNumber) ?? place;
            if (field.IsRepeated || field.FieldType != FieldType.Message) break;
            if (field.Accessor.GetValue(message) is not IMessage inner) break;
            message = inner;
        }
        return place;
    }
}
