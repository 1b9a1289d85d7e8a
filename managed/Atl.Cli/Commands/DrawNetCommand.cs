using Atl.Cli.CommandLine;
using Atl.Cli.Drawing;
using Atl.Cli.Terminal;
using Atl.Proto;

namespace Atl.Cli.Commands;

/// <summary>draw_net: an image of a net.</summary>
internal sealed class DrawNetCommand : Command
{
    public override string Name => "draw_net";

    public override string Summary => "draw a net as SVG, PNG or Graphviz' dot";

    public override IReadOnlyList<Argument> Arguments =>
        [new("NET", "the net's prototxt"),
        new("OUT", "the image: .svg, .dot, or a Graphviz format if it is installed (.png, .pdf)")];

    public override IReadOnlyList<Flag> Flags =>
    [
        new("rankdir", FlagKind.Text, "drawing direction: right, left, down or up", "LR|RL|TB|BT")
        {
            Default = "LR",
            Choices = ["LR", "RL", "TB", "BT"],
        },
        new("phase", FlagKind.Text, "the phase to draw", "TRAIN|TEST|ALL")
        {
            Default = "ALL",
            Choices = ["TRAIN", "TEST", "ALL"],
        },
        new("display_lrm", FlagKind.Switch, "show learning rate multipliers of convolutions and inner products"),
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
        [("a deploy net from top to bottom", "atl draw_net deploy.prototxt net.svg -rankdir TB")];

    public override bool PrintsNotesOnly => true;

    public override void Run(FlagValues flags, GlogLogger log)
    {
        string path = flags.Argument("OUT"), direction = flags.Text("rankdir"),
            format = Path.GetExtension(path).TrimStart('.').ToLowerInvariant();
        if (format.Length == 0)
            throw new UsageException($"'{path}' has an unknown ending, expected a name that ends with .svg, .png or "
                + ".dot");
        Phase? phase = flags.Text("phase") switch
        {
            "TRAIN" => Phase.Train,
            "TEST" => Phase.Test,
            _ => null,
        };
        Console.Out.WriteLine($"Drawing net to {path}");
        NetGraph graph = NetGraph.Of(ProtoFiles.ReadNet(flags.Argument("NET"), CommonOptions.TextFormat(flags, log)),
            phase,
            flags.Switch("display_lrm"));
        string dot = DotText.Of(graph, direction);
        if (format is "dot" or "raw" or "gv")
            Write(path, dot);
        else if (Graphviz.TryDraw(dot, format, path))
            return;
        else if (format == "svg")
            Write(path, SvgDrawing.Of(graph, direction));
        else
            throw new AtlException($"{path}: .{format} needs Graphviz (its program dot), which is not installed; "
                + ".svg does without");
    }

    private static void Write(string path, string text) => AtomicFile.Write(path, stream =>
    {
        using StreamWriter writer = new(stream, leaveOpen: true);
        writer.Write(text);
    });
}
