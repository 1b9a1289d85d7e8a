namespace Atl.Face.Synthesis;

/// <summary>
/// The one parametrisation that geometry and skin share: columns are azimuths φ about the head's axis, rows are
/// elevations θ from above the hairline to under the chin. The mesh has a vertex at every second texel.
/// </summary>
internal static class FaceGrid
{
    /// <summary>Texels across, from −<see cref="MaxAzimuth"/> to +<see cref="MaxAzimuth"/>.</summary>
    public const int Columns = 225;

    /// <summary>Texels down.</summary>
    public const int Rows = 241;

    /// <summary>Texels from one mesh vertex to the next.</summary>
    public const int Stride = 2;

    /// <summary>Mesh vertices across and down.</summary>
    public const int MeshColumns = ((Columns - 1) / Stride) + 1, MeshRows = ((Rows - 1) / Stride) + 1;

    private const float MaxAzimuth = 2.0f, TopElevation = 1.08f, BottomElevation = -1.555f;

    /// <summary>sin φ and cos φ of each column.</summary>
    public static readonly float[] Sin = Table(Columns, c => Math.Sin(Azimuth(c))),
        Cos = Table(Columns, c => Math.Cos(Azimuth(c)));

    /// <summary>sin θ and cos θ of each row.</summary>
    public static readonly float[] SinUp = Table(Rows, r => Math.Sin(Elevation(r))),
        CosUp = Table(Rows, r => Math.Cos(Elevation(r)));

    private static double Azimuth(int column) => MaxAzimuth * ((2.0 * column / (Columns - 1)) - 1.0);

    private static double Elevation(int row) =>
        TopElevation + ((BottomElevation - TopElevation) * (double)row / (Rows - 1));

    private static float[] Table(int count, Func<int, double> value)
    {
        float[] table = new float[count];
        for (int i = 0; i < count; i++)
            table[i] = (float)value(i);
        return table;
    }
}
