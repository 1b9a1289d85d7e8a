using System.Numerics;
using static Atl.Face.Synthesis.Shaping;

namespace Atl.Face.Synthesis;

/// <summary>The visible body around the head: the neck, and long hair behind it.</summary>
internal sealed class FaceBody
{
    private const int Columns = 25, Rows = 9;

    private readonly CanvasVertex[] _vertices = new CanvasVertex[Columns * Rows];
    private readonly Vector3[] _albedo = new Vector3[FaceGrid.Columns * FaceGrid.Rows];

    /// <summary>Draws both, where the person has them.</summary>
    public void Draw(FaceIdentity who, in FaceCamera camera, in FaceLight light, FaceCanvas canvas)
    {
        float wide = 0.56f * who.CheekWidth;
        // The neck turns half as far as the head and lies in the chin's shadow.
        DrawTube(new Vector3(0f, -1.1f, -0.1f), new Vector3(0f, -3f, -0.25f), wide, wide * 1.1f, 0.5f, who.Skin * 0.9f,
            who, camera, light, canvas);
        if (who.SideHairY < -0.5f)
        {
            float volume = who.CheekWidth + who.HairVolume;
            DrawTube(
                new Vector3(0f, 0.9f, -0.35f), new Vector3(0f, who.SideHairY - 0.4f, -0.45f), volume * 0.95f,
                volume * 1.1f, 0.9f,
                who.HairColor, who, camera, light, canvas);
        }
    }

    private void DrawTube(
        Vector3 top, Vector3 bottom, float topRadius, float bottomRadius, float follow, Vector3 color,
        FaceIdentity who, in FaceCamera camera, in FaceLight light, FaceCanvas canvas)
    {
        // The tube's albedo fills the upper left corner of a texture laid out like the head's.
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                float streak = 1f + (who.HairStreak * 0.5f * Noise(column * 1.7f, row * 0.6f, who.Key ^ 31u));
                _albedo[(row * FaceGrid.Columns) + column] = color * streak;
            }
        }

        for (int row = 0; row < Rows; row++)
        {
            float down = (float)row / (Rows - 1);
            Vector3 axis = Vector3.Lerp(top, bottom, down);
            float radius = Mix(topRadius, bottomRadius, down), open = Mix(0.45f, 0.85f, down);
            for (int column = 0; column < Columns; column++)
            {
                (float sin, float cos) = MathF.SinCos(1.9f * ((2f * column / (Columns - 1)) - 1f));
                ref CanvasVertex vertex = ref _vertices[(row * Columns) + column];
                camera.Project(axis + new Vector3(radius * sin, 0f, 0.8f * radius * cos), follow, ref vertex);
                vertex.U = column;
                vertex.V = row;
                light.Fall(Vector3.Normalize(new Vector3(sin, 0f, cos)), open, ref vertex);
                vertex.Gloss = 0f;
            }
        }

        canvas.DrawGrid(_vertices, Columns, Rows, _albedo);
    }
}
