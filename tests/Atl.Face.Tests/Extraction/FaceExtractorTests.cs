using Atl.Face.Datasets;
using Atl.Face.Extraction;
using Atl.Face.Verification;
using Atl.Proto;

namespace Atl.Face.Tests.Extraction;

internal class FaceExtractorTests
{
    // A net whose feature is the scaled image itself.
    private static NetParameter Identity(string extra = "") => TextFormat.Parse<NetParameter>(
        "name: 'identity' layer { name: 'in' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 1 dim: 2 dim: 3 } } }"
        + "layer { name: 'out' type: 'Flatten' bottom: 'data' top: 'feature' }" + extra);

    private static FaceSample Face(params byte[] pixels) => new(pixels, 0, 1, 2, 3);

    [Test]
    public void TheFeatureIsThatOfThePictureAndOfItsMirrorImage()
    {
        using FaceExtractor extractor = new(Identity(), [], new ExtractionOptions());
        FeatureMatrix features = extractor.Extract([Face(0, 1, 2, 3, 4, 5), Face(10, 20, 30, 40, 50, 255)]);
        Assert.That(features[0].ToArray(),
            Is.EqualTo(new float[] { 0, 1, 2, 3, 4, 5, 2, 1, 0, 5, 4, 3 }.Select(p => (p - 127.5f) / 128)));
        Assert.That(features[1].ToArray(), Is.EqualTo(new float[] { 10, 20, 30, 40, 50, 255, 30, 20, 10, 255, 50,
            40 }.Select(p => (p - 127.5f) / 128)));
    }

    [TestCase(MirrorFeatures.None, new float[] { 0, 1, 2, 3, 4, 5 })]
    [TestCase(MirrorFeatures.Average, new float[] { 1, 1, 1, 4, 4, 4 })]
    public void TheMirrorImageIsLeftOutOrAveraged(MirrorFeatures mirror, float[] expected)
    {
        using FaceExtractor extractor = new(Identity(), [],
            new ExtractionOptions { Mirror = mirror, Transform = new TransformationParameter() });
        Assert.That(extractor.Extract([Face(0, 1, 2, 3, 4, 5)])[0].ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void AnyBlobIsTheFeature()
    {
        NetParameter net =
            Identity("layer { name: 'twice' type: 'Power' bottom: 'feature' top: 'twice' power_param { scale: 2 } }");
        using FaceExtractor extractor =
            new(net, [], new ExtractionOptions
            {
                Blob = "feature",
                Mirror = MirrorFeatures.None,
                Transform = new TransformationParameter()
            });
        Assert.That(extractor.Extract([Face(0, 1, 2, 3, 4, 5)])[0].ToArray(),
            Is.EqualTo(new float[] { 0, 1, 2, 3, 4, 5 }));
        Assert.That(
            () => new FaceExtractor(net, [], new ExtractionOptions { Blob = "featur" }),
            Throws.TypeOf<NetException>().With.Message.Contains("has no blob 'featur'").And.Message.Contains(
                "feature"));
    }

    [Test]
    public void ALastBatchThatIsNotFullGivesTheSameFeatures()
    {
        FaceSample[] faces = [.. Enumerable.Range(0, 5).Select(i => Face((byte)i, 1, 2, 3, 4, 5))];
        using FaceExtractor one = new(Identity(), [], new ExtractionOptions()),
            three = new(Identity(), [], new ExtractionOptions { Batch = 2 });
        FeatureMatrix inOne = one.Extract(faces), inThree = three.Extract(faces);
        for (int i = 0; i < faces.Length; i++) Assert.That(inThree[i].ToArray(), Is.EqualTo(inOne[i].ToArray()));
    }

    [Test]
    public void AFaceOfAnotherSizeIsNamed()
    {
        using FaceExtractor extractor = new(Identity(), [], new ExtractionOptions());
        Assert.That(
            () => extractor.Extract([Face(0, 1, 2, 3, 4, 5), new FaceSample(new byte[4], 0, 1, 2, 2)]),
            Throws.TypeOf<NetException>().With.Message.EqualTo(
                "face 1: an image of 1×2×2 (channels×height×width), the net's input is 1×2×3"));
    }

    [Test]
    public void ANetOfTwoOutputsIsRefused() => Assert.That(
        () => new FaceExtractor(Identity("layer { name: 'more' type: 'Flatten' bottom: 'data' top: 'second' }"), [],
            new ExtractionOptions()),
        Throws.TypeOf<NetException>().With.Message.Contains("outputs feature, second"));
}
