using Atl.Logging;
using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Pooling: MAX, AVE or STOCHASTIC over windows of the two spatial axes of N × C × height × width;
/// <c>global_pooling</c> takes the whole image. The number of windows is rounded up, or down with <c>round_mode:
/// FLOOR</c>. MAX gives a second top where asked: the position of each maximum, row·width + column. STOCHASTIC draws in
/// TRAIN and takes the expectation in TEST. (Caffe's PoolingLayer.)
/// </summary>
[LayerType("Pooling")]
internal sealed class PoolingLayer : Layer
{
    private readonly PoolingParameter _given;
    private readonly RandomStream? _draws;
    private readonly PoolingMethod _method;
    private readonly OperatorSlot<Pooling, PoolingSpec> _pooling = new();
    private bool _warned;

    /// <summary>Reads the method.</summary>
    public PoolingLayer(LayerParameter parameter, LayerContext context)
        : base(parameter, context)
    {
        _given = parameter.PoolingParam ?? new PoolingParameter();
        _method = _given.Pool switch
        {
            PoolingParameter.Types.PoolMethod.Max => PoolingMethod.Max,
            PoolingParameter.Types.PoolMethod.Ave => PoolingMethod.Average,
            _ => Phase == Phase.Train ? PoolingMethod.Draw : PoolingMethod.Expectation,
        };
        if (_method == PoolingMethod.Draw) _draws = CreateStream("draws");
    }

    /// <inheritdoc/>
    public override BlobCount Tops => _method == PoolingMethod.Max ? BlobCount.Between(1, 2) : BlobCount.Exactly(1);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _pooling.Value.Forward(bottom[0].Data, top[0].Data, top.Count > 1 ? top[1].Data : null, _draws, NeedsBackward);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _pooling.Value.Backward(bottom[0].Data, top[0].Data, top[0].Diff, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) =>
        _method == PoolingMethod.Expectation ? BackwardReads.Everything : BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (_given is { HasCeilMode: true, HasRoundMode: true })
            throw Error("pooling_param: give round_mode or ceil_mode, not both");
        if (_given.Pool == PoolingParameter.Types.PoolMethod.Stochastic
            && (_given.Pad > 0 || _given.PadH > 0 || _given.PadW > 0))
            throw Error("pooling_param: STOCHASTIC pooling does not support padding");
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape input = bottom[0].Shape;
        if (input.NumAxes != 4)
            throw Error($"takes a bottom with 4 axes (num, channels, height, width), found shape {input}");
        PoolingWindow window = PoolingWindow.Read(_given, input[2], input[3]);
        bool floor = _given.HasCeilMode ? !_given.CeilMode : _given.RoundMode == PoolingParameter.Types.RoundMode.Floor;
        Extent2D count = window.Count(input[2], input[3], floor, out bool dropped);
        if (dropped && !_warned)
        {
            Logger.Warning("pooling_layer.cpp",
                $"layer '{Name}': the last window would start beyond the image of {input[2]} x {input[3]}; "
                + $"it is dropped, the top is {count.Height} x {count.Width}");
            _warned = true;
        }
        Shape output = new(input[0], input[1], count.Height, count.Width);
        foreach (Blob blob in top) blob.Reshape(output);
        EnsureOperator(_pooling, new PoolingSpec(_method, input, output, window.Kernel, window.Stride,
            window.Pad));
    }
}
