using Atl.Face.Detection;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Face.Tests.Detection;

/// <summary>P-Net finds the same candidates whether it sees a level at once or in tiles.</summary>
public class ProposalStageTests
{
    // P-Net's layers with drawn weights.
    private const string Layers = """
        input: "data" input_shape { dim: 1 dim: 3 dim: 12 dim: 12 }
        layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
          convolution_param { num_output: 10 kernel_size: 3 weight_filler { type: "xavier" } } }
        layer { name: "prelu1" type: "PReLU" bottom: "conv1" top: "conv1" }
        layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1"
          pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
        layer { name: "conv2" type: "Convolution" bottom: "pool1" top: "conv2"
          convolution_param { num_output: 16 kernel_size: 3 weight_filler { type: "xavier" } } }
        layer { name: "prelu2" type: "PReLU" bottom: "conv2" top: "conv2" }
        layer { name: "conv3" type: "Convolution" bottom: "conv2" top: "conv3"
          convolution_param { num_output: 32 kernel_size: 3 PAD weight_filler { type: "xavier" } } }
        layer { name: "prelu3" type: "PReLU" bottom: "conv3" top: "conv3" }
        layer { name: "conv4-1" type: "Convolution" bottom: "conv3" top: "conv4-1"
          convolution_param { num_output: 2 kernel_size: 1 weight_filler { type: "gaussian" std: 2 } } }
        layer { name: "conv4-2" type: "Convolution" bottom: "conv3" top: "conv4-2"
          convolution_param { num_output: 4 kernel_size: 1 weight_filler { type: "xavier" } } }
        layer { name: "prob1" type: "Softmax" bottom: "conv4-1" top: "prob1" }
        """;

    [Test]
    public void TilesCoverEachCellOnce(
        [Values(12, 13, 14, 37, 64, 65)] int width, [Values(12, 31, 40, 1000)] int height,
        [Values(144, 500, 4000)] int pixels)
    {
        LevelTile whole = LevelTile.Of(new Size(width, height), int.MaxValue).Single();
        Assert.That(whole.Pixels, Is.EqualTo(new Rect(0, 0, width, height)));
        int[,] seen = new int[whole.Rows, whole.Columns];
        foreach (LevelTile tile in LevelTile.Of(new Size(width, height), pixels))
        {
            // A tile's pixels give its cells and no more, within the level.
            Assert.That(LevelTile.Of(tile.Pixels.Size, int.MaxValue).Single() with { Pixels = default }, Is.EqualTo(
                new LevelTile(0, 0, tile.Columns, tile.Rows, default)));
            Assert.That(whole.Pixels.Contains(tile.Pixels), Is.True);
            Assert.That(tile.Pixels.Width * tile.Pixels.Height,
                Is.LessThanOrEqualTo(Math.Max(pixels, LevelTile.Cell * 2 * LevelTile.Cell)));
            for (int y = 0; y < tile.Rows; y++)
                for (int x = 0; x < tile.Columns; x++) seen[tile.Y + y, tile.X + x]++;
        }
        Assert.That(seen, Is.All.EqualTo(1));
    }

    [TestCase(false, 157, 211, 12, 600)]
    [TestCase(true, 157, 211, 12, 600)]
    [TestCase(true, 90, 200, 14, 3000)]
    [TestCase(false, 13, 300, 12, 150)]
    public void TilesFindWhatTheWholeLevelFinds(bool transposed, int height, int width, int minSize, int pixels)
    {
        using Mat photo = Photo(height, width);
        List<Candidate> whole = Propose([photo], transposed, minSize, int.MaxValue)[0],
            tiled = Propose([photo], transposed, minSize, pixels)[0];
        Assert.That(whole, Has.Count.GreaterThan(4));
        Assert.That(tiled.Select(candidate => candidate.Box), Is.EqualTo(whole.Select(candidate => candidate.Box)));
        Assert.That(tiled.Select(candidate => candidate.Score), Is.EqualTo(whole.Select(candidate => candidate.Score))
            .Within(1e-5f));
    }

    [Test]
    public void TilesOfSeveralImagesKeepTheirImages()
    {
        using Mat first = Photo(60, 80), second = first.Flip(FlipMode.Y);
        List<Candidate>[] whole = Propose([first, second], true, 12, int.MaxValue),
            tiled = Propose([first, second], true, 12, 900);
        for (int i = 0; i < 2; i++)
            Assert.That(tiled[i].Select(candidate => (candidate.Image, candidate.Box)),
                Is.EqualTo(whole[i].Select(candidate => (i, candidate.Box))));
    }

    [Test]
    public void ANetWithOtherCellsIsRefusedWhereTilesAreNeeded()
    {
        using Mat photo = Photo(60, 80);
        Assert.That(() => Propose([photo], false, 12, 900, "pad: 1"), Throws.TypeOf<AtlException>()
            .With.Message.Contain("P-Net computes a map of").And.Message.Contain("cells of 12 x 12 pixels, 2 apart"));
        Assert.That(() => Propose([photo], false, 12, int.MaxValue, "pad: 1"), Throws.Nothing);
    }

    private static List<Candidate>[] Propose(IReadOnlyList<Mat> images, bool transposed, int minSize, int pixels,
        string pad = "")
    {
        NetParameter net = TextFormat.Parse<NetParameter>(
            System.Text.Encoding.UTF8.GetBytes(Layers.Replace("PAD", pad, StringComparison.Ordinal)), "det1.prototxt");
        NetUpgrade.Apply(net);
        using Model model = Model.Untrained(net);
        using DetectorNet built = new(model, "P-Net", null, 2, 4);
        MtcnnOptions options = new()
        { MinSize = minSize, Transposed = transposed, ProposalThreshold = 0.7f, PixelsAtOnce = pixels };
        return new ProposalStage(built, new PixelPlanes(127.5f, 1 / 128f, true, transposed), options).Run(images);
    }

    // Smooth, with edges, as photographs are.
    private static Mat Photo(int height, int width)
    {
        Mat image = new(height, width, MatType.CV_8UC3);
        byte[] noise = new byte[height * width * 3];
        new Random(11).NextBytes(noise);
        image.SetArray(noise.Chunk(3).Select(pixel => new Vec3b(pixel[0], pixel[1], pixel[2])).ToArray());
        Cv2.GaussianBlur(image, image, new Size(7, 7), 2);
        Cv2.Normalize(image, image, 0, 255, NormTypes.MinMax);
        Cv2.Circle(image, new Point(width / 3, height / 2), Math.Min(width, height) / 4, Scalar.All(230), -1);
        return image;
    }
}
