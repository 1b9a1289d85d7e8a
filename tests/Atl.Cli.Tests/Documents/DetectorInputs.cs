using Atl.Proto;

namespace Atl.Cli.Tests.Documents;

/// <summary>
/// The three nets of MTCNN, with weights that find the same thing in every image: one face in the square that fills its left upper part, the points where
/// those of a drawn face are. Each net is one convolution or product whose weights are zero and whose biases are the answers.
/// </summary>
internal static class DetectorInputs
{
    private static readonly float[] Certain = [-4, 4], Unmoved = [0, 0, 0, 0];

    // x1 … x5, y1 … y5 as fractions of the box: eyes, nose, corners of the mouth.
    private static readonly float[] Points = [0.36f, 0.64f, 0.5f, 0.39f, 0.61f, 0.32f, 0.32f, 0.5f, 0.68f, 0.68f];

    /// <summary>What makes each folder, by its name.</summary>
    public static IEnumerable<KeyValuePair<string, Action<string>>> Makers => [new("mtcnn", Make)];

    private static void Make(string folder)
    {
        string models = Path.Combine(folder, "mtcnn");
        Directory.CreateDirectory(models);
        // The published P-Net looks every 2 pixels; every 16 gives fewer candidates.
        Write(models, "det1", 12, size => $"convolution_param {{ num_output: {size} kernel_size: 12 stride: 16 }}", "Convolution", Certain, Unmoved);
        Write(models, "det2", 24, size => $"inner_product_param {{ num_output: {size} }}", "InnerProduct", Certain, Unmoved);
        Write(models, "det3", 48, size => $"inner_product_param {{ num_output: {size} }}", "InnerProduct", Certain, Unmoved, Points);
    }

    private static void Write(string folder, string name, int side, Func<int, string> parameter, string type, params float[][] answers)
    {
        StringWriter text = new();
        text.WriteLine($"name: \"{name}\"");
        text.WriteLine($"layer {{ name: \"data\" type: \"Input\" top: \"data\" input_param {{ shape {{ dim: 1 dim: 3 dim: {side} dim: {side} }} }} }}");
        NetParameter weights = new() { Name = name };
        foreach (float[] answer in answers)
        {
            string layer = $"answer{answer.Length}";
            text.WriteLine($"layer {{ name: \"{layer}\" type: \"{type}\" bottom: \"data\" top: \"{layer}\" {parameter(answer.Length)} }}");
            bool convolves = type == "Convolution";
            Shape shape = convolves ? new Shape(answer.Length, 3, side, side) : new Shape(answer.Length, 3 * side * side);
            BlobProto biases = new() { Shape = new Shape(answer.Length).ToMessage(), Data = { answer } };
            weights.Layer.Add(new LayerParameter { Name = layer, Type = type, Blobs = { new Tensor(shape).ToProto(), biases } });
        }
        text.WriteLine("layer { name: \"prob1\" type: \"Softmax\" bottom: \"answer2\" top: \"prob1\" }");
        File.WriteAllText(Path.Combine(folder, $"{name}.prototxt"), text.ToString());
        ProtoFiles.WriteNetBinary(Path.Combine(folder, $"{name}.caffemodel"), weights);
    }
}
