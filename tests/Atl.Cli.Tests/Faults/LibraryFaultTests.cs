using System.Reflection;
using System.Runtime.InteropServices;
using Atl.Data;
using Atl.Native;
using Atl.Proto;

namespace Atl.Cli.Tests.Faults;

/// <summary>A library that cannot be loaded is said in one line, with what is really wrong.</summary>
public sealed class LibraryFaultTests
{
    private const string Message = """
        Unable to load shared library 'OpenCvSharpExtern' or one of its dependencies. In order to help diagnose ...
        /opt/atl/OpenCvSharpExtern.so: cannot open shared object file: No such file or directory
        REASON
        /opt/atl/libOpenCvSharpExtern: cannot open shared object file: No such file or directory

        """, Remedy = "; the package Atl.Images has it for Linux on x86-64: run `dotnet add package Atl.Images`";

    [TestCase("/opt/atl/libOpenCvSharpExtern.so: failed to map segment from shared object")]
    [TestCase("libtesseract.so.4: cannot open shared object file: No such file or directory")]
    public void WhatALibraryLacksIsToldFromWhereItIsNot(string reason) => Assert.That(
        LibraryFault.Describe(Wrapped(Message.Replace("REASON", reason, StringComparison.Ordinal))),
        Is.EqualTo($"the native library 'OpenCvSharpExtern' cannot be loaded: {reason}{Remedy}"));

    [Test]
    public void OneThatIsNowhereIsMissing() => Assert.That(
        LibraryFault.Describe(Wrapped(Message.Replace("REASON\n", "", StringComparison.Ordinal))),
        Is.EqualTo("the native library 'OpenCvSharpExtern' cannot be loaded: there is none beside the program or among "
            + "the system's" + Remedy));

    [Test]
    public void TheRuntimesOwnMessageIsUnderstood()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("the words of other systems are their own");
        DllNotFoundException error = Assert.Throws<DllNotFoundException>(() => NativeLibrary.Load("atl_nowhere",
            Assembly.GetExecutingAssembly(), null))!;
        string expected = "the native library 'atl_nowhere' cannot be loaded: there is none beside the program or "
            + "among the system's";
        Assert.That(LibraryFault.Describe(error), Is.EqualTo(expected));
        Assert.That(ItemFailure.Reason(new TypeInitializationException("OpenCvImage", error)), Is.EqualTo(expected));
    }

    [Test]
    public void OtherErrorsAreNone()
    {
        Assert.That(LibraryFault.Describe(new AtlException("x", new DllNotFoundException())), Is.Null);
        Assert.That(LibraryFault.Describe(new TypeInitializationException("x", new IOException())), Is.Null);
    }

    private static TypeInitializationException Wrapped(string message) => new("outer",
        new TypeInitializationException("inner", new DllNotFoundException(message)));
}
