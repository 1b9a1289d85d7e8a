using Atl.Devices;

namespace Atl.Operators;

/// <summary>Pooling over boxes of N × C × height × width.</summary>
/// <param name="Input">The shape of x.</param>
/// <param name="Rois">The number of boxes.</param>
/// <param name="Output">The cells of each box.</param>
/// <param name="SpatialScale">What brings the boxes' coordinates to those of x.</param>
internal sealed record RoiPoolingSpec(Shape Input, long Rois, Extent2D Output, float SpatialScale)
    : OperatorSpec<RoiPooling>;

/// <summary>y, R × C × cells: the largest value of x in each cell of each box (image, x1, y1, x2, y2, corners
/// included); 0 for a cell outside x.</summary>
internal abstract class RoiPooling(Device device) : Operator(device)
{
    /// <summary>Computes y and remembers where each value came from.</summary>
    /// <exception cref="DeviceException">A box names an image that is not there, or a coordinate is no
    /// number.</exception>
    public abstract void Forward(Tensor x, Tensor boxes, Tensor y);

    /// <summary>Computes dx from dy; the boxes are those of the last forward.</summary>
    public abstract void Backward(Tensor dy, Tensor boxes, Tensor dx);
}
