using System.Globalization;
using Google.Protobuf.Reflection;

namespace Atl;

/// <summary>
/// Which numbers of a prototxt can be used whatever they are for: counts and extents that an int holds (others would
/// turn negative, as they do in Caffe), and numbers that are neither NaN nor infinite (others would make NaN of every
/// result).
/// </summary>
internal static class FieldNumbers
{
    // Counts that are never used as an int.
    private static readonly HashSet<string> UpTo32Bits =
        ["caffe.DataParameter.rand_skip", "caffe.ImageDataParameter.rand_skip"];

    // Bounds that may lie at infinity, and then bound nothing.
    private static readonly HashSet<string> Bounds =
    [
        "caffe.ClipParameter.min", "caffe.ClipParameter.max", "caffe.ThresholdParameter.threshold",
        "caffe.DetectionOutputParameter.confidence_threshold", "caffe.ChannelScaleParameter.max_global_scale",
    ];

    /// <summary>Whether a field is a number that is inspected.</summary>
    public static bool Concerns(FieldDescriptor field) => field.FieldType is FieldType.UInt32 or FieldType.Float;

    /// <summary>The fault of a field's number, such as <c>NaN, expected a number</c>; null if there is none.</summary>
    public static string? Fault(FieldDescriptor field, object value) => value switch
    {
        uint number when number > int.MaxValue && !UpTo32Bits.Contains(field.FullName) =>
            string.Create(CultureInfo.InvariantCulture, $"{number}, expected at most {int.MaxValue}"),
        float.NaN => "NaN, expected a number",
        float number when float.IsInfinity(number) && !Bounds.Contains(field.FullName) =>
            $"{(number < 0 ? "-" : "")}infinite, expected a number of at most "
                + $"{float.MaxValue.ToString(CultureInfo.InvariantCulture)}",
        _ => null,
    };
}
