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
    /// <summary>Checks the numbers, except stored parameters, which are values.</summary>
    /// <exception cref="LayerException">A number cannot be used; the message has the field's place.</exception>
    public static void Check(LayerParameter layer)
    {
        Plan plan = Plan.Of(LayerParameter.Descriptor);
        NumberFault? fault = InMessages(layer, plan.Lists);
        (FieldDescriptor Field, Func<LayerParameter, IMessage?> Get)[] single = ParameterMessages.All;
        for (int i = 0; i < single.Length && fault is null; i++)
            if (single[i].Get(layer) is { } message)
                fault = Find(message)?.In(single[i].Field.Name);
        fault ??= InNumbers(layer, plan);
        if (fault is not null)
            throw new LayerException(layer, fault.Text, fault.Place ?? SourceMap.Find(layer)) { IsWrongNumber = true };
    }

    private static NumberFault? Find(IMessage message)
    {
        Plan plan = Plan.Of(message.Descriptor);
        return InMessages(message, plan.Messages) ?? InNumbers(message, plan);
    }

    private static NumberFault? InMessages(IMessage message, FieldDescriptor[] fields)
    {
        foreach (FieldDescriptor field in fields)
        {
            object? value = field.Accessor.GetValue(message);
            if (value is IMessage one)
            {
                if (Find(one) is { } fault) return fault.In(field.Name);
            }
            else if (value is IList { Count: > 0 } several)
            {
                for (int i = 0; i < several.Count; i++)
                    if (Find((IMessage)several[i]!) is { } fault)
                        return fault.In($"{field.Name}[{i}]");
            }
        }
        return null;
    }

    private static NumberFault? InNumbers(IMessage message, Plan plan)
    {
        foreach (FieldDescriptor field in plan.Numbers)
        {
            if (field.IsRepeated)
            {
                var values = (IList)field.Accessor.GetValue(message)!;
                for (int i = 0; i < values.Count; i++)
                    if (FieldNumbers.Fault(field, values[i]!) is { } fault)
                        return Fault(values.Count > 1 ? $"{field.Name}[{i}]" : field.Name, fault);
            }
            else if (field.Accessor.HasValue(message)
                && FieldNumbers.Fault(field, field.Accessor.GetValue(message)) is { } fault)
            {
                return Fault(field.Name, fault);
            }

            NumberFault Fault(string name, string fault) =>
                new($"{name} is {fault}", SourceMap.Find(message, field.FieldNumber));
        }
        return null;
    }

    /// <summary>A number that cannot be used.</summary>
    /// <param name="Text">Its field, by the path from the checked message, and its fault.</param>
    /// <param name="Place">Where it stands; null where that is not known.</param>
    private sealed record NumberFault(string Text, SourceLocation? Place)
    {
        // The path is put together on the way back, for nearly all numbers are right.
        public NumberFault In(string field) => this with { Text = $"{field}.{Text}" };
    }

    /// <summary>The fields of a message type that hold numbers, or messages that may.</summary>
    private sealed class Plan
    {
        private static readonly ConcurrentDictionary<MessageDescriptor, Plan> Plans = new();

        private Plan(MessageDescriptor descriptor)
        {
            IList<FieldDescriptor> fields = descriptor.Fields.InFieldNumberOrder();
            Messages = [.. fields.Where(IsLookedInto)];
            Lists = [.. Messages.Where(field => field.IsRepeated)];
            Numbers = [.. fields.Where(FieldNumbers.Concerns)];
        }

        public static Plan Of(MessageDescriptor message) =>
            Plans.GetOrAdd(message, static descriptor => new Plan(descriptor));

        public FieldDescriptor[] Messages { get; }

        public FieldDescriptor[] Lists { get; }

        public FieldDescriptor[] Numbers { get; }

        private static bool IsLookedInto(FieldDescriptor field) =>
            field.FieldType == FieldType.Message && !field.IsMap && field.MessageType != BlobProto.Descriptor;
    }
}
