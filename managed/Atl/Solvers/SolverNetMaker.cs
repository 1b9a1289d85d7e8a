using Atl.Devices;
using Atl.Logging;
using Atl.Nets;
using Atl.Proto;

namespace Atl.Solvers;

/// <summary>Makes the nets of a solver, and loads the weights from which training starts.</summary>
internal sealed class SolverNetMaker(SolverParameter parameter, SolverOptions options, Device device)
{
    private readonly SolverNets _nets = new(parameter, options.File, options.TextFormat,
        text => options.Logger.Info(SolverLog.Tag, $"{text}"));

    /// <summary>The training net.</summary>
    /// <exception cref="AtlException">The settings give no single net, or it cannot be built.</exception>
    public Net MakeTrainNet()
    {
        ulong seed = parameter.RandomSeed >= 0 ? (ulong)parameter.RandomSeed : NetOptions.NewSeed();
        SolverNet train = _nets.Train();
        options.Logger.Info(SolverLog.Tag, $"Creating training net from {train.Source}");
        Net net = new(train.Parameter, new NetOptions
        {
            Device = device,
            Phase = train.Phase,
            Seed = seed,
            Logger = options.Logger
        });
        if (!Enumerable.Range(0, net.Layers.Count).Any(net.NeedsBackward))
            options.Logger.Warning(SolverLog.Tag,
                $"the training net learns nothing: no layer with learnable parameters is below a loss");
        return net;
    }

    /// <summary>Loads the weights that the settings name into the training net.</summary>
    /// <exception cref="AtlException">They cannot be read, or they do not fit.</exception>
    public void LoadWeights(Net train)
    {
        string[] names =
            [.. parameter.Weights.SelectMany(list =>
                list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        if (names.Length == 0) return;
        WeightsReport.Load(train, names.Select(name =>
        {
            options.Logger.Info(SolverLog.Tag, $"Finetuning from {name}");
            return WeightsFile.Read(_nets.ResolveWeights(name), text => options.Logger.Info(SolverLog.Tag, $"{text}"));
        })).Warn();
    }

    /// <summary>The test nets; each is made when it is asked for, so that the ones before it have an owner where it
    /// cannot be built.</summary>
    /// <exception cref="AtlException">The settings for tests do not fit, or a net cannot be built.</exception>
    public IEnumerable<Net> MakeTestNets(Net train)
    {
        int made = 0;
        foreach (SolverNet test in _nets.Tests())
        {
            options.Logger.Info(SolverLog.Tag, $"Creating test net (#{made}) specified by {test.Source}");
            test.Parameter.DebugInfo |= parameter.DebugInfo;
            // A seed of its own: a test net's random data must not be the training net's.
            ulong seed = train.Seed + 1 + (ulong)made;
            Net net = new(test.Parameter, new NetOptions
            {
                Device = device,
                Phase = test.Phase,
                Seed = seed,
                Logger = options.Logger
            });
            yield return net;
            string[] own =
                [.. ParameterViews.WithoutSource(net, train).Select(static layer => $"layer '{layer.Name}'")];
            if (own.Length > 0)
                options.Logger.Warning(SolverLog.Tag, $"test net #{made}: the training net has no parameters for "
                    + $"{string.Join(", ", own)}, left at the fillers' values in every test");
            made++;
        }
    }
}
