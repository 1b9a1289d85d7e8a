using Atl.Cli.CommandLine;
using Atl.TestSupport;

namespace Atl.Cli.Tests.CommandLine;

/// <summary>docs/cli.md is what the program's command table says.</summary>
public sealed class CommandPagesTests
{
    private const string Renew = "dotnet run --project managed/Atl.Cli -c Release -- help -markdown > docs/cli.md";

    [Test]
    public void TheCheckedInReferenceIsCurrent()
    {
        string file = Path.Combine(TestData.RepositoryRoot, "docs", "cli.md");
        Assert.That(File.Exists(file) ? File.ReadAllText(file) : "", Is.EqualTo(CommandPages.All(Application.Commands)),
            $"docs/cli.md is not current; renew it: {Renew}");
    }

    [Test]
    public void TheProgramPrintsIt() =>
        Assert.That(AtlProgram.Run(TestData.RepositoryRoot, "help", "-markdown").Output,
            Is.EqualTo(CommandPages.All(Application.Commands)));

    [Test]
    public void EveryFlagIsThere()
    {
        string pages = CommandPages.All(Application.Commands);
        foreach (Command command in Application.Commands)
        {
            string page = pages[pages.IndexOf($"\n## {command.Name}\n", StringComparison.Ordinal)..];
            foreach (Flag flag in command.Flags.Where(flag => !flag.Hidden))
                Assert.That(page, Does.Contain($"| `-{flag.Name}"), command.Name);
        }
    }
}
