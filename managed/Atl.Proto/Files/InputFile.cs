using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Atl.Proto;

/// <summary>A file's bytes in unmanaged memory, given back on disposal: a caffemodel of hundreds of megabytes leaves no
/// garbage after it.</summary>
internal sealed unsafe class InputFile : IDisposable
{
    private const int MostPiped = 1 << 30;

    private readonly int _length;
    private void* _bytes;

    private InputFile(string path, int length)
    {
        Path = path;
        _length = length;
        _bytes = NativeMemory.Alloc((nuint)Math.Max(length, 1));
    }

    public string Path { get; }

    public Span<byte> Bytes => new(_bytes, _length);

    /// <summary>Reads a whole file; a file that can't be read is an error that says why.</summary>
    public static InputFile Read(string path, string expected)
    {
        try
        {
            using Stream stream = UserFile.Open(path, expected, MostPiped);
            return ReadSeekable(stream, path, expected);
        }
        catch (ArgumentException error)
        {
            throw new AtlException($"'{PathText.Show(path)}': not the name of a file, expected "
                + $"{expected}{PathText.Hint(path)}", error);
        }
        catch (IOException error)
        {
            throw new AtlException($"{path}: reading failed ({error.Message}), expected {expected}", error);
        }
    }

    /// <summary>Reads what is left of a stream; one that cannot be read is an error that says why.</summary>
    /// <param name="stream">The stream, which stays open.</param>
    /// <param name="name">What messages call it in place of a file's path.</param>
    /// <param name="expected">What it is expected to be.</param>
    public static InputFile Read(Stream stream, string name, string expected)
    {
        try
        {
            if (stream.CanSeek) return ReadSeekable(stream, name, expected);
            using MemoryStream copy =
                UserFile.Drain(stream, "a stream that cannot seek,", name, expected, MostPiped);
            return ReadSeekable(copy, name, expected);
        }
        catch (IOException error)
        {
            throw new AtlException($"{name}: reading failed ({error.Message}), expected {expected}", error);
        }
    }

    /// <summary>Parses the bytes as a message of the kind; anything else is an error that names what was
    /// found.</summary>
    public T Parse<T>(MessageParser<T> parser, FileKind kind, string expected)
        where T : IMessage<T>
    {
        if (StrayFiles.Describe(Bytes) is { } stray) throw new AtlException($"{Path}: {stray}, expected {expected}");
        FileKind found = FileKinds.Identify(Bytes);
        if (found != kind && found != FileKind.Unknown)
            throw new AtlException($"{Path}: {FileKinds.Describe(found)}, expected {expected}{Advice(found, kind)}");
        try
        {
            return parser.ParseFrom(Bytes);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new AtlException($"{Path}: {Damage(kind, error)}, expected {expected}", error);
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_bytes);
        _bytes = null;
        GC.SuppressFinalize(this);
    }

    ~InputFile() => NativeMemory.Free(_bytes);

    private static InputFile ReadSeekable(Stream stream, string path, string expected)
    {
        long length = stream.Length - stream.Position;
        if (length > int.MaxValue)
            throw new AtlException($"{path}: {length:N0} bytes, expected {expected} of at most 2,147,483,647 "
                + "(protobuf's limit)");
        InputFile file = new(path, (int)length);
        try
        {
            stream.ReadExactly(file.Bytes);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static string Advice(FileKind found, FileKind wanted) => (found, wanted) switch
    {
        (FileKind.SolverState, FileKind.Net) =>
            "; pass a solver state as -snapshot; its weights are in the .caffemodel of the same name",
        (FileKind.Net, FileKind.SolverState) =>
            "; pass weights as -weights; their solver state is in the .solverstate of the same name",
        _ => "",
    };

    /// <summary>Describes how much of a broken file is intact, in the reader's words.</summary>
    private string Damage(FileKind kind, InvalidProtocolBufferException error)
    {
        WireWalker walker = new(Bytes);
        int whole = 0;
        string last = "";
        while (walker.Next())
        {
            if (kind == FileKind.Net && walker is { Number: 100, Wire: WireWalker.Bytes })
            {
                whole++;
                last = LayerWire.TextField(Bytes.Slice(walker.ValueStart, walker.ValueLength), 1);
            }
        }
        if (!walker.Broken)
            return $"damaged data ({error.Message})";
        string after = whole > 0 ? $" after {whole} complete layers, the last being '{last}'" : "";
        return $"{Bytes.Length:N0} bytes that break off{after} at byte {walker.TagStart:N0} (truncated, or not a "
            + "protobuf file)";
    }
}
