using Atl.Proto;

namespace Atl.Layers;

/// <summary>A layer's running state as named entries.</summary>
public static class LayerStateExtensions
{
    /// <summary>Adds a number.</summary>
    public static void Put(this LayerState state, string key, long value) =>
        state.Entry.Add(new LayerState.Types.Entry { Key = key, Value = value });

    /// <summary>Adds bytes.</summary>
    public static void Put(this LayerState state, string key, ReadOnlySpan<byte> data) =>
        state.Entry.Add(new LayerState.Types.Entry { Key = key, Data = Google.Protobuf.ByteString.CopyFrom(data) });

    /// <summary>The number of a key; null where the state has none.</summary>
    public static long? FindValue(this LayerState state, string key)
    {
        foreach (LayerState.Types.Entry entry in state.Entry)
            if (entry.Key == key && entry.HasValue)
                return entry.Value;
        return null;
    }

    /// <summary>The bytes of a key; null where the state has none.</summary>
    public static byte[]? FindData(this LayerState state, string key)
    {
        foreach (LayerState.Types.Entry entry in state.Entry)
            if (entry.Key == key && entry.HasData)
                return entry.Data.ToByteArray();
        return null;
    }
}
