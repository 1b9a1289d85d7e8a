using Atl.Proto;

namespace Atl.Data;

/// <summary>The pixels of a Datum that is not encoded: bytes, or floats where it has no bytes; planar.</summary>
internal sealed class RawImage : ItemImage
{
    private readonly float[] _floats;

    public RawImage(Datum datum)
    {
        Datum = datum;
        _floats = datum.Data.Length > 0 ? [] : [.. datum.FloatData];
    }

    public Datum Datum { get; }

    public override PixelView View => _floats.Length > 0
        ? new PixelView(_floats, Datum.Channels, Datum.Height, Datum.Width)
        : new PixelView(Datum.Data.Span, Datum.Channels, Datum.Height, Datum.Width, false);

    public override void Dispose()
    {
    }
}
