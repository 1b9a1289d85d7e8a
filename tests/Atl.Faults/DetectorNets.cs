using Atl.Proto;

namespace Atl.Faults;

/// <summary>
/// The three nets of MTCNN, with weights that find the same in every image: faces in its upper left part, the largest
/// of which fills it, with the landmarks where those of a drawn face are. Each answer of a net is one convolution or
/// inner product of the image whose weights are zero and whose biases are the answer.
/// </summary>
internal static class DetectorNets
{
    private static readonly float[] Certain = [-4, 4], Unmoved = [0, 0, 0, 0];

    // x1 … x5, y1 … y5 as fractions of the box: eyes, nose, corners of the mouth.
    private static readonly float[] Landmarks = [.36f, .64f, .5f, .39f, .61f, .32f, .32f, .5f, .68f, .68f];

    /// <summary>Writes det1, det2 and det3 into a folder.</summary>
    public static void Make(string models)
    {
        Directory.CreateDirectory(models);
        Write(models, "det1", 12, Convolution, Certain, Unmoved);
        Write(models, "det2", 24, InnerProduct, Certain, Unmoved);
        Write(models, "det3", 48, InnerProduct, Certain, Unmoved, Landmarks);
    }

    // The published P-Net looks every 2 pixels; every 16 gives fewer candidates.
    private static LayerParameter Convolution(int values, int side) => new()
    {
        Type = "Convolution",
        ConvolutionParam =
            new ConvolutionParameter { NumOutput = (uint)values, KernelSize = { (uint)side }, Stride = { 16 } },
        Blobs = { new Tensor(new Shape(values, 3, side, side)).ToProto() },
    };

    private static LayerParameter InnerProduct(int values, int side) => new()
    {
        Type = "InnerProduct",
        InnerProductParam = new InnerProductParameter { NumOutput = (uint)values },
        Blobs = { new Tensor(new Shape(values, 3 * side * side)).ToProto() },
    };

    private static void Write(
        string folder, string name, int side, Func<int, int, LayerParameter> product, params float[][] answers)
    {
        InputParameter shape = new() { Shape = { new Shape(1, 3, side, side).ToMessage() } };
        LayerParameter data = new() { Name = "data", Type = "Input", Top = { "data" }, InputParam = shape };
        NetParameter net = new() { Name = name, Layer = { data } };
        foreach (float[] answer in answers)
        {
            LayerParameter layer = product(answer.Length, side);
            layer.Name = $"answer{answer.Length}";
            layer.Bottom.Add("data");
            layer.Top.Add(layer.Name);
            layer.Blobs.Add(new BlobProto { Shape = new Shape(answer.Length).ToMessage(), Data = { answer } });
            net.Layer.Add(layer);
        }
        string scores = $"answer{Certain.Length}";
        net.Layer.Add(new LayerParameter { Name = "prob1", Type = "Softmax", Bottom = { scores }, Top = { "prob1" } });
        ProtoFiles.WriteNetBinary(Path.Combine(folder, $"{name}.caffemodel"), net);
        foreach (LayerParameter layer in net.Layer) layer.Blobs.Clear();
        ProtoFiles.WriteNet(Path.Combine(folder, $"{name}.prototxt"), net);
    }
}
