using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atl.Face.Verification;

/// <summary>Features of images, one row each, as a net gives them (not normalized).</summary>
internal sealed class FeatureMatrix
{
    // 1 GiB, half a million features of 512 values: far below what one array holds.
    private const int BlockValues = 1 << 28;

    // Rows lie in blocks of a power of two of them, since one array holds fewer values than millions of features have.
    private readonly float[][] _blocks;
    private readonly int _blockShift;
    private readonly float[] _absent = [];

    /// <summary>Wraps <paramref name="values"/>, row-major <paramref name="rows"/> × <paramref name="columns"/>; no
    /// copy is made.</summary>
    /// <exception cref="ArgumentException">The length is not rows · columns, or either is not positive.</exception>
    public FeatureMatrix(float[] values, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (rows <= 0 || columns <= 0 || values.LongLength != (long)rows * columns)
            throw new ArgumentException($"a feature matrix of {rows} × {columns} needs {(long)rows * columns} "
                + $"values, got {values.LongLength}");
        _blocks = [values];
        _blockShift = BitOperations.Log2((uint)rows) + 1;
        Rows = rows;
        Columns = columns;
    }

    private FeatureMatrix(float[][] blocks, int blockShift, int rows, int columns)
    {
        (_blocks, _blockShift, Rows, Columns) = (blocks, blockShift, rows, columns);
    }

    private FeatureMatrix(FeatureMatrix of, int absent)
        : this(of._blocks, of._blockShift, checked(of.Rows + absent), of.Columns)
    {
        Absent = of.Absent + absent;
        _absent = new float[Columns];
        Array.Fill(_absent, float.NaN);
    }

    /// <summary>Images, absent ones included.</summary>
    public int Rows { get; }

    /// <summary>The number of images, the last ones, without a feature; their rows read as NaN.</summary>
    public int Absent { get; }

    /// <summary>Length of a feature.</summary>
    public int Columns { get; }

    /// <summary>The feature of image <paramref name="row"/>.</summary>
    public ReadOnlySpan<float> this[int row] => row < Rows - Absent
        ? _blocks[row >> _blockShift].AsSpan((row & ((1 << _blockShift) - 1)) * Columns, Columns)
        : _absent;

    /// <summary>The same features, followed by so many images that a protocol names but that have none.</summary>
    public FeatureMatrix WithAbsent(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return count == 0 ? this : new FeatureMatrix(this, count);
    }

    /// <summary>Copies rows of equal length into a matrix.</summary>
    /// <exception cref="ArgumentException">There is no row, or a row's length differs from the first one's
    /// (named).</exception>
    public static FeatureMatrix FromRows(IReadOnlyList<float[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            throw new ArgumentException("no features");
        int columns = rows[0].Length;
        for (int i = 0; i < rows.Count; i++)
            if (rows[i].Length != columns)
                throw new ArgumentException($"feature {i} has {rows[i].Length} values, feature 0 has {columns}");
        return Read(rows.Count, columns, (start, values) =>
        {
            for (int place = 0; place < values.Length; place += columns)
                rows[(int)((start + place) / columns)].CopyTo(values[place..]);
        });
    }

    /// <summary>Reads a matrix of any size, whole rows at a time.</summary>
    /// <param name="rows">Images.</param>
    /// <param name="columns">Length of a feature.</param>
    /// <param name="read">Reads the values from a place on, of the matrix in row-major order.</param>
    /// <param name="blockValues">The most values that are read at once and held in one array, except that a row is one
    /// piece.</param>
    /// <exception cref="ArgumentException">There are no rows or no columns.</exception>
    internal static FeatureMatrix Read(int rows, int columns, ReadValues read, int blockValues = BlockValues)
    {
        if (rows <= 0 || columns <= 0)
            throw new ArgumentException($"a feature matrix of {rows} × {columns}, expected rows and columns");
        int shift = BitOperations.Log2((uint)Math.Max(1, blockValues / columns)), blockRows = 1 << shift;
        float[][] blocks = new float[((rows - 1) >> shift) + 1][];
        for (int block = 0; block < blocks.Length; block++)
        {
            int first = block << shift;
            blocks[block] = new float[Math.Min(blockRows, rows - first) * columns];
            read((long)first * columns, blocks[block]);
        }

        return new FeatureMatrix(blocks, shift, rows, columns);
    }

    /// <summary>The use that a feature has.</summary>
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

        bool zero = Vector.EqualsAll(some & new Vector<uint>(AllButSign), default),
            finite = Vector.EqualsAll(special, default);
        for (; k < bits.Length; k++)
        {
            zero &= (bits[k] & AllButSign) == 0;
            finite &= (bits[k] & Exponent) != Exponent;
        }

        return !finite ? FeatureState.NotFinite : zero ? FeatureState.Zero : FeatureState.Usable;
    }
}

/// <summary>Reads values from a place on, counted in values.</summary>
internal delegate void ReadValues(long start, Span<float> values);

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
