using System.Text.RegularExpressions;
using Atl.Fuzz.Mutation;
using Atl.Fuzz.Running;
using Atl.Proto;

namespace Atl.Fuzz.Formats;

/// <summary>Weights and solver states.</summary>
internal static partial class WeightFormats
{
    /// <summary>The formats.</summary>
    public static IEnumerable<FuzzFormat> All =>
    [
        new("caffemodel")
        {
            Seeds = scratch => [Made(scratch, "net.caffemodel", WriteWeights), Made(scratch, "old.caffemodel", WriteOldWeights)],
            Mutators = [new ProtobufMutator()],
            Run = RunWeights,
            Shallow = Unreadable(),
        },
    ];

    private static FuzzInput Made(string scratch, string name, Action<string> write)
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

    private static void WriteOldWeights(string path)
    {
        BlobProto weights = new() { Num = 1, Channels = 1, Height = 1, Width = 2, Data = { 1, 2 } };
        NetParameter net = new() { Name = "old", Layers = { new V1LayerParameter { Name = "ip", Blobs = { weights } } } };
        net.Layers[0].Type = V1LayerParameter.Types.LayerType.InnerProduct;
        ProtoFiles.WriteNetBinary(path, net);
    }

    private static void RunWeights(FuzzCase fuzzCase)
    {
        string file = fuzzCase.File;
        fuzzCase.AtlOneOf(
            ["convert", file, "out/x.caffemodel.h5"],
            ["convert", file, "out/x.prototxt"],
            ["upgrade_net_proto_binary", file, "out/x.caffemodel"],
            ["lint", Scene.Deploy, "-weights", file],
            ["diff", file, file]);
        fuzzCase.Atl("run", "-model", Scene.Deploy, "-weights", file, "-out", "out/blobs", "-allow_missing_weights");
    }

    [GeneratedRegex("bytes that break off|none of Caffe's files|bytes that are no|is empty")]
    private static partial Regex Unreadable();
}
