using Atl.Fuzz.Formats;
using Atl.Proto;

namespace Atl.Cli.Tests.Documents;

/// <summary>What Caffe's tools take: logs, means, files of old formats, MNIST's and CIFAR-10's files.</summary>
internal static class ToolInputs
{
    private const string OldNet = """
        input: "data" input_dim: 1 input_dim: 3 input_dim: 4 input_dim: 4
        layers { name: "relu" type: RELU bottom: "data" top: "relu" }

        """;

    /// <summary>The inputs.</summary>
    public static IEnumerable<DocumentInput> All =>
    [
        .. from name in (string[])["train.log", "first.log", "second.log"] select DocumentInput.Text(name,
            CaffeLog.Text),
        DocumentInput.At("logs", path =>
        {
            Directory.CreateDirectory(path);
            File.WriteAllText(Path.Combine(path, "train.log"), CaffeLog.Text);
        }),
        DocumentInput.At("mean.binaryproto", path => ProtoFiles.WriteBlob(path, new BlobProto
        {
            Num = 1, Channels = 3, Height = 112, Width = 112, Data = { Enumerable.Repeat(127.5f, 3 * 112 * 112) },
        })),
        DocumentInput.Text("old.prototxt", OldNet),
        DocumentInput.Text("old_solver.prototxt", "net: \"net.prototxt\"\nsolver_type: ADAM\n"),
        DocumentInput.At("old.caffemodel", path =>
        {
            BlobProto weights = new() { Num = 1, Channels = 1, Height = 1, Width = 2, Data = { 1, 2 } };
            NetParameter net = new() { Layers = { new V1LayerParameter { Name = "ip", Blobs = { weights } } } };
            net.Layers[0].Type = V1LayerParameter.Types.LayerType.InnerProduct;
            ProtoFiles.WriteNetBinary(path, net);
        }),
        DocumentInput.At("t10k-images-idx3-ubyte", path => File.WriteAllBytes(
            path, [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28, .. new byte[2 * 28 * 28]])),
        DocumentInput.At("t10k-labels-idx1-ubyte", path => File.WriteAllBytes(path, [0, 0, 8, 1, 0, 0, 0, 2, 7, 9])),
        DocumentInput.At("data/cifar10", path =>
        {
            Directory.CreateDirectory(path);
            string[] batches = [.. Enumerable.Range(1, 5).Select(number => $"data_batch_{number}"), "test_batch"];
            foreach ((int label, string batch) in batches.Index())
                File.WriteAllBytes(Path.Combine(path, $"{batch}.bin"), [(byte)label, .. new byte[3 * 32 * 32]]);
        }),
    ];
}
