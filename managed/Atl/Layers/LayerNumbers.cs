using System.Collections;
using System.Collections.Concurrent;
using Atl.Proto;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Layers;

/// <summary>
/// Checks every number of a layer's message before the layer reads it (<see cref="FieldNumbers"/>).
/// </summary>
internal static class LayerNumbers
{
    private static readonly ConcurrentDictionary<MessageDescriptor, Plan> Plans = new();

    /// <summary>Checks the numbers; stored parameters are values and not looked at.</summary>
    /// <exception cref="LayerException">A number cannot be used; the message has the field's place.</exception>
    public static void Check(LayerParameter layer)
    {
        Plan plan = Plans.GetOrAdd(LayerParameter.Descriptor, static descriptor => new Plan(descriptor));
        CheckMessages(layer, layer, plan.Lists, "");
        foreach ((FieldDescriptor field, Func<LayerParameter, IMessage?> get) in ParameterMessages.All)
            if (get(layer) is { } message)
                Check(layer, message, $"{field.Name}.");
        CheckNumbers(layer, layer, plan, "");
    }

    private static void Check(LayerParameter layer, IMessage message, string path)
    {
        Plan plan = Plans.GetOrAdd(message.Descriptor, static descriptor => new Plan(descriptor));
        CheckMessages(layer, message, plan.Messages, path);
        CheckNumbers(layer, message, plan, path);
    }

    private static void CheckMessages(LayerParameter layer, IMessage message, FieldDescriptor[] fields, string path)
    {
        foreach (FieldDescriptor field in fields)
        {
            object? value = field.Accessor.GetValue(message);
            if (value is IMessage one)
            {
                Check(layer, one, $"{path}{field.Name}.");
            }
            else if (value is IList { Count: > 0 } several)
            {
                for (int i = 0; i < several.Count; i++)
                    Check(layer, (IMessage)several[i]!, $"{path}{field.Name}[{i}].");
            }
        }
    }

    private static void CheckNumbers(LayerParameter layer, IMessage message, Plan plan, string path)
    {
        foreach (FieldDescriptor field in plan.Numbers)
        {
            if (field.IsRepeated)
            {
                var values = (IList)field.Accessor.GetValue(message)!;
                for (int i = 0; i < values.Count; i++)
                    if (FieldNumbers.Fault(field, values[i]!) is { } fault)
                        throw Error(layer, message, field,
                            $"{path}{field.Name}{(values.Count > 1 ? $"[{i}]" : "")} is {fault}");
            }
            else if (field.Accessor.HasValue(message)
                && FieldNumbers.Fault(field, field.Accessor.GetValue(message)) is { } fault)
            {
                throw Error(layer, message, field, $"{path}{field.Name} is {fault}");
            }
        }
    }

    private static LayerException Error(LayerParameter layer, IMessage message, FieldDescriptor field, string text) =>
        new(layer, text, SourceMap.Find(message, field.FieldNumber) ?? SourceMap.Find(layer)) { IsWrongNumber = true };

    /// <summary>The fields of a message type that hold numbers, or messages that may.</summary>
    private sealed class Plan
    {
        public Plan(MessageDescriptor descriptor)
        {
            IList<FieldDescriptor> fields = descriptor.Fields.InFieldNumberOrder();
            Messages = [.. fields.Where(IsLookedInto)];
            Lists = [.. Messages.Where(field => field.IsRepeated)];
            Numbers = [.. fields.Where(FieldNumbers.Concerns)];
        }

        public FieldDescriptor[] Messages { get; }

        public FieldDescriptor[] Lists { get; }

        public FieldDescriptor[] Numbers { get; }

        private static bool IsLookedInto(FieldDescriptor field) =>
            field.FieldType == FieldType.Message && !field.IsMap && field.MessageType != BlobProto.Descriptor;
    }
}
