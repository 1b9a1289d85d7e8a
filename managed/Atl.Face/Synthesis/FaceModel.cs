namespace Atl.Face.Synthesis;

/// <summary>One synthetic person, ready to render: created once (about 10 ms), used for every image of the identity,
/// by any number of threads.</summary>
internal sealed class FaceModel
{
    /// <summary>Draws person <paramref name="identity"/> of the population that <paramref name="seed"/>
    /// names.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="identity"/> is negative.</exception>
    public FaceModel(ulong seed, int identity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(identity);
        Seed = seed;
        Identity = identity;
        Who = new FaceIdentity(seed, identity);
        Skin = new FaceSkin(Who);
        Shape = new HeadShape(Who, Skin);
    }

    /// <summary>The population.</summary>
    public ulong Seed { get; }

    /// <summary>The person's number in it.</summary>
    public int Identity { get; }

    internal FaceIdentity Who { get; }

    internal FaceSkin Skin { get; }

    internal HeadShape Shape { get; }
}
