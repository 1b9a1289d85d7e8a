using Atl.Data;
using Atl.Logging;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Data: images and labels from an LMDB of Datum records, in the order of keys, from the first again after the last. Tops:
/// batch × channels × height × width, and the labels (batch). (Caffe's DataLayer.)
/// </summary>
[LayerType("Data")]
public sealed class DataLayer(LayerParameter parameter, LayerContext context) : BatchLayer(parameter, context)
{
    private readonly DataParameter _data = parameter.DataParam ?? new DataParameter();

    /// <inheritdoc/>
    protected override int BatchSize => checked((int)_data.BatchSize);

    /// <inheritdoc/>
    protected override string BatchSizeField => "data_param.batch_size";

    /// <inheritdoc/>
    protected override IBatchSource OpenSource()
    {
        if (!_data.HasSource) throw Error("data_param.source is missing, expected the folder of an LMDB");
        if (_data.Backend != DataParameter.Types.DB.Lmdb)
        {
            string said = _data.HasBackend ? "data_param.backend is LEVELDB" : "data_param.backend is not given, which means LEVELDB";
            throw Error(File.Exists(Path.Combine(_data.Source, "data.mdb"))
                ? $"{said}, but '{_data.Source}' is an LMDB: write backend: LMDB"
                : $"{said}, which cannot be read here: convert '{_data.Source}' to an LMDB and write backend: LMDB");
        }
        LmdbReader reader = new(_data.Source);
        long skip = _data.RandSkip > 0 ? Context.CreateStream(Name, "rand_skip").Next(checked((int)_data.RandSkip)) : 0;
        Log.Info($"Opened lmdb {_data.Source}: {reader.Count} records{(skip > 0 ? $", the first {skip} skipped" : "")}");
        return new LmdbBatchSource(reader, skip);
    }
}
