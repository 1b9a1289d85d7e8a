using Atl.Face.Datasets;
using Atl.Face.Report;
using Atl.Face.Runs;
using Atl.Face.Verification;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Face.Tests.Runs;

public sealed class RunVerificationsTests : FolderFixture
{
    [Test]
    public void WhatIsAddedIsReadTheNewestFirst()
    {
        RunVerifications folder = new(_folder.FullName);
        Assert.That(folder.Read(Assert.Fail), Is.Empty);
        Dictionary<string, Thumbnail> thumbnails = new() { ["A b/1.jpg"] = new(2, 3, "AAAA") };
        RunVerification first = Made("iter 1", 0), second = Made("iter 2", 1) with { Thumbnails = thumbnails };
        folder.Add(second);
        string file = folder.Add(first);
        Assert.That(Path.GetRelativePath(_folder.FullName, file).Replace('\\', '/'),
            Is.EqualTo("verifications/iter-1.json"));
        IReadOnlyList<RunVerification> read = folder.Read(Assert.Fail);
        Assert.That(read.Select(one => one.Name), Is.EqualTo(["iter 2", "iter 1"]));
        Assert.That(read[0].Thumbnails["A b/1.jpg"], Is.EqualTo(new Thumbnail(2, 3, "AAAA")));
        Assert.That((read[0].Record.Auc, read[0].Record.Projection!.People.Count), Is.EqualTo((second.Record.Auc, 2)));
        Assert.That(folder.Read(Assert.Fail)[0], Is.SameAs(read[0]), "what has not changed is not read again");

        folder.Add(first with { Time = DateTimeOffset.UnixEpoch.AddDays(2) });
        Assert.That(folder.Read(Assert.Fail).Select(one => one.Name), Is.EqualTo(["iter 1", "iter 2"]));
    }

    [Test]
    public void AnotherVerificationIsNotWrittenOver()
    {
        RunVerifications folder = new(_folder.FullName);
        folder.Add(Made("a b", 0));
        folder.Add(Made("a b", 1));
        Assert.That(() => folder.Add(Made("a/b", 0)),
            Throws.TypeOf<AtlException>().With.Message.Contains("has the verification 'a b'"));
    }

    [Test]
    public void ABrokenFileIsNamedOnceAndPassedOver()
    {
        RunVerifications folder = new(_folder.FullName);
        folder.Add(Made("good", 0));
        File.WriteAllText(folder.FileOf("bad"), "{ \"version\": 1 }");
        List<string> notes = [];
        Assert.That(folder.Read(notes.Add).Select(one => one.Name), Is.EqualTo(["good"]));
        folder.Read(notes.Add);
        Assert.That(notes, Has.Count.EqualTo(1));
        Assert.That(notes[0], Does.Contain("bad.json").And.Contain("expected what atl verify -run writes"));
    }

    [TestCase("\"impostor\": 4", "\"impostor\": -4", "pairs: a negative number")]
    [TestCase("\"width\": 3", "\"width\": \"NaN\"", "angles: a width of NaN")]
    [TestCase("\"people\": [", "\"people\": [ null,", "projection: no identities, or null")]
    [TestCase("\"tar_at_far\": [", "\"tar_at_far\": [ null,", "tar_at_far: null")]
    [TestCase("\"issues\": [", "\"issues\": [ null,", "issues: null")]
    [TestCase("\"pictures\": {", "\"pictures\": { \"a\": null", "pictures: null")]
    [TestCase("\"auc\": ", "\"auc\": true, \"a\": ", "'record.auc' is of another type")]
    public void AVerificationThatCannotBeIsNamed(string good, string bad, string fault)
    {
        RunVerifications folder = new(_folder.FullName);
        string file = folder.Add(Made("one", 0)), text = File.ReadAllText(file);
        Assert.That(text, Does.Contain(good));
        File.WriteAllText(file, text.Replace(good, bad, StringComparison.Ordinal));
        List<string> notes = [];
        Assert.That(folder.Read(notes.Add), Is.Empty);
        Assert.That(notes.Single(), Does.Contain("one.json").And.Contain(fault));
    }

    [Test]
    public void AnyDamageToAVerificationLeavesAPage()
    {
        RunVerifications folder = new(_folder.FullName);
        string file = folder.Add(Made("one", 0)), good = File.ReadAllText(file);
        string[] words = ["null", "true", "-1", "1e400", "0", "\"NaN\"", "\"Infinity\"", "\"\\ud83d\"", "[]", "{}"];
        int[] values = [.. Enumerable.Range(0, good.Length).Where(i => char.IsAsciiDigit(good[i])
            && !char.IsAsciiDigit(good[i - 1]))];
        Random random = new(7);
        int shown = 0;
        for (int round = 0; round < 600; round++)
        {
            int place = values[random.Next(values.Length)], end = place;
            while (char.IsAsciiDigit(good[end]) || good[end] is '.' or 'E' or '-' or '+') end++;
            File.WriteAllText(file, good[..place] + words[random.Next(words.Length)] + good[end..]);
            IReadOnlyList<RunVerification> read = new RunVerifications(_folder.FullName).Read(note =>
                Assert.That(note, Does.Contain("one.json")));
            Assert.That(HtmlReport.ToHtml(RunReport.Of(new RunHistory(), read)), Does.Contain("</html>"));
            shown += read.Count;
        }
        Assert.That(shown, Is.GreaterThan(60));
    }

    [Test]
    public void TheDigestTellsProtocolsApartAndNotFeatures()
    {
        string digest = ProtocolDigest.Of(Recorder([0, 10, 80, 100], ["a", "a", "b", "b"]));
        Assert.That(ProtocolDigest.Of(Recorder([0, 20, 70, 100], ["a", "a", "b", "b"])), Is.EqualTo(digest));
        Assert.That(ProtocolDigest.Of(Recorder([0, 10, 80, 100], ["a", "b", "a", "b"])), Is.Not.EqualTo(digest));
    }

    private static RunVerification Made(string name, int day)
    {
        VerificationRecorder recorder = Recorder([0, 10, 80, 100], ["a", "a", "b", "b"]);
        return RunVerification.Of(name, recorder.Record(), ProtocolDigest.Of(recorder),
            _ => new Dictionary<string, Thumbnail>()) with
        {
            Time = DateTimeOffset.UnixEpoch.AddDays(day),
        };
    }

    private static VerificationRecorder Recorder(double[] degrees, string[] people)
    {
        FeatureMatrix features = FeatureMatrix.FromRows(
            [.. degrees.Select(angle => new[] { (float)Math.Cos(angle * Math.PI / 180),
                (float)Math.Sin(angle * Math.PI / 180) })]);
        return VerificationRecorder.OfAllPairs(
            features, new FeatureSource("f.npy", 4, 2, null), ImageNames.Numbered(4), people,
            new VerificationOptions { Rates = [0.5] },
            folds: 10, seed: 1, hardest: 4);
    }
}
