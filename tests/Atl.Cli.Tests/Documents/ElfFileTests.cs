using Atl.Build;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Documents;

/// <summary>What a library asks of its system, on which the packages' promise rests.</summary>
public sealed class ElfFileTests
{
    private static string Library()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("only Linux's libraries are ELF");
        return Path.Combine(AppContext.BaseDirectory, "libatl.so");
    }

    [Test]
    public void ALibraryTellsWhatItNeeds()
    {
        ElfFile library = ElfFile.Read(Library());
        Assert.That(library.Needed, Does.Contain("libc.so.6").And.Some.StartsWith("libdnnl.so"));
        Assert.That(library.Versions, Does.Contain("GLIBC_2.14").And.Some.StartsWith("GLIBCXX_"));
        Assert.That(library.NewestVersion("GLIBC_"), Is.GreaterThanOrEqualTo(new Version(2, 14)));
        Assert.That(library.NewestVersion("NOBODY_"), Is.Null);
    }

    [Test]
    public void ALibraryWithoutWhatItNeedsIsRefused()
    {
        using TemporaryFolder folder = new();
        File.Copy(Library(), Path.Combine(folder.FullName, "libatl.so"));
        Assert.That(() => CarriedLibraries.Check(folder.FullName), Throws.TypeOf<BuildException>()
            .With.Message.Contains("libatl.so needs libdnnl.so")
            .And.Message.Contains("which is not carried and not among what .NET needs"));
    }

    // The version's text is changed in a copy: 2.14 becomes 2.99.
    [Test]
    public void ALibraryForANewerGlibcIsRefused()
    {
        using TemporaryFolder folder = new();
        byte[] bytes = File.ReadAllBytes(Library());
        int at = bytes.AsSpan().IndexOf("GLIBC_2.14\0"u8);
        "99"u8.CopyTo(bytes.AsSpan(at + "GLIBC_2.".Length));
        File.WriteAllBytes(Path.Combine(folder.FullName, "libatl.so"), bytes);
        Assert.That(() => CarriedLibraries.Check(folder.FullName), Throws.TypeOf<BuildException>()
            .With.Message.Contains("libatl.so asks for glibc 2.99, expected 2.34 or older"));
    }

    [Test]
    public void OtherFilesAreNone()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.FullName, "a");
        File.WriteAllText(file, "abc");
        Assert.That(ElfFile.Is(file), Is.False);
        Assert.That(() => ElfFile.Read(file), Throws.TypeOf<BuildException>()
            .With.Message.EndsWith("is not a 64-bit little-endian ELF file"));
    }
}
