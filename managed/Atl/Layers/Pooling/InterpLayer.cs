using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Interp: images, N × C × height × width, resized by bilinear interpolation, corners on corners. The
/// size is <c>height</c> × <c>width</c>; or follows from an extent e: (e − 1)·<c>zoom_factor</c> + 1, or (e − 1) /
/// <c>shrink_factor</c> + 1 rounded down, or, with both, the one after the other. <c>pad_beg</c> and <c>pad_end</c>, 0
/// or negative, first cut so many rows and columns off. (InterpLayer of DeepLab, in hszhao/PSPNet.)
/// </summary>
[LayerType("Interp")]
internal sealed class InterpLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly InterpParameter _given = parameter.InterpParam ?? new InterpParameter();
    private readonly OperatorSlot<Resample, ResampleSpec> _resample = new();

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _resample.Value.Forward(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _resample.Value.Backward(top[0].Diff, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (_given.PadBeg > 0 || _given.PadEnd > 0)
            throw Error($"interp_param: pad_beg and pad_end cut and must be 0 or negative, found {_given.PadBeg} "
                + $"and {_given.PadEnd}");
        if (_given.ShrinkFactor < 1 || _given.ZoomFactor < 1)
            throw Error($"interp_param: shrink_factor and zoom_factor must be 1 or more, found "
                + $"{_given.ShrinkFactor} and {_given.ZoomFactor}");
        if (!_given.HasShrinkFactor && !_given.HasZoomFactor && !(_given.Height > 0 && _given.Width > 0))
            throw Error($"interp_param needs shrink_factor, zoom_factor or a height and a width above 0, found "
                + $"{_given.Height} and {_given.Width}");
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape input = bottom[0].Shape;
        if (input.NumAxes != 4)
            throw Error($"takes a bottom with 4 axes (num, channels, height, width), found shape {input}");
        long height = (long)input[2] + _given.PadBeg + _given.PadEnd,
            width = (long)input[3] + _given.PadBeg + _given.PadEnd;
        if (height < 1 || width < 1)
            throw Error($"has nothing left of an image of {input[2]} x {input[3]} after pad_beg {_given.PadBeg} and "
                + $"pad_end {_given.PadEnd}");
        Extent2D output = new(Extent(height, _given.Height), Extent(width, _given.Width));
        top[0].Reshape(input[0], input[1], output.Height, output.Width);
        EnsureOperator(_resample, new ResampleSpec(ResampleMethod.Bilinear, input, -_given.PadBeg, -_given.PadEnd,
            output));
    }

    // One factor alone goes before a size, as in DeepLab.
    private int Extent(Int128 extent, int given)
    {
        if (_given.HasShrinkFactor == _given.HasZoomFactor && given > 0 && _given.Height > 0 && _given.Width > 0)
            return given;
        if (_given.HasShrinkFactor) extent = (extent - 1) / _given.ShrinkFactor + 1;
        if (_given.HasZoomFactor) extent = (extent - 1) * _given.ZoomFactor + 1;
        return Extents.Of(extent, "a dim of the top", "interp_param");
    }
}
