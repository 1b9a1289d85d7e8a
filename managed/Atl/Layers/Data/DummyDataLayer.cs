using Atl.Fillers;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// DummyData: tops of given shapes filled by fillers (constant 0 by default), once for all tops or one for each.
/// Constant fillers fill once; others fill again before each forward. (Caffe's DummyDataLayer.)
/// </summary>
[LayerType("DummyData")]
internal sealed class DummyDataLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly DummyDataParameter _dummy = parameter.DummyDataParam ?? new DummyDataParameter();
    private RandomStream[] _streams = [];

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(0);

    /// <inheritdoc/>
    public override BlobCount Tops => BlobCount.AtLeast(1);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        for (int i = 0; i < top.Count; i++)
            // A constant is filled in once more where the net has given the memory to other blobs meanwhile.
            if (FillerOf(i).Type != "constant" || !top[i].Data.Memory.HasContent)
                Filler.Fill(FillerOf(i), top[i].Data, _streams[i]);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    public override bool KeepsTop(int top) => FillerOf(top).Type == "constant";

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        CheckCount("data_filler", _dummy.DataFiller.Count, top.Count, 0);
        bool legacy = _dummy.Num.Count > 0;
        if (legacy && _dummy.Shape.Count > 0) throw Error("both shape and num are given, expected one of the two");
        if (legacy)
        {
            CheckCount("num", _dummy.Num.Count, top.Count, 1);
            CheckCount("channels", _dummy.Channels.Count, top.Count, 1);
            CheckCount("height", _dummy.Height.Count, top.Count, 1);
            CheckCount("width", _dummy.Width.Count, top.Count, 1);
        }
        else
        {
            CheckCount("shape", _dummy.Shape.Count, top.Count, 1);
        }
        _streams = [.. Enumerable.Range(0, top.Count).Select(i => CreateStream($"filler {i}"))];
        for (int i = 0; i < top.Count; i++)
        {
            top[i].Reshape(legacy
                ? new Shape(Extent(_dummy.Num, i), Extent(_dummy.Channels, i), Extent(_dummy.Height, i),
                    Extent(_dummy.Width, i))
                : Shape.From(_dummy.Shape[_dummy.Shape.Count == 1 ? 0 : i]));
            if (FillerOf(i).Type == "constant") Fill(top[i].Data, FillerOf(i), _streams[i]);
        }
    }

    /// <summary>Nothing: the shapes are the prototxt's.</summary>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
    }

    private static int Extent(IList<uint> extents, int top) => (int)extents[extents.Count == 1 ? 0 : top];

    private FillerParameter FillerOf(int top) => _dummy.DataFiller.Count switch
    {
        0 => new FillerParameter(),
        1 => _dummy.DataFiller[0],
        _ => _dummy.DataFiller[top],
    };

    private void CheckCount(string field, int found, int tops, int least)
    {
        if (found != 1 && found != tops && found != least)
            throw Error($"dummy_data_param has {found} {field}, expected {(least == 0 ? "none, " : "")}one or one "
                + $"for each of the {tops} tops");
    }
}
