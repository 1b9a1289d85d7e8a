using System.Globalization;

namespace Atl.Proto;

/// <summary>Floating point numbers as text that protoc reads back to the same bits.</summary>
internal static class FloatText
{
    /// <summary>The shortest text that gives the same bits, with nine digits where a reader that goes by way of double
    /// would round twice.</summary>
    public static string Of(float value)
    {
        if (!float.IsFinite(value))
            return Special(value);
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        if ((float)double.Parse(text, CultureInfo.InvariantCulture) != value)
            text = value.ToString("G9", CultureInfo.InvariantCulture);
        return text.Replace('E', 'e');
    }

    /// <summary>The shortest text that gives the same bits.</summary>
    public static string Of(double value) =>
        double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e') : Special(value);

    private static string Special(double value)
    {
        string sign = double.IsNegative(value) ? "-" : "";
        return sign + (double.IsNaN(value) ? "nan" : "inf");
    }
}
