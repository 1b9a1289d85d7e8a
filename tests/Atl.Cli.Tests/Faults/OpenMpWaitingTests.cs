using Atl.TestSupport;

namespace Atl.Cli.Tests.Faults;

/// <summary>How long OpenMP's threads spin: what GNU's runtime prints on request, and when the environment is
/// changed.</summary>
public sealed class OpenMpWaitingTests : FolderFixture
{
    private const string Net = """
        layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 3 dim: 2 } } }
        layer { name: "relu" type: "ReLU" bottom: "data" top: "relu" }
        """;

    [TestCase(null, null, "GOMP_SPINCOUNT = '1000'", TestName = "ThreadsSpinBriefly")]
    [TestCase("GOMP_SPINCOUNT", "777", "GOMP_SPINCOUNT = '777'", TestName = "AUsersOwnSpinCountCounts")]
    [TestCase("OMP_WAIT_POLICY", "passive", "GOMP_SPINCOUNT = '0'", TestName = "AUsersOwnWaitPolicyCounts")]
    public void Spinning(string? variable, string? value, string expected)
    {
        File.WriteAllText(_folder["net.prototxt"], Net);
        Dictionary<string, string> environment = new() { ["OMP_DISPLAY_ENV"] = "VERBOSE" };
        if (variable is not null) environment[variable] = value!;
        ProgramResult result = AtlProgram.Run(_folder.FullName, environment, "time", "-model", "net.prototxt",
            "-iterations", "1");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        if (!result.Errors.Contains("GOMP_", StringComparison.Ordinal))
            Assert.Ignore("OpenMP's runtime is not GNU's here");
        Assert.That(result.Errors, Does.Contain(expected));
    }

    [Platform("Linux")]
    [Test]
    public void LoadingTheEngineChangesNoEnvironment()
    {
        File.WriteAllText(_folder["old.prototxt"], Net);
        Assert.That(Told([], "upgrade_net_proto_text", "old.prototxt", "new.prototxt"),
            Is.EqualTo("spin count: none, engine: True, native library: False"));
    }

    [Platform("Linux")]
    [TestCase(false, "1000", TestName = "TheFirstLoadOfTheNativeLibrarySetsTheSpinCount")]
    [TestCase(true, "none", TestName = "ASwitchLeavesTheEnvironmentAsItIs")]
    public void FirstLoad(bool leave, string expected)
    {
        File.WriteAllText(_folder["net.prototxt"], Net);
        Dictionary<string, string> environment = leave ? new() { [StartupHook.Leave] = "1" } : [];
        Assert.That(Told(environment, "time", "-model", "net.prototxt", "-iterations", "1"),
            Is.EqualTo($"spin count: {expected}, engine: True, native library: True"));
    }

    private string Told(Dictionary<string, string> environment, params string[] arguments)
    {
        environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        ProgramResult result = AtlProgram.Run(_folder.FullName, environment, arguments);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        return result.Errors.TrimEnd().Split('\n')[^1];
    }
}
