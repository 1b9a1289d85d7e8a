using Atl.Proto;

namespace Atl.Face.Verification;

/// <summary>Features of some images, scaled to unit length and laid one after another for products of
/// matrices.</summary>
internal sealed class UnitFeatures
{
    /// <summary>Takes the images <paramref name="rows"/>, which must all have a direction.</summary>
    /// <exception cref="AtlException">They have more values than one array of .NET.</exception>
    public UnitFeatures(FeatureMatrix features, int[] rows)
    {
        (Rows, Columns) = (rows, features.Columns);
        long values = (long)rows.Length * features.Columns;
        if (values > Array.MaxLength)
            throw new AtlException($"{rows.Length} features of {features.Columns} values are to be compared, "
                + $"expected at most {Array.MaxLength} values");
        Values = new float[values];
        Parallel.For(0, rows.Length, i =>
        {
            ReadOnlySpan<float> feature = features[rows[i]];
            double squares = 0;
            foreach (float value in feature)
                squares += (double)value * value;
            double scale = 1 / Math.Sqrt(squares);
            Span<float> unit = Values.AsSpan(i * Columns, Columns);
            for (int k = 0; k < unit.Length; k++)
                unit[k] = (float)(feature[k] * scale);
        });
    }

    /// <summary>The images' numbers.</summary>
    public int[] Rows { get; }

    /// <summary>Length of a row.</summary>
    public int Columns { get; }

    /// <summary>Row-major.</summary>
    public float[] Values { get; }

    /// <summary>
    /// The maximum difference from the cosine of a product of two rows in single precision, in any order of summation.
    /// </summary>
    /// <remarks>γ_n ≤ n·u/(1 − n·u) of the summation, times Σ|x_k y_k| ≤ 1, with the rounding of both rows; u = 2⁻²⁴.
    /// Twice that, to be well clear.</remarks>
    public double Error => (Columns + 4) * (1.0 / (1 << 23));

    /// <summary>Rows [first, first + count).</summary>
    public ReadOnlySpan<float> Slice(int first, int count) => Values.AsSpan(checked(first * Columns), count * Columns);

    /// <summary>The images that have a direction, and those that have none.</summary>
    public static (int[] Usable, int[] LeftOut) Sort(FeatureMatrix features)
    {
        var states = new FeatureState[features.Rows];
        Parallel.For(0, states.Length, row => states[row] = features.StateOf(row));
        int[] all = [.. Enumerable.Range(0, states.Length)];
        return ([.. all.Where(row => states[row] == FeatureState.Usable)],
            [.. all.Where(row => states[row] != FeatureState.Usable)]);
    }
}
