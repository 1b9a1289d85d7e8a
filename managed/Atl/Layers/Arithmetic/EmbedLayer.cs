using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Embed: each index of the bottom becomes a row of num_output numbers, y = W[index] + b. Parameters: W of input_dim ×
/// num_output, then (bias_term) b of num_output. Indices get no gradient. (Caffe's EmbedLayer.)
/// </summary>
[LayerType("Embed")]
internal sealed class EmbedLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly EmbedParameter _given = parameter.EmbedParam ?? new EmbedParameter();
    private readonly OperatorSlot<Rows, RowsSpec> _rows = new();
    private int[] _numbers = [];

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => false;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        _numbers = RowNumbers.Read(bottom[0].Data.AsReadOnlySpan(), _given.InputDim, Error);
        _rows.Value.Gather(Blobs[0].Data, _numbers, _given.BiasTerm ? Blobs[1].Data : null, top[0].Data);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (ParamPropagateDown(0)) _rows.Value.Scatter(top[0].Diff, _numbers, Blobs[0].Diff);
        if (_given.BiasTerm && ParamPropagateDown(1)) _rows.Value.SumRows(top[0].Diff, _numbers.Length, Blobs[1].Diff);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (_given.NumOutput == 0) throw Error("embed_param.num_output must be given and positive");
        if (_given.InputDim == 0) throw Error("embed_param.input_dim must be given and positive");
        AddBlob(new Shape((int)_given.InputDim, (int)_given.NumOutput), _given.WeightFiller);
        if (_given.BiasTerm) AddBlob(new Shape((int)_given.NumOutput), _given.BiasFiller);
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        top[0].Reshape(new Shape([.. bottom[0].Shape.Dims, (int)_given.NumOutput]));
        EnsureOperator(_rows, new RowsSpec(_given.InputDim, _given.NumOutput));
    }
}
