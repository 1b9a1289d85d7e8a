using Atl.Data;
using Atl.Devices;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Generators.Tests;

/// <summary>A program that does not reference Atl.Images: Atl says so, or takes the program's own decoder.</summary>
public sealed class ImageDecoderTests : FolderFixture
{
    // 1 x 1 pixel.
    private static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mPg5GAHAAA2ABlQSPmGAAAAAElFTkSuQmCC");

    [Test]
    public void AtlNeedsNoLibraryOfImages() => Assert.That(
        typeof(DecodedImage).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name),
        Has.None.Contain("OpenCv").And.None.EqualTo("Atl.Images"));

    [Test]
    public void ANetWithoutADecoderSaysWhatToReferenceAndTakesOneOfTheProgramsOwn()
    {
        File.WriteAllBytes(_folder["a.png"], Png);
        File.WriteAllText(_folder["list.txt"], "a.png 3\n");
        Assert.That(ImageDecoder.Registered, Is.Null, "nothing here references Atl.Images");
        Assert.That(() => Build().Dispose(), Throws.InstanceOf<AtlException>().With.Message.Contain(
            "the program has no image decoder: reference Atl.Images").And.Message.Contain("layer 'images'"));
        Assert.That(() => ImageDecoder.Use(null!), Throws.TypeOf<ArgumentNullException>());

        OwnDecoder decoder = new();
        ImageDecoder.Use(decoder);
        using Net net = Build();
        net.Forward();
        Assert.That(net.FindBlob("x")!.Data.ToArray(),
            Is.EqualTo((float[])[1, 1, 2, 2, 3, 3]), "the decoder's pixels, brought to 1 x 2 by the decoder's image");
        decoder.Failure = new TimeZoneNotFoundException();
        Assert.That(Run, Throws.InstanceOf<AtlException>().With.Message.Contains("in the decoder's words"));
        decoder.Failure = new OutOfMemoryException();
        Assert.That(Run, Throws.InstanceOf<AtlException>().With.Message.Contains("not enough memory for it"));

        void Run()
        {
            using Net another = Build();
            another.Forward();
        }
    }

    private Net Build() => new(
        TextFormat.Parse<NetParameter>($$"""
            layer { name: 'images' type: 'ImageData' top: 'x' top: 'label'
              image_data_param {
                source: '{{_folder["list.txt"]}}' root_folder: '{{_folder[""]}}/'
                new_height: 1 new_width: 2 batch_size: 1
              } }
            """, "net.prototxt"),
        new NetOptions { Phase = Phase.Test, Device = Device.Cpu, Seed = 1 });

    private sealed class OwnDecoder : IImageDecoder
    {
        public Exception? Failure { get; set; }

        public DecodedImage Decode(ReadOnlySpan<byte> encoded, ImageColor color, long maxPixels, string what) =>
            Failure is null ? new OwnImage([1, 2, 3], 1, 1) : throw Failure;

        public DecodedImage FromPlanes(PixelView planes, ImageColor color) =>
            new OwnImage(planes.Bytes.ToArray(), planes.Height, planes.Width);

        public string? Reason(Exception error) => error is TimeZoneNotFoundException ? "in the decoder's words" : null;
    }

    private sealed class OwnImage(byte[] pixels, int height, int width) : DecodedImage
    {
        public override PixelView View => new(pixels, 3, height, width, true);

        public override byte[] ResizedPart(
            int x, int y, int width, int height, int newWidth, int newHeight, bool mirror) => pixels;

        public override byte[] Encode(string extension) => pixels;

        protected override DecodedImage Resize(int height, int width) =>
            new OwnImage([.. Enumerable.Repeat(pixels, height * width).SelectMany(pixel => pixel)], height, width);
    }
}
