using System.Globalization;
using Atl.Data;
using Atl.Face.Import;
using Atl.Proto;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Face.Tests.Import;

public sealed class ImportRunTests : FolderFixture
{
    private string Database => _folder["db"];

    [Test]
    public void KeptOrderStoresBytesAsTheyAreUnderCaffesKeys()
    {
        MemorySource source = new(("b/1.png", "Bo", Pictures.Png(1)), ("a/1.png", "Ann", Pictures.Png(2)),
            ("b/2.png", "Bo", Pictures.Png(3)));
        ImportOutcome outcome = Import(source, new ImportOptions { Order = ImportOrder.Kept })!;
        Assert.That((outcome.Images, outcome.People, outcome.Labels, outcome.Earlier), Is.EqualTo((3, 2, 2, 0)));
        Assert.That(outcome.Sizes, Is.EqualTo([("8×8×3", 3)]));
        (string Key, Datum Datum)[] records = Records();
        Assert.That(records.Select(record => record.Key),
            Is.EqualTo(["00000000_b/1.png", "00000001_a/1.png", "00000002_b/2.png"]));
        Assert.That(records.Select(record => record.Datum.Label), Is.EqualTo([1, 0, 1]));
        Assert.That(records.Select(record => (record.Datum.Encoded, record.Datum.Data.ToByteArray())),
            Is.EqualTo(source.Bytes.Select(bytes => (true, bytes))));
        Assert.That(File.ReadAllLines(Database + ImportRun.LabelsEnding), Is.EqualTo(["0\tAnn\t1", "1\tBo\t2"]));
        Assert.That(Directory.GetFileSystemEntries(_folder.FullName).Select(Path.GetFileName).Order(),
            Is.EqualTo(["db", "db.import.json", "db.labels.tsv"]));
    }

    [Test]
    public void ARefusedRunLeavesTheRecordOfTheDatabaseThatIsThere()
    {
        MemorySource source = new(("a", "Ann", Pictures.Png(1)), ("b", "Bo", Pictures.Png(2)));
        Import(source, new ImportOptions());
        Assert.That(() => Import(source, new ImportOptions { Gray = true }),
            Throws.TypeOf<AtlException>().With.Message.Contains("is there already"));
        Assert.That(Import(source, new ImportOptions()), Is.Null, "the same again does nothing");
    }

    [Test]
    public void TheFolderOfADatabaseIsMade()
    {
        Assert.That(new ImportRun(new ImportOptions()).Run(new MemorySource(("a", "Ann", Pictures.Png(1))),
            _folder["sets/1/db"])!.Images,
            Is.EqualTo(1));
        Assert.That(Directory.GetFileSystemEntries(_folder["sets/1"]).Select(Path.GetFileName).Order(),
            Is.EqualTo(["db", "db.import.json", "db.labels.tsv"]));
    }

    [TestCase("Ann/")]
    [TestCase("./Ann/\r")]
    [TestCase("Ann\\")]
    public void NamesOfFoldersInTheListOfThoseToLeaveOutMayEndInASlash(string line)
    {
        File.WriteAllText(_folder["exclude.txt"], line + "\n");
        MemorySource source = new(("Ann/1.png", "Ann", Pictures.Png(1)), ("Bo/1.png", "Bo", Pictures.Png(2)));
        ImportOutcome outcome = Import(source, new ImportOptions { Exclude = _folder["exclude.txt"] })!;
        Assert.That((outcome.Images, outcome.Excluded!.Unused.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void RawPixelsOfASize()
    {
        Import(new MemorySource(("1", "4", Pictures.Png(300))) { IsNumbered = true },
            new ImportOptions { Raw = true, Width = 4, Height = 2 });
        Datum datum = Records()[0].Datum;
        Assert.That((datum.Encoded, datum.Channels, datum.Height, datum.Width, datum.Label),
            Is.EqualTo((false, 3, 2, 4, 4)));
        byte[] planes = [.. Enumerable.Repeat((byte)44, 8), .. Enumerable.Repeat((byte)1, 8),
            .. Enumerable.Repeat((byte)7, 8)];
        Assert.That(datum.Data.ToByteArray(), Is.EqualTo(planes));
    }

    [Test]
    public void GreyPicturesAreEncodedAnew()
    {
        Import(new MemorySource(("1", "Ann", Pictures.Png(1))), new ImportOptions { Gray = true, Format = "jpg" });
        Datum datum = Records()[0].Datum;
        Assert.That(datum.Data.Span[..2].ToArray(), Is.EqualTo(new byte[] { 0xFF, 0xD8 }), "a JPEG");
        using DecodedImage image = DecodedImage.FromBytes(datum.Data.Span, ImageColor.AsStored);
        Assert.That(image.View.Channels, Is.EqualTo(1));
    }

    [Test]
    public void PicturesThatACameraTurnedAreStoredUpright()
    {
        ImportOutcome outcome = Import(new MemorySource(("1", "Ann", Pictures.TurnedJpeg())), new ImportOptions())!;
        Assert.That(outcome.Sizes, Is.EqualTo([("16×24×3", 1)]));
        // As a Data layer decodes it.
        using DecodedImage image = DecodedImage.FromBytes(Records()[0].Datum.Data.Span, ImageColor.AsStored);
        Assert.That((image.View.Width, image.View.Height), Is.EqualTo((16, 24)));
    }

    // What a Data layer decodes as it is stored: pixels of 8 bits in one or three channels.
    [TestCase("16 grey", 1, "of 16 bits a channel")]
    [TestCase("16 color", 3, "of 16 bits a channel")]
    [TestCase("16 alpha", 3, "of 16 bits a channel")]
    [TestCase("alpha", 3, "with an alpha channel")]
    [TestCase("gif", 3, "of a kind that older OpenCVs do not read")]
    [TestCase("turned", 3, "turned by the camera")]
    [TestCase("grey", 1, "")]
    [TestCase("color", 3, "")]
    public void WhatADataLayerCouldNotUseIsEncodedAnew(string kind, int channels, string reason)
    {
        byte[] bytes = kind switch
        {
            "16 grey" => Pictures.PngOf(MatType.CV_16UC1),
            "16 color" => Pictures.PngOf(MatType.CV_16UC3),
            "16 alpha" => Pictures.PngOf(MatType.CV_16UC4),
            "alpha" => Pictures.PngOf(MatType.CV_8UC4),
            "gif" => Pictures.Gif(),
            "turned" => Pictures.TurnedJpeg(),
            "grey" => Pictures.PngOf(MatType.CV_8UC1),
            _ => Pictures.PngOf(MatType.CV_8UC3),
        };
        ImportOutcome outcome = Import(new MemorySource(("1.jpg", "Ann", bytes)), new ImportOptions())!;
        Assert.That((outcome.Images, outcome.Skipped.Count), Is.EqualTo((1, 0)));
        Assert.That(outcome.EncodedAnew, Is.EqualTo(reason.Length > 0 ? [(reason, 1)] : Array.Empty<(string, int)>()));
        byte[] stored = Records()[0].Datum.Data.ToByteArray();
        using DecodedImage image = DecodedImage.FromBytes(stored, ImageColor.AsStored),
            direct = DecodedImage.FromBytes(bytes, ImageColor.Color);
        Assert.That(image.View.Channels, Is.EqualTo(channels));
        if (reason.Length == 0) Assert.That(stored, Is.EqualTo(bytes));
        using DecodedImage color = DecodedImage.FromBytes(stored, ImageColor.Color);
        Assert.That(color.View.Bytes.ToArray(), Is.EqualTo(direct.View.Bytes.ToArray()),
            "as detect and extract see it");
    }

    [Test]
    public void PeopleAndPicturesOfAListAreLeftOut()
    {
        MemorySource source = new(
            ("Ann/1.png", "Ann", Pictures.Png(1)), ("Ann/2.png", "Ann", Pictures.Png(2)),
                ("Bo/1.png", "Bo", Pictures.Png(3)),
            ("Cy/1.png", "Cy", Pictures.Png(4)), ("Cy/2.png", "Cy", Pictures.Png(5)),
                ("Cy/3.png", "Cy", Pictures.Png(6)), ("Di/1.png", "Di", Pictures.Png(7)));
        File.WriteAllText(_folder["overlap.txt"], "Ann\n\nNobody\nCy\\2.png\nCy/3\nDi/1.png\nann\n");
        ImportOptions options = new() { Order = ImportOrder.Kept, Exclude = _folder["overlap.txt"] };
        ImportOutcome outcome = Import(source, options)!;
        Assert.That(Records().Select(record => (record.Key[9..], record.Datum.Label)),
            Is.EqualTo([("Bo/1.png", 0), ("Cy/1.png", 1)]));
        ExcludedCounts excluded = outcome.Excluded!;
        Assert.That((excluded.People, excluded.ImagesOfIdentities, excluded.Images), Is.EqualTo((1, 2, 3)));
        Assert.That(excluded.Unused, Is.EqualTo([(3, "Nobody"), (7, "ann")]));
        Assert.That(File.ReadAllLines(Database + ImportRun.SkippedEnding)
            .Select(line => string.Join(' ', line.Split('\t')[..2])), Is.EqualTo(
            ["Ann/1.png excluded", "Ann/2.png excluded", "Cy/2.png excluded", "Cy/3.png excluded",
                "Di/1.png excluded"]));
        File.WriteAllText(_folder["overlap.txt"], "Ann\nBo\nCy\nDi\n");
        Assert.That(() => Import(source, options with { Overwrite = true }),
            Throws.TypeOf<AtlException>().With.Message.Contains("all images of the source are excluded"));
        File.WriteAllText(_folder["overlap.txt"], "\n");
        Assert.That(() => Import(source, options with { Overwrite = true }),
            Throws.TypeOf<AtlException>().With.Message.Contains("overlap.txt: the list is empty"));
    }

    [Test]
    public void ANumberInTheListOfThoseToLeaveOutIsALabelBeforeItIsAPicture()
    {
        MemorySource source = new(("1", "5", Pictures.Png(1)), ("5", "6", Pictures.Png(2)),
            ("6", "5", Pictures.Png(3)))
        { IsNumbered = true };
        File.WriteAllText(_folder["overlap.txt"], "5\n");
        ImportOutcome outcome = Import(source, new ImportOptions { Exclude = _folder["overlap.txt"] })!;
        Assert.That(Records().Select(record => (record.Key[9..], record.Datum.Label)), Is.EqualTo([("5", 6)]));
        Assert.That((outcome.Excluded!.People, outcome.Excluded.Images), Is.EqualTo((1, 0)));
    }

    [Test]
    public void LabelsThatNobodyHasAreCounted()
    {
        MemorySource source = new(("1", "1456", Pictures.Png(1)), ("2", "1570", Pictures.Png(2)),
            ("3", "1580", Pictures.Png(3)))
        { IsNumbered = true };
        ImportOutcome outcome = Import(source, new ImportOptions())!;
        Assert.That((outcome.FirstLabel, outcome.Labels, outcome.Unused), Is.EqualTo((1456, 1581, 1578)));
        outcome = Import(source, new ImportOptions { Renumber = true, Overwrite = true })!;
        Assert.That((outcome.FirstLabel, outcome.Labels, outcome.Unused), Is.EqualTo((0, 3, 0)));
        Assert.That(File.ReadAllLines(Database + ImportRun.LabelsEnding),
            Is.EqualTo(["0\t1456\t1", "1\t1570\t1", "2\t1580\t1"]));
    }

    [Test]
    public void APictureThatClaimsMorePixelsThanCanBeIsListed()
    {
        byte[] huge = [.. "P6\n100000 100000\n255\n"u8, 1, 2, 3];
        ImportOutcome outcome = Import(new MemorySource(("1", "Ann", huge), ("2", "Ann", Pictures.Png(1))),
            new ImportOptions())!;
        Assert.That((outcome.Images, outcome.Skipped.Single().Problem), Is.EqualTo((1, ImportProblem.Unreadable)));
    }

    [Test]
    public void ANameLongerThanAKeyIsCutOffInIt()
    {
        string name = string.Concat(Enumerable.Repeat("ü😀", 100));
        Import(new MemorySource((name, "Ann", Pictures.Png(1)), (name + "2", "Ann", Pictures.Png(2))),
            new ImportOptions { Order = ImportOrder.Kept });
        string[] keys = [.. Records().Select(record => record.Key)];
        Assert.That(keys, Has.Length.EqualTo(2));
        Assert.That(keys[0], Is.EqualTo("00000000_" + name[..keys[0][9..].Length]));
        Assert.That(System.Text.Encoding.UTF8.GetByteCount(keys[0]), Is.InRange(508, 511));
    }

    [Test]
    public void WhatTheDatabaseHoldsIsInTheJournalWhereverARunBreaksOff()
    {
        // Images of 12 MB each: three of them make a part, long before 256 are there.
        MemorySource source = new([.. Enumerable.Range(0, 8).Select(i => ($"{i}", "Ann", Pictures.Png(i, 2000)))]);
        ImportOptions options = new() { Order = ImportOrder.Kept, Raw = true };
        ImportRun broken = new(options);
        Assert.That(() => broken.Run(source, Database, done =>
        {
            if (done > 3)
                throw new InvalidOperationException("killed");
        }),
            Throws.InvalidOperationException);
        ImportOutcome outcome = Import(source, options)!;
        Assert.That((outcome.Earlier, outcome.Images), Is.EqualTo((6, 8)));
    }

    [Test]
    public void ShufflingFollowsTheSeed()
    {
        MemorySource source = Crowd(people: 10, pictures: 4);
        string[] Order(ulong seed)
        {
            Import(source, new ImportOptions { Seed = seed, Overwrite = true });
            return [.. Records().Select(record => record.Key[9..])];
        }
        string[] first = Order(1), other = Order(2);
        Assert.That(Order(1), Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first).And.EquivalentTo(first));
        Assert.That(first, Is.Not.EqualTo(source.Items.Select(item => item.Name)));
    }

    [Test]
    public void BalancedRoundsHaveEverybodyOnce()
    {
        MemorySource source = new(
            [.. Enumerable.Range(0, 12).Select(i => ($"{i}", i < 6 ? "Ann" : i < 9 ? "Bo" : i < 11 ? "Cy"
                : "Di", Pictures.Png(i)))]);
        Import(source, new ImportOptions { Order = ImportOrder.Balanced });
        int[] labels = [.. Records().Select(record => record.Datum.Label)];
        Assert.That(labels[..4], Is.EquivalentTo([0, 1, 2, 3]));
        Assert.That(labels[4..7], Is.EquivalentTo([0, 1, 2]));
        Assert.That(labels[7..9], Is.EquivalentTo([0, 1]));
        Assert.That(labels[9..], Is.EqualTo([0, 0, 0]));
    }

    [Test]
    public void EverythingLeftOutIsListed()
    {
        byte[] same = Pictures.Png(1);
        MemorySource source = new(
            ("1", "Ann", same), ("2", "Ann", same), ("3", "Bo", same), ("4", "Bo", Pictures.Png(2)),
            ("5", "Bo", [1, 2, 3]), ("6", "Cy", Pictures.Png(3)));
        ImportOutcome outcome = Import(source, new ImportOptions { Order = ImportOrder.Kept, MinimumImages = 2 })!;
        Assert.That((outcome.Images, outcome.People), Is.EqualTo((2, 2)));
        string[] skipped = File.ReadAllLines(Database + ImportRun.SkippedEnding);
        Assert.That(skipped, Has.Length.EqualTo(4));
        Assert.That(skipped[0], Is.EqualTo("6\tfew_images\t'Cy' has 1 image, expected 2"));
        Assert.That(skipped[1], Is.EqualTo("2\tduplicate\tthe same bytes as '1'"));
        Assert.That(skipped[2], Is.EqualTo("3\tcontradiction\tthe same bytes as '1' of 'Ann', but of 'Bo'"));
        Assert.That(skipped[3], Does.StartWith("5\tunreadable\t3 bytes"));
        Assert.That(Records().Select(record => record.Key), Is.EqualTo(["00000000_1", "00000003_4"]),
            "keys count what is left out, as in convert_imageset");
        Import(source, new ImportOptions { Order = ImportOrder.Kept, KeepDuplicates = true, Overwrite = true });
        Assert.That(Records().Select(record => record.Key[9..]), Is.EqualTo(["1", "2", "3", "4", "6"]));
    }

    [Test]
    public void LabelsOfAMap()
    {
        MemorySource source = new(("1", "Ann", Pictures.Png(1)), ("2", "Bo", Pictures.Png(2)));
        File.WriteAllText(_folder["map.tsv"], "7\tBo\t12\n3\tAnn\n4\tCy\n");
        ImportOutcome outcome =
            Import(source, new ImportOptions { Order = ImportOrder.Kept, LabelMap = _folder["map.tsv"] })!;
        Assert.That(Records().Select(record => record.Datum.Label), Is.EqualTo([3, 7]));
        Assert.That((outcome.People, outcome.Labels), Is.EqualTo((2, 8)));
        File.WriteAllText(_folder["map.tsv"], "7\tBo\n");
        Assert.That(
            () => Import(source, new ImportOptions { LabelMap = _folder["map.tsv"], Overwrite = true }),
            Throws.TypeOf<AtlException>().With.Message.Contains(
                "the label map lacks 1 identity of the images: 'Ann'"));
    }

    [TestCase("Ann\n", "map.tsv:1: found 'Ann', expected a label, a tab and a name")]
    [TestCase("0\tAnn\n0\tBo\n", "map.tsv:2: the label 0 is used already")]
    [TestCase("0\tAnn\n1\tAnn\n", "map.tsv:2: 'Ann' has the label 0 already")]
    [TestCase("", "the label map is empty")]
    [TestCase("label\tname\n0\tAnn\n", "map.tsv:1: found 'label\\tname', expected a label, a tab and a name")]
    [TestCase("0.0\tAnn\n1.5\tBo\n", "map.tsv:2: found '1.5\\tBo'")]
    public void BadLabelMaps(string text, string expected)
    {
        File.WriteAllText(_folder["map.tsv"], text);
        Assert.That(() => IdentityLabels.Read(_folder["map.tsv"]),
            Throws.TypeOf<AtlException>().With.Message.Contains(expected));
    }

    [Test]
    public void LabelsOfASourceAreKeptOrNumberedAnew()
    {
        MemorySource source = new(("1", "10", Pictures.Png(1)), ("2", "9", Pictures.Png(2))) { IsNumbered = true };
        Import(source, new ImportOptions { Order = ImportOrder.Kept });
        Assert.That(Records().Select(record => record.Datum.Label), Is.EqualTo([10, 9]));
        Import(source, new ImportOptions { Order = ImportOrder.Kept, Renumber = true, Overwrite = true });
        Assert.That(Records().Select(record => record.Datum.Label), Is.EqualTo([1, 0]));
    }

    [Test]
    public void ARunThatBrokeOffGoesOnToTheSameRecords()
    {
        ImportOptions options = new() { Seed = 5 };
        MemorySource source = Crowd(people: 60, pictures: 10);
        // Some that are left out before and after the break.
        source.Bytes[30] = [0];
        source.Bytes[31] = source.Bytes[32];
        Import(source, options);
        (string Key, Datum Datum)[] whole = Records();
        string[] skipped = File.ReadAllLines(Database + ImportRun.SkippedEnding);
        foreach (string entry in Directory.GetFiles(_folder.FullName)) File.Delete(entry);
        Directory.Delete(Database, true);

        // An image of the second batch: images are read ahead, so that their number tells nothing.
        string key = whole[300].Key;
        source.BrokenName = key[(key.IndexOf('_') + 1)..];
        Assert.That(() => Import(source, options), Throws.InstanceOf<Exception>(), "it breaks off in its second batch");
        Assert.That(Directory.Exists(Database), Is.False);
        source.BrokenName = null;
        Assert.That(
            () => Import(source, options with { Seed = 6 }),
            Throws.TypeOf<AtlException>().With.Message.Contains(
                "an import of other images or with other options was interrupted here"));
        ImportOutcome outcome = Import(source, options)!;
        Assert.That(outcome.Earlier, Is.EqualTo(256));
        Assert.That(Records(), Is.EqualTo(whole));
        Assert.That(File.ReadAllLines(Database + ImportRun.SkippedEnding), Is.EqualTo(skipped));
        Assert.That(Directory.GetFiles(_folder.FullName)
            .Any(file => file.Contains("journal", StringComparison.Ordinal)), Is.False);
        Assert.That(Import(source, options), Is.Null, "it is complete");
        Assert.That(() => Import(source, options with { Raw = true }),
            Throws.TypeOf<AtlException>().With.Message.Contains("an LMDB is there already"));
    }

    [Test]
    public void WhateverGoesWrongWithAPictureIsListedAndTheOthersAreImported()
    {
        MemorySource source = Crowd(people: 3, pictures: 4);
        source.Thrown[1] = new OverflowException("Arithmetic operation resulted in an overflow.");
        source.Thrown[4] = new OutOfMemoryException();
        source.Thrown[7] = new IOException("Input/output error");
        source.Thrown[9] = new OpenCvSharp.OpenCVException(OpenCvSharp.ErrorCode.StsAssert, "f", "a side too long",
            "x.cpp", 1);
        ImportOutcome outcome = Import(source, new ImportOptions { Order = ImportOrder.Kept })!;
        Assert.That(outcome.Images, Is.EqualTo(8));
        Assert.That(outcome.Skipped.Select(skip => (skip.Problem, skip.Reason)), Is.EqualTo(
        [
            (ImportProblem.Unreadable, "OverflowException: Arithmetic operation resulted in an overflow."),
            (ImportProblem.Unreadable, "not enough memory for it"),
            (ImportProblem.Unreadable, "Input/output error"),
            (ImportProblem.Unreadable, "OpenCV cannot take it: a side too long"),
        ]));
    }

    [Test]
    public void NamesWithTabsAndLineEndsAreReadBack()
    {
        MemorySource source = new(("1.png", "An\tn", Pictures.Png(1)), ("2\n.png", "Bob\n", [0]),
            ("3.png", "\"C\"", Pictures.Png(3)));
        Import(source, new ImportOptions { Order = ImportOrder.Kept });
        Assert.That(File.ReadAllLines(Database + ImportRun.SkippedEnding).Single(),
            Does.StartWith("\"2\\n.png\"\tunreadable\t"));
        Assert.That(IdentityLabels.Read(Database + ImportRun.LabelsEnding).People,
            Is.EqualTo([(0, "\"C\""), (1, "An\tn"), (2, "Bob\n")]));
    }

    [Test]
    public void NothingReadableLeavesNoDatabase()
    {
        Assert.That(
            () => Import(new MemorySource(("1", "Ann", [])), new ImportOptions()),
            Throws.TypeOf<AtlException>().With.Message.Contains("none of the images (1) can be read"));
        Assert.That(Directory.Exists(Database), Is.False);
        Assert.That(
            () => Import(new MemorySource(("1", "Ann", [])), new ImportOptions { MinimumImages = 2 }),
            Throws.TypeOf<AtlException>().With.Message.Contains("no identity of the source has 2 images"));
    }

    private static MemorySource Crowd(int people, int pictures) => new(
        [.. Enumerable.Range(0, people * pictures)
            .Select(i => (i.ToString(CultureInfo.InvariantCulture), $"person{i / pictures}", Pictures.Png(i)))]);

    [Test]
    public void AnImportThatAnotherOneMakesIsRefused()
    {
        using (OutputLock.Take(Database, "an import", Assert.Fail))
            Assert.That(() => Import(new MemorySource(("a", "Ann", Pictures.Png(1))), new ImportOptions()),
                Throws.TypeOf<AtlException>().With.Message.Contains("is writing an import here"));
        Assert.That(Directory.Exists(Database + ".unfinished") || File.Exists(Database + ".journal.tsv"), Is.False);
        Assert.That(Import(new MemorySource(("a", "Ann", Pictures.Png(1))), new ImportOptions())!.Images,
            Is.EqualTo(1));
    }

    private ImportOutcome? Import(MemorySource source, ImportOptions options) =>
        new ImportRun(options).Run(source, Database);

    private (string Key, Datum Datum)[] Records()
    {
        List<(string, Datum)> records = [];
        using LmdbReader reader = new(Database);
        do records.Add((reader.Key, Datum.Parser.ParseFrom(reader.Value)));
        while (reader.TryMoveNext());
        return [.. records];
    }

    /// <summary>Images in memory; may break off as a program that is killed.</summary>
    private sealed class MemorySource : ImportSource
    {
        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public MemorySource(params (string Name, string Identity, byte[] Bytes)[] pictures)
        {
            Items = [.. pictures.Select(picture => new ImportItem(picture.Name, picture.Identity))];
            Bytes = [.. pictures.Select(picture => picture.Bytes)];
            IsNumbered = false;
        }

        public byte[][] Bytes { get; }

        /// <summary>The image whose reading ends the run.</summary>
        public string? BrokenName { get; set; }

        /// <summary>What reading an image throws.</summary>
        public Dictionary<int, Exception> Thrown { get; } = [];

        public override byte[] Read(int index) => Thrown.TryGetValue(index, out Exception? fault) ? throw fault
            : Items[index].Name == BrokenName
            ? throw new OutputException("the disk is full", new IOException())
            : Bytes[index];
    }
}
