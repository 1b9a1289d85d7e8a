namespace Atl.Proto.Tests.Files;

/// <summary>What the system refuses is told from what the program does wrong.</summary>
public sealed class FileFaultTests
{
    private static readonly Exception[] Refused =
        [new FileNotFoundException("gone"), new DirectoryNotFoundException("gone"), new IOException("no room"),
            new UnauthorizedAccessException("not yours")];

    [TestCaseSource(nameof(Refused))]
    public void ARefusalIsIgnoredOrToldWithWhatWasTried(Exception refusal)
    {
        Assert.That(FileFault.Is(refusal));
        FileFault.Ignore(() => throw refusal);
        Assert.That(() => FileFault.Rethrow("a.txt: cannot be written", () => throw refusal),
            Throws.InstanceOf<AtlException>().With.Message.EqualTo($"a.txt: cannot be written: {refusal.Message}")
                .And.InnerException.SameAs(refusal));
    }

    [Test]
    public void AnErrorOfTheProgramPassesThrough()
    {
        Assert.That(() => FileFault.Ignore(() => throw new ArgumentException("mine")), Throws.ArgumentException);
        Assert.That(() => FileFault.Rethrow("a.txt", () => throw new ArgumentException("mine")),
            Throws.ArgumentException);
        Assert.That(FileFault.Rethrow("a.txt", () => 3), Is.EqualTo(3));
    }

    [Test]
    public void TheCausesOfAnErrorAreWalkedFromTheOutside()
    {
        IOException inner = new("inner");
        AtlException outer = new("outer", inner);
        Assert.That(AtlException.Causes(outer), Is.EqualTo(new Exception[] { outer, inner }));
    }
}
