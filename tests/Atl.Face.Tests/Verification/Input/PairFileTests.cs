using Atl.Face.Verification;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Face.Tests.Verification;

[TestFixture]
public sealed class PairFileTests : FolderFixture
{
    private static readonly string[] Lfw = ["A_0001", "A_0002", "A_0003", "B_0001", "B_0002", "B_0003"];

    [TestCase("/data/lfw/Ann/Ann_0001.jpg", "/data/lfw/Ann/Ann_0002.jpg", "/data/lfw/Bo_Li/Bo_Li_0001.png")]
    [TestCase("Ann_0001.jpg", "Ann_0002.jpg", "Bo_Li_0001.bmp")]
    [TestCase("lfw/Ann/Ann_0001", "lfw/Ann/Ann_0002", "aligned/Bo_Li/Bo_Li_0001")]
    public void LfwsPairsFindTheirImagesWhateverTheFolder(params string[] names)
    {
        PairFile pairs = Read(names, "2\t1\nAnn\t1\t2\nAnn\t2\tBo_Li\t1\nAnn\t2\t1\nAnn\t1\tBo_Li\t3\n");
        Assert.That(pairs.IsLfw);
        Assert.That(pairs.List.Folds, Is.EqualTo(2));
        Assert.That(pairs.List.Pairs, Is.EqualTo(new FacePair[] { new(0, 1, true, 0), new(1, 2, false, 0),
            new(1, 0, true, 1), new(0, 3, false, 1) }));
        Assert.That(pairs.Absent, Is.EqualTo(["Bo_Li/Bo_Li_0003"]));
        Assert.That(pairs.Lines, Is.EqualTo([2, 3, 4, 5]));
    }

    [Test]
    public void ADevelopmentListOfLfwHasOneFold()
    {
        PairFile pairs = Read(["Ann_0001", "Ann_0002", "Bo_0001"], "1\nAnn\t1\t2\nAnn\t1\tBo\t1\n");
        Assert.That((pairs.List.Folds, pairs.List.Pairs.Count), Is.EqualTo((1, 2)));
    }

    // Two folds of two pairs of each kind: lines 2, 3 and 6, 7 are of one person, 4, 5 and 8, 9 of two.
    private static readonly string[] TwoFolds =
        ["2 2", "A 1 2", "A 1 3", "A 1 B 1", "A 2 B 2", "B 1 2", "B 1 3", "A 3 B 1", "A 1 B 3"];

    [TestCase(3, "A 1 B 1", 3, "name i j", "pair 2 of fold 1")]
    [TestCase(5, "B 1 2", 5, "name1 i name2 j", "pair 4 of fold 1")]
    [TestCase(7, "A 3 B 1", 7, "name i j", "pair 2 of fold 2")]
    public void ALostLineIsFoundWhereTheKindsChange(int lost, string found, int line, string wanted, string place)
    {
        string[] lines = [.. TwoFolds.Where((_, i) => i != lost - 1)];
        Assert.That(() => Read(Lfw, string.Join('\n', lines)), Throws.InstanceOf<AtlException>().With.Message.Contains(
            "p.txt:8: the list ends after 7 pairs, expected 8 by the first line: 2 folds of 2 pairs of the same "
                + "identity and as many of different ones")
            .And.Message.Contains(
                $"the first that does not fit is line {line}: found '{found}', expected '{wanted}' as {place}"));
    }

    [Test]
    public void AListThatWasCutOffHasTooFewPairs()
    {
        Assert.That(() => Read(Lfw, string.Join('\n', TwoFolds[..^1])),
            Throws.InstanceOf<AtlException>().With.Message.EndsWith(
            "p.txt:8: the list ends after 7 pairs, expected 8 by the first line: 2 folds of 2 pairs of the same "
                + "identity and as many of different ones"));
        Assert.That(Read(Lfw, string.Join('\n', TwoFolds)).Misplaced, Is.Empty);
    }

    [TestCase("3 2", "expected 12 by the first line")]
    [TestCase("2 3", "expected 12 by the first line")]
    [TestCase("2 1", "p.txt:6: pair 5, expected 4 by the first line")]
    [TestCase("2", "p.txt:6: pair 5, expected 4 by the first line")]
    [TestCase("5", "expected 10 by the first line")]
    public void TheFirstLineOfAnotherListIsRefused(string header, string message) =>
        Assert.That(() => Read(Lfw, string.Join('\n', TwoFolds[1..].Prepend(header))),
            Throws.InstanceOf<AtlException>().With.Message.Contains(message));

    [TestCase("100000000\t2\np0\t1\t2\np0\t1\tp1\t1\n",
        "the list ends after 2 pairs, expected 400000000 by the first line: 100000000 folds of 2 pairs of the same "
            + "identity and as many of different ones")]
    [TestCase("2147483647\t2147483647\np0\t1\t2\np0\t1\tp1\t1\n", "the list ends after 2 pairs")]
    public void AFirstLineThatClaimsMoreThanThereIsTakesNoMemory(string text, string expected)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["pairs.txt"], text);
        ImageNames names = new(["p0/p0_0001.jpg", "p0/p0_0002.jpg", "p1/p1_0001.jpg"]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => PairFile.Read(folder["pairs.txt"], names),
            Throws.InstanceOf<AtlException>().With.Message.StartsWith(folder["pairs.txt"]).And.Message.Contains(
                expected));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(16 << 20));
    }

    [Test]
    public void FoldsOfAPairEachAreRefused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllLines(folder["pairs.txt"], Enumerable.Range(0, 1001).Select(i => $"a.jpg b.jpg 1 {i}"));
        Assert.That(() => PairFile.Read(folder["pairs.txt"], new ImageNames(["a.jpg", "b.jpg"])),
            Throws.InstanceOf<AtlException>()
            .With.Message.EqualTo($"{folder["pairs.txt"]}: 1001 folds of 1001 pairs, expected at most 1000 folds"));
    }

    [Test]
    public void PairsOfTheOtherKindAreTold()
    {
        string[] lines = [TwoFolds[0], .. TwoFolds[1..].OrderBy(line => line.Split(' ').Length)];
        PairFile pairs = Read(Lfw, string.Join('\n', lines));
        Assert.That(pairs.Misplaced, Is.EqualTo([2, 3, 4, 5]), "all pairs of one person come first");
        IReadOnlyList<IssueRecord> issues = new IssueRecords(new ImageNames(Lfw), pairs)
            .Of(new VerificationIssues(), pairs.List);
        Assert.That(issues.Single(issue => issue.Kind == "misplaced_pairs").Places.Select(place => place.Line),
            Is.EqualTo([4, 5, 6, 7]));
    }

    [Test]
    public void OneImageALineTwoLinesAPair()
    {
        PairFile pairs = Read(["x/a.jpg", "x/b.jpg", "x/c.jpg"],
            "a.jpg 1\nb.jpg 1\n\na.jpg\t0\nc.jpg\t0\nb.jpg 0\nd.jpg 0\n", folds: 1);
        Assert.That(pairs.List.Pairs,
            Is.EqualTo(new FacePair[] { new(0, 1, true, 0), new(0, 2, false, 0), new(1, 3, false, 0) }));
        Assert.That(pairs.IsLfw, Is.False);
        Assert.That(pairs.Lines, Is.EqualTo([1, 4, 6]));
    }

    [TestCase("a 1\nb 0\n", "p.txt:2: found 'b 0', expected the second image of the pair with 1 as in line 1")]
    [TestCase("a 1\nb 1\nc 0\n", "p.txt:3: the last pair has one image")]
    public void HalfAPairIsRefused(string text, string message) =>
        Assert.That(() => Read(["a", "b", "c"], text),
            Throws.InstanceOf<AtlException>().With.Message.Contains(message));

    [Test]
    public void WhereImagesAreCalledByNumbersTwoColumnsAreAPair()
    {
        File.WriteAllText(_folder["p.txt"], "2 1\n3 0\n");
        PairFile pairs = PairFile.Read(_folder["p.txt"], ImageNames.Numbered(4), ["x", "y", "y", "x"]);
        Assert.That(pairs.List.Pairs.Select(pair => (pair.First, pair.Second, pair.Same)),
            Is.EqualTo([(2, 1, true), (3, 0, true)]));
    }

    [TestCase("1 1\nAnn 1 2\nAnn 2 Bo 1\n", "Ann/Ann_0001_0.png",
        "3 images has a feature: looked for 'Ann/Ann_0001' (line 2)", "facenet's aligner adds '_0'")]
    [TestCase("1 1\nAnn 1 2\nAnn 2 Bo 1\n", "Ann/1.png",
        "the features are called 'Ann/1.png', …; LFW's images are called PERSON/PERSON_0001", "lines of two names")]
    [TestCase("\nx.png y.png 1\nx.png z.png 0\n", "Ann/1.png", "looked for 'x.png' (line 2)",
        "expected names as in the features' list")]
    [TestCase("x.png 1\ny.png 1\n", "Ann/1.png", "none of its 2 images has a feature: looked for 'x.png' (line 1)",
        "expected names")]
    public void NamesThatMatchNothingAreShown(string text, string name, string message, string hint) => Assert.That(
        () => Read([name, "Bo/other.png"], text),
            Throws.InstanceOf<AtlException>().With.Message.Contains(message).And.Message.Contains(hint));

    [Test]
    public void WithoutNamesTheHintIsToGiveThem()
    {
        File.WriteAllText(_folder["p.txt"], "x.png y.png 1\n");
        Assert.That(() => PairFile.Read(_folder["p.txt"], ImageNames.Numbered(4)),
            Throws.InstanceOf<AtlException>().With.Message.Contains(
                "the features are called '0', …").And.Message.Contains("give the list with -names"));
    }

    [TestCase("a b 1\nb c 0\n")]
    [TestCase("1 a b\n0 b c\n")]
    [TestCase("1 a.jpg b.jpg\n\n0 x/b.jpg c.jpg")]
    [TestCase("a\tb\t1\nb\tc\t0\n")]
    public void TheAnswerStandsAtEitherEnd(string text)
    {
        PairFile pairs = Read(["x/a.jpg", "x/b.jpg", "x/c.jpg"], text);
        Assert.That(pairs.List.Pairs.Select(pair => (pair.First, pair.Second, pair.Same)),
            Is.EqualTo([(0, 1, true), (1, 2, false)]));
        Assert.That((pairs.IsLfw, pairs.Absent.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public void NamesMayHoldBlanksBetweenTabsAndCommas()
    {
        Assert.That(Read(["my a.jpg", "my b.jpg"], "my a.jpg\tmy b.jpg\t1\n").List.Pairs[0].Second, Is.EqualTo(1));
        File.WriteAllText(_folder["p.csv"], "my a.jpg,my b.jpg,0\n");
        Assert.That(PairFile.Read(_folder["p.csv"], new ImageNames(["my a.jpg", "my b.jpg"])).List.Pairs[0],
            Is.EqualTo(new FacePair(0, 1, false, 0)));
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

    [TestCase("a b 1\na b 2\n",
        "p.txt:2: found 'a b 2', expected two names and 0 or 1 (and a fold), columns separated by tabs or spaces")]
    [TestCase("a b 1\n\na\n", "p.txt:3: found 'a'")]
    [TestCase("a b 1 0\na b 1\n", "p.txt:2: found 'a b 1' without a fold")]
    [TestCase("a b 1 -1\n", "p.txt:1: found 'a b 1 -1'")]
    [TestCase("", "p.txt: no pairs")]
    [TestCase("1 1\nAnn 1 2\nAnn 1 Bo 1\nAnn 2 1\n",
    "p.txt:4: pair 3, expected 2 by the first line: 1 fold of 1 pair")]
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
        Assert.That(Read(["x/a.jpg", "x/a.png", "x/b.png"], "x/a.png b 1\n").List.Pairs[0].First, Is.EqualTo(1),
            "as it is written");
    }

    [Test]
    public void AMissingListIsNamed() =>
        Assert.That(() => PairFile.Read(_folder["none.txt"], new ImageNames(["a"])),
            Throws.InstanceOf<AtlException>().With.Message.EndsWith(
                "none.txt: no such file, expected a list of pairs"));

    private PairFile Read(string[] names, string text, int folds = 10)
    {
        File.WriteAllText(_folder["p.txt"], text);
        return PairFile.Read(_folder["p.txt"], new ImageNames(names), folds: folds);
    }
}
