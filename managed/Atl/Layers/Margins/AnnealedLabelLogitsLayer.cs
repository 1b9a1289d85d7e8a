using System.Globalization;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// A margin layer whose constant may be annealed over its forwards. A second top, where there is one, reports the
/// constant of this forward. The count is part of
/// the layer's state.
/// </summary>
internal abstract class AnnealedLabelLogitsLayer(LayerParameter parameter, LayerContext context, long iteration)
    : LabelLogitsLayer(parameter, context), ICountingLayer
{
    private const string ForwardsKey = "forwards";

    private readonly long _first = iteration;
    private long _done;

    private long Forwards => _first + _done;

    /// <inheritdoc/>
    public override BlobCount Tops => BlobCount.Between(1, 2);

    /// <inheritdoc/>
    public void ResumeAfter(long forwards) => _done = forwards;

    /// <inheritdoc/>
    public override void SaveState(LayerState state)
    {
        base.SaveState(state);
        state.Put(ForwardsKey, _done);
    }

    /// <inheritdoc/>
    public override void LoadState(LayerState state)
    {
        base.LoadState(state);
        _done = state.FindValue(ForwardsKey) ?? _done;
    }

    /// <summary>Counts a forward and returns how many there were before it.</summary>
    protected long CountForward() => _first + _done++;

    /// <summary>The constant, reported in the second top, after a check that it is a number.</summary>
    protected float Report(string name, double value, IReadOnlyList<Blob> top)
    {
        if (!float.IsFinite((float)value))
            throw Error(string.Create(CultureInfo.InvariantCulture,
                $"{name} is {value} after {Forwards} forwards, expected a finite number"));
        if (top.Count > 1) top[1].Data.AsWriteOnlySpan()[0] = (float)value;
        return (float)value;
    }
}
