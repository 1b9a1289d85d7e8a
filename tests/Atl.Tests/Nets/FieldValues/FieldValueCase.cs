using System.Collections;
using Atl.Proto;
using Atl.Tests.GradientChecking;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Tests.Nets.FieldValues;

/// <summary>A layer that can be built, and the bottoms that it takes.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Bottoms">The shapes of its bottoms.</param>
internal sealed record FieldValueCase(LayerParameter Layer, params Shape[] Bottoms)
{
    /// <summary>The name of the file that the nets' places name.</summary>
    public const string File = "case.prototxt";

    // The layers that no gradient case has. The files of data layers are not here, so that data is generated.
    private static readonly FieldValueCase[] Others =
    [
        Of("""type: "Accuracy" accuracy_param { top_k: 1 axis: 1 }""", 1, new Shape(2, 3), new Shape(2)),
        Of("""type: "ArgMax" argmax_param { top_k: 1 axis: 1 }""", 1, new Shape(2, 3, 4)),
        Of("""type: "ArgMax" argmax_param { top_k: 2 out_max_val: true }""", 1, new Shape(2, 3)),
        Of("""type: "Data" data_param { source: "none" batch_size: 2 } transform_param { crop_size: 4 mean_value: 1}""",
            2),
        Of("""type: "DetectionOutput" detection_output_param { num_classes: 2 nms_param { top_k: 4 } keep_top_k: 3 }""",
            1,
            new Shape(1, 8), new Shape(1, 4), new Shape(1, 2, 8)),
        Of("""type: "DummyData" dummy_data_param { shape { dim: 2 dim: 3 } data_filler { type: "uniform" } }""", 1),
        Of("""type: "DummyData" dummy_data_param { num: 2 channels: 3 height: 4 width: 5 }""", 1),
        Of("""type: "HDF5Data" hdf5_data_param { source: "none" batch_size: 2 }""", 1),
        Of("""type: "HDF5Output" hdf5_output_param { file_name: "none/none.h5" }""", 0, new Shape(2, 3), new Shape(2)),
        Of("""type: "ImageData" image_data_param { source: "none" batch_size: 2 new_height: 4 new_width: 5 labels: 2 }""", 2),
        Of("""type: "Input" input_param { shape { dim: 2 dim: 3 } }""", 1),
        Of("""type: "MemoryData" memory_data_param { batch_size: 2 channels: 1 height: 4 width: 5 }""", 2),
        Of("""type: "PriorBox" prior_box_param { min_size: 3 max_size: 5 aspect_ratio: 2 }""", 1, new Shape(1, 2, 3, 4),
            new Shape(1, 3, 9, 9)),
        Of("""type: "Silence" """, 0, new Shape(2, 3)),
        Of("""type: "Threshold" threshold_param { threshold: 0.5 }""", 1, new Shape(2, 3)),
        Of("""type: "WindowData" window_data_param { source: "none" batch_size: 2 crop_size: 4 }""", 2),
    ];

    /// <summary>The cases of every type of layer.</summary>
    public static ILookup<string, FieldValueCase> All { get; } = GradientTests.All.Select(Of).Concat(Others)
        .ToLookup(test => test.Layer.Type);

    /// <summary>
    /// The layer with each number of its messages, of all that cases of its type have, and of those that all layers
    /// share, set to each value that the schema can express.
    /// </summary>
    public IEnumerable<(string Field, LayerParameter Layer)> Mutants()
    {
        foreach (FieldDescriptor field in LayerParameter.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.FieldType != FieldType.Message || field.MessageType == BlobProto.Descriptor) continue;
            bool isOfType = All[Layer.Type].Any(test => Has(test.Layer, field));
            if (!isOfType && field.Name is not ("loss_param" or "param")) continue;
            foreach ((string name, LayerParameter mutant) in Mutants(field)) yield return (name, mutant);
        }
        foreach (float value in new[] { -1, 0, 1e30f, float.NaN, float.PositiveInfinity })
        {
            LayerParameter mutant = Layer.Clone();
            mutant.LossWeight.Clear();
            mutant.LossWeight.Add(mutant.Top.Select(_ => value));
            yield return ($"loss_weight: {value}", mutant);
        }
    }

    private IEnumerable<(string, LayerParameter)> Mutants(FieldDescriptor field)
    {
        foreach (string path in Paths(field.MessageType, 0))
            foreach (object? value in Values(Last(field.MessageType, path)))
            {
                LayerParameter mutant = Layer.Clone();
                IMessage message = Child(mutant, field);
                string[] names = path.Split('.');
                foreach (string name in names[..^1]) message = Child(message, message.Descriptor.FindFieldByName(name));
                FieldDescriptor last = message.Descriptor.FindFieldByName(names[^1]);
                if (last.IsRepeated)
                {
                    var list = (IList)last.Accessor.GetValue(message)!;
                    if (list.Count == 0)
                        list.Add(value);
                    else
                        list[^1] = value;
                }
                else
                {
                    last.Accessor.SetValue(message, value);
                }
                yield return ($"{field.Name}.{path}: {value}", mutant);
            }
    }

    private static FieldValueCase Of(GradientCase test)
    {
        LayerParameter layer = test.ToParameter();
        layer.Name = "tested";
        layer.Bottom.Clear();
        for (int i = 0; i < test.Tops; i++) layer.Top.Add($"top{i}");
        return new FieldValueCase(layer, [.. test.Bottoms.Select(bottom => bottom.Shape)]);
    }

    private static FieldValueCase Of(string text, int tops, params Shape[] bottoms) =>
        Of(new GradientCase("", text, [.. bottoms.Select(
        shape => new BottomSpec([.. shape]))])
        { Tops = tops });

    private static bool Has(IMessage message, FieldDescriptor field) =>
        field.Accessor.GetValue(message) switch { IList list => list.Count > 0, var value => value is not null };

    private static IMessage Child(IMessage message, FieldDescriptor field)
    {
        if (field.IsRepeated)
        {
            var list = (IList)field.Accessor.GetValue(message)!;
            if (list.Count == 0) list.Add(Activator.CreateInstance(field.MessageType.ClrType));
            return (IMessage)list[^1]!;
        }
        if (field.Accessor.GetValue(message) is null)
            field.Accessor.SetValue(message, Activator.CreateInstance(field.MessageType.ClrType)!);
        return (IMessage)field.Accessor.GetValue(message)!;
    }

    // Numbers, and those of messages one level deeper, as fillers.
    private static IEnumerable<string> Paths(MessageDescriptor message, int depth)
    {
        foreach (FieldDescriptor field in message.Fields.InFieldNumberOrder())
            if (field.FieldType == FieldType.Message)
            {
                if (depth < 2)
                    foreach (string path in Paths(field.MessageType, depth + 1)) yield return $"{field.Name}.{path}";
            }
            else if (Values(field).Length > 0)
            {
                yield return field.Name;
            }
    }

    private static FieldDescriptor Last(MessageDescriptor message, string path)
    {
        string[] names = path.Split('.');
        foreach (string name in names[..^1]) message = message.FindFieldByName(name).MessageType;
        return message.FindFieldByName(names[^1]);
    }

    private static object[] Values(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.UInt32 => [0u, 1u, (uint)int.MaxValue, 1u << 31, uint.MaxValue],
        FieldType.Int32 => [0, 1, -1, int.MaxValue, int.MinValue],
        FieldType.Int64 => [0L, 1L, -1L, (long)int.MaxValue, 1L << 31, (1L << 32) - 1, long.MaxValue, long.MinValue],
        FieldType.Float =>
            [0f, 1f, -1f, 2147483648f, 1e30f, float.Epsilon, float.NaN, float.PositiveInfinity, float.NegativeInfinity],
        _ => [],
    };
}
