using Atl.Devices;
using Atl.Layers;
using Atl.Nets;
using Atl.Proto;

namespace Atl.Tests.Nets.RandomNets;

/// <summary>Runs a random net in the engine and holds every value and gradient against the plain evaluation.</summary>
internal sealed class RandomNetRun
{
    private const double Tolerance = 2e-3;
    private const int Steps = 2;

    private readonly NetParameter _parameter;
    private readonly ulong _seed;
    private readonly NetOptions _options;
    private readonly List<string> _faults = [];

    private RandomNetRun(ulong seed, NetOptions options)
    {
        (_seed, _parameter, _options) = (seed, RandomNet.Draw(seed), options);
        try
        {
            Run();
        }
        catch (Exception e) when (e is AtlException or InvalidOperationException)
        {
            _faults.Add(e.Message);
        }
    }

    /// <summary>What is wrong; empty where nothing is.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Whether the net says nothing, for rounding decides its results.</summary>
    public bool IsUnstable { get; private set; }

    /// <summary>Of what kinds the net's hazards in TRAIN are.</summary>
    public IReadOnlySet<HazardKind> Kinds { get; private set; } = new HashSet<HazardKind>();

    /// <summary>Runs the net of a seed.</summary>
    public static RandomNetRun Of(ulong seed, NetOptions options) => new(seed, options);

    /// <summary>The nets of a range of seeds of which the results mean something, run one after another.</summary>
    public static IEnumerable<(ulong Seed, RandomNetRun Run)> Stable(ulong first, int count, NetOptions options)
    {
        for (ulong seed = first; count > 0; seed++)
        {
            RandomNetRun run = Of(seed, options);
            if (run.IsUnstable) continue;
            count--;
            yield return (seed, run);
        }
    }

    /// <summary>The seed, the net and what is wrong with it.</summary>
    public string Describe() => $"seed {_seed}: {string.Join("; ", _faults.Take(4))}\n{TextFormat.Print(_parameter)}";

    private void Run()
    {
        // Memory that others share in turn, and memory that all keep.
        bool keepAll = _seed % 2 == 0;
        using Net train = Build(Phase.Train, keepAll);
        Kinds = train.Hazards.SelectMany(hazard => hazard.Victims).Select(victim => victim.Kind).ToHashSet();
        for (int step = 0; step < Steps && !IsUnstable; step++) Compare(train, step, backward: true, keepAll);
        if (IsUnstable) return;
        bool backward = _seed % 3 == 0;
        using Net test = Build(Phase.Test, keepAll: backward);
        test.ShareTrainedLayersWith(train);
        Compare(test, Steps, backward, keepAll: backward);
    }

    private Net Build(Phase phase, bool keepAll) =>
        new(_parameter.Clone(), _options with { Phase = phase, KeepAll = keepAll, Seed = _seed });

    private void Compare(Net net, int step, bool backward, bool keepAll)
    {
        Dictionary<string, float[]> inputs = Inputs(net, step);
        foreach (Blob input in net.Inputs) inputs[input.Name].CopyTo(input.Data.AsWriteOnlySpan());
        float loss = net.Forward();
        DoubleNet expected = new(
            _parameter, net.Phase, inputs, (layer, index) => Doubles(net.FindLayer(layer)!.Blobs[index].Data),
            (layer, shape) => Mask(layer, shape, step));
        if (expected.IsUnstable)
        {
            IsUnstable = true;
            return;
        }
        string place = $"{net.Phase}, step {step}";
        Check($"{place}: the loss", [loss], [expected.Loss], 1);
        foreach (Blob blob in keepAll ? net.Blobs : net.Outputs)
            if (expected.Blobs.TryGetValue(blob.Name, out DoubleBlob? value))
                Check($"{place}: '{blob.Name}'", Doubles(blob.Data), value.Data, 1);
        if (!backward) return;
        net.ClearParameterDiffs();
        net.Backward();
        CheckGradients(net, expected, place);
    }

    private void CheckGradients(Net net, DoubleNet expected, string place)
    {
        Dictionary<LearnableParameter, double[]> gradients = [];
        foreach (Layer layer in net.Layers)
        {
            for (int i = 0; i < layer.Blobs.Count; i++)
            {
                string shared = i < layer.Parameter.Param.Count ? layer.Parameter.Param[i].Name : "";
                LearnableParameter owner = net.LearnableParameters.First(parameter => shared.Length > 0
                    ? net.FindLayer(parameter.Layer)!.Parameter.Param.ElementAtOrDefault(parameter.Index)?.Name
                    == shared
                    : parameter.Layer == layer.Name && parameter.Index == i);
                double[] own = expected.ParameterDiffs[(layer.Name, i)];
                gradients[owner] = gradients.TryGetValue(owner, out double[]? sum)
                    ? [.. sum.Zip(own, static (a, b) => a + b)] : own;
            }
        }
        double largest = gradients.Values.SelectMany(values => values).Select(Math.Abs).DefaultIfEmpty().Max();
        foreach ((LearnableParameter parameter, double[] values) in gradients)
            Check($"{place}: the gradient of {parameter.Layer}/{parameter.Index}", Doubles(parameter.Blob.Diff), values,
                largest);
        if (!_parameter.ForceBackward) return;
        foreach (Blob input in net.Inputs)
            Check($"{place}: the gradient of '{input.Name}'", Doubles(input.Diff), expected.Blobs[input.Name].Diff,
                largest);
    }

    private void Check(string what, double[] found, double[] expected, double scale)
    {
        double allowed = Tolerance * Math.Max(expected.Select(Math.Abs).DefaultIfEmpty().Max(),
            Math.Max(0.02 * scale, 1e-3));
        for (int i = 0; i < expected.Length; i++)
        {
            if (Math.Abs(found[i] - expected[i]) <= allowed) continue;
            _faults.Add(FormattableString.Invariant($"{what}[{i}] is {found[i]:G6}, not {expected[i]:G6}"));
            return;
        }
    }

    private static double[] Doubles(Tensor tensor)
    {
        double[] values = new double[tensor.Count];
        ReadOnlySpan<float> from = tensor.AsReadOnlySpan();
        for (int i = 0; i < values.Length; i++) values[i] = from[i];
        return values;
    }

    private Dictionary<string, float[]> Inputs(Net net, int step)
    {
        Dictionary<string, float[]> inputs = [];
        foreach (Blob input in net.Inputs)
        {
            RandomStream stream = new(_seed, $"{input.Name} {step}");
            inputs[input.Name] = [.. Enumerable.Range(0, (int)input.Count).Select(_ => 3 * stream.NextSingle() - 1.5f)];
        }
        return inputs;
    }

    // The factors that Dropout draws at a step: what a layer of that name, alone, makes of ones.
    private double[] Mask(LayerParameter layer, Shape shape, int step)
    {
        LayerParameter alone = layer.Clone();
        alone.Phase = Phase.Train;
        using Blob ones = new(shape), top = new();
        using Layer dropout = LayerRegistry.Create(alone, new LayerContext(Device.Cpu, _seed));
        dropout.Initialize([ones], [top]);
        ones.Data.Fill(1);
        for (int i = 0; i <= step; i++) dropout.Forward([ones], [top]);
        return Doubles(top.Data);
    }
}
