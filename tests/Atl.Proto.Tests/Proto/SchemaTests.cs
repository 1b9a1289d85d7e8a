using System.Globalization;
using Google.Protobuf.Reflection;
using Enum = Google.Protobuf.Reflection.EnumDescriptor;

namespace Atl.Proto.Tests.Proto;

/// <summary>
/// The schema against the facts of Caffe's own, one line a field or enum value (Data/caffe_schema.tsv):
/// name, number, label, type, default and packing; and nothing beside them but what is ours, from number 100 up.
/// </summary>
public sealed class SchemaTests
{
    private const int FirstOwnNumber = 100;

    /// <summary>The one number that differs: BVLC's swish_param is 147 in binary files, which belongs to the margin
    /// inner product here.</summary>
    private const string MovedField = "LayerParameter.swish_param";

    private static readonly string[] OwnMessages =
    [
        "LayerState", "NetRunningState", "LayerState.Entry", "NormalizeParameter", "MemoryOptimizationParameter",
        "CenterLossParameter",
        "LabelSpecificAddParameter", "LabelSpecificRescaleParameter", "CosinAddmParameter", "CombinedMarginParameter",
        "AdditiveMarginParameter",
        "FaceNormalizeParameter", "FlipParameter", "PermuteParameter", "ShuffleChannelParameter", "PriorBoxParameter",
        "DetectionOutputParameter",
            "NonMaximumSuppressionParameter",
        "SaveOutputParameter", "ChannelScaleParameter", "InterpParameter", "UpsampleParameter", "BNParameter",
        "ROIPoolingParameter",
        "SmoothL1LossParameter", "ResizeParameter", "LabelMap", "LabelMapItem",
    ];

    private static readonly string[] OwnEnums = ["AngleEdge", "BlobProto.RawType", "PriorBoxParameter.CodeType",
        "BNParameter.BNMode", "BNParameter.Engine",
        "ResizeParameter.Resize_mode", "ResizeParameter.Pad_mode", "ResizeParameter.Interp_mode"];

    /// <summary>Fields of other Caffes in Caffe's own messages, which keep the numbers that they have there.</summary>
    private static readonly string[] DialectFields =
    [
        "InnerProductParameter.normalize",
        "BlobProto.raw_data_type", "BlobProto.raw_diff_type", "BlobProto.raw_data", "BlobProto.raw_diff",
    ];

    private static readonly Fact[] Facts = ReadFacts();

    private sealed record Fact(string Kind, string Owner, string Name, int Number, string Label, string Type,
        string Default, string Options);

    private static IEnumerable<TestCaseData> Fields() =>
        Facts.Where(f => f.Kind == "field").Distinct()
        .Select(f => new TestCaseData(f.Owner, f.Name).SetName($"Field({f.Owner}.{f.Name})"));

    [TestCaseSource(nameof(Fields))]
    public void FieldIsCaffes(string owner, string name)
    {
        Fact fact = Facts.First(f => f.Kind == "field" && f.Owner == owner && f.Name == name);
        FieldDescriptor? field = Message(owner)?.FindFieldByName(name);
        Assert.That(field, Is.Not.Null, "the schema lacks the field");
        Assert.That(field!.FieldNumber, Is.EqualTo($"{owner}.{name}" == MovedField
            ? LayerParameter.SwishParamFieldNumber : fact.Number));
        Assert.That(Label(field), Is.EqualTo(fact.Label));
        Assert.That(TypeName(field), Is.EqualTo(fact.Type));
        Assert.That(SameDefault(field.ToProto().DefaultValue, fact),
            $"default {field.ToProto().DefaultValue}, expected {fact.Default}");
        Assert.That(field.ToProto().Options?.Packed ?? false, Is.EqualTo(fact.Options == "packed"));
    }

    [Test]
    public void EnumValuesAreCaffes()
    {
        string[] expected = [.. Facts.Where(f => f.Kind == "enum").Select(f => $"{f.Owner}.{f.Name} = {f.Number}")
            .Order()];
        string[] actual = [.. AllEnums().Where(e => !OwnEnums.Contains(Short(e.FullName)))
            .SelectMany(e => e.Values.Select(v => $"{Short(e.FullName)}.{v.Name} = {v.Number}")).Order()];
        Assert.That(actual, Is.EqualTo(expected));
    }

    [Test]
    public void EverythingElseIsOursAndNumberedAboveCaffes()
    {
        HashSet<string> known = [.. Facts.Where(f => f.Kind == "field").Select(f => $"{f.Owner}.{f.Name}"),
            .. DialectFields];
        foreach (MessageDescriptor message in AllMessages().Where(m => !OwnMessages.Contains(Short(m.FullName))))
        {
            foreach (FieldDescriptor field in message.Fields.InFieldNumberOrder())
            {
                if (!known.Contains($"{Short(message.FullName)}.{field.Name}"))
                    Assert.That(field.FieldNumber, Is.GreaterThanOrEqualTo(FirstOwnNumber), field.FullName);
            }
        }
    }

    [Test]
    public void SwishMakesRoomForTheMarginInnerProduct()
    {
        Assert.That(LayerParameter.MarginInnerProductParamFieldNumber, Is.EqualTo(147));
        Assert.That(LayerParameter.SwishParamFieldNumber, Is.EqualTo(149));
        Assert.That(LayerParameter.NormParamFieldNumber, Is.EqualTo(206),
            "the number of SSD's Caffe, whose files then load");
    }

    [Test]
    public void EveryMessageAndFieldIsExplained()
    {
        string file = Path.Combine(Atl.TestSupport.TestData.RepositoryRoot, "proto", "caffe.proto");
        string[] lines = [.. File.ReadLines(file).Select(l => l.Trim())];
        string[] bare = [.. lines.Select((line, i) => (line, before: i == 0 ? "" : lines[i - 1]))
            .Where(l => IsDeclaration(l.line) && !l.line.Contains("//", StringComparison.Ordinal)
                && !l.before.StartsWith("//", StringComparison.Ordinal))
            .Select(l => l.line)];
        Assert.That(bare, Is.Empty);
    }

    private static bool IsDeclaration(string line) =>
        line.StartsWith("optional ", StringComparison.Ordinal) || line.StartsWith("repeated ", StringComparison.Ordinal)
        || line.StartsWith("required ", StringComparison.Ordinal)
        || line.StartsWith("message ", StringComparison.Ordinal)
            || line.StartsWith("enum ", StringComparison.Ordinal);

    private static bool SameDefault(string actual, Fact fact)
    {
        if (fact.Type is "float" or "double" && actual.Length > 0 && fact.Default.Length > 0)
            return double.Parse(actual, CultureInfo.InvariantCulture) == double.Parse(fact.Default,
                CultureInfo.InvariantCulture);
        return actual == fact.Default;
    }

    private static string Label(FieldDescriptor field) => field.IsRepeated ? "repeated" : field.IsRequired ? "required"
        : "optional";

    private static string TypeName(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => Short(field.MessageType.FullName),
        FieldType.Enum => Short(field.EnumType.FullName),
        _ => field.FieldType.ToString().ToLowerInvariant(),
    };

    private static MessageDescriptor? Message(string name) =>
        AllMessages().FirstOrDefault(m => Short(m.FullName) == name);

    private static IEnumerable<MessageDescriptor> AllMessages() =>
        CaffeReflection.Descriptor.MessageTypes.SelectMany(m => m.NestedTypes.Prepend(m));

    private static IEnumerable<Enum> AllEnums() =>
        CaffeReflection.Descriptor.EnumTypes.Concat(AllMessages().SelectMany(m => m.EnumTypes));

    private static string Short(string fullName) => fullName["caffe.".Length..];

    private static Fact[] ReadFacts()
    {
        using Stream stream = typeof(SchemaTests).Assembly.GetManifestResourceStream("caffe_schema.tsv")!;
        using StreamReader reader = new(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(line => line.TrimEnd('\r').Split('\t'))
            .Select(c => new Fact(c[0], c[1], c[2], int.Parse(c[3], CultureInfo.InvariantCulture), c[4], c[5], c[6],
                c[7]))];
    }
}
