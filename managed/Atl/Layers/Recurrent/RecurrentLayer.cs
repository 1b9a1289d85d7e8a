using System.Runtime.InteropServices;
using Atl.Logging;
using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// The common part of RNN and LSTM. Bottoms: x (T × N × …), cont (T × N, 0 where a sequence begins), optionally an
/// input that is the same at every step (N × …), and with <c>expose_hidden</c> the states before the first step (1 × N
/// × D each). Tops: the outputs (T × N × D) and, with expose_hidden, the states after the last step. Without
/// expose_hidden, the states continue from one forward to the next and are saved with the solver's state. As in Caffe,
/// gradients neither leave through exposed first states (they are 0) nor enter through exposed last ones. (Caffe's
/// RecurrentLayer.)
/// </summary>
internal abstract class RecurrentLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly Tensor _gates = new(Shape.Scalar), _fixed = new(Shape.Scalar), _h0 = new(Shape.Scalar),
        _c0 = new(Shape.Scalar), _c = new(Shape.Scalar);
    private readonly Tensor _dFixed = new(Shape.Scalar), _hLast = new(Shape.Scalar), _cLast = new(Shape.Scalar);
    private readonly OperatorSlot<InnerProduct, InnerProductSpec> _input = new();
    private readonly OperatorSlot<InnerProduct, InnerProductSpec> _static = new();
    private readonly OperatorSlot<Recurrence, RecurrenceSpec> _recurrence = new();

    /// <summary>The settings.</summary>
    protected RecurrentParameter Given { get; } = parameter.RecurrentParam ?? new RecurrentParameter();

    /// <summary>The cell.</summary>
    protected abstract RecurrentCell Cell { get; }

    /// <summary>D: the width of the state.</summary>
    protected int Width => (int)Given.NumOutput;

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Between(2 + Exposed, 3 + Exposed);

    /// <inheritdoc/>
    public override BlobCount Tops => BlobCount.Exactly(1 + Exposed);

    private int States => Cell == RecurrentCell.Lstm ? 2 : 1;

    private int Exposed => Given.ExposeHidden ? States : 0;

    private bool HasStatic => Parameter.Bottom.Count > 2 + Exposed;

    // W_x, b, [W_static], W_h
    private Blob HiddenWeights => Blobs[HasStatic ? 3 : 2];

    private Tensor? C0 => States == 2 ? _c0 : null;

    private Tensor? C => States == 2 ? _c : null;

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => bottom != 1;

    /// <inheritdoc/>
    public override long MultiplyAdds(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        long gates = Blobs[0].Shape[0], streams = bottom[0].Shape[1], rows = bottom[0].Shape[0] * streams;
        long fixedInputs = HasStatic ? Extents.Times(streams, Blobs[2].Count) : 0;
        return Extents.Total([Extents.Times(Extents.Times(rows, gates), Blobs[0].Shape[1] + (long)Width), fixedInputs]);
    }

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Tensor hidden = Hidden(top);
        for (int i = 0; i < States; i++)
            (i == 0 ? _h0 : _c0).CopyFrom(Exposed > 0 ? bottom[bottom.Count - Exposed + i].Data : i == 0 ? _hLast
                : _cLast, Device);
        _input.Value.Forward(bottom[0].Data, Blobs[0].Data, Blobs[1].Data, _gates);
        if (HasStatic) _static.Value.Forward(bottom[2].Data, Blobs[2].Data, null, _fixed);
        _recurrence.Value.Forward(
            bottom[1].Data, HiddenWeights.Data, HasStatic ? _fixed : null, _h0, C0, _gates, hidden, C);
        for (int i = 0; i < States; i++)
            Last(i == 0 ? hidden : _c)
                .CopyTo((Exposed > 0 ? top[1 + i].Data : i == 0 ? _hLast : _cLast).AsWriteOnlySpan());
        ForwardOutput(top);
        if (Given.DebugInfo)
        {
            Show("Forward", "gates data", _gates);
            Show("Forward", "h data", hidden);
            if (C is { } cells) Show("Forward", "c data", cells);
        }
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        Tensor hidden = Hidden(top), dHidden = BackwardOutput(top);
        _recurrence.Value.Backward(
            bottom[1].Data, HiddenWeights.Data, C0, hidden, C, dHidden, _gates, HasStatic ? _dFixed
            : null, Wanted(Blobs.IndexOf(HiddenWeights)));
        if (Given.DebugInfo) Show("Backward", "gates diff", _gates);
        _input.Value.BackwardWeights(bottom[0].Data, _gates, Wanted(0), Wanted(1));
        if (propagateDown[0]) _input.Value.BackwardData(_gates, Blobs[0].Data, bottom[0].Diff);
        if (HasStatic)
        {
            _static.Value.BackwardWeights(bottom[2].Data, _dFixed, Wanted(2), null);
            if (propagateDown[2]) _static.Value.BackwardData(_dFixed, Blobs[2].Data, bottom[2].Diff);
        }
        for (int i = bottom.Count - Exposed; i < bottom.Count; i++)
            if (propagateDown[i])
                bottom[i].Diff.Zero(Device);
    }

    /// <inheritdoc/>
    public override void SaveState(LayerState state)
    {
        base.SaveState(state);
        if (Exposed > 0) return;
        foreach ((string key, Tensor last) in Kept()) state.Put(key, MemoryMarshal.AsBytes(last.AsReadOnlySpan()));
    }

    /// <inheritdoc/>
    public override void LoadState(LayerState state)
    {
        base.LoadState(state);
        if (Exposed > 0) return;
        foreach ((string key, Tensor last) in Kept())
        {
            if (state.FindData(key) is not { } bytes) continue;
            if (bytes.Length != last.Count * sizeof(float))
                throw Error($"the saved state {key} has {bytes.Length} bytes, expected {last.Count * sizeof(float)}");
            bytes.CopyTo(MemoryMarshal.AsBytes(last.AsWriteOnlySpan()));
        }
    }

    /// <summary>The states h of all steps, T × N × D, which forward fills.</summary>
    protected abstract Tensor Hidden(IReadOnlyList<Blob> top);

    /// <summary>Computes the outputs from the states.</summary>
    protected abstract void ForwardOutput(IReadOnlyList<Blob> top);

    /// <summary>The gradient of the states, from that of the outputs.</summary>
    protected abstract Tensor BackwardOutput(IReadOnlyList<Blob> top);

    /// <summary>Adds the parameters that follow W_h.</summary>
    protected abstract void AddOutputBlobs();

    /// <summary>Makes what computes the outputs of T × N states.</summary>
    protected abstract void ReshapeOutput(int rows, Shape states);

    /// <summary>A parameter's gradient; null where it is not wanted.</summary>
    protected Tensor? Wanted(int blob) => ParamPropagateDown(blob) ? Blobs[blob].Diff : null;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (Given.NumOutput is 0 or > int.MaxValue / 4)
            throw Error($"recurrent_param.num_output must be given, 1 to {int.MaxValue / 4}, found {Given.NumOutput}");
        CheckShapes(bottom);
        int gates = Cell == RecurrentCell.Lstm ? 4 * Width : Width;
        AddBlob(new Shape(gates, Inputs(bottom[0].Shape)), Given.WeightFiller);
        AddBlob(new Shape(gates), Given.BiasFiller);
        if (HasStatic)
        {
            int inputs = Extents.Of(bottom[2].Shape.CountFrom(1), "the number of static inputs");
            AddBlob(new Shape(gates, inputs), Given.WeightFiller);
        }
        AddBlob(new Shape(gates, Width), Given.WeightFiller);
        AddOutputBlobs();
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        CheckShapes(bottom);
        int steps = bottom[0].Shape[0], streams = bottom[0].Shape[1], inputs = Inputs(bottom[0].Shape);
        int rows = Extents.Product("the number of steps of all sequences", null, steps, streams);
        if (inputs != Blobs[0].Shape[1])
            throw Error($"has weights for {Blobs[0].Shape[1]} inputs a step, found {inputs} in a bottom of shape "
                + $"{bottom[0].Shape}");
        Shape states = new(steps, streams, Width), state = new(1, streams, Width);
        RecurrenceSpec spec = new(Cell, steps, streams, Width);
        if (!state.Equals(_hLast.Shape))
        {
            foreach (Tensor tensor in (Tensor[])[_h0, _c0, _hLast, _cLast])
            {
                tensor.Reshape(state);
                if (!Context.ShapesOnly) tensor.Zero(Device);
            }
        }
        _gates.Reshape(new Shape(steps, streams, spec.Gates));
        _c.Reshape(states);
        top[0].Reshape(states);
        for (int i = 0; i < Exposed; i++) top[1 + i].Reshape(state);
        EnsureOperator(_input, new InnerProductSpec(rows, spec.Gates, inputs, false));
        if (HasStatic)
        {
            if (bottom[2].Shape.CountFrom(1) != Blobs[2].Shape[1])
                throw Error($"has weights for {Blobs[2].Shape[1]} static inputs, found "
                    + $"{bottom[2].Shape.CountFrom(1)} in a bottom of shape {bottom[2].Shape}");
            _fixed.Reshape(new Shape(streams, spec.Gates));
            _dFixed.Reshape(_fixed.Shape);
            EnsureOperator(_static, new InnerProductSpec(streams, spec.Gates, Blobs[2].Shape[1], false));
        }
        EnsureOperator(_recurrence, spec);
        ReshapeOutput(rows, states);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (Tensor tensor in (Tensor[])[_gates, _fixed, _dFixed, _h0, _c0, _c, _hLast, _cLast]) tensor.Dispose();
    }

    private static int Inputs(Shape bottom) => Extents.Of(bottom.CountFrom(2), "the number of inputs of a step");

    // The state of the last step.
    private ReadOnlySpan<float> Last(Tensor states) => states.AsReadOnlySpan()[^(int)_h0.Count..];

    private void Show(string pass, string what, Tensor tensor) =>
        Logger.Info("recurrent_layer.cpp",
            $"    [{pass}] Layer {Name}, {what}: {LogNumber.FormatMeanMagnitude(tensor)}");

    private IEnumerable<(string Key, Tensor Last)> Kept() => States == 2 ? [("h", _hLast), ("c", _cLast)]
        : [("h", _hLast)];

    private void CheckShapes(IReadOnlyList<Blob> bottom)
    {
        Shape x = bottom[0].Shape, cont = bottom[1].Shape;
        if (x.NumAxes < 2 || x[0] < 1 || x.CountFrom(2) < 1)
            throw Error($"takes inputs of steps x streams x …, found shape {x}");
        if (cont.NumAxes != 2 || cont[0] != x[0] || cont[1] != x[1])
            throw Error($"takes cont of {x[0]} x {x[1]} (steps x streams) as its second bottom, found shape {cont}");
        if (HasStatic && (bottom[2].NumAxes < 1 || bottom[2].Shape[0] != x[1] || bottom[2].Shape.CountFrom(1) < 1))
            throw Error($"takes a static input for each of {x[1]} streams, found shape {bottom[2].Shape}");
        for (int i = bottom.Count - Exposed; i < bottom.Count; i++)
            if (bottom[i].Count != (long)x[1] * Width)
                throw Error($"takes a first state of 1 x {x[1]} x {Width} as bottom {i}, found shape "
                    + $"{bottom[i].Shape}");
    }
}
