using Atl.Face.Datasets;
using Atl.Face.Extraction;
using Atl.Face.Verification;
using Atl.Proto;

namespace Atl.Face.Tests.Extraction;

public class FaceExtractorTests
{
    // A net whose feature is the scaled picture itself.
    private static NetParameter Identity(string extra = "") => TextFormat.Parse<NetParameter>(
        "name: 'identity' layer { name: 'in' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 1 dim: 2 dim: 3 } } }"
        + "layer { name: 'out' type: 'Flatten' bottom: 'data' top: 'feature' }" + extra);

    private static FaceSample Face(params byte[] pixels) => new(pixels, 0, 1, 2, 3);

    [Test]
    public void TheFeatureIsThatOfThePictureAndOfItsMirrorImage()
    {
        using FaceExtractor extractor = new(Identity(), null, 1);
        FeatureMatrix features = extractor.Extract([Face(0, 1, 2, 3, 4, 5), Face(10, 20, 30, 40, 50, 255)], batch: 2);
        Assert.That(features[0].ToArray(), Is.EqualTo(new float[] { 0, 1, 2, 3, 4, 5, 2, 1, 0, 5, 4, 3 }.Select(p => (p - 127.5f) / 128)));
        Assert.That(features[1].ToArray(), Is.EqualTo(new float[] { 10, 20, 30, 40, 50, 255, 30, 20, 10, 255, 50, 40 }.Select(p => (p - 127.5f) / 128)));
    }

    [Test]
    public void ALastBatchThatIsNotFullGivesTheSameFeatures()
    {
        FaceSample[] faces = [.. Enumerable.Range(0, 5).Select(i => Face((byte)i, 1, 2, 3, 4, 5))];
        using FaceExtractor extractor = new(Identity(), null, 1);
        FeatureMatrix inOne = extractor.Extract(faces), inThree = extractor.Extract(faces, batch: 2);
        for (int i = 0; i < faces.Length; i++) Assert.That(inThree[i].ToArray(), Is.EqualTo(inOne[i].ToArray()));
    }

    [Test]
    public void AFaceOfAnotherSizeIsNamed()
    {
        using FaceExtractor extractor = new(Identity(), null, 1);
        Assert.That(
            () => extractor.Extract([Face(0, 1, 2, 3, 4, 5), new FaceSample(new byte[4], 0, 1, 2, 2)]),
            Throws.TypeOf<NetException>().With.Message.EqualTo("face 1 is 1×2×2, the net's input 1×2×3"));
    }

    [Test]
    public void ANetOfTwoOutputsIsRefused() => Assert.That(
        () => new FaceExtractor(Identity("layer { name: 'more' type: 'Flatten' bottom: 'data' top: 'second' }"), null, 1),
        Throws.TypeOf<NetException>().With.Message.Contains("outputs feature, second"));
}
