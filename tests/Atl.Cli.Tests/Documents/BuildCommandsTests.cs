using Atl.Build;

namespace Atl.Cli.Tests.Documents;

public sealed class BuildCommandsTests
{
    private static readonly string[] Alone = ["native", "cuda", "publish", "archive", "deb", "pack", "gpucheck"];

    [Test]
    public void EveryCommandIsFoundAndHasItsLineOfHelp()
    {
        Assert.That(BuildCommands.All.Select(command => command.Name), Is.Unique);
        foreach (BuildCommand command in BuildCommands.All)
        {
            Assert.That(BuildCommands.Find(command.Name.ToUpperInvariant()), Is.SameAs(command));
            Assert.That(BuildCommands.Help.Split('\n').Count(line => line.Length <= 160
                && line.StartsWith($"  {command.Name} {command.Arguments}".PadRight(29), StringComparison.Ordinal)
                && line[29] != ' '), Is.EqualTo(1), command.Name);
        }
    }

    [TestCase("-h")]
    [TestCase("--HELP")]
    public void HelpHasItsFlags(string word) => Assert.That(BuildCommands.Find(word).Name, Is.EqualTo("help"));

    [Test]
    public void AnUnknownCommandIsNamedBesideTheKnownOnes()
    {
        BuildException fault = Assert.Throws<BuildException>(() => BuildCommands.Find("tset"))!;
        Assert.That(fault.Message, Is.EqualTo("unknown command 'tset'; there are: "
            + string.Join(", ", BuildCommands.All.Select(command => command.Name))));
        Assert.That(fault.ExitCode, Is.EqualTo(1));
    }

    [TestCaseSource(nameof(Alone))]
    public void ACommandWithoutArgumentsRefusesThem(string name) =>
        Assert.That(() => BuildCommands.Find(name).Run(["x", "y"]), Throws.TypeOf<BuildException>()
            .With.Message.EqualTo($"{name} takes no arguments, found: x y"));

    [TestCase("test", "--all", "test has no option '--all'")]
    [TestCase("test", "a b", "test takes one filter, found 2: a b")]
    [TestCase("format", "--chek", "format takes --check alone, found: --chek")]
    [TestCase("bindings", "--chek", "bindings takes --check and --cppsharp FOLDER, found '--chek'")]
    [TestCase("fuzz", "native --second 1", "fuzz native takes --seconds N")]
    public void WrongArgumentsAreNamed(string name, string arguments, string fault) =>
        Assert.That(() => BuildCommands.Find(name).Run(arguments.Split(' ')),
            Throws.TypeOf<BuildException>().With.Message.EqualTo(fault));

    // apt's two formats: lines, and paragraphs of fields.
    [TestCase("# a mirror\ndeb http://m/debian bookworm main\ndeb [arch=amd64 signed-by=/k] http://m/s b/updates main contrib # x\n",
        "# a mirror\ndeb http://m/debian bookworm non-free\ndeb [arch=amd64 signed-by=/k] http://m/s b/updates non-free\n")]
    [TestCase("Types: deb\n# c\nURIs: http://m\nSuites: b b-updates\nComponents: main\n contrib\nSigned-By: /k\n\nTypes: deb\ncomponents: main\n",
        "Types: deb\n# c\nURIs: http://m\nSuites: b b-updates\nComponents: non-free\nSigned-By: /k\n\nTypes: deb\ncomponents: non-free\n")]
    public void AptsSourcesGetOtherComponents(string text, string expected) =>
        Assert.That(AptComponents.Changed(text, "non-free"), Is.EqualTo(expected));
}
