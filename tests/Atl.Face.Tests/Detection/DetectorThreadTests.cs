using Atl.Data;
using Atl.Face.Detection;
using Atl.Face.Faces;
using Atl.Images;
using Atl.Proto;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Face.Tests.Detection;

/// <summary>Detectors of many threads share the nets and find the same faces, to the last bit, as one alone.</summary>
public sealed class DetectorThreadTests
{
    private const int Detectors = 8;

    // The number of threads of each detector's nets; null for all cores.
    private static readonly int?[] Limits = [1, 2, null, 3];

    private static readonly string Proposal = Convolution("conv1", "data", 10, 3) + """
        layer { name: 'pool1' type: 'Pooling' bottom: 'conv1' top: 'pool1'
            pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
        """ + Convolution("conv2", "pool1", 16, 3) + Convolution("conv3", "conv2", 32, 3)
        + Answer("score", "conv3", "Convolution", 2) + Answer("offsets", "conv3", "Convolution", 4);

    private static readonly string Refinement = Convolution("conv1", "data", 28, 3) + """
        layer { name: 'pool1' type: 'Pooling' bottom: 'conv1' top: 'pool1'
            pooling_param { pool: MAX kernel_size: 3 stride: 2 } }
        """ + Convolution("conv2", "pool1", 48, 3)
        + Answer("score", "conv2", "InnerProduct", 2) + Answer("offsets", "conv2", "InnerProduct", 4);

    private static readonly string Landmark = Convolution("conv1", "data", 32, 3) + """
        layer { name: 'pool1' type: 'Pooling' bottom: 'conv1' top: 'pool1'
            pooling_param { pool: MAX kernel_size: 3 stride: 2 } }
        """ + Convolution("conv2", "pool1", 64, 3)
        + Answer("score", "conv2", "InnerProduct", 2) + Answer("offsets", "conv2", "InnerProduct", 4)
        + Answer("points", "conv2", "InnerProduct", 10);

    [Test]
    public void EightDetectorsOfDrawnNetsGiveTheBitsOfOne()
    {
        Model[] nets = [Drawn(Proposal, 12), Drawn(Refinement, 24), Drawn(Landmark, 48)];
        using Mat first = Photo(72, 96, 1), second = Photo(60, 64, 2), third = Photo(96, 48, 3);
        MtcnnOptions options =
            new() { ProposalThreshold = 0.5f, RefinementThreshold = 0.2f, OutputThreshold = 0.2f };
        Check(nets, options, [first, second, third]);
    }

    [Test]
    public void EightDetectorsOfThePublishedNetsGiveTheBitsOfOne()
    {
        using DecodedImage office = Photograph("office1.jpg"), two = Photograph("test1.jpg");
        Model[] nets = [.. FaceDetectorModel.MtcnnNames.Select(name => Model.Load(
            TestData.Require("weights", "mtcnn", name + ".prototxt"),
            TestData.Require("weights", "mtcnn", name + ".caffemodel")))];
        Check(nets, new MtcnnOptions(), [office.Mat, two.Mat]);

        static DecodedImage Photograph(string name) =>
            DecodedImage.FromFile(TestData.Require("faces", "photos", name), ImageColor.Color);
    }

    private static void Check(Model[] nets, MtcnnOptions options, Mat[] images)
    {
        using FaceDetectorModel owner = new(nets, options);
        DetectedFace[][] right;
        using (IFaceDetector alone = owner.CreateDetector())
            right = [.. images.Select(image => alone.Detect([image])[0].ToArray())];
        int wrong = 0;
        Parallel.For(0, Detectors, new ParallelOptions { MaxDegreeOfParallelism = Detectors }, worker =>
        {
            using MtcnnDetector detector = new(nets, options with { Threads = Limits[worker % Limits.Length] });
            for (int run = 0; run < images.Length; run++)
            {
                int image = (worker + run) % images.Length;
                if (!detector.Detect([images[image]])[0].SequenceEqual(right[image])) Interlocked.Increment(ref wrong);
            }
        });
        Assert.That(wrong, Is.Zero);
        Assert.That(right, Has.All.Not.Empty);
    }

    private static Mat Photo(int height, int width, int seed)
    {
        Mat image = new(height, width, MatType.CV_8UC3);
        byte[] noise = new byte[height * width * 3];
        new Random(seed).NextBytes(noise);
        image.SetArray(noise.Chunk(3).Select(pixel => new Vec3b(pixel[0], pixel[1], pixel[2])).ToArray());
        Cv2.GaussianBlur(image, image, new Size(5, 5), 1.5);
        Cv2.Normalize(image, image, 0, 255, NormTypes.MinMax);
        return image;
    }

    private static Model Drawn(string layers, int side) => Model.Untrained(TextFormat.Parse<NetParameter>($$"""
        layer { name: 'data' type: 'Input' top: 'data'
            input_param { shape { dim: 1 dim: 3 dim: {{side}} dim: {{side}} } } }
        {{layers}}
        layer { name: 'prob' type: 'Softmax' bottom: 'score' top: 'prob' }
        """), new ModelOptions { Seed = 7 });

    private static string Convolution(string name, string bottom, int channels, int kernel) => $$"""

        layer { name: '{{name}}' type: 'Convolution' bottom: '{{bottom}}' top: '{{name}}' convolution_param {
            num_output: {{channels}} kernel_size: {{kernel}} weight_filler { type: 'xavier' } } }
        layer { name: '{{name}}_prelu' type: 'PReLU' bottom: '{{name}}' top: '{{name}}' }

        """;

    private static string Answer(string name, string bottom, string type, int channels)
    {
        string parameter = type == "Convolution" ? "convolution_param { kernel_size: 1" : "inner_product_param {";
        return $$"""

            layer { name: '{{name}}' type: '{{type}}' bottom: '{{bottom}}' top: '{{name}}' {{parameter}}
                num_output: {{channels}} weight_filler { type: 'xavier' } } }

            """;
    }
}
