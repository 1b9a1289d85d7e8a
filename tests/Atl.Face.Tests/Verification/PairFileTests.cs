using Atl.Face.Verification;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Face.Tests.Verification;

[TestFixture]
public sealed class PairFileTests : FolderFixture
{
    [TestCase("/data/lfw/Ann/Ann_0001.jpg", "/data/lfw/Ann/Ann_0002.jpg", "/data/lfw/Bo_Li/Bo_Li_0001.png")]
    [TestCase("Ann_0001.jpg", "Ann_0002.jpg", "Bo_Li_0001.bmp")]
    [TestCase("lfw/Ann/Ann_0001", "lfw/Ann/Ann_0002", "aligned/Bo_Li/Bo_Li_0001")]
    public void LfwsPairsFindTheirImagesWhateverTheFolder(params string[] names)
    {
        PairFile pairs = Read(names, "2\t1\nAnn\t1\t2\nAnn\t2\tBo_Li\t1\nAnn\t2\t1\nAnn\t1\tBo_Li\t3\n");
        Assert.That(pairs.IsLfw);
        Assert.That(pairs.List.Folds, Is.EqualTo(2));
        Assert.That(pairs.List.Pairs, Is.EqualTo(new FacePair[] { new(0, 1, true, 0), new(1, 2, false, 0), new(1, 0, true, 1), new(0, 3, false, 1) }));
        Assert.That(pairs.Absent, Is.EqualTo(["Bo_Li/Bo_Li_0003"]));
        Assert.That(pairs.Lines, Is.EqualTo([2, 3, 4, 5]));
    }

    [Test]
    public void ADevelopmentListOfLfwHasOneFold()
    {
        PairFile pairs = Read(["Ann_0001", "Ann_0002", "Bo_0001"], "1\nAnn\t1\t2\nAnn\t1\tBo\t1\n");
        Assert.That((pairs.List.Folds, pairs.List.Pairs.Count), Is.EqualTo((1, 2)));
    }

    [Test]
    public void FoldsThatAFileOfLfwLacksStayEmpty() =>
        Assert.That(Read(["Ann_0001", "Ann_0002", "Bo_0001"], "3 1\nAnn 1 2\nAnn 1 Bo 1\n").List.Folds, Is.EqualTo(3));

    [TestCase("a b 1\nb c 0\n")]
    [TestCase("1 a b\n0 b c\n")]
    [TestCase("1 a.jpg b.jpg\n\n0 x/b.jpg c.jpg")]
    [TestCase("a\tb\t1\nb\tc\t0\n")]
    public void TheAnswerStandsAtEitherEnd(string text)
    {
        PairFile pairs = Read(["x/a.jpg", "x/b.jpg", "x/c.jpg"], text);
        Assert.That(pairs.List.Pairs.Select(pair => (pair.First, pair.Second, pair.Same)), Is.EqualTo([(0, 1, true), (1, 2, false)]));
        Assert.That((pairs.IsLfw, pairs.Absent.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public void NamesMayHoldBlanksBetweenTabsAndCommas()
    {
        Assert.That(Read(["my a.jpg", "my b.jpg"], "my a.jpg\tmy b.jpg\t1\n").List.Pairs[0].Second, Is.EqualTo(1));
        File.WriteAllText(_folder["p.csv"], "my a.jpg,my b.jpg,0\n");
        Assert.That(PairFile.Read(_folder["p.csv"], new ImageNames(["my a.jpg", "my b.jpg"])).List.Pairs[0], Is.EqualTo(new FacePair(0, 1, false, 0)));
    }

    [Test]
    public void WithoutFoldsEachKindIsDealtInRuns()
    {
        // All genuine pairs first: runs of all pairs would be one-sided.
        PairFile pairs = Read(["a", "b", "c"], "a b 1\na b 1\na b 1\na b 1\na c 0\nb c 0\n", folds: 2);
        Assert.That(pairs.List.Pairs.Select(pair => pair.Fold), Is.EqualTo([0, 0, 1, 1, 0, 1]));
    }

    [TestCase("a b 1 1\na c 0 1\nb c 0 3\n", 3, new[] { 0, 0, 2 })]
    [TestCase("a b 1 0\na c 0 1\n", 2, new[] { 0, 1 })]
    public void AFourthColumnIsTheFold(string text, int folds, int[] expected)
    {
        PairFile pairs = Read(["a", "b", "c"], text);
        Assert.That(pairs.List.Folds, Is.EqualTo(folds));
        Assert.That(pairs.List.Pairs.Select(pair => pair.Fold), Is.EqualTo(expected));
    }

    [Test]
    public void TwoColumnsAreJudgedByIdentity()
    {
        File.WriteAllText(_folder["p.txt"], "a b\na c\n");
        PairFile pairs = PairFile.Read(_folder["p.txt"], new ImageNames(["a", "b", "c"]), ["x", "x", "y"]);
        Assert.That(pairs.List.Pairs.Select(pair => pair.Same), Is.EqualTo([true, false]));
        Assert.That(() => PairFile.Read(_folder["p.txt"], new ImageNames(["a", "b", "c"])),
            Throws.InstanceOf<AtlException>().With.Message.Contains("p.txt:1: a pair without 0 or 1"));
    }

    [TestCase("a b 1\na b 2\n", "p.txt:2: found 'a b 2', expected two names and 0 or 1 (and a fold), columns parted by tabs or blanks")]
    [TestCase("a b 1\n\na\n", "p.txt:3: found 'a'")]
    [TestCase("a b 1 0\na b 1\n", "p.txt:2: found 'a b 1' without a fold")]
    [TestCase("a b 1 -1\n", "p.txt:1: found 'a b 1 -1'")]
    [TestCase("", "p.txt: no pairs")]
    [TestCase("1 1\nAnn 1 2\nAnn 1 Bo 1\nAnn 2 1\n", "p.txt:4: pair 3, expected 2 by the first line: 1 folds of 1 pairs")]
    [TestCase("1 2\nAnn 1 2\nAnn one 2\n", "p.txt:3: found 'Ann one 2', expected 'name i j' or 'name1 i name2 j'")]
    [TestCase("a b 1 1\na b 0 900\n", "p.txt: a fold 900 for 2 pairs")]
    public void ALineThatIsNotUnderstoodIsNamed(string text, string message) =>
        Assert.That(() => Read(["a", "b"], text), Throws.InstanceOf<AtlException>().With.Message.Contains(message));

    [Test]
    public void ANameThatFitsTwoImagesIsRefused()
    {
        Assert.That(
            () => Read(["x/a.jpg", "x/a.png", "x/b.png"], "a b 1\n"),
                Throws.InstanceOf<AtlException>().With.Message.Contains("p.txt:1: 'a' may be 'x/a.jpg' or 'x/a.png'"));
        Assert.That(Read(["x/a.jpg", "x/a.png", "x/b.png"], "x/a.png b 1\n").List.Pairs[0].First, Is.EqualTo(1), "as it is written");
    }

    [Test]
    public void AMissingListIsNamed() =>
        Assert.That(() => PairFile.Read(_folder["none.txt"], new ImageNames(["a"])),
            Throws.InstanceOf<AtlException>().With.Message.EndsWith("none.txt: no such file, expected a list of pairs"));

    private PairFile Read(string[] names, string text, int folds = 10)
    {
        File.WriteAllText(_folder["p.txt"], text);
        return PairFile.Read(_folder["p.txt"], new ImageNames(names), folds: folds);
    }
}
