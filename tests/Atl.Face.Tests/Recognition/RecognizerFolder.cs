using Atl.Face.Datasets;
using Atl.Faults;
using Atl.Proto;

namespace Atl.Face.Tests.Recognition;

/// <summary>Folders for <see cref="FaceRecognizer.Load"/>: a small embedding net with drawn weights, and MTCNN that
/// finds faces at the same places of every image.</summary>
internal static class RecognizerFolder
{
    public const string Net = """
        name: 'small'
        layer { name: 'data' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 3 dim: 112 dim: 112 } } }
        layer { name: 'conv1' type: 'Convolution' bottom: 'data' top: 'conv1'
            convolution_param { num_output: 8 kernel_size: 3 stride: 4 weight_filler { type: 'xavier' } } }
        layer { name: 'relu1' type: 'PReLU' bottom: 'conv1' top: 'conv1' }
        layer { name: 'conv2' type: 'Convolution' bottom: 'conv1' top: 'conv2'
            convolution_param { num_output: 16 kernel_size: 3 stride: 2 weight_filler { type: 'xavier' } } }
        layer { name: 'fc5' type: 'InnerProduct' bottom: 'conv2' top: 'fc5'
            inner_product_param { num_output: 32 weight_filler { type: 'xavier' } } }
        """;

    private static readonly Lazy<byte[][]> Drawn =
        new(() => [.. SyntheticFaces.Create(4, 2, seed: 4).Select(FaceImage.Png)]);

    /// <summary>Images of four people, two of each.</summary>
    public static IReadOnlyList<byte[]> Images => Drawn.Value;

    /// <summary>The images, to recognize.</summary>
    public static ImageInput Image(int number) => ImageInput.FromBytes(Images[number]);

    /// <summary>Writes net and weights, and the detector where asked.</summary>
    public static void Make(string folder, string net = Net, ulong seed = 3, bool detector = true)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, FaceRecognizer.NetFile), net);
        using Net built = new(TextFormat.Parse<NetParameter>(net), new NetOptions { Phase = Phase.Test, Seed = seed });
        ProtoFiles.WriteNetBinary(Path.Combine(folder, FaceRecognizer.WeightsFile), built.ToProto());
        if (detector) DetectorNets.Make(folder);
    }
}
