namespace Atl.Data;

/// <summary>An image that goes into the batch through transform_param.</summary>
internal sealed class TransformedImage(ItemImage image, DatumTransformer transformer, long number) : BatchSample
{
    public override Shape Shape => transformer.OutputShape(image.View.Channels, image.View.Height, image.View.Width);

    public override void WriteTo(Span<float> output) => transformer.Transform(image.View, number, output);

    public override void Dispose() => image.Dispose();
}
