using System.Diagnostics;
using Atl.Proto;
using Atl.Solvers;

namespace Atl.Benchmarks;

/// <summary>The 28-layer face net with the Angular Triplet Loss: training steps and embeddings.</summary>
internal static class ResFace28
{
    private const int People = 10572;

    public static Measurement Train(string name, int rounds, TextWriter output)
    {
        SolverParameter parameter = new()
        {
            NetParam = ReadNet(),
            BaseLr = 0.01f,
            LrPolicy = "fixed",
            Momentum = 0.9f,
            WeightDecay = 0.0005f,
            MaxIter = int.MaxValue,
            RandomSeed = 1,
            SnapshotAfterTrain = false,
        };
        using Solver solver = Solver.Create(parameter);
        Fill(solver.Net);
        Span<float> labels = solver.Net.FindBlob("label")!.Data.AsWriteOnlySpan();
        for (int i = 0; i < labels.Length; i++) labels[i] = i * 331 % People;
        return Measure(name, rounds, solver.Net, training: true, () => solver.Step(1), output);
    }

    public static Measurement Infer(string name, int batch, int rounds, TextWriter output)
    {
        NetParameter parameter = ReadNet();
        parameter.Layer[0].InputParam.Shape[0].Dim[0] = batch;
        using Net net = new(parameter, new NetOptions { Phase = Phase.Test, Seed = 1 });
        Fill(net);
        return Measure(name, rounds, net, training: false, () => net.Forward(), output);
    }

    private static Measurement Measure(string name, int rounds, Net net, bool training, Action step, TextWriter output)
    {
        const int WarmUp = 2;
        for (int i = 0; i < WarmUp; i++) step();
        double peak = Machine.PeakMemory(), ours = double.PositiveInfinity;
        using ConvolutionFloor floor = new(net, training);
        for (int round = 0; round < rounds; round++)
        {
            floor.Round();
            long start = Stopwatch.GetTimestamp();
            step();
            ours = Math.Min(ours, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        output.WriteLine($"{name}: the floor's convolutions, least times");
        floor.Print(output);
        output.WriteLine(
            $"  sum by oneDNN's fastest {floor.Milliseconds:F1} ms, by direct ones alone "
                + $"{floor.DirectMilliseconds:F1} ms, "
                + $"by Atl's {floor.OurMilliseconds:F1} ms");
        return new Measurement(name, ours, floor.Milliseconds, peak);
    }

    private static NetParameter ReadNet()
    {
        const string File = "resface28.prototxt";
        using Stream stream = typeof(ResFace28).Assembly.GetManifestResourceStream(File)!;
        using StreamReader reader = new(stream);
        return TextFormat.Parse<NetParameter>(reader.ReadToEnd(), File);
    }

    private static void Fill(Net net)
    {
        RandomStream stream = new(1, "images");
        foreach (ref float value in net.FindBlob("data")!.Data.AsWriteOnlySpan()) value = 2 * stream.NextSingle() - 1;
    }
}
