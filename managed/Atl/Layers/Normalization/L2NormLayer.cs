using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// L2Norm and NormL2: each sample, over all axes after the first, is normalized to unit length: y = x / √(Σx² + eps).
/// L2Norm's eps is 0, and a sample of zeros stays zero; NormL2's is 1e-7. Neither has parameters. (L2NormLayer of
/// MSRCCS/Caffe and many others, NormL2Layer.)
/// </summary>
[LayerType("L2Norm")]
[LayerType("NormL2")]
internal sealed class L2NormLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private const float NormL2Eps = 1e-7f;

    private readonly OperatorSlot<Normalize, NormalizeSpec> _operator = new();

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _operator.Value.Forward(bottom[0].Data, null, top[0].Data, null);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _operator.Value.Backward(bottom[0].Data, null, top[0].Diff, null, bottom[0].Diff, null);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.FirstBottom;

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape shape = bottom[0].Shape;
        if (shape.NumAxes < 2) throw Error($"needs a bottom with samples and values, found the shape {shape}");
        top[0].Reshape(shape);
        float eps = Parameter.Type == "NormL2" ? NormL2Eps : 0;
        EnsureOperator(_operator, new NormalizeSpec(
            shape[0], shape[1], shape.CountFrom(2), AcrossSpatial: true, NormalizeScale.NoScale, eps, NormalizeNorm.L2,
            FixGradient: false));
    }
}
