using Atl.Face.Alignment;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Face.Tests.Alignment;

/// <summary>What alignment.txt says, read again.</summary>
public sealed class AlignmentDescriptionTests : FolderFixture
{
    private static readonly FaceAlignment[] Alignments =
    [
        new WuXiangAlignment(), new WuXiangAlignment(96, 112, 37.5), new WuXiangEyeLineAlignment(),
        new WuXiangEyeLineAlignment(144, 48, 48), TemplateAlignment.SphereFace(), TemplateAlignment.ArcFace(224, 224),
    ];

    [TestCaseSource(nameof(Alignments))]
    public void ADescriptionIsTheAlignment(FaceAlignment alignment)
    {
        FaceAlignment parsed = AlignmentDescription.Parse(alignment.Description + ", all faces, as jpg");
        Assert.That(parsed, Is.TypeOf(alignment.GetType()));
        Assert.That((parsed.Description, parsed.Width, parsed.Height),
            Is.EqualTo((alignment.Description, alignment.Width, alignment.Height)));
    }

    [TestCase("")]
    [TestCase("arcface")]
    [TestCase("arcface 112x112 ec_mc_y 40")]
    [TestCase("wuxiang 112x112")]
    [TestCase("wuxiang 0x112 ec_mc_y 40")]
    [TestCase("wuxiang 99999999999x112 ec_mc_y 40")]
    [TestCase("wuxiang-eyeline 128x100 ec_mc_y 48 ec_y 40")]
    public void OtherTextsAreErrors(string text) => Assert.That(() => AlignmentDescription.Parse(text),
        Throws.TypeOf<AtlException>().With.Message.StartsWith($"the alignment is '{text}', expected a description"));

    [Test]
    public void AFolderTellsHowItsImagesWereAligned()
    {
        Directory.CreateDirectory(_folder["aligned/ann"]);
        Directory.CreateDirectory(_folder["other"]);
        File.WriteAllText(_folder["aligned/alignment.txt"], "arcface 112x112, as jpg\n");
        File.WriteAllText(_folder["other/alignment.txt"], "sphereface 96x112\n");
        Assert.That(AlignmentDescription.Of([_folder["aligned"]]), Is.EqualTo("arcface 112x112"));
        Assert.That(AlignmentDescription.Of([_folder["aligned"], _folder["aligned/1.jpg"]]),
            Is.EqualTo("arcface 112x112"));
        Assert.That(AlignmentDescription.Of([_folder["aligned/ann"]]), Is.Null, "another run may have filled it");
        Assert.That(AlignmentDescription.Of([_folder["aligned"], _folder["other"]]), Is.Null);
        Assert.That(AlignmentDescription.Of([_folder["aligned/list.txt"]]), Is.Null);
        Assert.That(AlignmentDescription.Of([]), Is.Null);
    }
}
