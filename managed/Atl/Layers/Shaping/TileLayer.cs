using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>Tile: the top is <c>tiles</c> copies of the bottom one after another along <c>axis</c>. (Caffe's
/// TileLayer.)</summary>
[LayerType("Tile")]
internal sealed class TileLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly OperatorSlot<Tile, TileSpec> _tile = new();

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _tile.Value.Forward(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _tile.Value.Backward(top[0].Diff, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (Parameter.TileParam is not { HasTiles: true, Tiles: > 0 })
            throw Error("tile_param.tiles must be given and be 1 or more");
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape shape = bottom[0].Shape;
        int axis = shape.CanonicalAxis(Parameter.TileParam.Axis), tiles = Parameter.TileParam.Tiles;
        top[0].Reshape(shape.With(axis, Extents.Product($"the size of axis {axis}", "tile_param.tiles", shape[axis],
            tiles)));
        EnsureOperator(_tile, new TileSpec(shape.CountOf(0, axis), shape.CountFrom(axis), tiles));
    }
}
