using Google.Protobuf;

namespace Atl.Proto;

/// <summary>
/// Reads and writes the files of Caffe: nets and solvers as text, weights, solver states and mean images as binary
/// protobuf. Every reader upgrades old formats and explains what is wrong with a file it can't take; every writer
/// replaces its file in one step.
/// </summary>
public static class ProtoFiles
{
    /// <summary>
    /// The maximum bytes of blobs that a binary file is written with: protobuf's messages end at 2 GiB, and names and
    /// shapes need room too.
    /// </summary>
    internal const long MostBlobBytes = int.MaxValue - (1 << 24);

    private const string NetText = "a net as text (prototxt)";
    private const string SolverText = "a solver as text (prototxt)";
    private const string NetBinary = "weights as a binary protobuf (caffemodel)";
    private const string StateBinary = "a solver state as a binary protobuf (solverstate)";
    private const string BlobBinary = "a blob as a binary protobuf (binaryproto)";

    /// <summary>Reads a net from text and upgrades it to the current format.</summary>
    /// <exception cref="AtlException">The file is missing or not text.</exception>
    /// <exception cref="PrototxtException">The text is no net; the message names line and column.</exception>
    public static NetParameter ReadNet(string path, TextFormatOptions? options = null)
    {
        NetParameter net = ReadNetAsWritten(path, options);
        NetUpgrade.Apply(net, options?.Note);
        return net;
    }

    /// <summary>Reads a net from text in a stream and upgrades it to the current format.</summary>
    /// <param name="stream">The text in UTF-8, which is read to its end.</param>
    /// <param name="name">What messages call it in place of a file's path.</param>
    /// <param name="options">How it is read.</param>
    /// <exception cref="AtlException">The stream cannot be read, or is no text.</exception>
    /// <exception cref="PrototxtException">The text is no net; the message names line and column.</exception>
    public static NetParameter ReadNet(Stream stream, string name, TextFormatOptions? options = null)
    {
        using InputFile file = InputFile.Read(stream, name, NetText);
        NetParameter net = ReadText<NetParameter, SolverParameter>(file, NetText, "a solver", options);
        NetUpgrade.Apply(net, options?.Note);
        return net;
    }

    /// <summary>Reads a net from text as it stands, whatever its format.</summary>
    /// <exception cref="AtlException">The file is missing or not text.</exception>
    /// <exception cref="PrototxtException">The text is no net; the message names line and column.</exception>
    public static NetParameter ReadNetAsWritten(string path, TextFormatOptions? options = null) =>
        ReadText<NetParameter, SolverParameter>(path, NetText, "a solver", options);

    /// <summary>Reads a solver from text and upgrades it and the nets inside it.</summary>
    /// <exception cref="AtlException">The file is missing or not text.</exception>
    /// <exception cref="PrototxtException">The text is no solver; the message names line and column.</exception>
    public static SolverParameter ReadSolver(string path, TextFormatOptions? options = null)
    {
        SolverParameter solver = ReadSolverAsWritten(path, options);
        SolverUpgrade.Apply(solver, options?.Note);
        return solver;
    }

    /// <summary>Reads a solver from text as it stands, whatever its format.</summary>
    /// <exception cref="AtlException">The file is missing or not text.</exception>
    /// <exception cref="PrototxtException">The text is no solver; the message names line and column.</exception>
    public static SolverParameter ReadSolverAsWritten(string path, TextFormatOptions? options = null) =>
        ReadText<SolverParameter, NetParameter>(path, SolverText, "a net", options);

    /// <summary>
    /// Reads a net with its weights from a binary file (caffemodel) of up to 2 GB and upgrades it, or weights from an
    /// HDF5 file (caffemodel.h5).
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="note">Receives a line for everything upgraded.</param>
    /// <exception cref="AtlException">The file is missing, truncated or something else; the message says
    /// what.</exception>
    public static NetParameter ReadNetBinary(string path, Action<string>? note = null)
    {
        if (Hdf5Snapshots.IsHdf5(path)) return Hdf5Snapshots.ReadWeights(path);
        using InputFile file = InputFile.Read(path, NetBinary);
        return ReadNetBinary(file, note);
    }

    /// <summary>Reads a net with its weights from a binary file in a stream (caffemodel) of up to 2 GB and upgrades
    /// it.</summary>
    /// <param name="stream">The bytes, which are read to their end.</param>
    /// <param name="name">What messages call it in place of a file's path.</param>
    /// <param name="note">Receives a line for everything upgraded.</param>
    /// <exception cref="AtlException">The stream cannot be read, is truncated or something else, HDF5 among it, which
    /// is read from files alone; the message says what.</exception>
    public static NetParameter ReadNetBinary(Stream stream, string name, Action<string>? note = null)
    {
        using InputFile file = InputFile.Read(stream, name, NetBinary);
        return ReadNetBinary(file, note);
    }

    private static NetParameter ReadNetBinary(InputFile file, Action<string>? note)
    {
        string path = file.Path;
        MessageCost.Check(path, file.Bytes, NetParameter.Descriptor);
        LayerWire.FromDisk(file.Bytes, note is null ? null : line => note($"{path}: {line}"));
        NetParameter net = file.Parse(NetParameter.Parser, FileKind.Net, NetBinary);
        try
        {
            NetUpgrade.Apply(net, note is null ? null : line => note($"{path}: {line}"));
        }
        catch (AtlException e)
        {
            // The upgrade knows places in text alone.
            throw new AtlException($"{path}: {e.Message}", e);
        }
        return net;
    }

    /// <summary>Reads a solver state from a binary file or from HDF5 (solverstate.h5).</summary>
    /// <exception cref="AtlException">The file is missing, truncated or something else; the message says
    /// what.</exception>
    public static SolverState ReadSolverState(string path)
    {
        SolverState state = Hdf5Snapshots.IsHdf5(path) ? Hdf5Snapshots.ReadSolverState(path) : ReadBinaryState(path);
        StoredBlobs.Check(state, path);
        return state;
    }

    /// <summary>Reads a blob, such as a mean image, from a binary file.</summary>
    /// <exception cref="AtlException">The file is missing, truncated or something else; the message says
    /// what.</exception>
    public static BlobProto ReadBlob(string path)
    {
        using InputFile file = InputFile.Read(path, BlobBinary);
        BlobProto blob = file.Parse(BlobProto.Parser, FileKind.Blob, BlobBinary);
        RawBlobs.Apply(blob, $"{path}: ");
        StoredBlobs.Check(blob, path);
        return blob;
    }

    /// <summary>Writes a net as text.</summary>
    /// <exception cref="AtlException">The file can't be written.</exception>
    public static void WriteNet(string path, NetParameter net) => WriteText(path, net);

    /// <summary>Writes a solver as text.</summary>
    /// <exception cref="AtlException">The file can't be written.</exception>
    public static void WriteSolver(string path, SolverParameter solver) => WriteText(path, solver);

    /// <summary>Writes a net with its weights as a binary file that BVLC Caffe reads too.</summary>
    /// <exception cref="AtlException">The file can't be written or would pass protobuf's limit of 2 GB.</exception>
    public static void WriteNetBinary(string path, NetParameter net)
    {
        CheckSize(path, net.Layer.SelectMany(l => l.Blobs).Concat(net.Layers.SelectMany(l => l.Blobs)));
        NetParameter head = new();
        head.MergeFrom(net);
        head.Layer.Clear();
        AtomicFile.Write(path, stream =>
        {
            using CodedOutputStream output = new(stream, 1 << 16, leaveOpen: true);
            head.WriteTo(output);
            foreach (LayerParameter layer in net.Layer)
                WriteLayer(stream, output, layer);
            output.Flush();
        });
    }

    /// <summary>Writes a solver state as a binary file.</summary>
    /// <exception cref="AtlException">The file can't be written or would pass protobuf's limit of 2 GB.</exception>
    public static void WriteSolverState(string path, SolverState state)
    {
        CheckSize(path, state.History);
        AtomicFile.Write(path, state.WriteTo);
    }

    /// <summary>Writes weights as an HDF5 file (caffemodel.h5), whose size has no limit.</summary>
    /// <exception cref="AtlException">The file can't be written.</exception>
    public static void WriteWeightsHdf5(string path, NetParameter net) => Hdf5Snapshots.WriteWeights(path, net);

    /// <summary>Checks that the layers of a net do not collide in HDF5, before there is anything to write.</summary>
    /// <param name="layers">The layers, and how many parameters each has.</param>
    /// <param name="withDiff">Whether gradients will be written too.</param>
    /// <exception cref="AtlException">Two layers' names fall together in HDF5; the message has both layers and their
    /// places.</exception>
    internal static void CheckHdf5Names(IEnumerable<(LayerParameter Layer, int Parameters)> layers,
        bool withDiff = false) =>
        Hdf5LayerNames.Check(layers, withDiff);

    /// <summary>Writes a solver state as an HDF5 file (solverstate.h5).</summary>
    /// <exception cref="AtlException">The file can't be written.</exception>
    public static void WriteSolverStateHdf5(string path, SolverState state) =>
        Hdf5Snapshots.WriteSolverState(path, state);

    /// <summary>Whether an HDF5 file holds a solver state rather than weights.</summary>
    /// <exception cref="AtlException">The file is damaged.</exception>
    internal static bool IsHdf5SolverState(string path) => Hdf5Snapshots.IsSolverState(path);

    /// <summary>Writes a blob as a binary file.</summary>
    /// <exception cref="AtlException">The file can't be written or would pass protobuf's limit of 2 GB.</exception>
    public static void WriteBlob(string path, BlobProto blob)
    {
        CheckSize(path, [blob]);
        AtomicFile.Write(path, blob.WriteTo);
    }

    /// <summary>Identifies the content of a file by its bytes.</summary>
    /// <exception cref="AtlException">The file can't be read.</exception>
    internal static FileKind Identify(string path)
    {
        // HDF5 files may be larger than what is read at once.
        if (Hdf5Snapshots.IsHdf5(path)) return FileKind.Hdf5;
        using InputFile file = InputFile.Read(path, "a file");
        return FileKinds.Identify(file.Bytes);
    }

    private static SolverState ReadBinaryState(string path)
    {
        using InputFile file = InputFile.Read(path, StateBinary);
        MessageCost.Check(path, file.Bytes, SolverState.Descriptor);
        SolverState state = file.Parse(SolverState.Parser, FileKind.SolverState, StateBinary);
        RawBlobs.Apply(state, path);
        return state;
    }

    private static T ReadText<T, TOther>(string path, string expected, string other, TextFormatOptions? options)
        where T : IMessage<T>, new()
        where TOther : IMessage<TOther>, new()
    {
        using InputFile file = InputFile.Read(path, expected);
        return ReadText<T, TOther>(file, expected, other, options);
    }

    private static T ReadText<T, TOther>(InputFile file, string expected, string other, TextFormatOptions? options)
        where T : IMessage<T>, new()
        where TOther : IMessage<TOther>, new()
    {
        string path = file.Path;
        FileKind kind = FileKinds.Identify(file.Bytes);
        if (StrayFiles.Describe(file.Bytes) is { } stray)
            throw new AtlException($"{path}: {stray}, expected {expected}");
        if (TextEncodings.IsUtf16(file.Bytes))
            throw new AtlException($"{path}: text in UTF-16, expected {expected} in UTF-8; {TextEncodings.Advice}");
        if (kind is not (FileKind.Text or FileKind.Empty or FileKind.Unknown))
            throw new AtlException($"{path}: {FileKinds.Describe(kind)}, expected {expected}");
        byte[] text = file.Bytes.ToArray();
        try
        {
            return TextFormat.Parse<T>(text, path, options);
        }
        catch (PrototxtException error) when (IsText<TOther>(text))
        {
            throw new AtlException($"{path}: {other} as text, expected {expected} ({error.Problems[0]})", error);
        }
    }

    private static bool IsText<T>(byte[] text)
        where T : IMessage<T>, new()
    {
        try
        {
            TextFormat.Parse<T>(text);
            return true;
        }
        catch (PrototxtException)
        {
            return false;
        }
    }

    /// <summary>Writes any message as text.</summary>
    /// <exception cref="AtlException">The file can't be written.</exception>
    public static void WriteText(string path, IMessage message) =>
        WriteText(path, writer => TextFormat.Print(message, writer));

    /// <summary>Writes any message as text, with the comments of the text that it was read from and in that text's
    /// order.</summary>
    /// <exception cref="AtlException">The file can't be written.</exception>
    internal static void WriteText(string path, IMessage message, TextComments comments) =>
        WriteText(path, writer => TextFormat.Print(message, writer, comments));

    private static void WriteText(string path, Action<TextWriter> print) => AtomicFile.Write(path, stream =>
    {
        using StreamWriter writer = new(stream, leaveOpen: true);
        print(writer);
    });

    // Weights are written as they are; of what else a layer holds some fields have other numbers in files.
    private static void WriteLayer(Stream stream, CodedOutputStream output, LayerParameter layer)
    {
        output.WriteTag(NetParameter.LayerFieldNumber, WireFormat.WireType.LengthDelimited);
        byte[] head = WithoutBlobs(layer);
        if (!LayerWire.ToDisk(head, layer.Type))
        {
            output.WriteMessage(layer);
            return;
        }
        const uint BlobTag = (LayerParameter.BlobsFieldNumber << 3) | WireWalker.Bytes;
        output.WriteLength(head.Length + layer.Blobs.Sum(blob => CodedOutputStream.ComputeUInt32Size(BlobTag)
            + CodedOutputStream.ComputeMessageSize(blob)));
        output.Flush();
        stream.Write(head);
        foreach (BlobProto blob in layer.Blobs)
        {
            output.WriteTag(BlobTag);
            output.WriteMessage(blob);
        }
    }

    private static byte[] WithoutBlobs(LayerParameter layer)
    {
        BlobProto[] blobs = [.. layer.Blobs];
        try
        {
            layer.Blobs.Clear();
            return layer.ToByteArray();
        }
        finally
        {
            layer.Blobs.Add(blobs);
        }
    }

    private static void CheckSize(string path, IEnumerable<BlobProto> blobs)
    {
        long size = blobs.Sum(b => (4L * (b.Data.Count + b.Diff.Count))
            + (8L * (b.DoubleData.Count + b.DoubleDiff.Count)));
        if (size > MostBlobBytes)
            throw new AtlException(
                $"{path}: {size:N0} bytes of blobs, expected at most {MostBlobBytes:N0} (protobuf's limit); HDF5 "
                    + "has none: write to a name ending in .h5");
    }
}
