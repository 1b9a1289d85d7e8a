namespace Atl.Face.Datasets;

/// <summary>One labeled image as a Datum holds it.</summary>
/// <param name="Pixels">Planes in the order blue, green, red (or the one gray plane), each row-major: Channels · Height
/// · Width bytes.</param>
/// <param name="Label">The identity, from 0.</param>
/// <param name="Channels">3, or 1 for gray.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
internal sealed record FaceSample(byte[] Pixels, int Label, int Channels, int Height, int Width);
