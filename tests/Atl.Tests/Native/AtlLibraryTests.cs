using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Atl.Native;
using Atl.TestSupport;

namespace Atl.Tests.Native;

/// <summary>
/// What is said of a native library that cannot be used, and that the one in use is a file of its own and of this
/// version.
/// </summary>
public sealed partial class AtlLibraryTests
{
    // Compiled for more than any processor has: tests/native/unsuited.cpp.
    private static nint Unsuited()
    {
        string library = Path.Combine(TestData.RepositoryRoot, "build", "native", "libatl_unsuited.so");
        if (!File.Exists(library)) Assert.Ignore("libatl_unsuited.so is not built: run build.cs -- test");
        return NativeLibrary.Load(library);
    }

    [Test]
    public void ALibraryForAnotherProcessorIsRefusedWithWhatIsMissingAndTheRemedy()
    {
        nint library = Unsuited();
        NativeLibraryException refusal = Assert.Throws<NativeLibraryException>(() => AtlLibrary.Verify(library))!;
        Assert.That(refusal.Message, Does.StartWith("this build of Atl's native library needs ").And.Contain("XOP")
            .And.Contain("which this processor lacks or its operating system does not enable")
            .And.Contain("-DATL_NATIVE_ARCH=O"));
    }

    [Test]
    public void ALibraryWithoutAVersionIsRefused()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("libc stands for a library that is not Atl's");
        nint library = NativeLibrary.Load("libc.so.6");
        NativeLibraryException refusal = Assert.Throws<NativeLibraryException>(() => AtlLibrary.Verify(library))!;
        Assert.That(refusal.Message, Does.Contain("has another version than the program: an earlier one, expected")
            .And.Contain("build.cs -- native"));
    }

    [Test]
    public void TheLibraryInUseFits()
    {
        Assert.That(NativeMethods.CheckProcessor(), Is.EqualTo(Status.Ok));
        string expected = typeof(AtlLibrary).Assembly.GetName().Version!.ToString(3);
        Assert.That(Marshal.PtrToStringUTF8(NativeMethods.Version()), Is.EqualTo(expected));
    }

    // The managed version stands in Directory.Build.props, the native one in the header, from which CMake takes it.
    [Test]
    public void OneVersionIsWrittenInTwoPlaces()
    {
        string props = File.ReadAllText(Path.Combine(TestData.RepositoryRoot, "Directory.Build.props"));
        string include = Path.Combine(TestData.RepositoryRoot, "native", "include", "atl");
        string native = HeaderVersion().Match(File.ReadAllText(Path.Combine(include, "version.h"))).Groups[1].Value;
        Assert.That(native, Is.EqualTo(PropsVersion().Match(props).Groups[1].Value).And.Not.Empty);
    }

    // The build makes links from one version's name to another; what is copied beside a program must not lead back to
    // them.
    [Test]
    public void TheLibraryBesideTheProgramIsNoLink()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("only Linux's libraries have versions in their names");
        FileInfo library = new(Path.Combine(AppContext.BaseDirectory, $"lib{NativeMethods.Library}.so"));
        Assert.That(library.LinkTarget, Is.Null);
        Assert.That(library.Length, Is.GreaterThan(100_000));
        NativeLibrary.Free(NativeLibrary.Load(library.FullName));
    }

    [GeneratedRegex("""#define ATL_VERSION "([^"]*)""")]
    private static partial Regex HeaderVersion();

    [GeneratedRegex("<Version>(.*?)</Version>")]
    private static partial Regex PropsVersion();
}
