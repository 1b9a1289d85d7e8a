using System.Diagnostics;
using System.Globalization;
using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;

namespace Atl.Cli.Commands;

/// <summary>time: how long each layer takes.</summary>
internal sealed class TimeCommand : Command
{
    public override string Name => "time";

    public override string Summary => "measure how long each layer takes";

    public override IReadOnlyList<Flag> Flags =>
    [
        CommonOptions.Model,
        CommonOptions.Weights,
        CommonOptions.Phase("TRAIN"),
        CommonOptions.Iterations,
        .. CommonOptions.OfOneNet,
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
    [
        ("forward and backward, averaged over 10 runs", "atl time -model face_model.prototxt -iterations 10"),
        ("the deploy net", "atl time -model face_deploy.prototxt -phase TEST"),
    ];

    public override void Run(FlagValues flags, GlogLogger log)
    {
        int iterations = CommonOptions.PositiveIterations(flags);
        using Net net = CommonOptions.BuildNet(flags, log, new NetOptions
        { Phase = CommonOptions.PhaseOf(flags), Device = GpuOptions.Device(flags, log), KeepAll = true });
        // One run before the clock starts: memory is allocated, operators choose their ways.
        log.Info($"Performing Forward");
        float loss = net.Forward();
        log.Info($"Initial loss: {Number(loss)}");
        log.Info($"Performing Backward");
        net.Backward();

        log.Info($"*** Benchmark begins ***");
        log.Info($"Testing for {iterations} iterations.");
        int layers = net.Layers.Count;
        double[] forward = new double[layers], backward = new double[layers];
        double forwardTotal = 0, backwardTotal = 0;
        Stopwatch total = Stopwatch.StartNew();
        for (int iteration = 0; iteration < iterations; iteration++)
        {
            double before = forwardTotal + backwardTotal;
            for (int i = 0; i < layers; i++) forwardTotal += Measure(net, () => net.ForwardLayer(i), ref forward[i]);
            net.SetLossDiffs();
            for (int i = layers - 1; i >= 0; i--)
                backwardTotal += Measure(net, () => net.BackwardLayer(i), ref backward[i]);
            log.Info($"Iteration: {iteration + 1} forward-backward time: "
                + $"{Number(forwardTotal + backwardTotal - before)} ms.");
        }
        double elapsed = total.Elapsed.TotalMilliseconds;
        log.Info($"Average time per layer: ");
        for (int i = 0; i < layers; i++)
        {
            log.Info($"{net.Layers[i].Name,10}\tforward: {Number(forward[i] / iterations)} ms.");
            log.Info($"{net.Layers[i].Name,10}\tbackward: {Number(backward[i] / iterations)} ms.");
        }
        log.Info($"Average Forward pass: {Number(forwardTotal / iterations)} ms.");
        log.Info($"Average Backward pass: {Number(backwardTotal / iterations)} ms.");
        log.Info($"Average Forward-Backward: {Number(elapsed / iterations)} ms.");
        log.Info($"Total Time: {Number(elapsed)} ms.");
        log.Info($"*** Benchmark ends ***");
    }

    private static double Measure(Net net, Action action, ref double sum)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        net.Device.Synchronize();
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        sum += milliseconds;
        return milliseconds;
    }

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
