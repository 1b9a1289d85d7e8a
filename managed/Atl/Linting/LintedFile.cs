using Atl.Proto;
using Google.Protobuf;

namespace Atl.Linting;

/// <summary>The outcome for a prototxt.</summary>
/// <param name="File">The file.</param>
/// <param name="Kind">net, solver, or unreadable.</param>
/// <param name="Status">The worst of what came of its nets.</param>
/// <param name="Message">What is wrong, with file and line, one fault a line; empty where nothing is.</param>
/// <param name="Deprecated">The deprecated fields that it uses.</param>
/// <param name="Notes">What was ignored, ignored, upgraded or assumed.</param>
/// <param name="Nets">Its nets, built for each phase.</param>
internal sealed record LintedFile(
    string File, string Kind, LintStatus Status, string Message, IReadOnlyList<DeprecatedField> Deprecated,
    IReadOnlyList<string> Notes,
        IReadOnlyList<LintedNet> Nets)
{
    /// <summary>The file's content in the current format; null where it could not be read.</summary>
    internal IMessage? Upgraded { get; init; }

    /// <summary>Whether fields were ignored that the schema lacks, and that a rewritten file would lack
    /// too.</summary>
    public bool HasUnknownFields { get; internal init; }

    /// <summary>Whether the file's text would change by the upgrade.</summary>
    public bool CanUpgrade => Upgraded is not null && Deprecated.Count > 0;

    /// <summary>Writes the content in the current format, comments and the fields' order kept.</summary>
    /// <exception cref="AtlException">The file can't be written, or unknown fields would be lost.</exception>
    public void WriteUpgraded(string path)
    {
        if (Upgraded is null) return;
        if (HasUnknownFields)
            throw new AtlException($"{File}: not written in the current format, for the fields that are unknown here "
                + "would be lost");
        ProtoFiles.WriteText(path, Upgraded, new TextComments(System.IO.File.ReadAllBytes(File)));
    }
}
