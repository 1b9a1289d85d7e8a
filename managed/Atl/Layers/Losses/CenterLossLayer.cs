using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// CenterLoss: half the mean squared distance of each sample (bottom 0, features from <c>axis</c> on) to the center of
/// its class (bottom 1), or with <c>distance_type: "L1"</c> the mean of the summed differences. Parameter: num_output ×
/// K centers, whose gradient Σ (c − x) / (1 + number) over the class' samples does not depend on
/// the loss' weight. (Wen et al., "A Discriminative Feature Learning Approach for Deep Face Recognition", ECCV 2016.)
/// </summary>
[LayerType("CenterLoss")]
internal sealed class CenterLossLayer(LayerParameter parameter, LayerContext context) : LossLayer(parameter, context)
{
    private readonly CenterLossParameter _given = parameter.CenterLossParam ?? new CenterLossParameter();
    private readonly OperatorSlot<CenterLoss, CenterLossSpec> _loss = new();

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (Labels.FindFault(bottom[1].Data.AsReadOnlySpan(), _loss.Spec.Classes, ignored: null, perSample: 1)
            is { } fault)
            throw Error(fault);
        _loss.Value.Forward(bottom[0].Data, bottom[1].Data, Blobs[0].Data, top[0].Data);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (ParamPropagateDown(0)) _loss.Value.Update(bottom[0].Data, bottom[1].Data, Blobs[0].Data, Blobs[0].Diff);
        if (propagateDown[0])
            _loss.Value.Backward(bottom[0].Data, bottom[1].Data, Blobs[0].Data, Weight(top), bottom[0].Diff);
    }

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        CenterLossSpec spec = Describe(bottom);
        AddBlob(new Shape(spec.Classes, spec.Features), _given.CenterFiller);
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        CenterLossSpec spec = Describe(bottom);
        if (Blobs[0].Count != (long)spec.Classes * spec.Features)
            throw Error($"has centres of shape {Blobs[0].Shape}, but a bottom of shape {bottom[0].Shape} has "
                + $"{spec.Features} features a sample");
        top[0].Reshape(Shape.Scalar);
        EnsureOperator(_loss, spec);
    }

    private CenterLossSpec Describe(IReadOnlyList<Blob> bottom)
    {
        Shape shape = bottom[0].Shape;
        int axis = shape.CanonicalAxis(_given.Axis);
        long samples = shape.CountOf(0, axis), features = shape.CountFrom(axis);
        if (_given.NumOutput is 0 or > int.MaxValue)
            throw Error($"num_output must be the number of classes and positive, found {_given.NumOutput}");
        if (_given.DistanceType is not ("L1" or "L2"))
            throw Error($"distance_type must be \"L1\" or \"L2\", found \"{_given.DistanceType}\"");
        if (features is 0 or > int.MaxValue || samples > int.MaxValue)
            throw Error($"cannot take {samples} samples of {features} features (a bottom of shape {shape}, axis "
                + $"{axis})");
        if (bottom[1].Count != samples)
            throw Error($"needs one label for each of the {samples} samples, found {bottom[1].Count} in a blob of "
                + $"shape {bottom[1].Shape}");
        return new CenterLossSpec((int)samples, (int)_given.NumOutput, (int)features, _given.DistanceType == "L1");
    }
}
