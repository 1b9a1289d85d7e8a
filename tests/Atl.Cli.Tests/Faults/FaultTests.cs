using Atl.Faults;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Faults;

/// <summary>
/// Nothing is lost where a process is killed, a disk is full, a call fails, a terminal goes: the short form of the
/// fault suite (tests/Atl.Faults), whose moments are the same in every run. docs/reliability.md says what is promised.
/// </summary>
[Parallelizable(ParallelScope.Children)]
public sealed class FaultTests
{
    private const int Seed = 1;

    private TemporaryFolder _folder = null!;
    private Dictionary<string, Scenario> _scenarios = null!;

    private static IEnumerable<string> Names => Of("").Select(scenario => scenario.Name);

    [OneTimeSetUp]
    public void MakeInputs()
    {
        if (FaultLibrary.Path is null) Assert.Ignore(FaultLibrary.AbsentReason);
        _folder = new TemporaryFolder();
        new Inputs(_folder.FullName).Make();
        _scenarios = Of(_folder.FullName).ToDictionary(scenario => scenario.Name);
    }

    [OneTimeTearDown]
    public void RemoveInputs() => _folder?.Dispose();

    [TestCaseSource(nameof(Names))]
    public void NothingIsLost(string name)
    {
        Tally tally = new(name);
        _scenarios[name].Run(tally);
        if (tally.Skipped is { } why) Assert.Ignore(why);
        Assert.That(tally.Lost, Is.Empty);
        Assert.That(tally.Runs, Is.Positive);
    }

    private static IEnumerable<Scenario> Of(string folder) =>
        Suite.Scenarios(new Inputs(folder), folder, SuiteSize.Short, Seed);
}
