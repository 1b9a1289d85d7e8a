using System.Globalization;

namespace Atl.Layers;

/// <summary>Indices that come as floats in a bottom.</summary>
internal static class RowNumbers
{
    /// <summary>Reads whole numbers in [0, rows); a fraction is cut off, as in Caffe.</summary>
    /// <param name="values">The floats.</param>
    /// <param name="rows">How many rows there are to choose from.</param>
    /// <param name="error">Makes the exception that is thrown where a number is out of range.</param>
    public static int[] Read(ReadOnlySpan<float> values, long rows, Func<string, LayerException> error)
    {
        int[] numbers = new int[values.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!(values[i] > -1 && values[i] < rows))
                throw error(string.Create(CultureInfo.InvariantCulture,
                    $"index {i} is {values[i]}, expected 0..{rows - 1}"));
            numbers[i] = (int)values[i];
        }
        return numbers;
    }
}
