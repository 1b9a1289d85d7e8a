using System.Runtime.InteropServices;
using Atl.Native;
using Atl.Proto;

namespace Atl.Data;

/// <summary>The functions of LevelDB's C API (leveldb/c.h) that writing needs. Errors come back as text that is freed
/// after it was read.</summary>
internal static unsafe partial class LevelDbLibrary
{
    private const string Name = "leveldb";

    // Systems differ in the file's name. Where it lies beside the program, so does what it needs, which the loader
    // would look for elsewhere.
    static LevelDbLibrary()
    {
        NativeFiles.LoadFirst(["libsnappy.so.1"]);
        NativeFiles.Register(Name, "libleveldb.so.1d", "libleveldb.so.1", "libleveldb.so", "libleveldb.dylib",
            "leveldb.dll");
    }

    /// <summary>Runs a function that reports errors, and turns its error into an exception.</summary>
    /// <param name="what">What is done, for the message.</param>
    /// <param name="call">Takes the place where the function leaves its error.</param>
    /// <exception cref="AtlException">The library is missing, or the function failed.</exception>
    public static nint Checked(string what, Func<nint, nint> call)
    {
        nint error = 0;
        nint result;
        try
        {
            result = call((nint)(&error));
        }
        catch (DllNotFoundException e)
        {
            throw new AtlException($"{what}: the LevelDB library is missing, expected libleveldb.so.1d (Debian's "
                + $"and Ubuntu's package libleveldb1d); {NativePackages.Remedy(Name)}", e);
        }
        if (error == 0) return result;
        string text = Marshal.PtrToStringUTF8(error) ?? "";
        Free(error);
        throw new AtlException($"{what}: {text}");
    }

    [LibraryImport(Name, EntryPoint = "leveldb_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Open(nint options, string folder, nint error);

    [LibraryImport(Name, EntryPoint = "leveldb_close")]
    public static partial void Close(nint database);

    [LibraryImport(Name, EntryPoint = "leveldb_write")]
    public static partial void Write(nint database, nint options, nint batch, nint error);

    [LibraryImport(Name, EntryPoint = "leveldb_get")]
    public static partial nint Get(nint database, nint options, byte* key, nuint keyLength, out nuint valueLength,
    nint error);

    [LibraryImport(Name, EntryPoint = "leveldb_options_create")]
    public static partial nint CreateOptions();

    [LibraryImport(Name, EntryPoint = "leveldb_options_destroy")]
    public static partial void DestroyOptions(nint options);

    [LibraryImport(Name, EntryPoint = "leveldb_options_set_create_if_missing")]
    public static partial void SetCreateIfMissing(nint options, byte value);

    [LibraryImport(Name, EntryPoint = "leveldb_options_set_error_if_exists")]
    public static partial void SetErrorIfExists(nint options, byte value);

    [LibraryImport(Name, EntryPoint = "leveldb_options_set_max_open_files")]
    public static partial void SetMaxOpenFiles(nint options, int value);

    [LibraryImport(Name, EntryPoint = "leveldb_options_set_block_size")]
    public static partial void SetBlockSize(nint options, nuint value);

    [LibraryImport(Name, EntryPoint = "leveldb_options_set_write_buffer_size")]
    public static partial void SetWriteBufferSize(nint options, nuint value);

    [LibraryImport(Name, EntryPoint = "leveldb_readoptions_create")]
    public static partial nint CreateReadOptions();

    [LibraryImport(Name, EntryPoint = "leveldb_readoptions_destroy")]
    public static partial void DestroyReadOptions(nint options);

    [LibraryImport(Name, EntryPoint = "leveldb_writeoptions_create")]
    public static partial nint CreateWriteOptions();

    [LibraryImport(Name, EntryPoint = "leveldb_writeoptions_destroy")]
    public static partial void DestroyWriteOptions(nint options);

    [LibraryImport(Name, EntryPoint = "leveldb_writebatch_create")]
    public static partial nint CreateBatch();

    [LibraryImport(Name, EntryPoint = "leveldb_writebatch_destroy")]
    public static partial void DestroyBatch(nint batch);

    [LibraryImport(Name, EntryPoint = "leveldb_writebatch_put")]
    public static partial void PutInBatch(nint batch, byte* key, nuint keyLength, byte* value, nuint valueLength);

    [LibraryImport(Name, EntryPoint = "leveldb_free")]
    public static partial void Free(nint memory);
}
