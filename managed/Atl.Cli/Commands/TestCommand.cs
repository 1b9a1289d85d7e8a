using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Logging;
using Atl.Proto;

namespace Atl.Cli.Commands;

/// <summary>test: scores a net on its own data.</summary>
internal sealed class TestCommand : Command
{
    public override string Name => "test";

    public override string Summary => "score trained weights on the net's test data";

    public override IReadOnlyList<Flag> Flags =>
    [
        CommonOptions.Model,
        CommonOptions.Weights with { Required = true },
        CommonOptions.Iterations,
        .. CommonOptions.OfOneNet,
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
        [("mean of every output over 100 batches",
        "atl test -model face_model.prototxt -weights face_triplet_iter_1000.caffemodel -iterations 100")];

    public override void Run(FlagValues flags, GlogLogger log)
    {
        int iterations = CommonOptions.PositiveIterations(flags);
        using Net net = CommonOptions.BuildNet(flags, log,
            new NetOptions { Phase = Phase.Test, Device = GpuOptions.Device(flags, log) });
        log.Info($"Running for {iterations} iterations.");
        List<(int Output, double Sum)> scores = [];
        double loss = 0;
        for (int batch = 0; batch < iterations; batch++)
        {
            loss += net.Forward();
            int score = 0;
            for (int i = 0; i < net.Outputs.Count; i++)
                foreach (float value in net.Outputs[i].Data.ToArray())
                {
                    if (score == scores.Count) scores.Add((i, 0));
                    scores[score] = (i, scores[score].Sum + value);
                    score++;
                    log.Info($"Batch {batch}, {net.Outputs[i].Name} = {LogNumber.Format(value)}");
                }
        }
        log.Info($"Loss: {LogNumber.Format(loss / iterations)}");
        foreach ((int output, double sum) in scores)
        {
            double mean = sum / iterations;
            float weight = net.OutputLossWeight(output);
            string part = weight == 0
                ? "" : $" (* {LogNumber.Format(weight)} = {LogNumber.Format(weight * mean)} loss)";
            log.Info($"{net.Outputs[output].Name} = {LogNumber.Format(mean)}{part}");
        }
    }
}
