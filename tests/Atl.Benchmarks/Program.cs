using System.Text.Json;
using Atl.Benchmarks;

const string Usage = "usage: Atl.Benchmarks [NAME] [--json FILE] [--rounds N]";
Benchmark[] all =
[
    new("resface28-train", "a training step with update at batch 32",
        output => ResFace28.Train("resface28-train", Options.Rounds ?? 10, output)),
    new("resface28-infer-1", "the embedding of one face",
        output => ResFace28.Infer("resface28-infer-1", 1, Options.Rounds ?? 40, output)),
    new("resface28-infer-32", "the embeddings of 32 faces",
        output => ResFace28.Infer("resface28-infer-32", 32, Options.Rounds ?? 10, output)),
    .. Convolutions.All,
    new("inner-product", "32 samples times 10,572 rows of 512",
        output => FewSamples.Measure("inner-product", Options.Rounds ?? 40, output)),
    new("verify", "all pairs of 4,473 features of 512 values", output => FeaturePairs.Verify("verify", Options.Rounds
        ?? 5, output)),
    new("align", "256 images of 250 × 250 aligned", output => FaceImages.Align("align", Options.Rounds
        ?? 10, output)),
    new("import", "2,048 images of 112 × 112 put into an LMDB", output => FaceImages.Import("import", Options.Rounds
        ?? 10, output)),
    new("records", "a pass over an LMDB of 200,000 records of 300 bytes",
        output => RecordFiles.Read("records", 200_000, 300, Options.Rounds ?? 20, output)),
    new("records-large", "a pass over an LMDB of 20,000 records of 12 KB",
        output => RecordFiles.Read("records-large", 20_000, 12_000, Options.Rounds ?? 20, output)),
    .. FaceImages.HavePhotographs
        ? (Benchmark[])[new("detect", "28 photographs searched for faces by MTCNN",
            output => FaceImages.Detect("detect", Options.Rounds ?? 5, output))]
        : [],
];
string? name = null, json = null;
for (int i = 0; i < args.Length; i++)
{
    if (args[i] == "--json" && i + 1 < args.Length)
        json = args[++i];
    else if (args[i] == "--rounds" && i + 1 < args.Length && int.TryParse(args[i + 1], out int rounds) && rounds > 0)
        (Options.Rounds, i) = (rounds, i + 1);
    else if (name is null && !args[i].StartsWith('-'))
        name = args[i];
    else
        return Refuse($"unknown argument '{args[i]}'");
}
Benchmark[] chosen = name is null ? all : [.. all.Where(benchmark => benchmark.Name == name)];
if (chosen.Length == 0)
    return Refuse(
        $"unknown benchmark '{name}'; there are: {string.Join(", ", all.Select(benchmark => benchmark.Name))}");

List<Measurement> results = [];
foreach (Benchmark benchmark in chosen)
{
    Machine.ForgetPeak();
    results.Add(benchmark.Run(Console.Out));
}
Console.WriteLine();
Console.WriteLine(Machine.Description);
Console.WriteLine($"{"benchmark",-20} {"ours ms",10} {"floor ms",10} {"ratio",7} {"peak MB",9}");
foreach (Measurement result in results)
    Console.WriteLine($"{result.Name,-20} {result.OursMs,10:F1} {result.FloorMs,10:F1} {result.Ratio,7:F2} "
        + $"{result.PeakRssMb,9:F0}");
if (json is not null) File.WriteAllText(json, JsonSerializer.Serialize(results, Options.Json));
return 0;

static int Refuse(string message)
{
    Console.Error.WriteLine(message);
    Console.Error.WriteLine(Usage);
    return 1;
}
