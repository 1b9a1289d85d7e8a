using Atl.Proto;
using Atl.Solvers;
using Atl.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Tests.Solvers;

/// <summary>A folder of its own with a small regression net, and solvers for it.</summary>
internal sealed class SolverRig : IDisposable
{
    /// <summary>Four samples of three features, a gain, an offset and a slope to learn.</summary>
    public const string Net = """
        name: "regression"
        layer { name: "in" type: "Input" top: "data" top: "target" input_param { shape { dim: 4 dim: 3 } shape { dim: 4 dim: 3 } } }
        layer { name: "gain" type: "Scale" bottom: "data" top: "gained" scale_param { bias_term: true filler { type: "gaussian" std: 1 } } }
        layer { name: "slope" type: "PReLU" bottom: "gained" top: "gained" }
        layer { name: "loss" type: "EuclideanLoss" bottom: "gained" bottom: "target" top: "loss" }
        """;

    /// <summary>A margin layer whose lambda falls fast enough to show a lost count of forwards; TRIPLET stands for
    /// further settings of it.</summary>
    public const string MarginNet = """
        name: "margin"
        layer { name: "in" type: "Input" top: "data" top: "label" input_param { shape { dim: 6 dim: 8 } shape { dim: 6 } } }
        layer { name: "gain" type: "Scale" bottom: "data" top: "gained" scale_param { bias_term: true filler { type: "gaussian" std: 1 } } }
        layer { name: "slope" type: "PReLU" bottom: "gained" top: "gained" }
        layer { name: "margin" type: "MarginInnerProduct" bottom: "gained" bottom: "label" top: "score" top: "lambda"
          margin_inner_product_param { num_output: 3 type: QUADRUPLE weight_filler { type: "xavier" } base: 100 gamma: 0.1 power: 1 lambda_min: 0.5 TRIPLET } }
        layer { name: "quiet" type: "Silence" bottom: "lambda" }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "score" bottom: "label" top: "loss" }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly LogCapture _log = new();

    public SolverRig(string net = Net) => File.WriteAllText(PathOf("net.prototxt"), net);

    public string Folder => _folder.FullName;

    public string PathOf(string file) => _folder[file];

    /// <summary>The log of all solvers of this rig, from here on.</summary>
    public LogCapture CaptureLog()
    {
        _log.Clear();
        return _log;
    }

    /// <summary>A solver for the net; where the settings leave them out, snapshot_prefix is snap, base_lr is 0.05,
    /// momentum 0.9 and the seed 3.</summary>
    public Solver Create(string settings = "", SolverOptions? options = null)
    {
        SolverParameter parameter = TextFormat.Parse<SolverParameter>(settings, PathOf("solver.prototxt"));
        parameter.Net = "net.prototxt";
        if (!parameter.HasSnapshotPrefix) parameter.SnapshotPrefix = PathOf("snap");
        if (!parameter.HasBaseLr) parameter.BaseLr = 0.05f;
        if (!parameter.HasLrPolicy) parameter.LrPolicy = "fixed";
        if (!parameter.HasMomentum) parameter.Momentum = 0.9f;
        if (!parameter.HasRandomSeed) parameter.RandomSeed = 3;
        SolverOptions given = options ?? new SolverOptions();
        if (given.Logger == NullLogger.Instance) given = given with { Logger = _log };
        Solver solver = Solver.Create(parameter, given);
        foreach (Atl.Net net in solver.TestNets.Prepend(solver.Net)) FillInputs(net);
        return solver;
    }

    public static float[][] Parameters(Solver solver) =>
        [.. solver.Net.LearnableParameters.Select(learned => learned.Blob.Data.AsReadOnlySpan().ToArray())];

    public void Dispose() => _folder.Dispose();

    // The same in every net: features in [-1, 1), and targets that a gain of 2 and an offset of 1 would meet; labels 0,
    // 1, 2, 0, ...
    private static void FillInputs(Atl.Net net)
    {
        RandomStream stream = new(11);
        foreach (Blob input in net.Inputs)
        {
            Span<float> values = input.Data.AsWriteOnlySpan();
            for (int i = 0; i < values.Length; i++)
                values[i] = input.Name switch
                {
                    "label" => i % 3,
                    "target" => 2 * net.Inputs[0].Data.AsReadOnlySpan()[i] + 1,
                    _ => stream.NextSingle() * 2 - 1,
                };
        }
    }
}
