using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// RNN: see <see cref="RecurrentLayer"/>; h = tanh(W_xh·x + b_h + W_hh·h₋₁), the outputs are tanh(W_ho·h + b_o).
/// Parameters: W_xh (D × inputs), b_h, [W_xh_static], W_hh (D × D), W_ho (D × D), b_o. (Caffe's RNNLayer.)
/// </summary>
[LayerType("RNN")]
internal sealed class RNNLayer(LayerParameter parameter, LayerContext context) : RecurrentLayer(parameter, context)
{
    private readonly Tensor _hidden = new(Shape.Scalar), _dHidden = new(Shape.Scalar), _dSums = new(Shape.Scalar);
    private readonly OperatorSlot<InnerProduct, InnerProductSpec> _output = new();
    private readonly OperatorSlot<Elementwise, ElementwiseSpec> _tanh = new();

    /// <inheritdoc/>
    protected override RecurrentCell Cell => RecurrentCell.Tanh;

    private int OutputWeights => Blobs.Count - 2;

    /// <inheritdoc/>
    public override long MultiplyAdds(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        Extents.Total([base.MultiplyAdds(bottom, top), Extents.Times(top[0].Count, Width)]);

    /// <inheritdoc/>
    protected override Tensor Hidden(IReadOnlyList<Blob> top) => _hidden;

    /// <inheritdoc/>
    protected override void ForwardOutput(IReadOnlyList<Blob> top)
    {
        _output.Value.Forward(_hidden, Blobs[OutputWeights].Data, Blobs[OutputWeights + 1].Data, top[0].Data);
        _tanh.Value.Forward(top[0].Data, top[0].Data);
    }

    /// <inheritdoc/>
    protected override Tensor BackwardOutput(IReadOnlyList<Blob> top)
    {
        _tanh.Value.Backward(top[0].Data, top[0].Data, top[0].Diff, _dSums);
        _output.Value.BackwardWeights(_hidden, _dSums, Wanted(OutputWeights), Wanted(OutputWeights + 1));
        _output.Value.BackwardData(_dSums, Blobs[OutputWeights].Data, _dHidden);
        return _dHidden;
    }

    /// <inheritdoc/>
    protected override void AddOutputBlobs()
    {
        AddBlob(new Shape(Width, Width), Given.WeightFiller);
        AddBlob(new Shape(Width), Given.BiasFiller);
    }

    /// <inheritdoc/>
    protected override void ReshapeOutput(int rows, Shape states)
    {
        foreach (Tensor tensor in (Tensor[])[_hidden, _dHidden, _dSums]) tensor.Reshape(states);
        EnsureOperator(_output, new InnerProductSpec(rows, Width, Width, false));
        EnsureOperator(_tanh, new ElementwiseSpec(ElementwiseFunction.TanH, states.Count));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        foreach (Tensor tensor in (Tensor[])[_hidden, _dHidden, _dSums]) tensor.Dispose();
    }
}
