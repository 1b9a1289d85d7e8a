using System.Diagnostics;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Faults;

/// <summary>A copy of the program with a native library that cannot be used says why, as any error.</summary>
public sealed class NativeLibraryTests : FolderFixture
{
    [Test]
    public void AMissingOneIsNamedWithTheRemedy()
    {
        (int code, string errors) = RunCopy();
        Assert.That(code, Is.EqualTo(1), errors);
        Assert.That(errors, Does.StartWith("atl device_query: the native library 'atl' cannot be loaded: ")
            .And.Contain("run `dotnet add package Atl`").And.Contain("run `dotnet run build.cs -- native`"));
    }

    [Test]
    public void OneForAnotherProcessorIsAnErrorAndNoCrash()
    {
        string unsuited = Path.Combine(TestData.RepositoryRoot, "build", "native", "libatl_unsuited.so");
        if (!File.Exists(unsuited)) Assert.Ignore("libatl_unsuited.so is not built: run build.cs -- test");
        File.Copy(unsuited, _folder["libatl.so"]);
        (int code, string errors) = RunCopy();
        Assert.That(code, Is.EqualTo(1), errors);
        Assert.That(errors, Does.StartWith("atl device_query: this build of Atl's native library needs ")
            .And.Contain("-DATL_NATIVE_ARCH="));
    }

    private (int Code, string Errors) RunCopy()
    {
        foreach (string pattern in new[] { "*.dll", "*.json" })
            foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, pattern))
                File.Copy(file, _folder[Path.GetFileName(file)]);
        string[] arguments = [_folder["Atl.Cli.dll"], "device_query"];
        ProcessStartInfo start = new("dotnet", arguments) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }
}
