using System.Numerics;

namespace Atl.Face.Synthesis;

/// <summary>The light of one image: a lamp, a weaker fill, and a sky above the ground.</summary>
internal readonly struct FaceLight(FaceCapture capture)
{
    private readonly Vector3 _half = Vector3.Normalize(capture.LightDirection + Vector3.UnitZ);

    /// <summary>
    /// Sets the light on a vertex whose outward normal is <paramref name="normal"/>; <paramref name="open"/> is how
    /// little is in its way, 0…1.
    /// </summary>
    public void Fall(Vector3 normal, float open, ref CanvasVertex vertex)
    {
        float key = Math.Max(0f, (Vector3.Dot(normal, capture.LightDirection) + 0.08f) / 1.08f);
        float fill = Math.Max(0f, Vector3.Dot(normal, capture.FillDirection));
        Vector3 around = Vector3.Lerp(capture.Ground, capture.Sky, 0.5f + (0.5f * normal.Y));
        vertex.Light = ((capture.LightColor * key) + (capture.FillColor * fill) + around) * open;
        float shine = Math.Max(0f, Vector3.Dot(normal, _half));
        shine *= shine;
        shine *= shine;
        shine *= shine;
        shine *= shine;
        vertex.Gloss = capture.Gloss * shine * Math.Min(1f, 3f * key) * open * capture.LightColor.Y;
    }
}
