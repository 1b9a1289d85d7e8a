using System.Text.RegularExpressions;
using Atl.Cli.CommandLine;

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

    [GeneratedRegex(
        @"\b(?:licence|grey|colours?|coloured|centres?|centred|behaviours?|neighbour\w*|learnt|labelled|unlabelled"
            + @"|(?:normal|initial|optim|recogn|summar|raster)is(?:e|ed|es|er|ing|ation)"
            + @"|(?:broke|breaks|broken)\soff|pass(?:ed|es)\sover|today's\sformat|roundings|drawn\sfaces)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Words();
}
