using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// MaxFeatureMap: y[n, c, …] = max(x[n, c, …], x[n, C/2 + c, …]) for the C channels (axis 1) of x, which leaves C/2. On
/// a tie, the second half gets the gradient. The result equals that of a Slice into halves and an Eltwise MAX, which
/// copy x once more. (Wu et al., "A Light CNN for Deep Face Representation with Noisy Labels", TIFS 2018.)
/// </summary>
[LayerType("MaxFeatureMap")]
internal sealed class MaxFeatureMapLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly OperatorSlot<MaxFeatureMap, MaxFeatureMapSpec> _max = new();

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _max.Value.Forward(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _max.Value.Backward(bottom[0].Data, top[0].Diff, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Bottoms;

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape shape = bottom[0].Shape;
        if (shape.NumAxes < 2 || shape[1] % 2 != 0)
            throw Error($"needs an even number of channels, found a bottom of shape {shape}");
        top[0].Reshape(shape.With(1, shape[1] / 2));
        EnsureOperator(_max, new MaxFeatureMapSpec(shape[0], shape.CountFrom(1) / 2));
    }
}
