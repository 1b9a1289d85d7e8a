namespace Atl.Data;

/// <summary>What a manifest says of a table: its file's number and length, and its first and last stored
/// keys.</summary>
internal sealed record LevelDbTableInfo(ulong Number, long Length, byte[] First, byte[] Last);
