using System.Globalization;

namespace Atl.Proto;

/// <summary>A field that another Caffe has and Atl has not.</summary>
/// <param name="Message">The message that it belongs to.</param>
/// <param name="Name">The field's name.</param>
/// <param name="Origin">Whose field it is.</param>
/// <param name="IsHarmless">Whether results are the same without it, or its layer type is unknown anyway, so that it is
/// ignored with a note.</param>
/// <param name="Advice">What it does there, or what to do instead.</param>
internal sealed record DialectField(string Message, string Name, string Origin, bool IsHarmless, string Advice)
{
    /// <summary>The value that asks for nothing, which is ignored with a note; null where there is none.</summary>
    public string? Neutral { get; init; }

    /// <summary>Whether a value, as it stands in the text, is the one that asks for nothing.</summary>
    public bool IsNeutral(string? value)
    {
        if (Neutral is null || value is null) return false;
        string word = value.Trim('"', '\'');
        return word == Neutral
            || (Neutral == "false" && (word is "0" or "f" or "False"))
            || (Neutral == "true" && (word is "1" or "t" or "True"))
            || (TryNumber(word, out double given) && TryNumber(Neutral, out double neutral) && given == neutral);

        static bool TryNumber(string text, out double number) =>
            double.TryParse(text.TrimEnd('f'), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Returns the field's origin and the advice.</summary>
    public override string ToString() => $"'{Name}' is a field of {Origin}: {Advice}";
}
