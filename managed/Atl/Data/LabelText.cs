using System.Globalization;

namespace Atl.Data;

/// <summary>Labels as people and tools write them: 3, and 3.0 or 3.000000 by im2rec.</summary>
internal static class LabelText
{
    /// <summary>Whether a text is a number, with a sign and a fraction or without.</summary>
    public static bool IsNumber(string text) => Number(text) is not null;

    /// <summary>
    /// Reads a label: a whole number from 0, whose fraction may be written as zeros. A num_output can be one more.
    /// </summary>
    public static bool TryParse(string text, out int label)
    {
        bool isLabel = Number(text) is >= 0 and < int.MaxValue and var number && number == Math.Floor(number);
        label = isLabel ? (int)Number(text)!.Value : 0;
        return isLabel;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out double number)
        && double.IsFinite(number)
            ? number
            : null;
}
