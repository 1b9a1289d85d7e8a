using System.Globalization;
using System.Numerics.Tensors;

namespace Atl.Logging;

/// <summary>Numbers as C++ streams write them by default: six significant digits, <c>1e-05</c>, <c>nan</c>,
/// <c>inf</c>.</summary>
internal static class LogNumber
{
    /// <summary>The number as <c>printf("%g")</c> writes it.</summary>
    public static string Format(double value)
    {
        if (double.IsNaN(value)) return double.IsNegative(value) ? "-nan" : "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        return value.ToString("g6", CultureInfo.InvariantCulture);
    }

    /// <summary>The mean of the elements' absolute values, which debug_info shows.</summary>
    public static string FormatMeanMagnitude(Tensor tensor) =>
        Format(tensor.SumOfParts(values => TensorPrimitives.SumOfMagnitudes(values)) / Math.Max(1, tensor.Count));
}
