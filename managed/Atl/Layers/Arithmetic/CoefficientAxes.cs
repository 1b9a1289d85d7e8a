namespace Atl.Layers;

/// <summary>The axes of a bottom that the coefficients of Scale and Bias span: [Axis, End).</summary>
internal readonly record struct CoefficientAxes(int Axis, int End)
{
    /// <summary>
    /// The axes that the prototxt gives for learned coefficients: <paramref name="numAxes"/> from
    /// <paramref name="axis"/> on; −1: all of them.
    /// </summary>
    /// <exception cref="ShapeException">The shape has no such axes.</exception>
    public static CoefficientAxes OfParameter(Shape shape, int axis, int numAxes)
    {
        if (numAxes < -1) throw new ShapeException($"num_axes must be -1 or more, found {numAxes}");
        if (numAxes == 0) return new CoefficientAxes(0, 0);
        int first = shape.CanonicalAxis(axis);
        if (numAxes > shape.NumAxes - first)
            throw new ShapeException($"axis {axis} and num_axes {numAxes} reach past the axes of a bottom of shape "
                + $"{shape}");
        return new CoefficientAxes(first, numAxes == -1 ? shape.NumAxes : first + numAxes);
    }

    /// <summary>The axes that a second bottom spans from <paramref name="axis"/> on; a single number spans
    /// none.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static CoefficientAxes OfBottom(Shape shape, int axis, Shape coefficients)
    {
        if (coefficients.NumAxes == 0) return new CoefficientAxes(0, 0);
        int first = shape.CanonicalAxis(axis), end = first + coefficients.NumAxes;
        CoefficientAxes axes = new(first, end);
        if (end > shape.NumAxes || !axes.Of(shape).Equals(coefficients))
            throw new ShapeException($"a second bottom of shape {coefficients} does not match the axes from "
                + $"{axis} on of a first bottom of shape {shape}");
        return axes;
    }

    /// <summary>The extents of a shape over these axes: the shape of the coefficients.</summary>
    public Shape Of(Shape shape) => new(shape.Dims[Axis..End]);
}
