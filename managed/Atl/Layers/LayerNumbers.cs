using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using Atl.Proto;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Layers;

/// <summary>
/// Checks every number of a layer's message before the layer reads it: counts and extents that an int cannot hold, which
/// would turn negative as they do in Caffe, and NaN or infinite numbers, which would turn every result into NaN.
/// </summary>
internal static class LayerNumbers
{
    private static readonly ConcurrentDictionary<MessageDescriptor, Plan> Plans = new();

    // Counts that are never used as an int.
    private static readonly HashSet<string> UpTo32Bits =
        ["caffe.DataParameter.rand_skip", "caffe.ImageDataParameter.rand_skip", "caffe.V0LayerParameter.rand_skip"];

    // Bounds that may lie at infinity, which then bound nothing.
    private static readonly HashSet<string> Bounds =
    [
        "caffe.ClipParameter.min", "caffe.ClipParameter.max", "caffe.ThresholdParameter.threshold",
        "caffe.DetectionOutputParameter.confidence_threshold", "caffe.ChannelScaleParameter.max_global_scale",
    ];

    /// <summary>Checks the numbers; stored parameters are values and not looked at.</summary>
    /// <exception cref="LayerException">A number cannot be used; the message has the field's place.</exception>
    public static void Check(LayerParameter layer) => Check(layer, layer, "");

    private static void Check(LayerParameter layer, IMessage message, string path)
    {
        Plan plan = Plans.GetOrAdd(message.Descriptor, static descriptor => new Plan(descriptor));
        foreach (FieldDescriptor field in plan.Messages)
        {
            object? value = field.Accessor.GetValue(message);
            if (value is IMessage one)
            {
                Check(layer, one, $"{path}{field.Name}.");
            }
            else if (value is IList { Count: > 0 } several)
            {
                for (int i = 0; i < several.Count; i++) Check(layer, (IMessage)several[i]!, $"{path}{field.Name}[{i}].");
            }
        }
        foreach (FieldDescriptor field in plan.Numbers)
        {
            if (field.IsRepeated)
            {
                var values = (IList)field.Accessor.GetValue(message)!;
                for (int i = 0; i < values.Count; i++)
                    if (Fault(field, values[i]!) is { } fault)
                        throw Error(layer, message, field, $"{path}{field.Name}{(values.Count > 1 ? $"[{i}]" : "")} is {fault}");
            }
            else if (field.Accessor.HasValue(message) && Fault(field, field.Accessor.GetValue(message)) is { } fault)
            {
                throw Error(layer, message, field, $"{path}{field.Name} is {fault}");
            }
        }
    }

    private static LayerException Error(LayerParameter layer, IMessage message, FieldDescriptor field, string text) =>
        new(layer, text, SourceMap.Find(message, field.FieldNumber) ?? SourceMap.Find(layer)) { IsWrongNumber = true };

    private static string? Fault(FieldDescriptor field, object value) => value switch
    {
        uint number when number > int.MaxValue && !UpTo32Bits.Contains(field.FullName) =>
            string.Create(CultureInfo.InvariantCulture, $"{number}, expected at most {int.MaxValue}"),
        float.NaN or double.NaN => "NaN, expected a number",
        float number when float.IsInfinity(number) && !Bounds.Contains(field.FullName) => Infinite(number),
        _ => null,
    };

    private static string Infinite(float number) =>
        $"{(number < 0 ? "-" : "")}infinite, expected a number of at most {float.MaxValue.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The fields of a message type that hold numbers, or messages that may.</summary>
    private sealed class Plan
    {
        public Plan(MessageDescriptor descriptor)
        {
            IList<FieldDescriptor> fields = descriptor.Fields.InFieldNumberOrder();
            Messages = [.. fields.Where(IsLookedInto)];
            Numbers = [.. fields.Where(field => field.FieldType is FieldType.UInt32 or FieldType.Float or FieldType.Double)];
        }

        public FieldDescriptor[] Messages { get; }

        public FieldDescriptor[] Numbers { get; }

        private static bool IsLookedInto(FieldDescriptor field) =>
            field.FieldType == FieldType.Message && !field.IsMap && field.MessageType != BlobProto.Descriptor;
    }
}
