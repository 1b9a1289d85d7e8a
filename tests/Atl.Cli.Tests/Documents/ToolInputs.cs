using Atl.Proto;

namespace Atl.Cli.Tests.Documents;

/// <summary>What Caffe's tools take: logs, means, files of old formats, MNIST's and CIFAR-10's files.</summary>
internal static class ToolInputs
{
    private const string Log = """
        I0210 10:00:00.000000  7 solver.cpp:280] Solving LeNet
        I0210 10:00:01.000000  7 solver.cpp:337] Iteration 0, Testing net (#0)
        I0210 10:00:01.000000  7 solver.cpp:404]     Test net output #0: accuracy = 0.125
        I0210 10:00:01.000000  7 solver.cpp:404]     Test net output #1: loss = 2.5 (* 1 = 2.5 loss)
        I0210 10:00:02.000000  7 solver.cpp:228] Iteration 0, loss = 2.5
        I0210 10:00:02.000000  7 solver.cpp:244]     Train net output #0: loss = 2.25 (* 1 = 2.25 loss)
        I0210 10:00:02.000000  7 sgd_solver.cpp:106] Iteration 0, lr = 0.01
        I0210 10:00:09.000000  7 solver.cpp:228] Iteration 100, loss = 0.5
        I0210 10:00:09.000000  7 solver.cpp:244]     Train net output #0: loss = 0.5 (* 1 = 0.5 loss)
        I0210 10:00:09.000000  7 sgd_solver.cpp:106] Iteration 100, lr = 0.0099

        """;

    private const string OldNet = """
        input: "data" input_dim: 1 input_dim: 3 input_dim: 4 input_dim: 4
        layers { name: "relu" type: RELU bottom: "data" top: "relu" }

        """;

    /// <summary>The inputs.</summary>
    public static IEnumerable<DocumentInput> All =>
    [
        .. from name in (string[])["train.log", "first.log", "second.log"] select DocumentInput.Text(name, Log),
        DocumentInput.At("logs", path =>
        {
            Directory.CreateDirectory(path);
            File.WriteAllText(Path.Combine(path, "train.log"), Log);
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
