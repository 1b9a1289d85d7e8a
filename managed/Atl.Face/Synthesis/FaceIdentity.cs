using System.Numerics;

namespace Atl.Face.Synthesis;

/// <summary>
/// The constants of one identity: some eighty numbers of geometry, skin and hair, drawn from a seed. Unit of length:
/// the distance from the eye line (y = 0) to the mouth line (y = −1), about 68 mm; x to the viewer's right, z to the
/// viewer.
/// </summary>
internal sealed class FaceIdentity
{
    /// <summary>Draws identity <paramref name="index"/> of the population <paramref name="seed"/>.</summary>
    public FaceIdentity(ulong seed, int index)
    {
        var r = new FaceRandom(seed, 0x1DE47117, (ulong)index);
        Key = (uint)r.NextBits();
        DrawHead(ref r);
        DrawFeatures(ref r);
        DrawSkin(ref r);
        DrawHair(ref r);
    }

    /// <summary>Chooses the noise fields of this person's skin and hair.</summary>
    public uint Key { get; }

    // Head
    public float CheekWidth { get; private set; }
    public float CrownY { get; private set; }
    public float ChinY { get; private set; }
    public float Depth { get; private set; }
    public float JawPower { get; private set; }
    public float TopPower { get; private set; }
    public float JawWidth { get; private set; }
    public float ChinWidth { get; private set; }
    public float TempleWidth { get; private set; }
    public float FaceFlatness { get; private set; }
    public float ForeheadSlope { get; private set; }
    public float BrowRidge { get; private set; }
    public float ChinForward { get; private set; }
    public float CheekFullness { get; private set; }
    public float CheekBone { get; private set; }
    public float CheekBoneY { get; private set; }
    public float EarSize { get; private set; }
    public float Asymmetry { get; private set; }

    // Nose
    public float NoseTipY { get; private set; }
    public float NoseTip { get; private set; }
    public float BridgeHeight { get; private set; }
    public float BridgeWidth { get; private set; }
    public float NoseTipWidth { get; private set; }
    public float WingOffset { get; private set; }
    public float WingHeight { get; private set; }
    public float NoseBump { get; private set; }
    public float NoseBend { get; private set; }

    // Eyes and brows
    public float EyeOffset { get; private set; }
    public float EyeHalfWidth { get; private set; }
    public float EyeOpening { get; private set; }
    public float EyeTilt { get; private set; }
    public float EyePeak { get; private set; }
    public float LidCrease { get; private set; }
    public float SocketDepth { get; private set; }
    public float EyeBag { get; private set; }
    public float IrisRadius { get; private set; }
    public float BrowY { get; private set; }
    public float BrowHalfLength { get; private set; }
    public float BrowThickness { get; private set; }
    public float BrowArch { get; private set; }
    public float BrowTilt { get; private set; }
    public float BrowDensity { get; private set; }
    public float BrowOffset { get; private set; }

    // Mouth
    public float MouthHalfWidth { get; private set; }
    public float UpperLip { get; private set; }
    public float LowerLip { get; private set; }
    public float CupidBow { get; private set; }
    public float MouthCurve { get; private set; }
    public float LipRed { get; private set; }
    public float LipForward { get; private set; }
    public float Philtrum { get; private set; }

    // Skin and hair
    public Vector3 Skin { get; private set; }
    public Vector3 LipColor { get; private set; }
    public Vector3 HairColor { get; private set; }
    public Vector3 IrisColor { get; private set; }
    public float Blotch { get; private set; }
    public float Flush { get; private set; }
    public float Age { get; private set; }
    public float Beard { get; private set; }
    public float Moustache { get; private set; }
    public float BeardTop { get; private set; }
    public float HairlineY { get; private set; }
    public float HairTemple { get; private set; }
    public float HairPart { get; private set; }
    public float Fringe { get; private set; }
    public float SideHairY { get; private set; }
    public float HairVolume { get; private set; }
    public float HairStreak { get; private set; }

    public Vector3[] Spots { get; private set; } = [];

    private static float Centred(ref FaceRandom r, float mean, float sigma) =>
        mean + (sigma * Math.Clamp(r.Normal(), -2.2f, 2.2f));

    private void DrawHead(ref FaceRandom r)
    {
        CheekWidth = Centred(ref r, 1.03f, 0.065f);
        CrownY = Centred(ref r, 1.75f, 0.1f);
        ChinY = Centred(ref r, -1.70f, 0.10f);
        Depth = Centred(ref r, 1.18f, 0.08f);
        JawPower = Centred(ref r, 0.80f, 0.15f);
        TopPower = Centred(ref r, 0.55f, 0.08f);
        JawWidth = Centred(ref r, 0f, 0.07f);
        ChinWidth = Centred(ref r, 0f, 0.09f);
        TempleWidth = Centred(ref r, -0.02f, 0.045f);
        FaceFlatness = Centred(ref r, 0.80f, 0.07f);
        ForeheadSlope = Centred(ref r, 0.06f, 0.06f);
        BrowRidge = Math.Max(0f, Centred(ref r, 0.05f, 0.035f));
        ChinForward = Centred(ref r, 0.05f, 0.06f);
        CheekFullness = Centred(ref r, 0.0f, 0.06f);
        CheekBone = Centred(ref r, 0.055f, 0.04f);
        CheekBoneY = Centred(ref r, -0.32f, 0.07f);
        EarSize = Centred(ref r, 0.2f, 0.05f);
        Asymmetry = Centred(ref r, 0f, 0.015f);
    }

    private void DrawFeatures(ref FaceRandom r)
    {
        NoseTipY = Centred(ref r, -0.53f, 0.07f);
        NoseTip = Centred(ref r, 0.37f, 0.07f);
        BridgeHeight = Centred(ref r, 0.13f, 0.05f);
        BridgeWidth = Centred(ref r, 0.095f, 0.018f);
        NoseTipWidth = Centred(ref r, 0.135f, 0.027f);
        WingOffset = Centred(ref r, 0.20f, 0.04f);
        WingHeight = Centred(ref r, 0.12f, 0.03f);
        NoseBump = Centred(ref r, 0f, 0.025f);
        NoseBend = Centred(ref r, 0f, 0.018f);

        EyeOffset = Centred(ref r, 0.475f, 0.035f);
        EyeHalfWidth = Centred(ref r, 0.215f, 0.024f);
        EyeOpening = Centred(ref r, 0.092f, 0.020f);
        EyeTilt = Centred(ref r, 0.05f, 0.08f);
        EyePeak = Centred(ref r, 0f, 0.25f);
        LidCrease = Centred(ref r, 0.075f, 0.03f);
        SocketDepth = Centred(ref r, 0.10f, 0.035f);
        EyeBag = Math.Max(0f, Centred(ref r, 0.12f, 0.12f));
        IrisRadius = Centred(ref r, 0.098f, 0.007f);
        BrowY = Centred(ref r, 0.315f, 0.05f);
        BrowHalfLength = Centred(ref r, 0.275f, 0.035f);
        BrowThickness = Math.Max(0.02f, Centred(ref r, 0.052f, 0.018f));
        BrowArch = Centred(ref r, 0.045f, 0.035f);
        BrowTilt = Centred(ref r, 0.02f, 0.09f);
        BrowDensity = Math.Clamp(Centred(ref r, 0.8f, 0.18f), 0.25f, 1f);
        BrowOffset = Centred(ref r, 0.46f, 0.03f);

        MouthHalfWidth = Centred(ref r, 0.385f, 0.045f);
        UpperLip = Math.Max(0.02f, Centred(ref r, 0.075f, 0.025f));
        LowerLip = Math.Max(0.03f, Centred(ref r, 0.105f, 0.03f));
        CupidBow = Centred(ref r, 0.3f, 0.2f);
        MouthCurve = Centred(ref r, 0f, 0.03f);
        LipRed = Centred(ref r, 0.5f, 0.2f);
        LipForward = Centred(ref r, 0.07f, 0.03f);
        Philtrum = Math.Max(0f, Centred(ref r, 0.5f, 0.3f));
    }

    private void DrawSkin(ref FaceRandom r)
    {
        // A continuous scale from pale to dark; the middle is the most frequent, and light varies more between images
        // than this does.
        float melanin = Math.Clamp(Centred(ref r, 0.38f, 0.25f), 0f, 1f);
        var pale = Shaping.Linear(232, 192, 170);
        var brown = Shaping.Linear(190, 138, 104);
        var dark = Shaping.Linear(104, 70, 52);
        Skin = melanin < 0.5f ? Vector3.Lerp(pale, brown, melanin * 2f)
            : Vector3.Lerp(brown, dark, (melanin * 2f) - 1f);
        Skin *= new Vector3(1f, Centred(ref r, 1f, 0.035f), Centred(ref r, 1f, 0.06f));
        LipColor = Skin * Vector3.Lerp(new Vector3(0.86f, 0.66f, 0.64f), new Vector3(0.80f, 0.42f, 0.44f),
            Math.Clamp(LipRed, 0f, 1f));
        Blotch = Centred(ref r, 0.06f, 0.025f);
        Flush = Math.Max(0f, Centred(ref r, 0.12f, 0.10f));
        Age = Math.Clamp(Centred(ref r, 0.35f, 0.3f), 0f, 1f);
        DrawSpots(ref r, melanin);
    }

    /// <summary>Spots: x, y in the face plane, z = radius; freckles are many, small and faint, moles few, larger and
    /// dark.</summary>
    private void DrawSpots(ref FaceRandom r, float melanin)
    {
        int freckles = melanin < 0.45f && r.Chance(0.3f) ? 25 + r.Below(60) : 0;
        int moles = r.Below(5);
        Spots = new Vector3[freckles + moles];
        for (int i = 0; i < Spots.Length; i++)
        {
            bool mole = i < moles;
            Vector2 at = mole ? r.InBox(0.8f, 0.85f) + new Vector2(0f, -0.5f)
                : r.InBox(0.7f, 0.4f) + new Vector2(0f, -0.35f);
            Spots[i] = new Vector3(at, mole ? r.Uniform(0.030f, 0.050f) : r.Uniform(0.012f, 0.022f));
        }
    }

    private void DrawHair(ref FaceRandom r)
    {
        Vector3[] colors =
        [
            Shaping.Linear(28, 24, 22), Shaping.Linear(38, 28, 22), Shaping.Linear(62, 42, 28),
            Shaping.Linear(92, 62, 38),
            Shaping.Linear(128, 92, 56), Shaping.Linear(178, 140, 92), Shaping.Linear(124, 62, 34),
            Shaping.Linear(140, 136, 132),
        ];
        float hue = r.Uniform(0f, colors.Length - 2.001f);
        int low = (int)hue;
        HairColor = Vector3.Lerp(colors[low], colors[low + 1], hue - low);
        if (Age > 0.7f && r.Chance(0.5f))
            HairColor = Vector3.Lerp(HairColor, colors[^1], r.Uniform(0.4f, 0.9f));

        Vector3[] irises =
        [
            Shaping.Linear(58, 36, 22), Shaping.Linear(84, 56, 32), Shaping.Linear(112, 98, 58),
            Shaping.Linear(92, 118, 130), Shaping.Linear(120, 150, 176),
        ];
        float iris = r.Uniform(0f, irises.Length - 1.001f);
        IrisColor = Vector3.Lerp(irises[(int)iris], irises[(int)iris + 1], iris - (int)iris);

        Beard = r.Chance(0.32f) ? r.Uniform(0.15f, 0.9f) : 0f;
        Moustache = Beard > 0f && r.Chance(0.8f) ? Beard : (r.Chance(0.06f) ? 0.7f : 0f);
        BeardTop = r.Uniform(-0.75f, -0.35f);
        HairlineY = Centred(ref r, 1.0f, 0.13f);
        HairTemple = Centred(ref r, 0.1f, 0.16f);
        HairPart = r.Uniform(-0.5f, 0.5f);
        Fringe = r.Chance(0.35f) ? r.Uniform(0.2f, 0.55f) : 0f;
        SideHairY = r.Chance(0.4f) ? r.Uniform(-1.9f, -0.6f) : r.Uniform(-0.35f, 0.2f);
        HairVolume = r.Uniform(0.04f, 0.22f);
        HairStreak = r.Uniform(0.15f, 0.45f);
    }
}
