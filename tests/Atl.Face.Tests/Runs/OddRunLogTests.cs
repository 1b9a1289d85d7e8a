using System.Text;
using Atl.Face.Report;
using Atl.Face.Runs;
using Atl.Face.Verification;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Face.Tests.Runs;

public sealed class OddRunLogTests : FolderFixture
{
    private const string Start = """{"kind":"start","iteration":0,"time":1,"net":"n","facts":{"a":"b"}}""";
    private const string Train = """{"kind":"train","iteration":10,"time":2,"loss":0.5,"outputs":{"loss":0.5}}""";

    private static readonly string Zeros = string.Join(',', Enumerable.Repeat("0", AngleHistogram.Bins));

    private string LogPath => Path.Combine(_folder.FullName, RunLog.FileName);

    [TestCase("{}", "kind")]
    [TestCase("null", "null")]
    [TestCase("[1]", "")]
    [TestCase("\0\0\0\0", "")]
    [TestCase("""{"kind":"later","iteration":1}""", "")]
    [TestCase("""{"kind":"train","iteration":true,"loss":1,"outputs":{}}""", "'iteration'")]
    [TestCase("""{"kind":"train","iteration":1e30,"loss":1,"outputs":{}}""", "'iteration'")]
    [TestCase("""{"kind":"train","iteration":-4,"loss":1,"outputs":{}}""", "iteration -4")]
    [TestCase("""{"kind":"train","loss":1,"outputs":{}}""", "'iteration'")]
    [TestCase("""{"kind":"train","iteration":1,"outputs":{}}""", "'loss'")]
    [TestCase("""{"kind":"train","iteration":1,"loss":"big","outputs":{}}""", "'loss'")]
    [TestCase("""{"kind":"train","iteration":1,"loss":1,"outputs":null}""", "outputs")]
    [TestCase("""{"kind":"train","iteration":1,"loss":1,"outputs":{"a":null}}""", "outputs")]
    [TestCase("""{"kind":"train","iteration":1,"loss":1,"lambda":"\ud83d","outputs":{}}""", "'lambda'")]
    [TestCase("""{"kind":"test","iteration":1,"net":0}""", "'outputs'")]
    [TestCase("""{"kind":"test","iteration":1,"net":-1,"outputs":{}}""", "test net -1")]
    [TestCase("""{"kind":"start","iteration":1,"net":"\ud83d","facts":{}}""", "'net'")]
    [TestCase("""{"kind":"start","iteration":1,"net":"n","facts":{"a":null}}""", "a fact is null")]
    [TestCase("""{"kind":"angles","iteration":1,"own_centre":[1],"other_centre":[1],"genuine":[1],"impostor":[1]}""",
    "expected 60")]
    [TestCase("""{"kind":"train","iteration":11,"loss":0.4,"outputs":{"lo""", "")]
    public void ALineThatIsNotUnderstoodIsNamedOnceAndTheRestIsUsed(string line, string problem)
    {
        File.WriteAllLines(LogPath, [Start, line, Train, line, line]);
        List<string> notes = [];
        RunHistory history = RunFolder.Read(_folder.FullName, notes.Add);
        Assert.That(history.Training.Select(reading => reading.Iteration), Is.EqualTo([10]));
        Assert.That(notes, Has.Count.EqualTo(1));
        Assert.That(notes[0],
            Does.StartWith($"{LogPath}:2: ignored: ").And.Contain(problem).And.EndsWith("; so are 2 more lines"));
        Assert.That(HtmlReport.ToHtml(RunReport.Of(history, [])), Does.Contain(">Loss<"));
    }

    [Test]
    public void AnglesBelowZeroAndBeyondAllNumbersAreNoHistograms()
    {
        string angles =
            $$"""{"kind":"angles","iteration":3,"other_centre":[{{Zeros}}],"genuine":[{{Zeros}}],"impostor":[{{Zeros}}],"own_centre":""";
        string most = string.Join(',', Enumerable.Repeat($"{long.MaxValue}", AngleHistogram.Bins));
        string later = angles.Replace(":3", ":4", StringComparison.Ordinal);
        File.WriteAllLines(LogPath, [Start, $"{angles}[-1{Zeros[1..]}]}}", $"{angles}[{most}]}}",
            $"{later}[{most}]}}"]);
        List<string> notes = [];
        RunHistory history = RunFolder.Read(_folder.FullName, notes.Add);
        Assert.That(notes, Has.Count.EqualTo(1));
        Assert.That(notes[0], Does.Contain(":2: ignored: ").And.Contain("negative count"));
        Assert.That(HtmlReport.ToHtml(RunReport.Of(history, [])),
            Does.Contain(">Angles between samples and rows of W<"));
    }

    [Test]
    public void LinesInAnyOrderComeInTheirOrderAndTheLastOfTwoCounts()
    {
        File.WriteAllLines(LogPath, [Start, Reading(20, 2), Reading(10, 1), Reading(30, 3), Reading(20, 4),
            Reading(30, 5)]);
        List<string> notes = [];
        RunHistory history = RunFolder.Read(_folder.FullName, notes.Add);
        Assert.That(history.Training.Select(reading => (reading.Iteration, reading.Loss)),
            Is.EqualTo([(10, 1.0), (20, 4.0), (30, 5.0)]));
        Assert.That(notes, Is.EqualTo(
        [
            $"{LogPath}:3: used where its iteration belongs: iteration 10 after 20; so are 2 more lines",
        ]));
    }

    [Test]
    public void ManyLinesInFallingOrderAndManyStartsTakeNoLongerThanOthers()
    {
        const int Lines = 30_000;
        File.WriteAllLines(LogPath, Enumerable.Range(0, Lines).SelectMany(i => new[]
        {
            Reading(Lines - i, 1), $$$"""{"kind":"start","iteration":{{{Lines + i}}},"net":"n","facts":{}}""",
        }));
        RunHistory history = RunFolder.Read(_folder.FullName, _ => { });
        Assert.That((history.Training.Count, history.Starts.Count), Is.EqualTo((Lines - 1, Lines)),
            "the first start drops the reading of its iteration");
        Assert.That(HtmlReport.ToHtml(RunReport.Of(history, [])), Does.Contain($"({Lines - 1} times)"));
    }

    [Test]
    public void ALineWithoutEndIsPassedOver()
    {
        using (StreamWriter writer = new(LogPath))
        {
            writer.WriteLine(Start);
            string part = new('x', 1 << 20);
            for (int i = 0; i < 40; i++) writer.Write(part);
            writer.WriteLine();
            writer.WriteLine(Train);
        }
        List<string> notes = [];
        Assert.That(RunFolder.Read(_folder.FullName, notes.Add).Training, Has.Count.EqualTo(1));
        Assert.That(notes.Single(), Does.Contain(":2: ignored: longer than"));
    }

    [Test]
    public void LinesMayEndAsOnWindowsAndBeginWithAMark()
    {
        File.WriteAllText(LogPath, $"{Start}\r\n\r\n{Train}\r\n", new UTF8Encoding(true));
        Assert.That(RunFolder.Read(_folder.FullName, Assert.Fail).Training, Has.Count.EqualTo(1));
    }

    [Test]
    public void ALogOfJunkEndsAReportButNotATraining()
    {
        byte[] junk = new byte[5000];
        new Random(1).NextBytes(junk);
        File.WriteAllBytes(LogPath, junk);
        List<string> notes = [];
        Assert.That(RunFolder.ReadEarlier(_folder.FullName, notes.Add).Training, Is.Empty);
        Assert.That(notes.Single(), Does.Contain("ignored"));
        Assert.That(() => RunFolder.Read(_folder.FullName, _ => { }),
            Throws.TypeOf<AtlException>().With.Message.Contains(RunLog.FileName).And.Message.Contains(
                "no entry of a run's log"));
    }

    [TestCase(0.0, 0.0)]
    [TestCase(1e17, 1e17)]
    [TestCase(-5, -5)]
    [TestCase(double.MaxValue, -double.MaxValue)]
    [TestCase(double.MaxValue, double.MaxValue)]
    [TestCase(double.NaN, double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity, 3)]
    [TestCase(double.Epsilon, 1)]
    [TestCase(1e17, 1.0000000000000002e17)]
    public void AnyValuesGiveAPage(double first, double second)
    {
        foreach (double[] values in new[] { [first], [first, second], new[] { first, second, first } })
        {
            RunHistory history = new();
            history.Add(new RunStart(0, 0, "n", new Dictionary<string, string>()));
            for (int i = 0; i < values.Length; i++)
            {
                int iteration = i == 0 ? 0 : int.MaxValue - 3 + i;
                Dictionary<string, double> outputs = new() { ["a"] = values[i] };
                history.Add(new TrainReading(iteration, 0, values[i], values[i], values[i], values[i], values[i],
                    outputs));
                history.Add(new TestReading(iteration, 0, i, outputs));
            }
            string page = HtmlReport.ToHtml(RunReport.Of(history, []));
            Assert.That(page, Does.Contain(">Loss<").And.Contain(">Test: a<"));
            Assert.That(page, Does.Not.Contain("NaN").And.Not.Contain("Infinity"));
        }
    }

    [Test]
    public void ANetOfManyOutputsHasSomeOfThemOnThePage()
    {
        RunHistory history = new();
        history.Add(new TestReading(0, 0, 0, Enumerable.Range(0, 10_000)
            .ToDictionary(i => $"prob/{i}", i => (double)i)));
        string page = HtmlReport.ToHtml(RunReport.Of(history, []));
        Assert.That(page,
            Does.Contain(">Test: prob/47<").And.Not.Contain(">Test: prob/48<").And.Contain("the first 48 of 10,000"));
    }

    [Test]
    public void AnyDamageToALogLeavesAPageOrAnErrorThatNamesTheFile()
    {
        Random random = new(5);
        string angles =
            """{"kind":"angles","iteration":9,"own_centre":[0],"other_centre":[0],"genuine":[0],"impostor":[0]}"""
            .Replace("[0]", $"[{Zeros}]", StringComparison.Ordinal);
        byte[] good = Encoding.UTF8.GetBytes(string.Join('\n', [Start, Reading(9, 1), Train, angles,
            """{"kind":"test","iteration":10,"net":0,"outputs":{"loss":"NaN","acc":0.5}}""",
            """{"kind":"snapshot","iteration":10,"model":"m"}"""]) + "\n");
        string[] words = ["null", "true", "-1", "1e400", "\"\\ud83d\"", "[]", "{}", "\0", "\n", "9999999999",
            "\"Infinity\""];
        int pages = 0;
        for (int round = 0; round < 1500; round++)
        {
            List<byte> bytes = [.. good];
            for (int edits = random.Next(1, 4); edits > 0; edits--)
            {
                int place = random.Next(bytes.Count);
                int removed = random.Next(Math.Min(6, bytes.Count - place));
                bytes.RemoveRange(place, removed);
                bytes.InsertRange(place, random.Next(2) == 0 ? [(byte)random.Next(256)]
                    : Encoding.UTF8.GetBytes(words[random.Next(words.Length)]));
            }
            File.WriteAllBytes(LogPath, [.. bytes]);
            try
            {
                HtmlReport.ToHtml(RunReport.OfFolder(_folder.FullName,
                    note => Assert.That(note, Does.StartWith(LogPath))));
                pages++;
            }
            catch (AtlException e)
            {
                Assert.That(e.Message, Does.Contain(LogPath));
            }
        }
        Assert.That(pages, Is.GreaterThan(1400));
    }

    [Test]
    public void AfterAKillInTheMiddleOfALineTheNextBeginsALineAndThereAreNoBlankOnes()
    {
        TrainReading reading = new(1, 2, 0.5, null, null, null, null, new Dictionary<string, double>());
        Write(reading);
        Write(reading with { Iteration = 2 });
        File.AppendAllText(LogPath, "{\"kind\":\"train\",\"itera");
        Write(reading with { Iteration = 3 });
        string text = File.ReadAllText(LogPath);
        Assert.That(text.Split('\n'), Has.Length.EqualTo(5));
        Assert.That(text, Does.Contain("\"itera\n{").And.Not.Contain("\n\n").And.EndsWith("}\n"));

        void Write(RunEntry entry)
        {
            using RunLog log = new(LogPath);
            log.Append(entry);
        }
    }

    [Test]
    public void NamesThatAreNoTextAreWrittenAndReadAndShown()
    {
        using (RunLog log = new(LogPath))
            log.Append(new RunStart(0, 0, "a\ud83d", new Dictionary<string, string> { ["\udc00\0<"] = "\ud83d" }));
        RunHistory history = RunFolder.Read(_folder.FullName, Assert.Fail);
        Assert.That(history.Starts.Single().Net, Is.EqualTo("a\ufffd"));
        RunHistory odd = new();
        odd.Add(new RunStart(0, 0, "a\ud83d", new Dictionary<string, string> { ["\udc00"] = "\ud83d" }));
        Assert.That(HtmlReport.ToHtml(RunReport.Of(odd, [])), Does.Contain("<h1>a\ufffd</h1>"));
        Assert.That(JsonText.Of(new { Name = "a\ud83d", Values = new[] { double.NaN, double.PositiveInfinity } }),
            Does.Contain("NaN").And.Contain("Infinity").And.Contain("\"a"));
    }

    private static string Reading(int iteration, double loss) =>
        FormattableString.Invariant(
            $$$"""{"kind":"train","iteration":{{{iteration}}},"loss":{{{loss}}},"outputs":{}}""");
}
