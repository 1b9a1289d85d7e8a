namespace Atl.Proto;

/// <summary>A field that another Caffe has and Atl has not.</summary>
/// <param name="Message">The message that it belongs to.</param>
/// <param name="Name">The field's name.</param>
/// <param name="Origin">Whose field it is.</param>
/// <param name="IsHarmless">Whether results are the same without it, or its layer type is unknown anyway, so that it is passed over with a note.</param>
/// <param name="Advice">What it does there, or what to do instead.</param>
internal sealed record DialectField(string Message, string Name, string Origin, bool IsHarmless, string Advice)
{
    /// <summary>Whose field it is, and the advice.</summary>
    public override string ToString() => $"'{Name}' is a field of {Origin}: {Advice}";
}
