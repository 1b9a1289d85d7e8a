using System.Globalization;
using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Linting;
using Atl.Nets;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Cli.Commands;

/// <summary>summary: a net's layers, shapes, parameters, multiply-adds and activation memory, without running
/// it.</summary>
internal sealed class SummaryCommand : Command
{
    internal static readonly Flag Shapes =
        new("shapes", FlagKind.List,
            "the shape of an input or data blob; repeat the flag, or separate several by spaces",
            "BLOB=32,3,112,112");

    public override string Name => "summary";

    public override string Summary => "show a net's layers, shapes, parameters, multiply-adds and memory";

    public override IReadOnlyList<Argument> Arguments => [new("NET", "the net's prototxt")];

    public override IReadOnlyList<Flag> Flags =>
    [
        CommonOptions.Phase("TEST"),
        CommonOptions.Level,
        CommonOptions.Stage,
        Shapes,
        new("json", FlagKind.Switch, "print JSON instead of a table"),
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
    [
        ("a deploy net", "atl summary deploy.prototxt"),
        ("a training net for another input", "atl summary train_val.prototxt -phase TRAIN -shapes data=32,3,112,112"),
    ];

    public override void Run(FlagValues flags, GlogLogger log)
    {
        log.RaiseMinimum(LogLevel.Warning);
        NetParameter parameter = ProtoFiles.ReadNet(flags.Argument("NET"), CommonOptions.TextFormat(flags, log));
        NetOptions options = new()
        {
            Phase = CommonOptions.PhaseOf(flags),
            Level = flags.Integer("level"),
            Stages = flags.Parts("stage"),
            KeepAll = true,
            ShapesOnly = true,
            Logger = log,
        };
        NetSummary? summary = null;
        List<string> notes = [];
        LintedNet built = new ShapeSearch(parameter, options, ReadShapes(flags.List("shapes")))
            .Run(notes, net => summary = NetSummary.Of(net));
        foreach (string note in notes) log.Warning($"{note}");
        if (summary is null) throw new AtlException(built.Message);
        if (flags.Switch("json"))
            Console.Out.WriteLine(JsonText.Of(summary));
        else
            Print(summary);
    }

    /// <summary>Reads <c>data=1,3,112,112</c>.</summary>
    internal static Dictionary<string, Shape> ReadShapes(IReadOnlyList<string> given)
    {
        Dictionary<string, Shape> shapes = [];
        foreach (string one in given.SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            string[] halves = one.Split('=');
            int[] extents = halves.Length == 2
                ? [.. halves[1].Split(',').Select(extent =>
                    int.TryParse(extent, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : -1)]
                : [-1];
            if (halves[0].Length == 0 || extents.Contains(-1))
                throw new UsageException($"flag '-shapes' is '{one}', expected BLOB=N,C,H,W with whole numbers");
            shapes[halves[0]] = new Shape(extents);
        }
        return shapes;
    }

    private static void Print(NetSummary summary)
    {
        TextTable table = new("layer", "type", "tops", ">parameters", ">multiply-adds", ">activations");
        foreach (LayerSummary layer in summary.Layers)
            table.Add(
                layer.Name, layer.Type,
                string.Join(", ", layer.Tops.Select(top => $"{top.Name} {string.Join(' ', top.Shape)}")),
                Count(layer.ParameterCount), Count(layer.MultiplyAdds), layer.ActivationBytes == 0
                ? "" : Bytes(layer.ActivationBytes));
        Console.Out.WriteLine($"{summary.Name} ({summary.Phase})");
        table.Write(Console.Out);
        Console.Out.WriteLine();
        Console.Out.WriteLine(Invariant($"layers          {summary.Layers.Count}"));
        string size = Bytes(summary.ParameterCount * sizeof(float)), products = "convolutions and matrix products";
        Console.Out.WriteLine(Invariant($"parameters      {summary.ParameterCount:N0} ({size}; shared ones once)"));
        Console.Out.WriteLine(
            Invariant($"multiply-adds   {summary.MultiplyAdds:N0} per forward pass ({products}, full batch)"));
        Console.Out.WriteLine($"activations     {Bytes(summary.ActivationBytes)} in all, at most "
            + $"{Bytes(summary.PeakActivationBytes)} if each is released after its last use");
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static string Count(long value) => value == 0 ? "" : value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Bytes(long bytes) => bytes >= 1 << 20 ? Invariant($"{bytes / 1048576.0:F1} MiB")
        : Invariant($"{bytes / 1024.0:F1} KiB");
}
