using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Data;
using Atl.Tools;

namespace Atl.Cli.Commands;

/// <summary>convert_imageset: images named by a list go into a database.</summary>
internal sealed class ConvertImageSetCommand : Command
{
    public static readonly Flag Backend =
        new("backend", FlagKind.Text, "the database format", "lmdb|leveldb")
        {
            Default = "lmdb",
            Choices = [.. RecordDatabase.Backends]
        };

    public override string Name => "convert_imageset";

    public override string Summary => "write the images of a list to an LMDB or LevelDB";

    public override IReadOnlyList<Argument> Arguments =>
    [
        new("ROOTFOLDER/", "prefix of every path of the list, as written"),
        new("LISTFILE", "lines of a path, a space, and a label (any number)"),
        new("DB_NAME", "the new database"),
    ];

    public override IReadOnlyList<Flag> Flags =>
    [
        new("gray", FlagKind.Switch, "convert images to gray"),
        new("shuffle", FlagKind.Switch, "shuffle the images"),
        new("seed", FlagKind.Integer, "random seed of -shuffle", "S") { Default = "1" },
        Backend,
        new("resize_width", FlagKind.Integer, "resize images to this width; 0 keeps theirs", "W") { Default = "0" },
        new("resize_height", FlagKind.Integer, "resize images to this height; 0 keeps theirs", "H") { Default = "0" },
        new("labels", FlagKind.Integer,
            "number of labels after each path, separated by spaces; several go into float_label",
            "N") { Default = "1" },
        new("check_size", FlagKind.Switch, "require all images to have the same size"),
        new("encoded", FlagKind.Switch, "store compressed images"),
        new("encode_type", FlagKind.Text, "image format for -encoded; default: by the file's name", "png|jpg|..."),
        ImageFlags.MaxPixels,
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
        [("an LMDB of raw images of one size",
        "atl convert_imageset -shuffle -resize_width 112 -resize_height 112 faces/ faces.txt faces_lmdb")];

    public override void Run(FlagValues flags, GlogLogger log) => ImageSetConverter.Convert(
        flags.Argument("ROOTFOLDER/"), flags.Argument("LISTFILE"), flags.Argument("DB_NAME"),
        RecordDatabase.Parse(flags.Text("backend")), new ImageSetOptions
        {
            Gray = flags.Switch("gray"),
            ShuffleSeed = flags.Switch("shuffle") ? (ulong)flags.Integer("seed") : null,
            Width = flags.Integer("resize_width"),
            Height = flags.Integer("resize_height"),
            Labels = flags.Integer("labels"),
            CheckSize = flags.Switch("check_size"),
            Encoded = flags.Switch("encoded"),
            EncodeType = flags.Text("encode_type"),
        }, log);
}
