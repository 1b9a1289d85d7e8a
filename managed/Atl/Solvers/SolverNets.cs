using Atl.Nets;
using Atl.Proto;

namespace Atl.Solvers;

/// <summary>A net that a solver asks for.</summary>
/// <param name="Parameter">The net, its state merged from TRAIN or TEST, the net's own state and the solver's.</param>
/// <param name="Source">Where it comes from, as Caffe's log says it.</param>
internal sealed record SolverNet(NetParameter Parameter, string Source)
{
    /// <summary>The phase of the merged state.</summary>
    public Phase Phase => Parameter.State.Phase;
}

/// <summary>
/// Which nets a solver trains and tests: one training net from exactly one of net, net_param, train_net,
/// train_net_param; test nets from test_net_param, then test_net, then the generic net (net or net_param) for every
/// test_iter that is left. (Caffe's InitTrainNet and InitTestNets.) Nets, and the data that they name, which are not in
/// the working folder are looked for by the place of the solver's file.
/// </summary>
internal sealed class SolverNets(SolverParameter parameter, string? solverFile, TextFormatOptions? textFormat,
    Action<string> note)
{
    private const string TrainFields = "net, net_param, train_net, train_net_param";

    /// <summary>The training net.</summary>
    public SolverNet Train()
    {
        List<(string Name, int Field)> given = [];
        if (parameter.HasNet) given.Add(("net", SolverParameter.NetFieldNumber));
        if (parameter.NetParam is not null) given.Add(("net_param", SolverParameter.NetParamFieldNumber));
        if (parameter.HasTrainNet) given.Add(("train_net", SolverParameter.TrainNetFieldNumber));
        if (parameter.TrainNetParam is not null)
            given.Add(("train_net_param", SolverParameter.TrainNetParamFieldNumber));
        if (given.Count == 0)
            throw new SolverException($"{SourceMap.Prefix(parameter)}the solver names no net to train, expected one "
                + $"of {TrainFields}");
        if (given.Count > 1)
            throw Error(given[1].Field,
                $"the solver names more than one net to train ({string.Join(", ", given.Select(g => g.Name))}), "
                    + $"expected one of {TrainFields}");
        return given[0].Name switch
        {
            "train_net_param" => Make(parameter.TrainNetParam!, "train_net_param", Phase.Train, parameter.TrainState),
            "train_net" => Load(parameter.TrainNet, "train_net", Phase.Train, parameter.TrainState),
            "net_param" => Make(parameter.NetParam!, "net_param", Phase.Train, parameter.TrainState),
            _ => Load(parameter.Net, "net", Phase.Train, parameter.TrainState),
        };
    }

    /// <summary>The test nets, in the order of test_iter.</summary>
    public IReadOnlyList<SolverNet> Tests()
    {
        bool generic = parameter.HasNet || parameter.NetParam is not null;
        int own = parameter.TestNetParam.Count + parameter.TestNet.Count, iters = parameter.TestIter.Count;
        if (generic ? iters < own : iters != own)
            throw Error(
                SolverParameter.TestIterFieldNumber,
                $"test_iter must be given {(generic ? "at least " : "")}once for each test net: found {iters} "
                    + $"test_iter and {own} test_net and test_net_param");
        if (parameter.TestState.Count > 0 && parameter.TestState.Count != iters)
            throw Error(
                SolverParameter.TestStateFieldNumber,
                $"test_state must be given once for each test net or not at all: found "
                    + $"{parameter.TestState.Count} test_state for {iters} test nets");
        if (iters > 0 && parameter.TestInterval <= 0)
            throw Error(SolverParameter.TestIntervalFieldNumber,
                $"a solver with test nets needs test_interval to be more than 0, found {parameter.TestInterval}");
        foreach (int count in parameter.TestIter)
            if (count <= 0)
                throw Error(SolverParameter.TestIterFieldNumber, $"test_iter must be more than 0, found {count}");
        List<SolverNet> nets = [];
        foreach (NetParameter net in parameter.TestNetParam)
            nets.Add(Make(net, "test_net_param", Phase.Test, State(nets.Count)));
        foreach (string file in parameter.TestNet) nets.Add(Load(file, "test_net", Phase.Test, State(nets.Count)));
        while (nets.Count < iters)
            nets.Add(parameter.NetParam is { } net
                ? Make(net, "net_param", Phase.Test, State(nets.Count))
                : Load(parameter.Net, "net", Phase.Test, State(nets.Count)));
        return nets;

        NetState? State(int test) => parameter.TestState.Count > 0 ? parameter.TestState[test] : null;
    }

    /// <summary>Finds a file that a solver names (<see cref="NearbyPath.Find"/>); null if it does not exist.</summary>
    public static string? Find(string path, string? solverFile) => NearbyPath.Find(path, solverFile, File.Exists);

    /// <summary>
    /// The result of <see cref="Find"/>, logged if it is not the given path; the path itself if nothing is found.
    /// </summary>
    public string Resolve(string path) => Resolve(path, File.Exists);

    /// <summary>Finds a file of weights (<see cref="Resolve(string)"/>).</summary>
    /// <exception cref="SolverException">The solver's file names it, and it is nowhere: the message has file and
    /// line.</exception>
    public string ResolveWeights(string path)
    {
        string found = Resolve(path);
        return !Path.Exists(found) && SourceMap.FindGiven(parameter, SolverParameter.WeightsFieldNumber) is not null
            ? throw Missing(SolverParameter.WeightsFieldNumber, "weights", path) : found;
    }

    private string Resolve(string path, Func<string, bool> exists)
    {
        string found = NearbyPath.Find(path, solverFile, exists) ?? path;
        if (found != path)
            note($"{PathText.Show(path)} is not in the working folder: taking {PathText.Show(found)}, relative to the "
                + "solver's file");
        return found;
    }

    private SolverNet Load(string path, string field, Phase phase, NetState? state)
    {
        string found = Resolve(path);
        if (!File.Exists(found) && !Directory.Exists(found))
        {
            int number = field switch
            {
                "net" => SolverParameter.NetFieldNumber,
                "train_net" => SolverParameter.TrainNetFieldNumber,
                _ => SolverParameter.TestNetFieldNumber,
            };
            throw Missing(number, field, path);
        }
        return Make(ProtoFiles.ReadNet(found, textFormat ?? new TextFormatOptions { Note = note }),
            $"{field} file: {PathText.Show(found)}", phase, state);
    }

    private SolverException Missing(int number, string field, string path) =>
        Error(number,
            $"{field} '{PathText.Show(path)}': no such file in the working folder {Directory.GetCurrentDirectory()}"
            + (solverFile is null
                ? "" : $" nor in the solver's folder {Path.GetDirectoryName(Path.GetFullPath(solverFile))}, nor "
                    + "below one above it")
            + PathText.Hint(path));

    // The net's message is left as it is; the layers are its own, but for those that name files which lie elsewhere.
    private SolverNet Make(NetParameter net, string source, Phase phase, NetState? state)
    {
        NetState merged = new() { Phase = phase };
        if (net.State is not null) merged.MergeFrom(net.State);
        if (state is not null) merged.MergeFrom(state);
        NetParameter made = NetHead.Of(net);
        made.State = merged;
        made.Layer.Add(net.Layer.Select(layer => NetFilter.Admits(layer, merged)
            ? LayerFiles.Replace(layer, path => Resolve(path, Path.Exists)) : layer));
        return new SolverNet(made, source);
    }

    private SolverException Error(int field, string message) => SolverException.At(parameter, field, message);
}
