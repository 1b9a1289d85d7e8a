using System.Collections;
using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Proto;

/// <summary>Finds the deprecated fields in a net or solver as it was written, before any upgrade.</summary>
internal static class DeprecatedFields
{
    private const string Transform = "transform_param of the layer";

    private static readonly ConcurrentDictionary<MessageDescriptor, FieldDescriptor[]> Plans = new();

    // By message and field; what follows is what stands in its place.
    private static readonly Dictionary<(MessageDescriptor Message, int Field), string> Replacements = new()
    {
        [(NetParameter.Descriptor, NetParameter.LayersFieldNumber)] = "layer { type: \"…\" }",
        [(NetParameter.Descriptor, NetParameter.InputFieldNumber)] = "layer { type: \"Input\" }",
        [(NetParameter.Descriptor, NetParameter.InputShapeFieldNumber)] =
            "input_param { shape { … } } of an Input layer",
        [(NetParameter.Descriptor, NetParameter.InputDimFieldNumber)] =
            "input_param { shape { dim: … } } of an Input layer",
        [(NetParameter.Descriptor, NetParameter.MemParamFieldNumber)] = "nothing: memory is shared by itself",
        [(SolverParameter.Descriptor, SolverParameter.SolverTypeFieldNumber)] = "type: \"…\"",
        [(V1LayerParameter.Descriptor, V1LayerParameter.LayerFieldNumber)] =
            "layer { type: \"…\" }, its fields in parameter messages",
        [(V1LayerParameter.Descriptor, V1LayerParameter.BlobsLrFieldNumber)] = "param { lr_mult: … }",
        [(V1LayerParameter.Descriptor, V1LayerParameter.WeightDecayFieldNumber)] = "param { decay_mult: … }",
        [(V1LayerParameter.Descriptor, V1LayerParameter.ParamFieldNumber)] = "param { name: \"…\" }",
        [(V1LayerParameter.Descriptor, V1LayerParameter.BlobShareModeFieldNumber)] = "param { share_mode: … }",
        [(ConcatParameter.Descriptor, ConcatParameter.ConcatDimFieldNumber)] = "axis",
        [(SliceParameter.Descriptor, SliceParameter.SliceDimFieldNumber)] = "axis",
        [(LossParameter.Descriptor, LossParameter.NormalizeFieldNumber)] =
            "normalization: VALID for true, BATCH_SIZE for false",
        [(PoolingParameter.Descriptor, PoolingParameter.CeilModeFieldNumber)] =
            "round_mode: FLOOR for false, CEIL for true",
        [(DummyDataParameter.Descriptor, DummyDataParameter.NumFieldNumber)] = "shape { dim: … }",
        [(DummyDataParameter.Descriptor, DummyDataParameter.ChannelsFieldNumber)] = "shape { dim: … }",
        [(DummyDataParameter.Descriptor, DummyDataParameter.HeightFieldNumber)] = "shape { dim: … }",
        [(DummyDataParameter.Descriptor, DummyDataParameter.WidthFieldNumber)] = "shape { dim: … }",
        [(DataParameter.Descriptor, DataParameter.ScaleFieldNumber)] = Transform,
        [(DataParameter.Descriptor, DataParameter.MeanFileFieldNumber)] = Transform,
        [(DataParameter.Descriptor, DataParameter.CropSizeFieldNumber)] = Transform,
        [(DataParameter.Descriptor, DataParameter.MirrorFieldNumber)] = Transform,
        [(ImageDataParameter.Descriptor, ImageDataParameter.ScaleFieldNumber)] = Transform,
        [(ImageDataParameter.Descriptor, ImageDataParameter.MeanFileFieldNumber)] = Transform,
        [(ImageDataParameter.Descriptor, ImageDataParameter.CropSizeFieldNumber)] = Transform,
        [(ImageDataParameter.Descriptor, ImageDataParameter.MirrorFieldNumber)] = Transform,
        [(WindowDataParameter.Descriptor, WindowDataParameter.ScaleFieldNumber)] = Transform,
        [(WindowDataParameter.Descriptor, WindowDataParameter.MeanFileFieldNumber)] = Transform,
        [(WindowDataParameter.Descriptor, WindowDataParameter.CropSizeFieldNumber)] = Transform,
        [(WindowDataParameter.Descriptor, WindowDataParameter.MirrorFieldNumber)] = Transform,
    };

    /// <summary>All of them, by message and number.</summary>
    internal static IReadOnlyCollection<(MessageDescriptor Message, int Field)> Known => Replacements.Keys;

    /// <summary>The deprecated fields of a message and all messages in it, each once with its first place, in the order
    /// of the file.</summary>
    public static IReadOnlyList<DeprecatedField> Find(IMessage message)
    {
        Dictionary<string, DeprecatedField> found = [];
        Collect(message, message.Descriptor.Name, found);
        return [.. found.Values.OrderBy(field => field.Place?.Line).ThenBy(field => field.Place?.Column)];
    }

    // The deprecated fields of a message, and those whose messages may have some.
    private static FieldDescriptor[] FieldsToLookAt(MessageDescriptor message) =>
        [.. message.Fields.InFieldNumberOrder().Where(
            field => Replacements.ContainsKey((message, field.FieldNumber)) || LeadsToSome(field, []))];

    private static bool LeadsToSome(FieldDescriptor field, HashSet<MessageDescriptor> seen) =>
        field.FieldType is FieldType.Message or FieldType.Group && !field.IsMap && seen.Add(field.MessageType)
        && field.MessageType.Fields.InFieldNumberOrder().Any(
            inner => Replacements.ContainsKey((field.MessageType, inner.FieldNumber)) || LeadsToSome(inner, seen));

    private static void Collect(IMessage message, string name, Dictionary<string, DeprecatedField> found)
    {
        foreach (FieldDescriptor field in Plans.GetOrAdd(message.Descriptor, FieldsToLookAt))
        {
            object? value = field.Accessor.GetValue(message);
            int uses = value is IList list ? list.Count : field.HasPresence && field.Accessor.HasValue(message) ? 1 : 0;
            if (uses == 0) continue;
            if (Replacements.TryGetValue((message.Descriptor, field.FieldNumber), out string? replacement))
            {
                string path = $"{name}.{field.Name}";
                SourceLocation? place = SourceMap.Find(message, field.FieldNumber);
                found[path] = found.TryGetValue(path, out DeprecatedField? known)
                    ? known with { Uses = known.Uses + uses }
                    : new DeprecatedField(path, replacement, place, uses);
            }
            if (field.FieldType is not (FieldType.Message or FieldType.Group) || field.IsMap) continue;
            foreach (IMessage child in value is IList children ? children.Cast<IMessage>() : [(IMessage)value!])
                Collect(child, field.Name, found);
        }
    }
}
