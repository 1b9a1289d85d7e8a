using System.Numerics;
using System.Runtime.CompilerServices;

namespace Atl.Face.Synthesis;

/// <summary>A vertex on the canvas: sample coordinates, nearness, texel coordinates, and the light that falls on
/// it.</summary>
internal struct CanvasVertex
{
    public float X, Y, Near, U, V;
    public Vector3 Light;
    public float Gloss;
}

/// <summary>
/// A z-buffered triangle rasterizer at twice the image's resolution. Light is interpolated from the vertices, albedo
/// is sampled bilinearly from the <see cref="FaceGrid"/> texture.
/// </summary>
internal sealed class FaceCanvas
{
    /// <summary>Samples across and down: two to the pixel each way.</summary>
    public const int Size = 2 * FaceRenderer.ImageSize;

    private readonly float[] _near = new float[Size * Size];
    private readonly Vector3[] _color = new Vector3[Size * Size];

    /// <summary>Forgets the image.</summary>
    public void Clear() => _near.AsSpan().Fill(float.NegativeInfinity);

    /// <summary>Draws a grid of vertices as two triangles to the cell, dropping those that face away.</summary>
    public void DrawGrid(ReadOnlySpan<CanvasVertex> vertices, int columns, int rows, ReadOnlySpan<Vector3> albedo)
    {
        for (int row = 0; row + 1 < rows; row++)
        {
            for (int column = 0; column + 1 < columns; column++)
            {
                int i = (row * columns) + column;
                DrawTriangle(in vertices[i], in vertices[i + columns], in vertices[i + 1], albedo);
                DrawTriangle(in vertices[i + 1], in vertices[i + columns], in vertices[i + columns + 1], albedo);
            }
        }
    }

    /// <summary>Averages the samples of each pixel over the background that <paramref name="pixels"/> holds (linear
    /// light, row-major).</summary>
    /// <returns>The mean luminance of what was drawn; 0 when nothing was.</returns>
    public float Resolve(Span<Vector3> pixels)
    {
        const int image = FaceRenderer.ImageSize;
        Vector3 total = default;
        int drawn = 0;
        for (int y = 0; y < image; y++)
        {
            for (int x = 0; x < image; x++)
            {
                int s = (2 * y * Size) + (2 * x);
                Vector3 sum = default;
                int covered = 0;
                Gather(s, ref sum, ref covered);
                Gather(s + 1, ref sum, ref covered);
                Gather(s + Size, ref sum, ref covered);
                Gather(s + Size + 1, ref sum, ref covered);
                ref Vector3 pixel = ref pixels[(y * image) + x];
                pixel = (0.25f * sum) + (pixel * (0.25f * (4 - covered)));
                total += sum;
                drawn += covered;
            }
        }

        return drawn == 0 ? 0f : Vector3.Dot(total, new Vector3(0.2126f, 0.7152f, 0.0722f)) / drawn;
    }

    private void Gather(int sample, ref Vector3 sum, ref int covered)
    {
        if (_near[sample] == float.NegativeInfinity)
            return;
        sum += _color[sample];
        covered++;
    }

    private void DrawTriangle(in CanvasVertex a, in CanvasVertex b, in CanvasVertex c, ReadOnlySpan<Vector3> albedo)
    {
        // Counter-clockwise as the viewer sees it; y points down, so a front face has negative area.
        float area = ((b.X - a.X) * (c.Y - a.Y)) - ((c.X - a.X) * (b.Y - a.Y));
        if (area >= -1e-6f)
            return;
        int left = Math.Max(0, (int)MathF.Ceiling(Math.Min(a.X, Math.Min(b.X, c.X))));
        int right = Math.Min(Size - 1, (int)MathF.Floor(Math.Max(a.X, Math.Max(b.X, c.X))));
        int top = Math.Max(0, (int)MathF.Ceiling(Math.Min(a.Y, Math.Min(b.Y, c.Y))));
        int bottom = Math.Min(Size - 1, (int)MathF.Floor(Math.Max(a.Y, Math.Max(b.Y, c.Y))));
        if (left > right || top > bottom)
            return;

        float inverse = 1f / area;
        float bx = (c.Y - a.Y) * inverse, by = (a.X - c.X) * inverse;
        float cx = (a.Y - b.Y) * inverse, cy = (b.X - a.X) * inverse;
        for (int y = top; y <= bottom; y++)
        {
            float wb = ((left - a.X) * bx) + ((y - a.Y) * by), wc = ((left - a.X) * cx) + ((y - a.Y) * cy);
            for (int x = left; x <= right; x++, wb += bx, wc += cx)
            {
                float wa = 1f - wb - wc;
                if (wa < -1e-5f || wb < -1e-5f || wc < -1e-5f)
                    continue;
                float near = (wa * a.Near) + (wb * b.Near) + (wc * c.Near);
                int i = (y * Size) + x;
                if (near <= _near[i])
                    continue;
                _near[i] = near;
                Vector3 light = (wa * a.Light) + (wb * b.Light) + (wc * c.Light);
                float gloss = (wa * a.Gloss) + (wb * b.Gloss) + (wc * c.Gloss);
                Vector3 skin = Sample(albedo, (wa * a.U) + (wb * b.U) + (wc * c.U),
                    (wa * a.V) + (wb * b.V) + (wc * c.V));
                _color[i] = (skin * light) + new Vector3(gloss);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector3 Sample(ReadOnlySpan<Vector3> albedo, float u, float v)
    {
        int iu = Math.Clamp((int)u, 0, FaceGrid.Columns - 2), iv = Math.Clamp((int)v, 0, FaceGrid.Rows - 2);
        float fu = u - iu, fv = v - iv;
        int i = (iv * FaceGrid.Columns) + iu;
        Vector3 upper = albedo[i] + ((albedo[i + 1] - albedo[i]) * fu);
        Vector3 lower = albedo[i + FaceGrid.Columns]
            + ((albedo[i + FaceGrid.Columns + 1] - albedo[i + FaceGrid.Columns]) * fu);
        return upper + ((lower - upper) * fv);
    }
}
