using System.Globalization;
using Atl.Proto;

namespace Atl.Cli.Drawing;

/// <summary>A net as Caffe's draw.py draws it: layers and blobs as nodes, in its colors, with its labels.</summary>
internal sealed class NetGraph
{
    private readonly List<NetGraphNode> _nodes = [];

    private NetGraph(string name) => Name = name;

    /// <summary>The net's name.</summary>
    public string Name { get; }

    /// <summary>Layers and blobs in the order of the net.</summary>
    public IReadOnlyList<NetGraphNode> Nodes => _nodes;

    /// <summary>The connections between layers; the label is the number of outputs or the batch.</summary>
    public List<(string From, string To, string Label)> Edges { get; } = [];

    /// <summary>The graph of a net's layers that take part in a phase; of all layers where the phase is null.</summary>
    public static NetGraph Of(NetParameter net, Phase? phase, bool learningRates)
    {
        NetGraph graph = new(net.HasName && net.Name.Length > 0 ? net.Name : "Net");
        Dictionary<string, int> places = [];
        foreach (LayerParameter layer in net.Layer)
        {
            if (phase is { } wanted && !TakesPart(layer, wanted)) continue;
            string id = $"{layer.Name}_{layer.Type}";
            bool inPlace = layer.Bottom.Count == 1 && layer.Top.Count == 1 && layer.Bottom[0] == layer.Top[0];
            foreach (string bottom in layer.Bottom)
                Put(new NetGraphNode(bottom + "_blob", [bottom], "octagon", "#E0E0E0"));
            Put(new NetGraphNode(id, Label(layer, learningRates), "record", inPlace ? "#90EE90" : Colour(layer.Type)));
            foreach (string top in layer.Top) Put(new NetGraphNode(top + "_blob", [top], "ellipse", ""));
            foreach (string bottom in layer.Bottom) graph.Edges.Add((bottom + "_blob", id, ""));
            foreach (string top in layer.Top) graph.Edges.Add((id, top + "_blob", EdgeLabel(layer)));
        }
        return graph;

        void Put(NetGraphNode node)
        {
            // As in Caffe, what is said of a blob last decides how it looks.
            if (places.TryAdd(node.Id, graph._nodes.Count))
                graph._nodes.Add(node);
            else
                graph._nodes[places[node.Id]] = node;
        }
    }

    private static bool TakesPart(LayerParameter layer, Phase phase) =>
        layer.Include.Count > 0
            ? layer.Include.Any(rule => !rule.HasPhase || rule.Phase == phase)
            : !layer.Exclude.Any(rule => rule.HasPhase && rule.Phase == phase);

    private static string Colour(string type) => type switch
    {
        "Convolution" or "Deconvolution" => "#FF5050",
        "Pooling" => "#FF9900",
        "InnerProduct" => "#CC33FF",
        _ => "#6495ED",
    };

    private static string EdgeLabel(LayerParameter layer) => layer.Type switch
    {
        "Data" => $"Batch {layer.DataParam?.BatchSize ?? 0}",
        "Convolution" or "Deconvolution" => Text(layer.ConvolutionParam?.NumOutput ?? 0),
        "InnerProduct" => Text(layer.InnerProductParam?.NumOutput ?? 0),
        _ => "",
    };

    private static string[] Label(LayerParameter layer, bool learningRates)
    {
        List<string> lines = [layer.Name];
        switch (layer.Type)
        {
            case "Pooling":
                PoolingParameter pooling = layer.PoolingParam ?? new PoolingParameter();
                lines.AddRange([$"(Pooling {pooling.Pool.ToString().ToUpperInvariant()})",
                    $"kernel size: {pooling.KernelSize}", $"stride: {pooling.Stride}",
                    $"pad: {pooling.Pad}"]);
                break;
            case "Convolution" or "Deconvolution":
                ConvolutionParameter window = layer.ConvolutionParam ?? new ConvolutionParameter();
                lines.AddRange([
                    $"({layer.Type})", $"kernel size: {window.KernelSize.FirstOrDefault(1u)}",
                    $"stride: {window.Stride.FirstOrDefault(1u)}",
                        $"pad: {window.Pad.FirstOrDefault(0u)}"]);
                break;
            default:
                lines.Add($"({layer.Type})");
                break;
        }
        if (learningRates && layer.Type is "Convolution" or "Deconvolution" or "InnerProduct")
        {
            float[] rates = [.. layer.Param.Select(param => param.LrMult).Concat([1, 1]).Take(2)];
            if (rates.Any(rate => rate != 0))
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"lr mult: {rates[0]:F1}, {rates[1]:F1}"));
        }
        return [.. lines];
    }

    private static string Text(uint value) => value.ToString(CultureInfo.InvariantCulture);
}
