using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Data;
using Atl.Proto;

namespace Atl.Cli.Commands;

/// <summary>convert: Caffe's files between text, binary and HDF5, and means between binary and NumPy.</summary>
internal sealed class ConvertCommand : Command
{
    private static readonly string[] TextEndings = [".prototxt", ".txt", ".pbtxt"];

    public override string Name => "convert";

    public override string Summary =>
        "convert nets, weights, solver states and means between text, binary, HDF5 and NumPy";

    public override IReadOnlyList<Argument> Arguments =>
    [
        new("IN", "a net, weights, a solver state or a blob, recognized by content, text by OUT's name"),
        new("OUT", "the new file: .prototxt is text, .h5 HDF5, .npy NumPy (blobs), .solverstate, .caffemodel and "
            + ".binaryproto binary"),
    ];

    public override IReadOnlyList<Flag> Flags => [];

    public override IReadOnlyList<(string What, string Line)> Examples =>
    [
        ("weights as HDF5", "atl convert face.caffemodel face.caffemodel.h5"),
        ("a mean image for NumPy", "atl convert mean.binaryproto mean.npy"),
    ];

    public override void Run(FlagValues flags, GlogLogger log)
    {
        string from = flags.Argument("IN"), to = flags.Argument("OUT");
        if (Path.GetFullPath(from) == Path.GetFullPath(to))
            throw new UsageException($"IN and OUT are the same file, {from}");
        if (from.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
        {
            (Shape shape, float[] values) = NpyFile.Read(from);
            if (Ends(to, ".h5", ".hdf5")) Hdf5File.Write(to, ("data", shape, values));
            else WriteBlob(from, to, new BlobProto { Shape = shape.ToMessage(), Data = { values } });
            return;
        }
        TextFormatOptions text = CommonOptions.TextFormat(flags, log);
        switch (ProtoFiles.Identify(from))
        {
            case FileKind.Net:
                WriteNet(from, to, ProtoFiles.ReadNetBinary(from, text.Note));
                break;
            case FileKind.Hdf5 when !ProtoFiles.IsHdf5SolverState(from):
                WriteNet(from, to, ProtoFiles.ReadNetBinary(from, text.Note));
                break;
            case FileKind.SolverState or FileKind.Hdf5:
                WriteState(from, to, ProtoFiles.ReadSolverState(from));
                break;
            case FileKind.Blob:
                WriteBlob(from, to, ProtoFiles.ReadBlob(from));
                break;
            case FileKind.Text when Ends(to, ".solverstate", ".solverstate.h5"):
                SolverState state = Parse<SolverState>(from, text);
                RawBlobs.Apply(state, from);
                WriteState(from, to, state);
                break;
            case FileKind.Text when Ends(to, ".binaryproto", ".npy"):
                BlobProto blob = Parse<BlobProto>(from, text);
                RawBlobs.Apply(blob, $"{from}: ");
                WriteBlob(from, to, blob);
                break;
            case FileKind.Text:
                WriteNet(from, to, ProtoFiles.ReadNet(from, text));
                break;
            default:
                throw new AtlException(
                    $"{from}: none of Caffe's files, expected a net, weights, a solver state or a blob");
        }
    }

    private static void WriteNet(string from, string path, NetParameter net)
    {
        StoredBlobs.Check(net, from);
        if (Ends(path, TextEndings)) ProtoFiles.WriteNet(path, net);
        else if (Ends(path, ".h5")) WriteHdf5(from, path, net);
        else if (Ends(path, ".caffemodel", ".binaryproto", ".pb")) ProtoFiles.WriteNetBinary(path, net);
        else throw Ending(from, path, "a net", ".prototxt, .caffemodel or .caffemodel.h5");
    }

    private static void WriteHdf5(string from, string path, NetParameter net)
    {
        try
        {
            ProtoFiles.WriteWeightsHdf5(path, net);
        }
        catch (AtlException e) when (!e.Message.Contains(path, StringComparison.Ordinal))
        {
            // Layers that HDF5 cannot tell apart.
            throw new AtlException($"{from}: {e.Message}", e);
        }
    }

    private static void WriteState(string from, string path, SolverState state)
    {
        StoredBlobs.Check(state, from);
        if (Ends(path, TextEndings)) ProtoFiles.WriteText(path, state);
        else if (Ends(path, ".h5")) ProtoFiles.WriteSolverStateHdf5(path, state);
        else if (Ends(path, ".solverstate")) ProtoFiles.WriteSolverState(path, state);
        else throw Ending(from, path, "a solver state", ".prototxt, .solverstate or .solverstate.h5");
    }

    private static void WriteBlob(string from, string path, BlobProto blob)
    {
        StoredBlobs.Check(blob, from);
        if (Ends(path, TextEndings)) ProtoFiles.WriteText(path, blob);
        else if (Ends(path, ".binaryproto")) ProtoFiles.WriteBlob(path, blob);
        else if (Ends(path, ".npy"))
        {
            using Blob values = blob.ToBlob();
            NpyFile.Write(path, values.Data);
        }
        else throw Ending(from, path, "a blob", ".prototxt, .binaryproto or .npy");
    }

    private static T Parse<T>(string path, TextFormatOptions options)
        where T : Google.Protobuf.IMessage<T>, new() =>
            TextFormat.Parse<T>(UserFile.ReadAll(path, "text"), path, options);

    private static bool Ends(string path, params string[] endings) =>
        endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static AtlException Ending(string from, string path, string what, string expected) =>
        new($"{path}: {what} cannot be written under this name, expected one that ends in {expected}; {from} is "
            + $"{what}");
}
