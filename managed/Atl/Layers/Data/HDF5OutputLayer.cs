using Atl.Data;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// HDF5Output: writes its two bottoms to an HDF5 file as the arrays <c>data</c> and <c>label</c>. Where Caffe's file
/// holds one forward, this one holds all of them, row after row; it is written when the rows have doubled and at the
/// end. (Caffe's HDF5OutputLayer.)
/// </summary>
[LayerType("HDF5Output")]
internal sealed class HDF5OutputLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private static readonly string[] Names = ["data", "label"];

    private readonly HDF5OutputParameter _output = parameter.Hdf5OutputParam ?? new HDF5OutputParameter();
    private readonly List<float>[] _values = [[], []];
    private readonly Shape[] _rowShapes = new Shape[2];
    private int _rows, _written;

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(2);

    /// <inheritdoc/>
    public override BlobCount Tops => BlobCount.Exactly(0);

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => false;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        for (int i = 0; i < Names.Length; i++)
        {
            Shape row = new(bottom[i].Shape.Dims[1..]);
            if (_rows == 0) _rowShapes[i] = row;
            if (!row.Equals(_rowShapes[i]))
                throw Error(
                    $"a row of '{Names[i]}' has shape {row}, expected {_rowShapes[i]} as in the forwards before");
        }
        for (int i = 0; i < Names.Length; i++) _values[i].AddRange(bottom[i].Data.AsReadOnlySpan());
        _rows += bottom[0].Shape[0];
        if (_rows >= 2 * _written) Write();
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (_output.FileName.Length == 0)
            throw Error("hdf5_output_param.file_name is missing, expected the file to write");
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (bottom[0].Shape.NumAxes == 0 || bottom[1].Shape.NumAxes == 0 || bottom[0].Shape[0] != bottom[1].Shape[0])
            throw Error($"bottoms of shapes {bottom[0].Shape} and {bottom[1].Shape}, expected the same number of "
                + "rows in both");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _rows > _written) Write();
    }

    private void Write()
    {
        Hdf5File.Write(_output.FileName,
            Enumerable.Range(0, Names.Length)
                .Select(i => (Names[i], new Shape([_rows, .. _rowShapes[i].Dims]), _values[i].ToArray())));
        _written = _rows;
    }
}
