using Atl.Faults;
using Atl.TestSupport;
using FaultyProgram = Atl.Faults.AtlProgram;

namespace Atl.Cli.Tests.Faults;

/// <summary>extract with -overwrite, killed at each call that makes the folder another one.</summary>
public sealed class ExtractKillTests : FolderFixture
{
    private const string Features = "old features", Names = "other.png\n";

    [Test]
    public void NoFeaturesAreLeftBesideTheNamesOfOthers()
    {
        if (FaultLibrary.Path is null) Assert.Ignore(FaultLibrary.AbsentReason);
        Inputs inputs = new(Directory.CreateDirectory(_folder["inputs"]).FullName);
        inputs.Make();
        string[] command = [.. Job.All(inputs).Single(job => job.Name == "extract, .npy").Command, "-overwrite"];
        string log = _folder["calls"];
        Assert.That(Run("whole", null, log), Is.Zero);
        (byte[] features, string names) = (File.ReadAllBytes(_folder["whole/f.npy"]),
            File.ReadAllText(_folder["whole/f.txt"]));
        FaultCall[] calls = [.. FaultLibrary.ReadLog(log).Where(call => call.Operation is "rename" or "remove")];
        Assert.That(calls, Has.Length.GreaterThanOrEqualTo(3));
        foreach (FaultCall call in calls)
        {
            string folder = $"{call.Number}";
            Assert.That(Run(folder, $"kill@any:{call.Number}", null), Is.Not.Zero);
            bool isNew = File.ReadAllText(_folder[$"{folder}/f.npy"]) != Features;
            string? found = File.Exists(_folder[$"{folder}/f.txt"]) ? File.ReadAllText(_folder[$"{folder}/f.txt"])
                : null;
            if (found is not null)
                Assert.That(found, Is.EqualTo(isNew ? names : Names),
                    $"call {call.Number}, {call.Operation} {call.Path}");
            Assert.That(Run(folder, null, null), Is.Zero);
            Assert.That(File.ReadAllBytes(_folder[$"{folder}/f.npy"]), Is.EqualTo(features));
            Assert.That(File.ReadAllText(_folder[$"{folder}/f.txt"]), Is.EqualTo(names));
        }

        int Run(string folder, string? fault, string? calls)
        {
            if (!Directory.Exists(_folder[folder]))
            {
                Directory.CreateDirectory(_folder[folder]);
                File.WriteAllText(_folder[$"{folder}/f.npy"], Features);
                File.WriteAllText(_folder[$"{folder}/f.txt"], Names);
            }
            return FaultyProgram.Run(_folder[folder], command,
                FaultLibrary.Environment(_folder[folder], fault, calls)).Code;
        }
    }
}
