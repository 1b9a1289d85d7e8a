using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// SPP, spatial pyramid pooling: level l of <c>pyramid_height</c> levels pools the bottom, N × C × height × width, to
/// 2^l × 2^l windows; the levels' values follow one another in the top, N × C·(4^pyramid_height − 1)/3. A pyramid of
/// one level is N × C × 1 × 1. MAX or AVE. (He et al., 2014; Caffe's SPPLayer.)
/// </summary>
[LayerType("SPP")]
internal sealed class SPPLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private const int MostLevels = 15;
    private readonly SPPParameter _given = parameter.SppParam ?? new SPPParameter();
    private readonly List<Level> _levels = [];
    private readonly OperatorSlot<Concat, ConcatSpec> _concat = new();
    private readonly OperatorSlot<Sum, SumSpec> _sum = new();

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (_levels.Count == 1)
        {
            _levels[0].Pooling.Forward(bottom, top);
            return;
        }
        foreach (Level level in _levels) level.Pooling.Forward([level.Input], [level.Pooled]);
        _concat.Value.Join([.. _levels.Select(level => level.Pooled.Data)], top[0].Data);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (!propagateDown[0]) return;
        if (_levels.Count == 1)
        {
            _levels[0].Pooling.Backward(top, propagateDown, bottom);
            return;
        }
        _concat.Value.Cut(top[0].Diff, [.. _levels.Select(level => level.Pooled.Diff)]);
        foreach (Level level in _levels) level.Pooling.Backward([level.Pooled], propagateDown, [level.Input]);
        _sum.Value.Forward([.. _levels.Select(level => level.Input.Diff)], bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (_given.PyramidHeight is < 1 or > MostLevels)
            throw Error($"spp_param.pyramid_height must be 1 to {MostLevels}, found {_given.PyramidHeight}");
        if (_given.Pool == SPPParameter.Types.PoolMethod.Stochastic)
            throw Error("spp_param.pool must be MAX or AVE: STOCHASTIC does not support the padding that a pyramid "
                + "needs");
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape shape = bottom[0].Shape;
        if (shape.NumAxes != 4)
            throw Error($"takes a bottom with 4 axes (num, channels, height, width), found shape {shape}");
        if (_levels.Count == 0 || !_levels[0].Shape.Equals(shape)) MakeLevels(shape);
        if (_levels.Count == 1)
        {
            Reshape(_levels[0].Pooling, bottom, top);
            return;
        }
        int[] extents = new int[_levels.Count];
        for (int i = 0; i < extents.Length; i++)
        {
            _levels[i].Input.Data.Share(bottom[0].Data);
            Reshape(_levels[i].Pooling, [_levels[i].Input], [_levels[i].Pooled]);
            extents[i] = Extents.Of(
                _levels[i].Pooled.Shape.CountFrom(1), $"the number of values of level {i}", "spp_param.pyramid_height");
        }
        Shape whole = new(shape[0], Extents.Sum("the number of values", "spp_param.pyramid_height", extents));
        top[0].Reshape(whole);
        EnsureOperator(_concat, new ConcatSpec(whole, 1, extents));
        EnsureOperator(_sum, new SumSpec(shape.Count));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => FreeLevels();

    private void Reshape(PoolingLayer pooling, IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        pooling.NeedsBackward = NeedsBackward;
        pooling.Reshape(bottom, top);
    }

    private void MakeLevels(Shape shape)
    {
        FreeLevels();
        for (int level = 0; level < _given.PyramidHeight; level++)
        {
            int bins = 1 << level;
            (uint kernelHeight, uint padHeight) = Window(shape[2], bins);
            (uint kernelWidth, uint padWidth) = Window(shape[3], bins);
            LayerParameter pooling = new()
            {
                Name = $"{Name}/level{level}",
                Type = "Pooling",
                Phase = Phase,
                PoolingParam = new PoolingParameter
                {
                    Pool = _given.Pool == SPPParameter.Types.PoolMethod.Max ? PoolingParameter.Types.PoolMethod.Max
                        : PoolingParameter.Types.PoolMethod.Ave,
                    KernelH = kernelHeight,
                    KernelW = kernelWidth,
                    StrideH = kernelHeight,
                    StrideW = kernelWidth,
                    PadH = padHeight,
                    PadW = padWidth,
                },
            };
            _levels.Add(new Level(shape, new PoolingLayer(pooling, Context), new Blob(shape), new Blob()));
        }
    }

    // As many pixels a window as make the windows cover the extent, the rest shared out on both sides.
    private (uint Kernel, uint Pad) Window(int extent, int bins)
    {
        if (extent == 0) throw Error("takes no empty images");
        long kernel = ((long)extent + bins - 1) / bins, pad = (kernel * bins - extent + 1) / 2;
        if (pad >= kernel)
            throw Error($"a size of {extent} is too small for {bins} windows; lower spp_param.pyramid_height");
        return ((uint)kernel, (uint)pad);
    }

    private void FreeLevels()
    {
        foreach (Level level in _levels) level.Dispose();
        _levels.Clear();
    }

    // Input shares the bottom's data and has a gradient of its own.
    private sealed record Level(Shape Shape, PoolingLayer Pooling, Blob Input, Blob Pooled) : IDisposable
    {
        public void Dispose()
        {
            Pooling.Dispose();
            Input.Dispose();
            Pooled.Dispose();
        }
    }
}
