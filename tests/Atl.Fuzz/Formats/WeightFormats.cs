using System.Text.RegularExpressions;
using Atl.Fuzz.Mutation;
using Atl.Fuzz.Running;
using Atl.Proto;

namespace Atl.Fuzz.Formats;

/// <summary>Weights, solver states and means, as binary protobuf and as HDF5.</summary>
internal static partial class WeightFormats
{
    private static readonly Hdf5Mutator Hdf5Parts = new();

    /// <summary>The formats.</summary>
    public static IEnumerable<FuzzFormat> All =>
    [
        new("caffemodel")
        {
            Seeds = scratch =>
                [Made(scratch, "net.caffemodel", WriteWeights), Made(scratch, "old.caffemodel", WriteOldWeights)],
            Mutators = [new ProtobufMutator()],
            Run = RunWeights,
            Shallow = Unreadable(),
        },
        new("caffemodel-h5")
        {
            Seeds = scratch => [Made(scratch, "net.caffemodel.h5", WriteHdf5Weights)],
            Mutators = [Hdf5Parts],
            Run = RunWeights,
            Shallow = Unreadable(),
        },
        new("solverstate")
        {
            Seeds = scratch => [Made(scratch, "train.solverstate", path => ProtoFiles.WriteSolverState(path, State()))],
            Mutators = [new ProtobufMutator()],
            Run = RunState,
            Shallow = Unreadable(),
        },
        new("solverstate-h5")
        {
            Seeds = scratch =>
                [Made(scratch, "train.solverstate.h5", path => ProtoFiles.WriteSolverStateHdf5(path, State()))],
            Mutators = [Hdf5Parts],
            Run = RunState,
            Shallow = Unreadable(),
        },
        new("hdf5-data")
        {
            Seeds = scratch => [Made(scratch, "data.h5", WriteData)],
            Mutators = [Hdf5Parts],
            Run = fuzzCase => fuzzCase.AtlOneOf(
                ["run", "-model", "scene/hdf5.prototxt", "-out", "out/blobs"],
                ["verify", fuzzCase.File, "-all", "-identity", "lfw", "-names", "scene/features.txt", "-bootstrap",
                    "0"]),
            Shallow = Unreadable(),
        },
        new("mean")
        {
            Seeds = scratch => [Made(scratch, "mean.binaryproto", path => ProtoFiles.WriteBlob(path, Mean()))],
            Mutators = [new ProtobufMutator()],
            Run = fuzzCase => fuzzCase.AtlOneOf(
                ["convert", fuzzCase.File, "out/mean.npy"],
                ["convert", fuzzCase.File, "out/mean.prototxt"],
                ["run", "-model", "scene/mean.prototxt", "-out", "out/blobs"],
                ["extract", Scene.Tree, "-model", Scene.Deploy, "-weights", Scene.Weights, "-mean_file", fuzzCase.File,
                    "-out", "out/x.npy"]),
            Shallow = Unreadable(),
        },
    ];

    /// <summary>An input that is written to a file.</summary>
    public static FuzzInput Made(string scratch, string name, Action<string> write)
    {
        string path = Path.Combine(scratch, name);
        write(path);
        return new FuzzInput(name, File.ReadAllBytes(path));
    }

    private static void WriteWeights(string path)
    {
        using Net net = Scene.BuildDeploy();
        ProtoFiles.WriteNetBinary(path, net.ToProto());
    }

    private static void WriteHdf5Weights(string path)
    {
        using Net net = Scene.BuildDeploy();
        ProtoFiles.WriteWeightsHdf5(path, net.ToProto());
    }

    private static void WriteOldWeights(string path)
    {
        BlobProto weights = new() { Num = 1, Channels = 1, Height = 1, Width = 2, Data = { 1, 2 } };
        NetParameter net =
            new() { Name = "old", Layers = { new V1LayerParameter { Name = "ip", Blobs = { weights } } } };
        net.Layers[0].Type = V1LayerParameter.Types.LayerType.InnerProduct;
        ProtoFiles.WriteNetBinary(path, net);
    }

    private static SolverState State()
    {
        SolverState state = new() { Iter = 1, LearnedNet = "scene/train.caffemodel" };
        using Net net = Scene.Build(Scene.TrainText);
        foreach (LearnableParameter parameter in net.LearnableParameters)
            state.History.Add(new Tensor(parameter.Blob.Shape).ToProto());
        return state;
    }

    private static BlobProto Mean() => new()
    {
        Num = 1,
        Channels = 3,
        Height = Scene.Side,
        Width = Scene.Side,
        Data = { Enumerable.Repeat(127.5f, 3 * Scene.Side * Scene.Side) },
    };

    private static void WriteData(string path)
    {
        float[] data = [.. Enumerable.Range(0, 24).Select(i => Scene.FeatureValue(i / 4, i % 4))];
        Data.Hdf5File.Write(path, ("data", new Shape(6, 4), data), ("label", new Shape(6), [0, 0, 1, 1, 2, 2]));
    }

    private static void RunWeights(FuzzCase fuzzCase)
    {
        string file = fuzzCase.File;
        fuzzCase.AtlOneOf(
            ["convert", file, "out/x.caffemodel.h5"],
            ["convert", file, "out/x.prototxt"],
            ["convert", file, "out/x.caffemodel"],
            ["upgrade_net_proto_binary", file, "out/x.caffemodel"],
            ["lint", Scene.Deploy, "-weights", file],
            ["diff", file, file],
            ["run", "-model", Scene.Deploy, "-weights", file, "-out", "out/blobs", "-allow_missing_weights"]);
    }

    private static void RunState(FuzzCase fuzzCase)
    {
        string file = fuzzCase.File;
        fuzzCase.AtlOneOf(
            ["convert", file, "out/x.solverstate.h5"],
            ["convert", file, "out/x.solverstate"],
            ["convert", file, "out/x.prototxt"],
            ["train", "-solver", Scene.Solver, "-snapshot", file]);
    }

    [GeneratedRegex(
        "bytes that break off|none of Caffe's files|bytes that are no|is empty|The file is too small|not a valid HDF|"
            + "[Ss]uperblock|fit its checksum|no HDF5 file|neither a NumPy")]
    private static partial Regex Unreadable();
}
