namespace Atl.Data;

/// <summary>A manifest's entry for a table: its file's number and length, and its first and last stored keys.</summary>
internal sealed record LevelDbTableInfo(ulong Number, long Length, byte[] First, byte[] Last);
