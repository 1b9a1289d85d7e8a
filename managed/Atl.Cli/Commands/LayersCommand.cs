using Atl.Cli.CommandLine;
using Atl.Cli.LayerReference;
using Atl.Cli.Terminal;
using Atl.Layers;
using Atl.Proto;

namespace Atl.Cli.Commands;

/// <summary>layers: what layers there are and what parameters they take.</summary>
internal sealed class LayersCommand : Command
{
    public override string Name => "layers";

    public override string Summary => "show a layer type and its parameters";

    public override IReadOnlyList<Argument> Arguments =>
        [new("TYPE", "a layer type; default: all") { Optional = true }];

    public override IReadOnlyList<Flag> Flags => [];

    public override IReadOnlyList<(string What, string Line)> Examples =>
        [("the parameters of Pooling", "atl layers Pooling"), ("all layers, as Markdown", "atl layers > layers.md")];

    public override void Run(FlagValues flags, GlogLogger log)
    {
        string type = flags.Argument("TYPE");
        if (type.Length > 0 && !LayerRegistry.Knows(type))
            throw new AtlException($"unknown layer type '{type}'{NearestName.Hint(type, LayerRegistry.Types)}");
        LayerPages pages = new();
        Console.Out.Write(type.Length > 0 ? pages.One(type) : pages.All());
    }
}
