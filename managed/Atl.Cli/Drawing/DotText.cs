using System.Text;

namespace Atl.Cli.Drawing;

/// <summary>A net's graph in Graphviz' language.</summary>
internal static class DotText
{
    /// <summary>The graph; a layer's words stand side by side where the net runs up or down, one below the other where
    /// it runs across.</summary>
    public static string Of(NetGraph graph, string direction)
    {
        string separator = direction is "TB" or "BT" ? " " : "\\n";
        StringBuilder text = new();
        text.Append($"digraph {Quoted(graph.Name)} {{\nrankdir={direction};\n");
        foreach (NetGraphNode node in graph.Nodes)
        {
            string label = string.Join(separator, node.Lines.Select(Escaped));
            text.Append($"{Quoted(node.Id)} [label=\"{label}\", "
                + $"shape={node.Shape}{(node.Fill.Length > 0 ? $", style=filled, "
                + $"fillcolor=\"{node.Fill}\"" : "")}];\n");
        }
        foreach ((string from, string to, string label) in graph.Edges)
            text.Append($"{Quoted(from)} -> {Quoted(to)}{(label.Length > 0 ? $" [label={Quoted(label)}]" : "")};\n");
        return text.Append("}\n").ToString();
    }

    private static string Quoted(string text) => $"\"{Escaped(text)}\"";

    // In a record's label braces, bars and angle brackets are structure, so they are escaped there, which does no harm
    // elsewhere.
    private static string Escaped(string text) =>
        string.Concat(text.Select(c => c is '"' or '\\' or '{' or '}' or '|' or '<' or '>'
        ? $"\\{c}"
        : c.ToString()));
}
