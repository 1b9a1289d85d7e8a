using Atl.Proto;
using Atl.Solvers;
using Atl.TestSupport;

namespace Atl.Face.Tests.Runs;

/// <summary>A small net with a margin layer on grey images of 4 x 5, of three people.</summary>
internal sealed class MarginRun : IDisposable
{
    private const string Net = """
        name: "margin"
        layer { name: "in" type: "Input" top: "data" top: "label" input_param { shape { dim: 6 dim: 1 dim: 4 dim: 5 } shape { dim: 6 } } }
        layer { name: "fc5" type: "InnerProduct" bottom: "data" top: "fc5" inner_product_param { num_output: 8 weight_filler { type: "xavier" } } }
        layer { name: "fc6" type: "MarginInnerProduct" bottom: "fc5" bottom: "label" top: "fc6" top: "lambda"
          margin_inner_product_param { num_output: 3 type: DOUBLE weight_filler { type: "xavier" } base: 10 gamma: 0.5 power: 1 } }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc6" bottom: "label" top: "loss" }
        """;

    private readonly TemporaryFolder _folder = new();

    public MarginRun() => File.WriteAllText(_folder["net.prototxt"], Net);

    public string this[string name] => _folder[name];

    public Solver Create(int iterations, params ISolverObserver[] observers)
    {
        SolverParameter parameter = TextFormat.Parse<SolverParameter>(
            $"net: 'net.prototxt' base_lr: 0.05 lr_policy: 'fixed' momentum: 0.9 random_seed: 3 max_iter: "
                + $"{iterations} test_iter: 2 test_interval: 2",
                _folder["solver.prototxt"]);
        parameter.SnapshotPrefix = _folder["snap"];
        Solver solver = Solver.Create(parameter, new SolverOptions { Observers = observers });
        foreach (Atl.Net net in solver.TestNets.Prepend(solver.Net))
        {
            RandomStream stream = new(11);
            net.Inputs[0].Data.CopyFrom(
                [.. Enumerable.Range(0, (int)net.Inputs[0].Count).Select(_ => stream.NextSingle() * 2 - 1)]);
            net.Inputs[1].Data.CopyFrom([.. Enumerable.Range(0, (int)net.Inputs[1].Count).Select(i => (float)(i % 3))]);
        }
        return solver;
    }

    public void Dispose() => _folder.Dispose();
}
