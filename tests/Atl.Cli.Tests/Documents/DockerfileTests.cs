using Atl.TestSupport;

namespace Atl.Cli.Tests.Documents;

/// <summary>The Dockerfile's form; no engine runs here that could build it.</summary>
public sealed class DockerfileTests
{
    private static readonly string[] Known =
        ["ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "FROM", "LABEL", "RUN", "USER", "WORKDIR"];

    // A line that ends with a backslash goes on in the next.
    private static string[] Instructions() =>
    [
        .. File.ReadAllText(Path.Combine(TestData.RepositoryRoot, "managed", "Atl.Cli", "Dockerfile"))
            .Replace("\\\n", " ", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#')),
    ];

    [Test]
    public void EveryLineIsAnInstruction() =>
        Assert.That(Instructions().Select(line => line.Split(' ')[0]), Is.SubsetOf(Known));

    [Test]
    public void ItStartsFromASystemAndEndsWithTheProgram()
    {
        string[] instructions = Instructions();
        Assert.That(instructions[0], Does.Match("^FROM debian:1[23]-slim$"));
        Assert.That(instructions[^1], Is.EqualTo("""ENTRYPOINT ["atl"]"""));
        Assert.That(instructions.Count(line => line.StartsWith("ENTRYPOINT ", StringComparison.Ordinal)),
            Is.EqualTo(1));
    }

    [Test]
    public void ItInstallsThePackageThatItCopies()
    {
        const string Package = "atl_*_amd64.deb";
        string[] instructions = Instructions();
        Assert.That(instructions, Does.Contain($"COPY {Package} /tmp/"));
        Assert.That(instructions.Single(line => line.StartsWith("RUN ", StringComparison.Ordinal)),
            Does.Contain("apt-get install").And.Contain($"/tmp/{Package}"));
    }
}
