using Atl.Proto;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Layers;

/// <summary>
/// The fields of a layer's message that hold one message each, such as convolution_param. There are many and a layer
/// has few of them, so that each is asked for without reflection.
/// </summary>
internal static class ParameterMessages
{
    /// <summary>All of them, with what gets one; null where the layer has none.</summary>
    public static (FieldDescriptor Field, Func<LayerParameter, IMessage?> Get)[] All { get; } =
    [
        .. LayerParameter.Descriptor.Fields.InFieldNumberOrder()
            .Where(field => !field.IsRepeated && field.FieldType == FieldType.Message)
            .Select(field => (field, Getter(field))),
    ];

    private static Func<LayerParameter, IMessage?> Getter(FieldDescriptor field) =>
        typeof(LayerParameter).GetProperty(field.PropertyName)!.GetMethod!
            .CreateDelegate<Func<LayerParameter, IMessage?>>();
}
