using Atl.Proto;

namespace Atl.Data;

/// <summary>The pixels of a Datum that is not encoded: bytes, or floats where it has no bytes; planar.</summary>
internal sealed class RawImage : ItemImage
{
    private readonly Datum _datum;
    private readonly float[] _floats;

    public RawImage(Datum datum)
    {
        _datum = datum;
        _floats = datum.Data.Length > 0 ? [] : [.. datum.FloatData];
    }

    public override PixelView View => _floats.Length > 0
        ? new PixelView(_floats, _datum.Channels, _datum.Height, _datum.Width)
        : new PixelView(_datum.Data.Span, _datum.Channels, _datum.Height, _datum.Width, false);

    public override void Dispose()
    {
    }
}
