namespace Atl.Face.Report;

/// <summary>One line of a chart, or one kind of its marks.</summary>
/// <param name="Name">Its name in the legend; null leaves it out of the legend.</param>
/// <param name="Points">Points by rising x, in the units of the axes.</param>
/// <param name="Color">Number of the palette's color, from 1 to <see cref="Colors"/>.</param>
internal sealed record ChartSeries(string? Name, IReadOnlyList<(double X, double Y)> Points, int Color)
{
    /// <summary>The number of colors in the palette.</summary>
    public const int Colors = 8;

    /// <summary>The number of dash patterns.</summary>
    public const int Dashes = 4;

    /// <summary>Fills the area down to the axis.</summary>
    public bool Area { get; init; }

    /// <summary>Draws thin and pale, as the unsmoothed values behind a smoothed line.</summary>
    public bool Faint { get; init; }

    /// <summary>Draws a mark at each point, its shape told by the color, in place of a line.</summary>
    public bool Marks { get; init; }

    /// <summary>
    /// The dash pattern, from 0 (solid) below <see cref="Dashes"/>, which distinguishes lines without their colors.
    /// </summary>
    public int Dash { get; init; }
}
