using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Atl.Devices;
using Atl.Layers;
using Atl.Proto;
using Google.Protobuf.Reflection;

namespace Atl.Cli.LayerReference;

/// <summary>
/// What layers there are, as Markdown: from the registry (types, bottoms, tops), the layers' documentation (what they
/// compute, and behind "(Caffe's XLayer; …)" how they differ from Caffe) and the comments of caffe.proto (parameters; a
/// field of LayerParameter belongs to the types that its comment names).
/// </summary>
internal sealed partial class LayerPages
{
    private readonly XmlDocs _layers = XmlDocs.Of(typeof(Layer).Assembly),
        _messages = XmlDocs.Of(typeof(LayerParameter).Assembly);

    /// <summary>All layers, in alphabetical order.</summary>
    public string All()
    {
        StringBuilder text = new();
        text.Append("# Layers\n\nMade by `atl layers`; "
            + "a test fails where this file is not current. What a type does comes from its class's documentation, "
            + "its parameters from\n");
        text.Append("the comments of `proto/caffe.proto`. Every layer also takes the fields that all have: name, "
            + "type, bottom, top, "
            + "loss_weight, param, propagate_down,\ninclude and exclude.\n");
        foreach (string type in LayerRegistry.Types.Order(StringComparer.OrdinalIgnoreCase))
            text.Append('\n').Append(One(type));
        return text.ToString();
    }

    /// <summary>One layer.</summary>
    public string One(string type)
    {
        using Layer layer = LayerRegistry.Create(new LayerParameter { Name = type, Type = type },
            new LayerContext(Device.Cpu, 0) { ShapesOnly = true });
        string member = $"T:{layer.GetType().FullName}", summary = _layers.Text(member, "summary"),
            remarks = _layers.Text(member, "remarks");
        Match origin = Origin().Match(summary);
        StringBuilder text = new();
        text.Append(
            $"## {type}\n\n{(origin.Success ? summary.Remove(origin.Index, origin.Length).Trim() : summary)}\n\n");
        if (remarks.Length > 0) text.Append($"{remarks}\n\n");
        text.Append($"* Bottoms: {layer.Bottoms}; tops: {layer.Tops}.\n");
        if (origin.Success)
            text.Append(origin.Groups[2].Length > 0
                ? $"* Caffe's {origin.Groups[1].Value}. Differs: {origin.Groups[2].Value.Trim()}.\n"
                : $"* Caffe's {origin.Groups[1].Value}.\n");
        foreach (FieldDescriptor field in ParametersOf(type)) Parameters(text, field);
        return text.ToString();
    }

    /// <summary>The parameter messages of a type: the fields of LayerParameter whose comments name it.</summary>
    public IEnumerable<FieldDescriptor> ParametersOf(string type) =>
        MessageFields.Where(field => TypesOf(field).Contains(type));

    /// <summary>The fields of LayerParameter that hold parameters.</summary>
    public static IEnumerable<FieldDescriptor> MessageFields =>
        LayerParameter.Descriptor.Fields.InDeclarationOrder().Where(message => message.FieldType == FieldType.Message
            && !message.IsRepeated);

    /// <summary>The types that the comment of a field of LayerParameter names.</summary>
    public IReadOnlyCollection<string> TypesOf(FieldDescriptor field) =>
        [.. Word().Matches(_messages.Text(Property(field), "summary")).Select(match => match.Value)
        .Where(LayerRegistry.Knows).Distinct()];

    private void Parameters(StringBuilder text, FieldDescriptor field)
    {
        text.Append($"\n`{field.Name}`:\n\n| field | type | default | |\n|---|---|---|---|\n");
        foreach (FieldDescriptor parameter in field.MessageType.Fields.InDeclarationOrder())
        {
            string about = _messages.Text(Property(parameter), "summary").Replace("|", "\\|", StringComparison.Ordinal);
            text.Append(CultureInfo.InvariantCulture,
                $"| {parameter.Name} | {TypeName(parameter)} | {Default(parameter)} | {about} |\n");
        }
    }

    private static string Property(FieldDescriptor field) =>
        $"P:{field.ContainingType.ClrType.FullName}.{field.PropertyName}";

    private static string TypeName(FieldDescriptor field)
    {
        string name = field.FieldType switch
        {
            FieldType.Message => field.MessageType.Name,
            FieldType.Enum => string.Join(", ", field.EnumType.Values.Select(value => value.Name)),
            _ => field.FieldType.ToString().ToLowerInvariant(),
        };
        return field.IsRepeated ? $"repeated {name}" : name;
    }

    private static string Default(FieldDescriptor field)
    {
        if (field.IsRepeated || field.FieldType == FieldType.Message) return "";
        FieldDescriptorProto proto = field.ToProto();
        if (proto.HasDefaultValue) return proto.DefaultValue.Length == 0 ? "\"\"" : proto.DefaultValue;
        return field.FieldType switch
        {
            FieldType.String or FieldType.Bytes => "",
            FieldType.Bool => "false",
            FieldType.Enum => field.EnumType.Values[0].Name,
            _ => "0",
        };
    }

    [GeneratedRegex(@"\s*\((?:[^()]*[;,] )?Caffe's (\w+)(?:; ([^()]*?))?\.?\)\.?")]
    private static partial Regex Origin();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
