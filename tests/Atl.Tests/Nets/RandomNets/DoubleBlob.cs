namespace Atl.Tests.Nets.RandomNets;

/// <summary>A value of the plain evaluation: made once and never changed; gradients are added to.</summary>
internal sealed class DoubleBlob(Shape shape, double[] data)
{
    public DoubleBlob(Shape shape)
        : this(shape, new double[shape.Count])
    {
    }

    public Shape Shape { get; } = shape;

    public double[] Data { get; } = data;

    public double[] Diff { get; } = new double[shape.Count];

    /// <summary>The same values; the gradient stops here.</summary>
    public DoubleBlob Detached() => new(Shape, Data);
}
