using System.Globalization;
using System.Text;
using Atl.Layers;
using Atl.Proto;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Nets;

/// <summary>
/// Makes a net that can be built anywhere, by putting DummyData in the place of each data layer whose files are not
/// here: images uniform in [0, 1), labels 0 (which is in range for any number of classes), in the shapes that the
/// layer's batch_size and transform_param give. What they leave open is assumed (3 × 256 × 256 unless the caller knows
/// better) and said in a note.
/// </summary>
/// <remarks>
/// A data layer is one without bottoms that names files, or that this engine does not have (Python, data layers of
/// other Caffes). One whose files are all here stays. Shapes that the caller gives by the name of a top replace all
/// others, those of Input layers too.
/// </remarks>
internal sealed class GeneratedData
{
    // The parameter messages that have a batch_size, and that field.
    private static readonly (FieldDescriptor Message, Func<LayerParameter, IMessage?> Get, FieldDescriptor Size)[]
        BatchSizes =
    [
        .. from message in ParameterMessages.All
           let size = message.Field.MessageType.FindFieldByName("batch_size")
           where size is not null
           select (message.Field, message.Get, size),
    ];

    private static readonly TransformationParameter NoTransform = new();
    private static readonly ImageDataParameter NoImages = new();
    private readonly FillerParameter _uniform = new() { Type = "uniform" }, _constant = new();

    private readonly IReadOnlyDictionary<string, Shape> _shapes;
    private readonly IReadOnlyDictionary<string, Shape> _asked;
    private readonly NetState? _state;
    private readonly HashSet<string> _known = [];
    private readonly List<AssumedTop> _assumedTops = [];
    private readonly Action<string> _note;
    private readonly StringBuilder _line = new();
    private readonly Shape _assumed;
    private (AssumedParts Parts, Shape Image, string Text)? _described;

    private GeneratedData(
        IReadOnlyDictionary<string, Shape> shapes, Action<string> note, Shape assumed,
        IReadOnlyDictionary<string, Shape> asked,
        NetState? state) =>
        (_shapes, _note, _assumed, _asked, _state) = (shapes, note, assumed, asked, state);

    private static Dictionary<string, Shape> None => [];

    /// <summary>The shape assumed for an image where nothing states it: channels × height × width.</summary>
    public static Shape UsualImage { get; } = new(3, 256, 256);

    /// <summary>The net with generated data; layers keep names, tops, rules and places in the prototxt,
    /// and those that stay are the same messages.</summary>
    /// <param name="net">A net in the current format.</param>
    /// <param name="shapes">The shapes of inputs and data, by the names of tops.</param>
    /// <param name="note">Receives a line for every layer that was replaced, and what was assumed.</param>
    /// <param name="assumed">Channels × height × width of images whose prototxt states none; <see cref="UsualImage"/>
    /// where it is null.</param>
    /// <exception cref="NetException">A shape is given for a top that no input or data layer makes.</exception>
    /// <exception cref="LayerException">A data layer has no batch_size.</exception>
    public static NetParameter Replace(
        NetParameter net, IReadOnlyDictionary<string, Shape>? shapes = null, Action<string>? note = null,
        Shape? assumed = null) =>
        Replace(net, shapes, note, assumed, None, null).Net;

    /// <summary>
    /// The net with generated data in the layers that a state admits, and their tops whose shape nothing tells: these
    /// take the shapes that the net asks for.
    /// </summary>
    /// <exception cref="NetException">A shape is given for a top that no input or data layer makes.</exception>
    /// <exception cref="LayerException">A data layer has no batch_size.</exception>
    internal static (NetParameter Net, IReadOnlyList<AssumedTop> Assumed) Replace(
        NetParameter net, IReadOnlyDictionary<string, Shape>? shapes, Action<string>? note, Shape? assumed,
        IReadOnlyDictionary<string, Shape> asked, NetState? state)
    {
        GeneratedData generated = new(shapes ?? None, note ?? (_ => { }), assumed ?? UsualImage, asked, state);
        NetParameter replaced = NetHead.Of(net);
        foreach (LayerParameter layer in net.Layer) replaced.Layer.Add(generated.Replace(layer));
        foreach (string name in generated._shapes.Keys)
            if (!generated._known.Contains(name))
                throw new NetException($"a shape is given for '{name}', which is not the top of an input or data "
                    + $"layer{NearestName.Hint(name, generated._known)}");
        return (replaced, generated._assumedTops);
    }

    private LayerParameter Replace(LayerParameter layer)
    {
        if (layer.Bottom.Count > 0 || layer.Top.Count == 0) return layer;
        bool given = _shapes.Count > 0 && layer.Top.Any(_shapes.ContainsKey);
        switch (layer.Type)
        {
            case "Input":
                Know(layer);
                return given ? ReshapeInput(SourceMap.CloneWithPlaces(layer)) : layer;
            case "DummyData" or "Parameter":
                return layer;
        }
        Know(layer);
        if (_state is not null && !NetFilter.Admits(layer, _state)) return layer;
        IReadOnlyList<string> missing = LayerFiles.Missing(layer);
        string? reason = missing.Count > 0
            ? $"{string.Join(", ", missing.Select(PathText.Show))}: not here{PathText.Hint(string.Concat(missing))}"
            : given ? "its shape is given"
            : layer.Type == "Python" || !LayerRegistry.Knows(layer.Type) ? "no such layer in Atl"
            : null;
        try
        {
            if (reason is null) return layer;
            LayerNumbers.Check(layer);
            return Generate(layer, reason);
        }
        catch (AtlException e) when (e is not LayerException)
        {
            throw new LayerException(layer, e.Message, e);
        }
    }

    // What shapes may be given for; nobody asks where none is.
    private void Know(LayerParameter layer)
    {
        if (_shapes.Count > 0) _known.UnionWith(layer.Top);
    }

    private LayerParameter ReshapeInput(LayerParameter layer)
    {
        InputParameter input = layer.InputParam ??= new InputParameter();
        BlobShape[] old = [.. input.Shape];
        input.Shape.Clear();
        for (int i = 0; i < layer.Top.Count; i++)
            input.Shape.Add(_shapes.TryGetValue(layer.Top[i], out Shape? shape) ? shape.ToMessage() : old.Length == 0
                ? new BlobShape() : old[old.Length == 1 ? 0 : i].Clone());
        return layer;
    }

    private LayerParameter Generate(LayerParameter layer, string reason)
    {
        DummyDataParameter dummy = new();
        AssumedParts assumedParts = TryBatchSize(layer, out int batch) ? AssumedParts.None : AssumedParts.Batch;
        Shape first = _shapes.TryGetValue(layer.Top[0], out Shape? given)
            ? given : ImageShape(layer, batch, ref assumedParts);
        List<string> asked = [];
        for (int i = 0; i < layer.Top.Count; i++)
        {
            string top = layer.Top[i];
            Shape usual = i == 0 ? first : LabelShape(layer, first.Legacy(0));
            bool isAsked = _asked.TryGetValue(top, out Shape? wanted) && !_shapes.ContainsKey(top);
            Shape shape = _shapes.TryGetValue(top, out Shape? said) ? said : isAsked ? wanted! : usual;
            if (isAsked) asked.Add($"'{top}'");
            if (said is null && AssumedTop.Of(layer, i, shape, assumedParts) is { } assumedTop)
                _assumedTops.Add(assumedTop);
            dummy.Shape.Add(shape.ToMessage());
            dummy.DataFiller.Add(i == 0 ? _uniform : _constant);
        }
        LayerParameter made = new() { Name = layer.Name, Type = "DummyData", DummyDataParam = dummy };
        made.Top.Add(layer.Top);
        made.Include.Add(layer.Include);
        made.Exclude.Add(layer.Exclude);
        made.LossWeight.Add(layer.LossWeight);
        SourceMap.Copy(layer, made);
        bool invented = given is null && !_asked.ContainsKey(layer.Top[0]);
        string assumed = (invented && assumedParts != AssumedParts.None
            ? $"; {Describe(assumedParts, first)} assumed" : "")
            + (asked.Count == 0 ? "" : $"; {string.Join(" and ", asked)} as the net requires");
        StringBuilder note = _line.Clear();
        note.Append(CultureInfo.InvariantCulture,
            $"{SourceMap.Prefix(layer)}layer '{layer.Name}' ({layer.Type}): generated data ");
        for (int i = 0; i < layer.Top.Count; i++)
        {
            note.Append(CultureInfo.InvariantCulture, $"{(i > 0 ? ", " : "")}'{layer.Top[i]}'");
            BlobShape shape = dummy.Shape[i];
            for (int axis = 0; axis < shape.Dim.Count; axis++) note.Append(' ').Append(shape.Dim[axis]);
        }
        _note(note.Append(CultureInfo.InvariantCulture, $" ({reason}{assumed})").ToString());
        return made;
    }

    // Beside the first top stand labels, one an item unless the layer says otherwise.
    private static Shape LabelShape(LayerParameter layer, int batch) =>
        layer.ImageDataParam is { Labels: > 1 and var labels } ? new Shape(batch, (int)labels) : new Shape(batch);

    // Of the layers of a net most assume the same.
    private string Describe(AssumedParts parts, Shape image)
    {
        if (_described is not { } last || last.Parts != parts || !last.Image.Equals(image))
            _described = last = (parts, image, InWords(parts, image));
        return last.Text;
    }

    private static string InWords(AssumedParts parts, Shape image)
    {
        List<string> assumed = [];
        if (parts.HasFlag(AssumedParts.Batch)) assumed.Add("a batch of 1");
        if (parts.HasFlag(AssumedParts.Channels)) assumed.Add($"{image[1]} channels");
        if (parts.HasFlag(AssumedParts.Size))
            assumed.Add(image[2] == image[3] ? $"height and width {image[2]}"
                : $"height {image[2]} and width {image[3]}");
        return string.Join(" and ", assumed);
    }

    private Shape ImageShape(LayerParameter layer, int batch, ref AssumedParts assumed)
    {
        TransformationParameter transform = layer.TransformParam ?? NoTransform;
        ImageDataParameter images = layer.ImageDataParam ?? NoImages;
        if (layer.MemoryDataParam is { } memory)
            return new Shape(batch, (int)memory.Channels, (int)memory.Height, (int)memory.Width);
        Shape? mean = MeanShape(transform);
        int channels = transform.ForceGray || !images.IsColor ? 1
            : transform.MeanValue.Count > 1 ? transform.MeanValue.Count
            : mean?[0] ?? 0;
        (int height, int width) = transform.CropSize > 0 ? ((int)transform.CropSize, (int)transform.CropSize)
            : images is { NewHeight: > 0, NewWidth: > 0 } ? ((int)images.NewHeight, (int)images.NewWidth)
            : ForeignFields.Size(layer) is { } size ? size
            : (mean?[1] ?? 0, mean?[2] ?? 0);
        if (channels == 0)
        {
            bool coloured = transform.ForceColor || layer.Type == "ImageData";
            channels = coloured ? 3 : _assumed[0];
            if (!coloured) assumed |= AssumedParts.Channels;
        }
        if (height == 0)
        {
            (height, width) = (_assumed[1], _assumed[2]);
            assumed |= AssumedParts.Size;
        }
        return new Shape(batch, channels, height, width);
    }

    // Whatever message of the layer has a batch_size; a layer without one (Python) is taken to give one item.
    private static bool TryBatchSize(LayerParameter layer, out int batch)
    {
        foreach ((FieldDescriptor message, Func<LayerParameter, IMessage?> get, FieldDescriptor field) in BatchSizes)
        {
            if (get(layer) is not { } parameters) continue;
            long size = Convert.ToInt64(field.Accessor.GetValue(parameters), CultureInfo.InvariantCulture);
            batch = size is > 0 and <= int.MaxValue
                ? (int)size
                : throw new LayerException(
                    layer, $"{message.Name}.batch_size is {size}, expected a positive number",
                    SourceMap.Find(parameters, field.FieldNumber))
                {
                    IsWrongNumber = true,
                };
            return true;
        }
        int? foreign = ForeignFields.BatchSize(layer);
        batch = foreign ?? 1;
        return foreign is not null;
    }

    private static Shape? MeanShape(TransformationParameter transform)
    {
        if (!File.Exists(transform.MeanFile)) return null;
        BlobProto stored = ProtoFiles.ReadBlob(transform.MeanFile);
        Shape shape = stored.StoredShape();
        return shape.NumAxes >= 3 ? new Shape(shape.Dims[^3..]) : null;
    }
}
