using Atl.Data;
using Atl.Logging;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// HDF5Data: rows of the arrays that have the tops' names, from the HDF5 files that a text file lists, over and over;
/// with <c>shuffle</c> in a new order each pass. Tops: batch × the rows' shape, as many as wanted. Nothing is
/// transformed. (Caffe's HDF5DataLayer.)
/// </summary>
[LayerType("HDF5Data")]
internal sealed class HDF5DataLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly HDF5DataParameter _data = parameter.Hdf5DataParam ?? new HDF5DataParameter();
    private Hdf5Rows? _rows;
    private long _taken;

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(0);

    /// <inheritdoc/>
    public override BlobCount Tops => BlobCount.AtLeast(1);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        ShapeTops(top);
        for (int item = 0; item < (int)_data.BatchSize; item++)
            _rows!.Read(_taken++, (i, row) =>
                row.CopyTo((item == 0 ? top[i].Data.AsWriteOnlySpan() : top[i].Data.AsSpan()).Slice(item * row.Length,
                    row.Length)));
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    public override void SaveState(LayerState state)
    {
        base.SaveState(state);
        state.Put("items", _taken);
    }

    /// <inheritdoc/>
    public override void LoadState(LayerState state)
    {
        base.LoadState(state);
        if (state.FindValue("items") is not { } items) return;
        _taken = items;
        Open();
    }

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (Parameter.TransformParam is not null)
            throw Error("transform_param is given, but HDF5Data does not transform data: expected none");
        if (_data.BatchSize == 0) throw Error("hdf5_data_param.batch_size is 0, expected a positive number");
        if (!_data.HasSource)
            throw Error("hdf5_data_param.source is missing, expected a text file that lists HDF5 files");
        Open();
        Logger.Info("hdf5_data_layer.cpp", $"Number of HDF5 files: {_rows!.Files}");
        ShapeTops(top);
    }

    /// <summary>Nothing: the shapes are the files'.</summary>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
    }

    private void Open() => _rows = new Hdf5Rows(_data.Source, Parameter.Top, _data.Shuffle
        ? Context.CreateStream(StreamName, "shuffle").Key : null, Logger);

    private void ShapeTops(IReadOnlyList<Blob> top)
    {
        for (int i = 0; i < top.Count; i++)
            top[i].Reshape(new Shape([(int)_data.BatchSize, .. _rows!.RowShapes[i].Dims]));
    }
}
