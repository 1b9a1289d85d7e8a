using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atl.Face.Verification;

/// <summary>Features of images, one row each, as a net gives them (not normalised).</summary>
public sealed class FeatureMatrix
{
    private readonly float[] _values;
    private readonly float[] _absent = [];

    /// <summary>Wraps <paramref name="values"/>, row-major <paramref name="rows"/> × <paramref name="columns"/>; no copy is made.</summary>
    /// <exception cref="ArgumentException">The length is not rows · columns, or either is not positive.</exception>
    public FeatureMatrix(float[] values, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (rows <= 0 || columns <= 0 || values.LongLength != (long)rows * columns)
            throw new ArgumentException($"a feature matrix of {rows} × {columns} needs {(long)rows * columns} values, got {values.LongLength}");
        _values = values;
        Rows = rows;
        Columns = columns;
    }

    private FeatureMatrix(FeatureMatrix of, int absent)
    {
        _values = of._values;
        Columns = of.Columns;
        Absent = of.Absent + absent;
        Rows = checked(of.Rows + absent);
        _absent = new float[Columns];
        Array.Fill(_absent, float.NaN);
    }

    /// <summary>Images, absent ones included.</summary>
    public int Rows { get; }

    /// <summary>How many of the images, the last ones, have no feature; their rows read as NaN.</summary>
    public int Absent { get; }

    /// <summary>Length of a feature.</summary>
    public int Columns { get; }

    /// <summary>The feature of image <paramref name="row"/>.</summary>
    public ReadOnlySpan<float> this[int row] => row < Rows - Absent ? _values.AsSpan(checked(row * Columns), Columns) : _absent;

    /// <summary>The same features, followed by so many images that a protocol names but that have none.</summary>
    public FeatureMatrix WithAbsent(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return count == 0 ? this : new FeatureMatrix(this, count);
    }

    /// <summary>Copies rows of equal length into a matrix.</summary>
    /// <exception cref="ArgumentException">There is no row, or a row's length differs from the first one's (named).</exception>
    public static FeatureMatrix FromRows(IReadOnlyList<float[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            throw new ArgumentException("no features");
        int columns = rows[0].Length;
        var values = new float[checked(rows.Count * columns)];
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].Length != columns)
                throw new ArgumentException($"feature {i} has {rows[i].Length} values, feature 0 has {columns}");
            rows[i].CopyTo(values, i * columns);
        }

        return new FeatureMatrix(values, rows.Count, columns);
    }

    /// <summary>What a feature can be used for.</summary>
    internal FeatureState StateOf(int row)
    {
        if (row >= Rows - Absent)
            return FeatureState.Absent;
        return StateOf(this[row]);
    }

    // By bits: a float is finite where not all of its exponent is set, and zero where nothing but the sign may be.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static FeatureState StateOf(ReadOnlySpan<float> feature)
    {
        const uint Exponent = 0x7F80_0000, AllButSign = 0x7FFF_FFFF;
        ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(feature);
        Vector<uint> exponent = new(Exponent), some = default, special = default;
        int k = 0;
        for (; k <= bits.Length - Vector<uint>.Count; k += Vector<uint>.Count)
        {
            Vector<uint> here = new(bits[k..]);
            some |= here;
            special |= Vector.Equals(here & exponent, exponent);
        }

        bool zero = Vector.EqualsAll(some & new Vector<uint>(AllButSign), default), finite = Vector.EqualsAll(special, default);
        for (; k < bits.Length; k++)
        {
            zero &= (bits[k] & AllButSign) == 0;
            finite &= (bits[k] & Exponent) != Exponent;
        }

        return !finite ? FeatureState.NotFinite : zero ? FeatureState.Zero : FeatureState.Usable;
    }
}

/// <summary>Whether an image has a feature, and the feature a direction.</summary>
internal enum FeatureState
{
    /// <summary>Finite and not all zero.</summary>
    Usable,

    /// <summary>All zero: no direction.</summary>
    Zero,

    /// <summary>Holds NaN or infinity.</summary>
    NotFinite,

    /// <summary>The image has no feature.</summary>
    Absent,
}
