using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// InnerProduct: the axes of the bottom before <c>axis</c> are rows (M), the others are flattened to K inputs; top =
/// bottom·Wᵀ + b with num_output (N) columns. Parameters: weights N × K (K × N with transpose), then (bias_term) N
/// biases. With <c>normalize</c> (AM-softmax's) every forward first normalizes the rows of
/// W to unit length, in place, and the gradient is that of the plain product. (Caffe's InnerProductLayer.)
/// </summary>
[LayerType("InnerProduct")]
internal sealed class InnerProductLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly InnerProductParameter _parameter = parameter.InnerProductParam ?? new InnerProductParameter();
    private readonly OperatorSlot<InnerProduct, InnerProductSpec> _operator = new();
    private readonly OperatorSlot<UnitRows, UnitRowsSpec> _unitRows = new();
    private (SyncedMemory Memory, long Version)? _normalized;

    /// <inheritdoc/>
    protected override string? BottomsAdvice =>
        "the weights as a second bottom are happynear/caffe-windows' (NormFace): give the layer weights of its own, "
            + "with "
        + "inner_product_param { normalize: true }, and take the Parameter layer and its Normalize out";

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (_parameter.Normalize && _normalized != (Blobs[0].Data.Memory, Blobs[0].Data.Version))
        {
            _unitRows.Value.Normalize(Blobs[0].Data);
            _normalized = (Blobs[0].Data.Memory, Blobs[0].Data.Version);
        }
        _operator.Value.Forward(bottom[0].Data, Blobs[0].Data, _parameter.BiasTerm ? Blobs[1].Data : null, top[0].Data);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        Tensor? dWeights = ParamPropagateDown(0) ? Blobs[0].Diff : null;
        Tensor? dBias = _parameter.BiasTerm && ParamPropagateDown(1) ? Blobs[1].Diff : null;
        if (dWeights is not null || dBias is not null)
            _operator.Value.BackwardWeights(bottom[0].Data, top[0].Diff, dWeights, dBias);
        if (propagateDown[0]) _operator.Value.BackwardData(top[0].Diff, Blobs[0].Data, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.FirstBottom;

    /// <summary>M·N·K.</summary>
    public override long MultiplyAdds(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        Extents.Times(top[0].Count, _operator.Spec.Inputs);

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        InnerProductSpec spec = Describe(bottom[0].Shape);
        if (_parameter.Normalize && _parameter.Transpose)
            throw Error("normalize and transpose do not go together: the rows of W must be those of the outputs");
        AddBlob(spec.Transpose ? new Shape(spec.Inputs, spec.Outputs) : new Shape(spec.Outputs, spec.Inputs),
            _parameter.WeightFiller);
        if (_parameter.BiasTerm) AddBlob(new Shape(spec.Outputs), _parameter.BiasFiller);
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape shape = bottom[0].Shape;
        InnerProductSpec spec = Describe(shape);
        if (Blobs[0].Count != (long)spec.Inputs * spec.Outputs)
            throw Error($"has weights of shape {Blobs[0].Shape}, but a bottom of shape {shape} has {spec.Inputs} "
                + "inputs a row");
        top[0].Reshape(new Shape([.. shape.Dims[..shape.CanonicalAxis(_parameter.Axis)], spec.Outputs]));
        EnsureOperator(_operator, spec);
        if (_parameter.Normalize) EnsureOperator(_unitRows, new UnitRowsSpec(spec.Outputs, spec.Inputs));
    }

    private InnerProductSpec Describe(Shape shape)
    {
        int axis = shape.CanonicalAxis(_parameter.Axis);
        if (_parameter.NumOutput is 0 or > int.MaxValue)
            throw Error($"num_output must be given and positive, found {_parameter.NumOutput}");
        long rows = shape.CountOf(0, axis), inputs = shape.CountFrom(axis);
        if (inputs is 0 or > int.MaxValue || rows > int.MaxValue)
            throw Error($"cannot take {inputs} inputs in each of {rows} rows (a bottom of shape {shape}, axis {axis})");
        return new InnerProductSpec((int)rows, (int)_parameter.NumOutput, (int)inputs, _parameter.Transpose);
    }
}
