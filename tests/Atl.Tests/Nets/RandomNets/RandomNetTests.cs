using System.Globalization;
using Atl.Nets;
using Atl.Tests.Devices.Cuda;

namespace Atl.Tests.Nets.RandomNets;

/// <summary>
/// The engine against a plain evaluation in double precision, on nets of random shape; and that this finds what it is
/// there to find.
/// </summary>
public class RandomNetTests
{
    // ATL_RANDOM_NETS=20000 looks longer.
    private static readonly int Nets = int.Parse(Environment.GetEnvironmentVariable("ATL_RANDOM_NETS")
        ?? "500", CultureInfo.InvariantCulture);
    private const ulong First = 1;

    private static readonly HazardKind[] Kinds = Enum.GetValues<HazardKind>();

    private static readonly (string Name, Action<IReadOnlyList<NetNode>> Put)[] Faults =
    [
        ("a Split forgets a gradient", static nodes =>
        {
            foreach (NetNode node in nodes.Where(static node => node.Layer.Type == "Split" && node.Top.Count > 1))
                FaultyLayer.Put(node, static (layer, top, propagateDown, bottom) =>
                    layer.Backward([.. top.SkipLast(1)], propagateDown, bottom));
        }),
        ("propagate_down has no effect on a view", static nodes =>
        {
            foreach (NetNode node in nodes) node.Layer.PassesGradient = true;
        }),
        ("a shared parameter's gradient is counted once", static nodes =>
        {
            HashSet<SyncedMemory> seen = [];
            foreach (NetNode node in nodes.Where(node => node.Layer.Blobs.Any(blob => !seen.Add(blob.Diff.Memory))))
            {
                FaultyLayer.Put(node, static (layer, top, propagateDown, bottom) =>
                {
                    float[][] before = [.. layer.Blobs.Select(blob => blob.Diff.AsReadOnlySpan().ToArray())];
                    layer.Backward(top, propagateDown, bottom);
                    for (int i = 0; i < before.Length; i++) before[i].CopyTo(layer.Blobs[i].Diff.AsWriteOnlySpan());
                });
            }
        }),
        ("PReLU reads y as x", static nodes =>
        {
            foreach (NetNode node in nodes.Where(static node => node.Layer.Type == "PReLU"
                && node.Top[0] != node.Bottom[0]))
            {
                FaultyLayer.Put(node, static (layer, top, propagateDown, bottom) =>
                {
                    Blob mixed = new(top[0].Shape);
                    mixed.Data.Share(top[0].Data);
                    mixed.Diff.Share(bottom[0].Diff);
                    layer.Backward(top, propagateDown, [mixed]);
                });
            }
        }),
        ("memory is given back while a view of it is still to be read", static nodes =>
        {
            foreach (NetNode node in nodes.Where(static node => node.Layer.Type is "Flatten" or "Reshape"))
                FaultyLayer.Put(node, static bottom => bottom[0].Data.Memory.Release());
        }),
        ("a loss's own weight is lost where the loss is read", static nodes =>
        {
            foreach (NetNode node in nodes.Where(static node => node.AddedLossWeights.Count > 0))
                FaultyLayer.Put(node, static (layer, top, propagateDown, bottom) =>
                {
                    top[0].Diff.AsSpan()[0] -= layer.LossWeights[0];
                    layer.Backward(top, propagateDown, bottom);
                });
        }),
    ];

    [Test]
    public void EveryValueAndGradientIsThatOfThePlainEvaluation()
    {
        int checkedNets = 0;
        Dictionary<HazardKind, int> kinds = [];
        List<string> wrong = [];
        foreach ((ulong _, RandomNetRun run) in RandomNetRun.Stable(First, Nets, new NetOptions()))
        {
            checkedNets++;
            foreach (HazardKind kind in run.Kinds) kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
            if (run.Faults.Count > 0) wrong.Add(run.Describe());
        }
        TestContext.Out.WriteLine(
            $"{checkedNets} nets; with hazards: {string.Join(", ", kinds.Select(kind => $"{kind.Key} {kind.Value}"))}");
        Assert.That(wrong, Has.Count.Zero,
            $"{wrong.Count} of {checkedNets} nets are wrong: {string.Join("\n\n", wrong.Take(2))}");
    }

    [Test]
    public void WithoutTheHazardsPassEachKindOfHazardShows()
    {
        int wrong = 0;
        Dictionary<HazardKind, int> kinds = Kinds.ToDictionary(kind => kind, _ => 0);
        foreach ((ulong _, RandomNetRun run) in RandomNetRun.Stable(First, Nets,
            new NetOptions { IgnoreHazards = true }))
        {
            if (run.Faults.Count == 0) continue;
            wrong++;
            foreach (HazardKind kind in run.Kinds) kinds[kind]++;
        }
        TestContext.Out.WriteLine(
            $"{wrong} of {Nets} nets are wrong: {string.Join(", ", kinds.Select(kind => $"{kind.Key} {kind.Value}"))}");
        Assert.That(wrong, Is.GreaterThanOrEqualTo(100));
        foreach (HazardKind kind in Kinds)
            Assert.That(kinds[kind], Is.Positive, $"no net was wrong by a hazard of kind {kind}");
    }

    private static IEnumerable<TestCaseData> AllFaults =>
        Faults.Select(fault => new TestCaseData(fault.Put).SetName($"AFaultIsFound({fault.Name})"));

    [TestCaseSource(nameof(AllFaults))]
    public void AFaultIsFound(object put)
    {
        NetOptions faulty = new() { Tamper = (Action<IReadOnlyList<NetNode>>)put };
        (ulong seed, RandomNetRun? run) = RandomNetRun.Stable(First, Nets, faulty)
            .FirstOrDefault(pair => pair.Run.Faults.Count > 0);
        Assert.That(run, Is.Not.Null, "no net shows the fault");
        TestContext.Out.WriteLine($"found by seed {seed}: {run!.Faults[0]}");
    }

    [Test]
    public void OnAGpuTooEveryValueAndGradientIsThatOfThePlainEvaluation()
    {
        foreach ((ulong _, RandomNetRun run) in RandomNetRun.Stable(First, Nets / 5,
            new NetOptions { Device = Gpu.Device() }))
            Assert.That(run.Faults, Is.Empty, run.Describe());
    }
}
