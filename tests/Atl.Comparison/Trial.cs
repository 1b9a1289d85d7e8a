using System.Diagnostics;
using System.Text.Json.Serialization;
using Atl.Face.Datasets;
using Atl.Face.Extraction;
using Atl.Face.Verification;
using Atl.Proto;
using Atl.Solvers;

namespace Atl.Comparison;

/// <summary>What a net can do after so many iterations, on people never trained on.</summary>
/// <param name="Iteration">Iterations since the start of the first step.</param>
/// <param name="Tar01">TAR@FAR=0.01.</param>
/// <param name="Tar001">TAR@FAR=0.001.</param>
/// <param name="EqualErrorRate">Where false accepts and false rejects are equally many.</param>
internal sealed record Checkpoint(int Iteration, double Tar01, double Tar001, double EqualErrorRate);

/// <summary>One run: one method, one face set, one seed.</summary>
/// <param name="Set">The face set.</param>
/// <param name="Method">The method.</param>
/// <param name="Seed">Of weights, data order and draws.</param>
/// <param name="Rate">base_lr.</param>
/// <param name="Iterations">The budget.</param>
/// <param name="Checkpoints">The net before training, and after each tenth of the budget.</param>
/// <param name="Seconds">How long training took.</param>
/// <param name="Failure">Why training broke off; null where it did not.</param>
internal sealed record Trial(
    string Set, string Method, int Seed, float Rate, int Iterations, IReadOnlyList<Checkpoint> Checkpoints,
    double Seconds, string? Failure)
{
    private const int Parts = 10;
    private static readonly double[] Rates = [0.01, 0.001];

    /// <summary>What names the run.</summary>
    [JsonIgnore]
    public (string Set, string Method, int Seed, float Rate, int Iterations) Key =>
    (Set, Method, Seed, Rate, Iterations);

    /// <summary>The last checkpoint.</summary>
    [JsonIgnore]
    public Checkpoint Last => Checkpoints[^1];

    /// <summary>The first checkpoint with at least this TAR@FAR=0.01; null where there is none.</summary>
    public int? IterationsTo(double tar) =>
        Checkpoints.FirstOrDefault(checkpoint => checkpoint.Tar01 >= tar)?.Iteration;

    /// <summary>Trains and verifies.</summary>
    public static Trial Run(FaceSet set, Method method, int seed, float rate)
    {
        List<Checkpoint> checkpoints = [];
        Stopwatch clock = new();
        NetParameter deploy = Deploy(set), weights = new();
        int perStep = set.Iterations / method.Heads.Length, part = set.Iterations / Parts, done = 0;
        string? failure = null;
        try
        {
            foreach (string head in method.Heads)
            {
                using Solver solver = Solver.Create(Settings(set, head, seed, done > 0 ? rate * method.LaterRate
                    : rate, perStep));
                if (done > 0) solver.Net.CopyTrainedLayersFrom(weights);
                else checkpoints.Add(Measure(deploy, solver.Net.ToProto(), set.Verify, 0));
                while (solver.Iteration < perStep)
                {
                    int count = Math.Min(part, perStep - solver.Iteration);
                    clock.Start();
                    solver.Step(count);
                    clock.Stop();
                    done += count;
                    weights = solver.Net.ToProto();
                    checkpoints.Add(Measure(deploy, weights, set.Verify, done));
                }
            }
        }
        catch (SolverException e)
        {
            failure = e.Message;
        }
        return new Trial(set.Name, method.Name, seed, rate, set.Iterations, checkpoints, clock.Elapsed.TotalSeconds,
            failure);
    }

    private static Checkpoint Measure(NetParameter deploy, NetParameter weights, IReadOnlyList<FaceSample> faces,
        int iteration)
    {
        VerificationResult result = EmbeddingEvaluation.Verify(deploy, weights, faces,
            new VerificationOptions { Rates = Rates }, 1, "verified faces").Result;
        return new Checkpoint(iteration, result.Tars[0].Tar ?? double.NaN, result.Tars[1].Tar
            ?? double.NaN, result.EqualErrorRate);
    }

    private static SolverParameter Settings(FaceSet set, string head, int seed, float rate, int iterations)
    {
        SolverParameter settings = new()
        {
            NetParam = Net(set, head),
            BaseLr = rate,
            LrPolicy = "multistep",
            Gamma = 0.1f,
            MaxIter = iterations,
            Momentum = 0.9f,
            WeightDecay = 5e-4f,
            RandomSeed = seed,
            SnapshotAfterTrain = false,
        };
        settings.Stepvalue.AddRange([iterations * 6 / 10, iterations * 85 / 100]);
        return settings;
    }

    private static NetParameter Net(FaceSet set, string head)
    {
        NetParameter net = Part("body");
        net.Layer.Insert(0, new LayerParameter
        {
            Name = "data",
            Type = "Data",
            Top = { "data", "label" },
            TransformParam = new TransformationParameter { MeanValue = { 127.5f }, Scale = 1f / 128, Mirror = true },
            DataParam = new DataParameter
            {
                Source = set.Database,
                Backend = DataParameter.Types.DB.Lmdb,
                BatchSize = (uint)set.Batch
            },
        });
        foreach (LayerParameter layer in Part(head).Layer)
        {
            if (layer.InnerProductParam is not null) layer.InnerProductParam.NumOutput = (uint)set.People;
            if (layer.MarginInnerProductParam is not null) layer.MarginInnerProductParam.NumOutput = (uint)set.People;
            net.Layer.Add(layer);
        }
        return net;
    }

    private static NetParameter Deploy(FaceSet set)
    {
        NetParameter net = Part("body");
        FaceSample face = set.Verify[0];
        BlobShape shape = new() { Dim = { 1, face.Channels, face.Height, face.Width } };
        net.Layer.Insert(0, new LayerParameter
        {
            Name = "data",
            Type = "Input",
            Top = { "data" },
            InputParam = new InputParameter { Shape = { shape } }
        });
        return net;
    }

    private static NetParameter Part(string name)
    {
        using Stream stream = typeof(Trial).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        return TextFormat.Parse<NetParameter>(reader.ReadToEnd(), $"{name}.prototxt");
    }
}
