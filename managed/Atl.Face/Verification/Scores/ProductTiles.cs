using Atl.Devices.Cpu;

namespace Atl.Face.Verification;

/// <summary>A rectangle of products of rows: products[i · columns + j] is that of row firstRow + i with row firstColumn
/// + j.</summary>
internal delegate void ProductTile(int firstRow, int rows, int firstColumn, int columns, ReadOnlySpan<float> products);

/// <summary>Products of all rows with all rows, a cache-sized rectangle at a time: the whole matrix is never
/// held.</summary>
internal static class ProductTiles
{
    private const int TileRows = 256, TileColumns = 2048;

    /// <summary>Every unordered pair of a set; the rectangles on the diagonal hold pairs (i, j) with j ≤ i too, which
    /// are to be ignored.</summary>
    public static void EachPair(UnitFeatures set, ProductTile use) => Each(set, set, TileRows, upper: true, use);

    /// <summary>
    /// Every row of <paramref name="x"/> with every row of <paramref name="y"/>, <paramref name="rowsAtOnce"/> rows of
    /// x going through all of y before the next.
    /// </summary>
    public static void EachProduct(UnitFeatures x, UnitFeatures y, int rowsAtOnce, ProductTile use) =>
        Each(x, y, rowsAtOnce, upper: false, use);

    private static void Each(UnitFeatures x, UnitFeatures y, int rowsAtOnce, bool upper, ProductTile use)
    {
        float[] products = new float[rowsAtOnce * TileColumns];
        for (int row = 0; row < x.Rows.Length; row += rowsAtOnce)
        {
            int rows = Math.Min(rowsAtOnce, x.Rows.Length - row);
            for (int column = upper ? row : 0; column < y.Rows.Length; column += TileColumns)
            {
                int columns = Math.Min(TileColumns, y.Rows.Length - column);
                Span<float> tile = products.AsSpan(0, rows * columns);
                RowProducts.Compute(x.Slice(row, rows), y.Slice(column, columns), x.Columns, tile);
                use(row, rows, column, columns, tile);
            }
        }
    }
}
