using System.Globalization;
using System.Net;
using System.Text;

namespace Atl.Cli.Drawing;

/// <summary>
/// A plain drawing of a net's graph for machines without Graphviz: every node stands in the rank after the last one
/// that leads to it, ranks follow one another in the direction of the net, edges are straight.
/// </summary>
internal static class SvgDrawing
{
    private const int NodeHeight = 20, LineHeight = 14, CharacterWidth = 7, Gap = 24, Margin = 20;

    /// <summary>The drawing; direction is LR, RL, TB or BT.</summary>
    public static string Of(NetGraph graph, string direction)
    {
        bool across = direction is "LR" or "RL";
        Dictionary<string, int> ranks = Ranks(graph);
        Dictionary<string, (double X, double Y, double Width, double Height)> boxes = [];
        double along = Margin, breadth = 0;
        IEnumerable<IGrouping<int, NetGraphNode>> rows = graph.Nodes.GroupBy(node => ranks[node.Id])
            .OrderBy(row => row.Key);
        foreach (IGrouping<int, NetGraphNode> row in direction is "RL" or "BT" ? rows.Reverse() : rows)
        {
            double beside = Margin, deepest = 0;
            foreach (NetGraphNode node in row)
            {
                (double width, double height) = Size(node);
                boxes[node.Id] = across ? (along, beside, width, height) : (beside, along, width, height);
                beside += (across ? height : width) + Gap;
                deepest = Math.Max(deepest, across ? width : height);
            }
            along += deepest + 2 * Gap;
            breadth = Math.Max(breadth, beside);
        }
        StringBuilder svg = new();
        (double totalWidth, double totalHeight) = across ? (along, breadth) : (breadth, along);
        svg.Append(
            Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{totalWidth}\" height=\"{totalHeight}\""));
        svg.Append(" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append("<defs><marker id=\"arrow\" markerWidth=\"8\" markerHeight=\"8\" refX=\"7\" refY=\"3\" "
            + "orient=\"auto\"><path "
            + "d=\"M0,0 L7,3 L0,6 z\"/></marker></defs>\n");
        foreach ((string from, string to, string label) in graph.Edges) Edge(svg, boxes[from], boxes[to], label,
            direction);
        foreach (NetGraphNode node in graph.Nodes) Node(svg, node, boxes[node.Id]);
        return svg.Append("</svg>\n").ToString();
    }

    // The length of the longest way to each node. Layers that run in place lead back to their blob; those edges do not
    // count.
    private static Dictionary<string, int> Ranks(NetGraph graph)
    {
        Dictionary<string, int> order = [], ranks = [];
        foreach (NetGraphNode node in graph.Nodes)
        {
            order[node.Id] = order.Count;
            ranks[node.Id] = 0;
        }
        foreach (NetGraphNode node in graph.Nodes)
            foreach ((string from, string to, _) in graph.Edges)
                if (to == node.Id && order[from] < order[to])
                    ranks[to] = Math.Max(ranks[to], ranks[from] + 1);
        return ranks;
    }

    private static (double Width, double Height) Size(NetGraphNode node) =>
        (node.Lines.Max(line => line.Length) * CharacterWidth + 16, NodeHeight + (node.Lines.Length - 1) * LineHeight);

    private static void Node(StringBuilder svg, NetGraphNode node,
        (double X, double Y, double Width, double Height) box)
    {
        string fill = node.Fill.Length > 0 ? node.Fill : "white";
        double cut = node.Shape == "octagon" ? 6 : 0, right = box.X + box.Width, bottom = box.Y + box.Height;
        if (node.Shape == "ellipse")
        {
            double rx = box.Width / 2, ry = box.Height / 2;
            svg.Append(Invariant($"<ellipse cx=\"{box.X + rx}\" cy=\"{box.Y + ry}\" rx=\"{rx}\" ry=\"{ry}\""));
        }
        else
        {
            svg.Append(Invariant($"<path d=\"M{box.X + cut},{box.Y} H{right - cut} L{right},{box.Y + cut}"));
            svg.Append(Invariant($" V{bottom - cut} L{right - cut},{bottom}"));
            svg.Append(Invariant($" H{box.X + cut} L{box.X},{bottom - cut} V{box.Y + cut} z\""));
        }
        svg.Append(Invariant($" fill=\"{fill}\" stroke=\"black\"/>\n"));
        for (int i = 0; i < node.Lines.Length; i++)
            Text(svg, box.X + box.Width / 2, box.Y + 14 + i * LineHeight, "", node.Lines[i]);
    }

    private static void Text(StringBuilder svg, double x, double y, string attributes, string text) =>
        svg.Append(Invariant(
            $"<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\"{attributes}>{WebUtility.HtmlEncode(text)}</text>\n"));

    private static void Edge(
        StringBuilder svg, (double X, double Y, double Width, double Height) from,
        (double X, double Y, double Width, double Height) to, string label,
            string direction)
    {
        (double startX, double startY) = Side(from, direction, leaving: true);
        (double endX, double endY) = Side(to, direction, leaving: false);
        svg.Append(Invariant($"<line x1=\"{startX}\" y1=\"{startY}\" x2=\"{endX}\" y2=\"{endY}\""));
        svg.Append(" stroke=\"black\" marker-end=\"url(#arrow)\"/>\n");
        if (label.Length > 0) Text(svg, (startX + endX) / 2, (startY + endY) / 2 - 3, " font-size=\"10\"", label);
    }

    private static (double X, double Y) Side((double X, double Y, double Width, double Height) box, string direction,
        bool leaving) =>
        (direction, leaving) switch
        {
            ("LR", true) or ("RL", false) => (box.X + box.Width, box.Y + box.Height / 2),
            ("LR", false) or ("RL", true) => (box.X, box.Y + box.Height / 2),
            ("TB", true) or ("BT", false) => (box.X + box.Width / 2, box.Y + box.Height),
            _ => (box.X + box.Width / 2, box.Y),
        };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
