namespace Atl.Cli.Drawing;

/// <summary>A node of a drawn net: a layer (a box) or a blob (an octagon, or an ellipse where nothing reads
/// it).</summary>
/// <param name="Id">What edges call it.</param>
/// <param name="Lines">Its text.</param>
/// <param name="Shape">record, octagon or ellipse, as Graphviz calls them.</param>
/// <param name="Fill">Its color; empty for none.</param>
internal sealed record NetGraphNode(string Id, string[] Lines, string Shape, string Fill);
