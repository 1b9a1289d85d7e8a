using Atl.Data;
using Atl.Logging;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Data: images and labels from a database (LevelDB, which is the default, or LMDB) of Datum records, in the order of
/// keys, from the first again after the last. Tops: batch × channels × height × width, and the labels: batch, or batch
/// × labels where records have several (<c>float_label</c>). (Caffe's DataLayer.)
/// </summary>
[LayerType("Data")]
internal sealed class DataLayer(LayerParameter parameter, LayerContext context)
    : BatchLayer(parameter, context, "data_param", parameter.DataParam?.BatchSize ?? 0)
{
    private readonly DataParameter _data = parameter.DataParam ?? new DataParameter();

    /// <inheritdoc/>
    protected override IBatchSource OpenSource()
    {
        string source = Source(_data.HasSource, _data.Source, "the folder of a LevelDB or an LMDB");
        bool lmdb = _data.Backend == DataParameter.Types.DB.Lmdb;
        if (!lmdb && !LevelDbReader.IsAt(source) && File.Exists(Path.Combine(source, LmdbReader.DataFile)))
        {
            string said = _data.HasBackend ? "data_param.backend is LEVELDB"
                : "data_param.backend is not given, which means LEVELDB";
            throw Error($"{said}, but '{source}' is an LMDB: write backend: LMDB");
        }
        RecordReader reader = RecordDatabase.Open(source, _data.Backend, Logger);
        long skip = DrawSkip(_data.RandSkip);
        string records = reader.Count is { } count ? $": {count} records" : "";
        Logger.Info("data_layer.cpp",
            $"Opened {(lmdb ? "lmdb" : "leveldb")} {source}{records}{(skip > 0 ? $", the first {skip} skipped" : "")}");
        return new RecordBatchSource(reader, skip);
    }
}
