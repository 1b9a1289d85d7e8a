using System.Globalization;
using System.Text;
using Atl.Proto;
using Google.Protobuf;

namespace Atl.Data;

/// <summary>Makes a new database of records that Caffe reads; records are written some thousand at a time.</summary>
public abstract class RecordWriter : IDisposable
{
    private const int RecordsAtOnce = 1000;
    private const long BytesAtOnce = 64L << 20;

    private readonly List<(byte[] Key, byte[] Value)> _pending = [];
    private long _pendingBytes;

    /// <summary>Makes the database's folder.</summary>
    /// <exception cref="AtlException">The folder cannot be made.</exception>
    protected RecordWriter(string folder)
    {
        Folder = folder;
        OutputFolder.Make(folder);
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The number of records put.</summary>
    public long Count { get; private set; }

    /// <summary>The key that Caffe's convert_imageset gives to its record of this number and file name:
    /// <c>%08d_name</c>.</summary>
    public static string KeyOf(long number, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:D8}_{name}");

    /// <summary>Puts a Datum.</summary>
    /// <exception cref="AtlException">The key is there already, is too long, or the disk is full.</exception>
    public void Put(string key, Datum datum) => Put(key, datum.ToByteArray());

    /// <summary>Puts a record.</summary>
    /// <exception cref="AtlException">The key is there already, is too long, or the disk is full.</exception>
    public void Put(string key, byte[] value)
    {
        _pending.Add((Encoding.UTF8.GetBytes(key), value));
        _pendingBytes += value.Length;
        Count++;
        if (_pending.Count >= RecordsAtOnce || _pendingBytes >= BytesAtOnce) Commit();
    }

    /// <summary>Writes what was put to the disk.</summary>
    /// <exception cref="AtlException">A key is there already, is too long, or the disk is full.</exception>
    public void Commit()
    {
        if (_pending.Count == 0) return;
        try
        {
            Write(_pending);
        }
        finally
        {
            // What failed once is not tried again on disposal.
            _pending.Clear();
            _pendingBytes = 0;
        }
    }

    /// <summary>Commits and closes.</summary>
    public void Dispose()
    {
        try
        {
            Commit();
        }
        finally
        {
            Close();
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>Writes records, all or none.</summary>
    protected abstract void Write(IReadOnlyList<(byte[] Key, byte[] Value)> records);

    /// <summary>Closes the database.</summary>
    protected abstract void Close();

    /// <summary>Creates the error for a record that cannot be written.</summary>
    protected AtlException Failed(byte[] key, string why) =>
        new($"{Folder}: the record '{Encoding.UTF8.GetString(key)}' cannot be written: {why}");
}
