using OpenCvSharp;

namespace Atl.Face.Detection;

/// <summary>
/// A part of a pyramid level on which P-Net runs by itself: some cells of its map, and the pixels that these see. A
/// cell is 12 × 12 pixels, cells are 2 pixels apart, and tiles begin at even pixels, so a cell has the score that it
/// has in the whole level.
/// </summary>
/// <param name="X">The column of the first cell in the level's map.</param>
/// <param name="Y">The row of the first cell in the level's map.</param>
/// <param name="Columns">Cells across.</param>
/// <param name="Rows">Cells down.</param>
/// <param name="Pixels">The pixels of the level.</param>
internal readonly record struct LevelTile(int X, int Y, int Columns, int Rows, Rect Pixels)
{
    /// <summary>The side of a cell.</summary>
    public const int Cell = 12;

    /// <summary>The distance between cells.</summary>
    public const int Stride = 2;

    /// <summary>The tiles of a level, row after row; one where it has no more pixels than a tile.</summary>
    public static IEnumerable<LevelTile> Of(Size level, int pixels)
    {
        (int width, int height) = (level.Width, level.Height);
        if ((long)width * height > pixels)
        {
            height = Math.Min(height, SideOf((int)Math.Sqrt(pixels)));
            width = Math.Min(width, SideOf(pixels / height));
            height = Math.Min(level.Height, SideOf(pixels / width));
        }
        int columns = Cells(width), rows = Cells(height), allColumns = Cells(level.Width),
            allRows = Cells(level.Height);
        for (int y = 0; y < allRows; y += rows)
            for (int x = 0; x < allColumns; x += columns)
            {
                int across = Math.Min(columns, allColumns - x), down = Math.Min(rows, allRows - y);
                yield return new LevelTile(x, y, across, down, new Rect(
                    x * Stride, y * Stride, PixelsOf(x, across, level.Width), PixelsOf(y, down, level.Height)));
            }
    }

    // The net halves what its first layer leaves, and the last half may be of one pixel.
    private static int Cells(int pixels) => (pixels - Cell + Stride + 1) / Stride;

    // Cells end at even pixels.
    private static int SideOf(int pixels) => Math.Max(Cell, pixels / Stride * Stride);

    private static int PixelsOf(int first, int count, int all) =>
        Math.Min(all - (first * Stride), ((count - 1) * Stride) + Cell);
}
