using System.Numerics;

namespace Atl.Face.Synthesis;

/// <summary>The variation between images of one identity: pose, expression, light, camera and occlusion.</summary>
internal sealed class FaceCapture
{
    /// <summary>Draws capture <paramref name="image"/> of person <paramref name="identity"/>;
    /// <paramref name="difficulty"/> scales every spread.</summary>
    public FaceCapture(ulong seed, int identity, int image, float difficulty)
    {
        var r = new FaceRandom(seed ^ 0xCA97_0BE5, (ulong)identity + 1, (ulong)image);
        Key = (uint)r.NextBits();
        float d = difficulty;

        Yaw = d * 0.28f * Math.Clamp(r.Normal(), -2f, 2f);
        Pitch = d * 0.13f * Math.Clamp(r.Normal(), -2f, 2f);
        Roll = d * 0.05f * r.Normal();
        Distance = r.Uniform(6f, 16f);
        Scale = 1f + (d * 0.035f * r.Normal());
        Shift = new Vector2(r.Normal(), r.Normal()) * (d * 1.6f);

        Smile = Math.Clamp(r.Normal(0.25f, 0.5f * d), -0.6f, 1.2f);
        Open = Math.Max(0f, r.Normal(-0.15f, 0.35f * d));
        BrowRaise = r.Normal(0f, 0.5f * d);
        EyeOpenness = r.Chance(0.05f * d) ? 0.1f : Math.Clamp(r.Normal(1f, 0.16f * d), 0.4f, 1.35f);
        Gaze = new Vector2(r.Normal(), 0.6f * r.Normal()) * 0.03f;

        DrawLight(ref r, d);

        Glasses = r.Chance(0.10f * d) ? r.Uniform(0.6f, 1f) : 0f;
        GlassesShape = r.Uniform();
        if (r.Chance(0.10f * d))
        {
            Occluder = new Vector4(r.Uniform(0f, 112f), r.Uniform(60f, 125f), r.Uniform(10f, 24f), r.Uniform(8f, 20f));
            OccluderAngle = r.Uniform(0f, 3.14f);
        }

        OccluderColor = new Vector3(r.Uniform(), r.Uniform(), r.Uniform()) * 0.6f;
        Blur = Math.Max(0f, r.Normal(0.45f, 0.4f * d));
        Noise = r.Uniform(0.5f, 2f + (7f * d));
        Grey = r.Chance(0.06f * d) ? 1f : r.Uniform(0f, 0.35f * d);
        Gamma = Math.Clamp(1f + (0.14f * d * r.Normal()), 0.7f, 1.4f);
        Background = r.Below(4);
        BackgroundA = new Vector3(r.Uniform(), r.Uniform(), r.Uniform());
        BackgroundB = new Vector3(r.Uniform(), r.Uniform(), r.Uniform());
        BackgroundTurn = r.Uniform(0f, 6.28f);
        BackgroundSize = r.Uniform(8f, 45f);
        PixelSeed = r.NextBits();
    }

    public uint Key { get; }
    public ulong PixelSeed { get; }

    // Pose (radians), camera distance (eye-mouth units), error of the alignment (scale, pixels)
    public float Yaw { get; }
    public float Pitch { get; }
    public float Roll { get; }
    public float Distance { get; }
    public float Scale { get; }
    public Vector2 Shift { get; }

    // Expression
    public float Smile { get; }
    public float Open { get; }
    public float BrowRaise { get; }
    public float EyeOpenness { get; }
    public Vector2 Gaze { get; }

    // Light: direction to the lamp, colors, shares
    public Vector3 LightDirection { get; private set; }
    public Vector3 LightColor { get; private set; }
    public Vector3 FillDirection { get; private set; }
    public Vector3 FillColor { get; private set; }
    public Vector3 Sky { get; private set; }
    public Vector3 Ground { get; private set; }
    public float Gloss { get; private set; }
    public float Exposure { get; private set; }

    // In the way
    public float Glasses { get; }
    public float GlassesShape { get; }
    public float OccluderAngle { get; }
    public Vector4 Occluder { get; }
    public Vector3 OccluderColor { get; }

    // Camera and background
    public float Blur { get; }
    public float Noise { get; }
    public float Grey { get; }
    public float Gamma { get; }
    public float BackgroundTurn { get; }
    public float BackgroundSize { get; }
    public int Background { get; }
    public Vector3 BackgroundA { get; }
    public Vector3 BackgroundB { get; }

    private void DrawLight(ref FaceRandom r, float d)
    {
        LightDirection = Towards(r.Uniform(-1.25f, 1.25f) * d, r.Uniform(-0.25f, 0.95f));
        float warmth = r.Normal(0f, 0.16f * d);
        LightColor = Warm(warmth) * r.Uniform(0.5f, 1.3f);
        FillDirection = Towards(r.Uniform(-1.4f, 1.4f), r.Uniform(-0.3f, 0.5f));
        FillColor = Warm(r.Normal(0f, 0.22f * d)) * r.Uniform(0f, 0.5f);
        float ambient = r.Uniform(0.14f, 0.5f);
        Sky = Warm(r.Normal(-0.05f, 0.15f * d)) * ambient;
        Ground = Warm(r.Normal(0.05f, 0.15f * d)) * (ambient * r.Uniform(0.35f, 0.9f));
        Gloss = r.Uniform(0.02f, 0.22f);
        Exposure = MathF.Exp(0.26f * d * r.Normal());
    }

    private static Vector3 Towards(float azimuth, float elevation)
        => new(MathF.Sin(azimuth) * MathF.Cos(elevation), MathF.Sin(elevation),
            MathF.Cos(azimuth) * MathF.Cos(elevation));

    private static Vector3 Warm(float t) => new(1f + t, 1f, 1f - t);
}
