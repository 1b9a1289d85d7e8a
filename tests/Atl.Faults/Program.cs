using System.Globalization;
using Atl.Faults;

const string Usage = """
    usage: Atl.Faults [--kills N] [--disks N] [--seed S] [--only TEXT]

    Disturbs the commands of atl and prints what was lost: N kills and N full disks (as many mounted ones) over all
    commands (200 and 40 where a flag is not given), single calls that fail, terminals that go, signals, and two runs in
    one place. --only runs the scenarios whose names hold TEXT.
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
    SuiteSize size = new(Share(kills - timed), Share(timed), 1, Share(disks), Share(kills / 4), Share(kills / 8),
        Share(kills / 8), disks);
    List<Tally> tallies = [];
    foreach (Scenario scenario in Suite.Scenarios(inputs, folder.FullName, size, seed))
    {
        if (!scenario.Name.Contains(only, StringComparison.OrdinalIgnoreCase)) continue;
        Tally tally = new(scenario.Name);
        try
        {
            scenario.Run(tally);
        }
        catch (InvalidOperationException e)
        {
            tally.Add("undisturbed", e.Message);
        }
        tallies.Add(tally);
        Print(tally.Scenario, [tally]);
        foreach (string lost in tally.Lost) Console.WriteLine($"    {lost}");
    }
    Console.WriteLine();
    foreach (IGrouping<string, Tally> kind in tallies.GroupBy(tally => tally.Scenario.Split(':')[0]))
        Print($"all of '{kind.Key}'", [.. kind]);
    Print("all", tallies);
    return tallies.All(tally => tally.Lost.Count == 0) ? 0 : 1;

    int Share(int all) => (all + jobs - 1) / jobs;
}
finally
{
    folder.Delete(true);
}

static void Print(string what, IReadOnlyList<Tally> tallies) => Console.WriteLine(tallies is [{ Skipped: { } why }]
    ? $"{what,-55} skipped: {why}"
    : $"{what,-55} {tallies.Sum(tally => tally.Runs),5} runs {tallies.Sum(tally => tally.Lost.Count),5} lost "
        + $"{tallies.Sum(tally => tally.Equal),5} resumed to equal bytes");

static int Refuse(string message)
{
    Console.Error.WriteLine($"{message}\n{Usage}");
    return 2;
}
