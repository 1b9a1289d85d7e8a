using Atl.TestSupport;

namespace Atl.Cli.Tests.Faults;

/// <summary>How long OpenMP's threads spin, as GNU's runtime itself tells on standard error when it is asked
/// to.</summary>
public sealed class OpenMpWaitingTests : FolderFixture
{
    [TestCase(null, null, "GOMP_SPINCOUNT = '1000'", TestName = "ThreadsSpinBriefly")]
    [TestCase("GOMP_SPINCOUNT", "777", "GOMP_SPINCOUNT = '777'", TestName = "AUsersOwnSpinCountCounts")]
    [TestCase("OMP_WAIT_POLICY", "passive", "GOMP_SPINCOUNT = '0'", TestName = "AUsersOwnWaitPolicyCounts")]
    public void Spinning(string? variable, string? value, string expected)
    {
        File.WriteAllText(_folder["net.prototxt"], """
            layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 3 dim: 2 } } }
            layer { name: "relu" type: "ReLU" bottom: "data" top: "relu" }
            """);
        Dictionary<string, string> environment = new() { ["OMP_DISPLAY_ENV"] = "VERBOSE" };
        if (variable is not null) environment[variable] = value!;
        ProgramResult result = AtlProgram.Run(_folder.FullName, environment, "time", "-model", "net.prototxt",
            "-iterations", "1");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        if (!result.Errors.Contains("GOMP_", StringComparison.Ordinal))
            Assert.Ignore("OpenMP's runtime is not GNU's here");
        Assert.That(result.Errors, Does.Contain(expected));
    }
}
