using System.Globalization;
using System.Text.Json;
using Atl.Comparison;

const string Usage = """
    usage: Atl.Comparison [--set drawn|orl] [--method NAME,…] [--seeds N] [--iterations N] [--lr X] [--target TAR] [--orl FOLDER] [--out FOLDER]

    Trains the same net with each method on the same faces and verifies people never trained on. Runs that results.jsonl in the output folder
    (build/comparison) already holds are not repeated.
    """;
string[] sets = ["drawn", "orl"];
IReadOnlyList<Method> methods = Method.All;
string output = "build/comparison", orl = "../shared/data/faces/orl";
int seeds = 3;
int? iterations = null;
float rate = 0.02f;
double target = 0.5;
for (int i = 0; i < args.Length; i += 2)
{
    if (i + 1 == args.Length) return Refuse($"'{args[i]}' needs a value");
    string value = args[i + 1];
    switch (args[i])
    {
        case "--set" when sets.Contains(value):
            sets = [value];
            break;
        case "--method":
            string[] names = value.Split(',');
            string? unknown = names.FirstOrDefault(name => Method.All.All(method => method.Name != name));
            if (unknown is not null)
                return Refuse($"unknown method '{unknown}'; there are: "
                    + $"{string.Join(", ", Method.All.Select(method => method.Name))}");
            methods = [.. names.Select(name => Method.All.Single(method => method.Name == name))];
            break;
        case "--seeds" when int.TryParse(value, out seeds) && seeds > 0:
        case "--lr" when float.TryParse(value, CultureInfo.InvariantCulture, out rate) && rate > 0:
        case "--target" when double.TryParse(value, CultureInfo.InvariantCulture, out target) && target is > 0 and <= 1:
            break;
        case "--iterations" when int.TryParse(value, out int number) && number >= 20:
            iterations = number;
            break;
        case "--orl":
            orl = value;
            break;
        case "--out":
            output = value;
            break;
        default:
            return Refuse($"unknown argument or value '{args[i]} {value}'");
    }
}

Directory.CreateDirectory(output);
string results = Path.Combine(output, "results.jsonl");
List<Trial> trials = File.Exists(results)
    ? [.. File.ReadLines(results).Select(line => JsonSerializer.Deserialize<Trial>(line)!)] : [];
foreach (string name in sets)
{
    if (name == "orl" && !Directory.Exists(orl))
    {
        Console.WriteLine($"orl is left out: there is no folder {orl} (--orl names another)");
        continue;
    }
    FaceSet set = name == "orl" ? FaceSet.Orl(output, orl, iterations) : FaceSet.Drawn(output, iterations);
    List<Trial> wanted = [];
    foreach (Method method in methods)
        for (int seed = 1; seed <= seeds; seed++)
        {
            Trial? trial = trials.Find(known => known.Key == (set.Name, method.Name, seed, rate, set.Iterations));
            if (trial is null)
            {
                trial = Trial.Run(set, method, seed, rate);
                File.AppendAllLines(results, [JsonSerializer.Serialize(trial)]);
                string failure = trial.Failure is null ? "" : $", {trial.Failure}";
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{set.Name} {method.Name} seed {seed}: TAR@FAR=0.01 {100 * trial.Last.Tar01:F1} %, "
                        + $"{trial.Seconds:F0} s{failure}"));
            }
            wanted.Add(trial);
        }
    Console.WriteLine($"\n{set.Name}, {set.Iterations} iterations at batch {set.Batch}, "
        + $"{set.People} people trained on\n");
    Console.WriteLine($"{Comparison.Table(wanted, target)}\n");
}
return 0;

static int Refuse(string message)
{
    Console.Error.WriteLine(message);
    Console.Error.WriteLine(Usage);
    return 1;
}
