using Atl.Proto;

namespace Atl.Fuzz.Running;

/// <summary>The three nets of MTCNN with weights that find nothing, so that images are what is tried.</summary>
internal static class DetectorModels
{
    private static readonly float[] Never = [4, -4];

    /// <summary>Writes them.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        Write(folder, "det1", 12, Never.Length, 4);
        Write(folder, "det2", 24, Never.Length, 4);
        Write(folder, "det3", 48, Never.Length, 4, 10);
    }

    // Each answer is one product of the image with weights of zero and a bias, which is the answer.
    private static void Write(string folder, string name, int side, params int[] answers)
    {
        NetParameter net = new() { Name = name };
        InputParameter shape = new() { Shape = { new Shape(1, 3, side, side).ToMessage() } };
        net.Layer.Add(new LayerParameter { Name = "data", Type = "Input", Top = { "data" }, InputParam = shape });
        foreach (int values in answers)
        {
            LayerParameter layer = side == 12 ? Convolution(values, side) : InnerProduct(values, side);
            (layer.Name, float[] bias) = ($"answer{values}", values == Never.Length ? Never : new float[values]);
            layer.Bottom.Add("data");
            layer.Top.Add(layer.Name);
            layer.Blobs.Add(new BlobProto { Shape = new Shape(values).ToMessage(), Data = { bias } });
            net.Layer.Add(layer);
        }
        net.Layer.Add(
            new LayerParameter { Name = "prob1", Type = "Softmax", Bottom = { "answer2" }, Top = { "prob1" } });
        ProtoFiles.WriteNetBinary(Path.Combine(folder, $"{name}.caffemodel"), net);
        foreach (LayerParameter layer in net.Layer) layer.Blobs.Clear();
        ProtoFiles.WriteNet(Path.Combine(folder, $"{name}.prototxt"), net);
    }

    private static LayerParameter Convolution(int values, int side) => new()
    {
        Type = "Convolution",
        ConvolutionParam =
            new ConvolutionParameter { NumOutput = (uint)values, KernelSize = { (uint)side }, Stride = { 2 } },
        Blobs = { new Tensor(new Shape(values, 3, side, side)).ToProto() },
    };

    private static LayerParameter InnerProduct(int values, int side) => new()
    {
        Type = "InnerProduct",
        InnerProductParam = new InnerProductParameter { NumOutput = (uint)values },
        Blobs = { new Tensor(new Shape(values, 3 * side * side)).ToProto() },
    };
}
