using System.Globalization;
using Atl.Faults;

const string Usage = """
    usage: Atl.Faults [--kills N] [--disks N] [--seed S] [--only TEXT]

    Disturbs the commands of atl and prints what was lost: N kills and N full disks over all commands (200 and 40 where a flag is not
    given), single calls that fail, terminals that go, signals, and two runs in one place. --only runs the scenarios whose names hold TEXT.
    """;
int kills = 200, disks = 40, seed = 1;
string only = "";
for (int i = 0; i < args.Length; i += 2)
{
    if (i + 1 == args.Length) return Refuse($"'{args[i]}' needs a value");
    string value = args[i + 1];
    switch (args[i])
    {
        case "--kills" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out kills):
        case "--disks" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out disks):
        case "--seed" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed):
            break;
        case "--only":
            only = value;
            break;
        default:
            return Refuse($"unknown argument or value '{args[i]} {value}'");
    }
}
if (FaultLibrary.Path is null) return Refuse(FaultLibrary.AbsentReason);

DirectoryInfo folder = Directory.CreateTempSubdirectory("atl-faults-");
try
{
    Inputs inputs = new(folder.FullName);
    inputs.Make();
    int jobs = Job.All(inputs).Count, timed = kills / 4;
    SuiteSize size = new(Share(kills - timed), Share(timed), Share(disks), Share(kills / 2), Share(kills / 4), Share(kills / 4), disks);
    List<Tally> tallies = [];
    foreach (Scenario scenario in Suite.Scenarios(inputs, folder.FullName, size, seed))
    {
        if (!scenario.Name.Contains(only, StringComparison.OrdinalIgnoreCase)) continue;
        Tally tally = new(scenario.Name);
        scenario.Run(tally);
        tallies.Add(tally);
        Console.WriteLine(tally.Skipped is { } why
            ? $"{tally.Scenario,-45} skipped: {why}"
            : $"{tally.Scenario,-45} {tally.Runs,5} runs {tally.Lost.Count,5} lost {tally.Equal,5} resumed to equal bytes");
        foreach (string lost in tally.Lost) Console.WriteLine($"    {lost}");
    }
    Console.WriteLine($"{tallies.Sum(tally => tally.Runs)} runs, {tallies.Sum(tally => tally.Lost.Count)} lost, "
        + $"{tallies.Sum(tally => tally.Equal)} resumed to equal bytes, {tallies.Count(tally => tally.Skipped is not null)} scenarios skipped");
    return tallies.All(tally => tally.Lost.Count == 0) ? 0 : 1;

    int Share(int all) => (all + jobs - 1) / jobs;
}
finally
{
    folder.Delete(true);
}

static int Refuse(string message)
{
    Console.Error.WriteLine($"{message}\n{Usage}");
    return 2;
}
