using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Reshape: the axes from <c>axis</c> on, <c>num_axes</c> of them (-1: all), are replaced by <c>shape</c>, in which 0
/// copies the bottom's dim at that index and one -1 is inferred from the number of elements. A negative <c>axis</c>
/// counts from the end, -1 being after the last axis. Shares its bottom's memory. (Caffe's ReshapeLayer.)
/// </summary>
[LayerType("Reshape")]
internal sealed class ReshapeLayer(LayerParameter parameter, LayerContext context) : ViewLayer(parameter, context)
{
    /// <inheritdoc/>
    protected override Shape TopShape(Shape bottom)
    {
        ReshapeParameter given = Parameter.ReshapeParam ?? new ReshapeParameter();
        int start = given.Axis >= 0 ? given.Axis : bottom.NumAxes + given.Axis + 1;
        if (start < 0 || start > bottom.NumAxes)
            throw Error($"reshape_param.axis {given.Axis} is out of range for a bottom with {bottom.NumAxes} axes "
                + $"of shape {bottom}");
        if (given.NumAxes < -1) throw Error($"reshape_param.num_axes must be -1 (all) or more, found {given.NumAxes}");
        if (given.NumAxes > bottom.NumAxes - start)
            throw Error($"reshape_param: axis {given.Axis} and num_axes {given.NumAxes} reach beyond the "
                + $"{bottom.NumAxes} axes of shape {bottom}");

        int end = given.NumAxes == -1 ? bottom.NumAxes : start + given.NumAxes;
        var wanted = (given.Shape ?? new BlobShape()).Dim;
        int[] middle = new int[wanted.Count];
        int inferred = -1;
        Int128 known = (Int128)bottom.CountOf(0, start) * bottom.CountFrom(end);
        for (int i = 0; i < middle.Length; i++)
        {
            switch (wanted[i])
            {
                case 0 when start + i < bottom.NumAxes:
                    middle[i] = bottom[start + i];
                    break;
                case 0:
                    throw Error($"reshape_param.shape: the 0 at index {i} copies axis {start + i}, which a bottom of "
                        + $"shape {bottom} lacks");
                case -1 when inferred < 0:
                    inferred = i;
                    continue;
                case -1:
                    throw Error("reshape_param.shape may hold one -1 only");
                case < -1 or > int.MaxValue:
                    throw Error($"reshape_param.shape: a dim must be -1, 0 or positive, found {wanted[i]}");
                default:
                    middle[i] = (int)wanted[i];
                    break;
            }
            known *= middle[i];
            if (known > Extents.MostElements)
                throw Error($"reshape_param.shape: the given dims have {known} elements or more, expected the "
                    + $"{bottom.Count} of a bottom of shape {bottom}");
        }
        if (inferred >= 0)
        {
            if (known == 0 || bottom.Count % known != 0)
                throw Error($"reshape_param.shape: {bottom.Count} elements of shape {bottom} cannot be divided by "
                    + $"{known}, the product of the other dims");
            middle[inferred] = Extents.Of(
                bottom.Count / known, $"the dim for -1 of a bottom of shape {bottom}", "reshape_param.shape.dim");
        }
        Shape top = new([.. bottom.Dims[..start], .. middle, .. bottom.Dims[end..]]);
        if (top.Count != bottom.Count)
            throw Error($"reshape_param turns a bottom of shape {bottom} into {top}: the number of elements must stay");
        return top;
    }
}
