using Atl.Devices;
using Atl.Layers;
using Atl.Proto;

namespace Atl.Tests.GradientChecking;

/// <summary>
/// One layer outside a net. Inputs, parameters and running state are put back before every forward, so that equal calls
/// give equal results also where a layer draws or counts.
/// </summary>
internal sealed class LayerHarness : IDisposable
{
    private readonly Device _device;
    private readonly Layer _layer;
    private readonly LayerState _start = new();
    private readonly List<Blob> _bottom = [];
    private readonly List<Blob> _top = [];
    private readonly Dictionary<Tensor, Written> _put = [];

    public LayerHarness(GradientCase test, Device device, bool inPlace = false)
    {
        _device = device;
        LayerParameter parameter = test.ToParameter();
        RandomStream stream = new(test.Seed, "inputs");
        foreach (BottomSpec spec in test.Bottoms)
        {
            Blob blob = new(spec.Shape, $"bottom{_bottom.Count}");
            parameter.Bottom.Add(blob.Name);
            _bottom.Add(blob);
            BottomValues.Add(Draw(spec.Values, spec.Shape.Count, stream));
        }
        for (int i = 0; i < test.Tops; i++)
        {
            Blob blob = inPlace && i == 0 ? _bottom[0] : new Blob(Shape.Scalar, $"top{i}");
            parameter.Top.Add(blob.Name);
            _top.Add(blob);
        }
        _layer = test.Make(parameter, new LayerContext(device, test.Seed));
        _layer.Initialize(_bottom, _top);
        for (int i = 0; i < _layer.Blobs.Count; i++)
        {
            ParamValues.Add(i < test.Params?.Length
                ? Draw(test.Params[i], _layer.Blobs[i].Count, stream)
                : _layer.Blobs[i].Data.AsReadOnlySpan().ToArray());
        }
        _layer.SaveState(_start);
        // Filter's tops have their shape only after a forward.
        Forward();
    }

    public List<float[]> BottomValues { get; } = [];

    public List<float[]> ParamValues { get; } = [];

    public Layer Layer => _layer;

    public int TopCount(int top) => (int)_top[top].Count;

    public float[] Top(int top) => _top[top].Data.AsReadOnlySpan().ToArray();

    public float[] BottomDiff(int bottom) => _bottom[bottom].Diff.AsReadOnlySpan().ToArray();

    public float[] ParamDiff(int param) => _layer.Blobs[param].Diff.AsReadOnlySpan().ToArray();

    public bool Fits(Layout layout) => _bottom.Exists(blob => blob.Data.Accepts(layout));

    /// <summary>Forward from the values above, the bottoms lying in a layout where they can.</summary>
    public void Forward(Layout layout = Layout.Plain)
    {
        _layer.LoadState(_start);
        for (int i = 0; i < _bottom.Count; i++)
            Put(BottomValues[i], _bottom[i].Data, _bottom[i].Data.Accepts(layout) ? layout : Layout.Plain);
        for (int i = 0; i < ParamValues.Count; i++) Put(ParamValues[i], _layer.Blobs[i].Data, Layout.Plain);
        _layer.Reshape(_bottom, _top);
        _layer.Forward(_bottom, _top);
    }

    /// <summary>
    /// Backward from the given top diffs. Bottom diffs are NaN before, so that adding to them shows; parameter diffs
    /// start at
    /// <paramref name="paramDiff"/>. Fails where a bottom diff is written that was not asked for.
    /// </summary>
    public void Backward(IReadOnlyList<float[]> topDiffs, IReadOnlyList<bool> propagateDown,
        Layout layout = Layout.Plain, float paramDiff = 0)
    {
        foreach (Blob blob in _bottom)
            if (!SharesDiffWithATop(blob)) blob.Diff.Fill(float.NaN);
        for (int i = 0; i < _top.Count; i++)
        {
            topDiffs[i].CopyTo(_top[i].Diff.AsWriteOnlySpan());
            if (_top[i].Diff.Accepts(layout)) _top[i].Diff.ReadWrite(_device, layout);
        }
        foreach (Blob blob in _layer.Blobs) blob.Diff.Fill(paramDiff);
        long[] versions = _bottom.ConvertAll(blob => blob.Diff.Version).ToArray();
        _layer.Backward(_top, propagateDown, _bottom);
        for (int i = 0; i < _bottom.Count; i++)
            if (!propagateDown[i] && !SharesDiffWithATop(_bottom[i]))
                Assert.That(_bottom[i].Diff.Version, Is.EqualTo(versions[i]),
                    $"backward wrote the diff of bottom {i}, which was not asked for");
    }

    /// <summary>Makes NaN, after a forward, of the data that a layer says its backward does not read.</summary>
    public void ForgetWhatBackwardDoesNotRead(bool readsBottom)
    {
        BackwardReads reads = _layer.ReadInBackward(_top.Exists(_bottom.Contains));
        if (reads.HasFlag(BackwardReads.TopOrBottom))
        {
            reads = readsBottom ? BackwardReads.FirstBottom : BackwardReads.Tops;
            _layer.ReadsBottom = readsBottom;
        }
        for (int i = 0; i < _bottom.Count; i++)
        {
            bool isRead = reads.HasFlag(i == 0 ? BackwardReads.FirstBottom : BackwardReads.OtherBottoms);
            if (!isRead && !(_top.Contains(_bottom[i]) && reads.HasFlag(BackwardReads.Tops)))
                _bottom[i].Data.Fill(float.NaN);
        }
        foreach (Blob top in _top)
            if (!reads.HasFlag(BackwardReads.Tops) && !_bottom.Contains(top)) top.Data.Fill(float.NaN);
    }

    public void Dispose() => _layer.Dispose();

    // What already lies there is not written again: operators keep what they derive from weights as long as these stay
    // the same.
    private void Put(float[] values, Tensor target, Layout layout)
    {
        if (_put.TryGetValue(target, out Written? last) && last.Version == target.Version && last.Layout == layout
            && last.Values.AsSpan().SequenceEqual(values))
            return;
        values.CopyTo(target.AsWriteOnlySpan());
        if (layout != Layout.Plain) target.ReadWrite(_device, layout);
        _put[target] = new Written(target.Version, layout, [.. values]);
    }

    private bool SharesDiffWithATop(Blob bottom) => _top.Exists(top => top.Diff.Memory == bottom.Diff.Memory);

    private static float[] Draw(Values values, long count, RandomStream stream)
    {
        float[] drawn = new float[count];
        values(drawn, stream);
        return drawn;
    }

    private sealed record Written(long Version, Layout Layout, float[] Values);
}
