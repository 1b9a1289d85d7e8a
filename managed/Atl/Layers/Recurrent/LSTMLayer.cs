using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// LSTM: see <see cref="RecurrentLayer"/>; the outputs are the states h. Parameters: W_xc (4·D × inputs), b_c (4·D),
/// [W_xc_static], W_hc (4·D × D), the gates in the order i, f, o, g. (Hochreiter and Schmidhuber, 1997, with the forget
/// gate of Gers et al., 2000; Caffe's LSTMLayer.)
/// </summary>
[LayerType("LSTM")]
internal sealed class LSTMLayer(LayerParameter parameter, LayerContext context) : RecurrentLayer(parameter, context)
{
    /// <inheritdoc/>
    protected override RecurrentCell Cell => RecurrentCell.Lstm;

    /// <inheritdoc/>
    protected override Tensor Hidden(IReadOnlyList<Blob> top) => top[0].Data;

    /// <inheritdoc/>
    protected override void ForwardOutput(IReadOnlyList<Blob> top)
    {
    }

    /// <inheritdoc/>
    protected override Tensor BackwardOutput(IReadOnlyList<Blob> top) => top[0].Diff;

    /// <inheritdoc/>
    protected override void AddOutputBlobs()
    {
    }

    /// <inheritdoc/>
    protected override void ReshapeOutput(int rows, Shape states)
    {
    }
}
