using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Proto;

/// <summary>
/// scale, mean_file, crop_size and mirror stood inside data_param, image_data_param and window_data_param once; they
/// move to the layer's transform_param. Caffe moves them in V1 layers alone and ignores them in layers of the current
/// format, where they are dropped with a note.
/// </summary>
internal static class DataTransformUpgrade
{
    private static readonly string[] Moved = ["scale", "mean_file", "crop_size", "mirror"];

    // Those fields of each message that has them.
    private static readonly FrozenDictionary<MessageDescriptor, FieldDescriptor[]> Fields =
        new[] { DataParameter.Descriptor, ImageDataParameter.Descriptor, WindowDataParameter.Descriptor }
            .ToFrozenDictionary(message => message, message => Moved.Select(message.FindFieldByName).ToArray());

    /// <summary>Upgrades the V1 layers of the net and returns the number of layers changed.</summary>
    public static int Apply(NetParameter net)
    {
        int changed = 0;
        foreach (V1LayerParameter layer in net.Layers)
        {
            if (layer is { DataParam: null, ImageDataParam: null, WindowDataParam: null }) continue;
            IMessage?[] sources = [layer.DataParam, layer.ImageDataParam, layer.WindowDataParam];
            bool any = false;
            foreach (FieldDescriptor field in sources.SelectMany(Misplaced))
            {
                layer.TransformParam ??= new TransformationParameter();
                IMessage source = sources.First(s => s?.Descriptor == field.ContainingType)!;
                FieldDescriptor target = TransformationParameter.Descriptor.FindFieldByName(field.Name);
                target.Accessor.SetValue(layer.TransformParam, field.Accessor.GetValue(source));
                field.Accessor.Clear(source);
                any = true;
            }
            changed += any ? 1 : 0;
        }
        return changed;
    }

    /// <summary>Drops, with a note, what a layer of the current format still has in the old place, where it has no
    /// effect.</summary>
    public static void DropIgnored(NetParameter net, Action<string>? note)
    {
        foreach (LayerParameter layer in net.Layer)
        {
            if (layer is { DataParam: null, ImageDataParam: null, WindowDataParam: null }) continue;
            List<string> ignored = [];
            Drop(layer.DataParam, ignored);
            Drop(layer.ImageDataParam, ignored);
            Drop(layer.WindowDataParam, ignored);
            if (ignored.Count > 0)
                note?.Invoke($"{SourceMap.Prefix(layer)}layer '{layer.Name}': {string.Join(", ", ignored)} outside "
                    + "of transform_param, "
                    + "without effect (as in Caffe)");
        }
    }

    private static void Drop(IMessage? parameters, List<string> ignored)
    {
        if (parameters is null) return;
        foreach (FieldDescriptor field in Fields[parameters.Descriptor])
        {
            if (!field.Accessor.HasValue(parameters)) continue;
            ignored.Add(field.Name);
            field.Accessor.Clear(parameters);
        }
    }

    private static IEnumerable<FieldDescriptor> Misplaced(IMessage? parameters) => parameters is null
        ? []
        : Fields[parameters.Descriptor].Where(field => field.Accessor.HasValue(parameters));
}
