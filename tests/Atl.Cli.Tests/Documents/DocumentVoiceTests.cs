using System.Text.RegularExpressions;
using Atl.Cli.CommandLine;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Documents;

/// <summary>Holds the prose of documents and help to US spelling, plain openings and the field's words.</summary>
public sealed partial class DocumentVoiceTests
{
    private static IEnumerable<(string Place, string Text)> Texts =>
        RepositoryDocuments.Files.Select(file => (file, RepositoryDocuments.Prose(RepositoryDocuments.Text(file))))
            .Concat(Application.Commands.SelectMany(HelpOf));

    [Test]
    public void ProseUsesTheWordsOfTheField() => Assert.That(Faults(Texts), Is.Empty);

    [TestCase("Who has a net trains it.", "Who has")]
    [TestCase("Train it. What is wrong is printed.", "What is")]
    [TestCase("The center is gray, the centre is not.", "centre")]
    [TestCase("Weights are normalised.", "normalised")]
    [TestCase("Fields are passed\nover.", "passed\nover")]
    [TestCase("The run broke off.", "broke off")]
    [TestCase("One pass over the data. The person who has it says what is wrong.", null)]
    [TestCase("Pass `-choose centre`.\n```sh\natl lint grey\n```\n", null)]
    public void AFaultIsFoundInProseAlone(string text, string? fault) => Assert.That(
        Faults([("a.md", RepositoryDocuments.Prose(text))]),
        Is.EqualTo(fault is null ? Array.Empty<string>() : [$"a.md: {fault}"]));

    [Test]
    public void XmlDocsUseTheWordsOfTheField() => Assert.That(SourceFiles().SelectMany(
        file => XmlFaults(Path.GetRelativePath(TestData.RepositoryRoot, file), File.ReadAllText(file))), Is.Empty);

    [TestCase("/// <summary>How many there are.</summary>", "How many")]
    [TestCase("    /// <summary>\n    /// What comes out.\n    /// </summary>", "What comes")]
    [TestCase("/// <summary>The number of\n/// colours.</summary>", "colours")]
    [TestCase("/// <summary>Says what comes.</summary>\n// What comes.", null)]
    public void AFaultIsFoundInXmlDocs(string source, string? fault) => Assert.That(XmlFaults("A.cs", source),
        Is.EqualTo(fault is null ? Array.Empty<string>() : [$"A.cs: {fault}"]));

    private static IEnumerable<string> SourceFiles() => Directory
        .EnumerateFiles(Path.Combine(TestData.RepositoryRoot, "managed"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)
            && !file.EndsWith(".g.cs", StringComparison.Ordinal));

    private static IEnumerable<string> XmlFaults(string file, string source)
    {
        string docs = string.Join(' ', XmlDocLine().Matches(source).Select(line => line.Groups[1].Value.Trim()));
        return SummaryOpenings().Matches(docs).Select(match => match.Groups[1].Value)
            .Concat(Words().Matches(docs).Select(match => match.Value)).Select(fault => $"{file}: {fault}");
    }

    private static string[] Faults(IEnumerable<(string Place, string Text)> texts) =>
    [
        .. texts.SelectMany(text => Openings().Matches(text.Text).Concat(Words().Matches(text.Text))
            .Select(match => $"{text.Place}: {match.Value}")),
    ];

    private static IEnumerable<(string Place, string Text)> HelpOf(Command command) =>
        new[] { command.Summary }.Concat(command.Arguments.Select(argument => argument.Help))
            .Concat(command.AllFlags.Select(flag => flag.Help)).Concat(command.Examples.Select(example => example.What))
            .Select(text => ($"help {command.Name}", text));

    [GeneratedRegex(@"(?<=^|[.:!?]\s)(?:Who|What) (?:has|have|is|are|was|does|comes)\b", RegexOptions.Multiline)]
    private static partial Regex Openings();

    [GeneratedRegex(@"^\s*///(.*)$", RegexOptions.Multiline)]
    private static partial Regex XmlDocLine();

    [GeneratedRegex(@"<summary>\s*((?:What|Where|Who|Whose|How) \w+)")]
    private static partial Regex SummaryOpenings();

    [GeneratedRegex(
        @"\b(?:licence|grey|colours?|coloured|centres?|centred|behaviours?|neighbour\w*|learnt|labelled|unlabelled"
            + @"|(?:normal|initial|optim|recogn|summar|raster)is(?:e|ed|es|er|ing|ation)"
            + @"|(?:broke|breaks|broken)\soff|pass(?:ed|es)\sover|today's\sformat|roundings|drawn\sfaces)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Words();
}
