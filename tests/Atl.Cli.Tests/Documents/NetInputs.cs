using System.Text.RegularExpressions;
using Atl.Face.Datasets;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Documents;

/// <summary>
/// Nets, solvers and weights of the names that documents use, small enough to train in a moment, and the examples of
/// the repository.
/// </summary>
internal static partial class NetInputs
{
    private const string TrainingSet = "faces_train_lmdb";
    private const int People = 4, PicturesEach = 4;

    private const string Data = """
        layer {
          name: "data" type: "Data" top: "data" top: "label"
          transform_param { mean_value: 127.5 scale: 0.0078125 }
          data_param { source: "faces_train_lmdb" backend: LMDB batch_size: 4 }
        }

        """;

    private const string Input = """
        layer {
          name: "data" type: "Input" top: "data"
          input_param { shape { dim: 1 dim: 3 dim: 112 dim: 112 } }
        }

        """;

    private const string Label = """
        layer { name: "label" type: "Input" top: "label" input_param { shape { dim: 1 } } }

        """;

    private const string Embedding = """
        layer {
          name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
          convolution_param { num_output: 4 kernel_size: 8 stride: 8 weight_filler { type: "xavier" } }
        }
        layer { name: "relu_conv1" type: "PReLU" bottom: "conv1" top: "conv1" }
        layer {
          name: "fc5" type: "InnerProduct" bottom: "conv1" top: "fc5"
          inner_product_param { num_output: 16 weight_filler { type: "xavier" } }
        }

        """;

    private const string Loss = """
        layer {
          name: "fc6" type: "MarginInnerProduct" bottom: "fc5" bottom: "label" top: "fc6"
          margin_inner_product_param {
            num_output: 4 type: QUADRUPLE weight_filler { type: "xavier" }
            base: 1000 gamma: 0.12 power: 1 lambda_min: 5
          }
        }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc6" bottom: "label" top: "loss" }

        """;

    private const string Solver = """
        net: "face_model.prototxt"
        test_iter: 2
        test_interval: 2
        base_lr: 0.01
        lr_policy: "fixed"
        momentum: 0.9
        max_iter: 4
        display: 1
        snapshot: 2
        snapshot_prefix: "face_triplet"
        random_seed: 1

        """;

    /// <summary>The inputs.</summary>
    public static IEnumerable<DocumentInput> All =>
    [
        .. from name in (string[])["face_model.prototxt", "train_test.prototxt", "train_val.prototxt", "net.prototxt"]
           select new DocumentInput(name, folder => MakeNet(folder, name, Data + Embedding + Loss)),
        new("face_features.prototxt", folder => MakeNet(folder, "face_features.prototxt", Data + Embedding)),
        .. from name in (string[])["deploy.prototxt", "face_deploy.prototxt", "sphereface_deploy.prototxt"]
           select DocumentInput.Text(name, Input + Embedding),
        .. from name in (string[])["F", "face", "sphereface", "face_triplet_iter_120000", "face_iter_1000"]
           select Weights(name, seed: 1),
        Weights("face_iter_2000", seed: 2),
        new("face_solver.prototxt", MakeSolver),
        new("face_triplet_iter_1000.caffemodel", MakeSnapshot),
        new("face_triplet_iter_1000.solverstate", MakeSnapshot),
        new("face_run", MakeRun),
        DocumentInput.At("models", models =>
        {
            Directory.CreateDirectory(models);
            File.WriteAllText(Path.Combine(models, "face_deploy.prototxt"), Input + Embedding);
            MakeSolver(models);
        }),
        new("examples", MakeExamples),
    ];

    private static DocumentInput Weights(string name, ulong seed) => DocumentInput.At($"{name}.caffemodel", path =>
    {
        using Net net = BuildTrained(seed);
        ProtoFiles.WriteNetBinary(path, net.ToProto());
    });

    private static Net BuildTrained(ulong seed) => Build(Input + Label + Embedding + Loss, seed);

    private static Net Build(string text, ulong seed) =>
        new(TextFormat.Parse<NetParameter>(text), new NetOptions { Phase = Phase.Train, Seed = seed });

    private static void MakeNet(string folder, string name, string text)
    {
        File.WriteAllText(Path.Combine(folder, name), text);
        IEnumerable<FaceSample> faces = SyntheticFaces.Create(People, PicturesEach, seed: 1);
        FaceDatabase.Write(Path.Combine(folder, TrainingSet), faces, People * PicturesEach, seed: 1);
    }

    private static void MakeSolver(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "face_solver.prototxt"), Solver);
        MakeNet(folder, "face_model.prototxt", Data + Embedding + Loss);
    }

    // A state early in the solver's run, so that there is something left to train.
    private static void MakeSnapshot(string folder)
    {
        const string Name = "face_triplet_iter_1000";
        using Net net = BuildTrained(seed: 1);
        ProtoFiles.WriteNetBinary(Path.Combine(folder, $"{Name}.caffemodel"), net.ToProto());
        SolverState state = new() { Iter = 2, LearnedNet = $"{Name}.caffemodel" };
        foreach (LearnableParameter parameter in net.LearnableParameters)
            state.History.Add(new Tensor(parameter.Blob.Shape).ToProto());
        ProtoFiles.WriteSolverState(Path.Combine(folder, $"{Name}.solverstate"), state);
    }

    private static void MakeRun(string folder)
    {
        MakeSolver(folder);
        ProgramResult train = AtlProgram.Run(folder, "train", "-solver", "face_solver.prototxt", "-run", "face_run");
        Assert.That(train.ExitCode, Is.Zero, train.Errors);
    }

    // The repository's own nets and solvers with their layers, paths and stages, but few channels, samples and
    // iterations. The weights that a whole schedule leaves behind are there, since documents go on from them.
    private static void MakeExamples(string folder)
    {
        string examples = Path.Combine(TestData.RepositoryRoot, "examples");
        foreach (string file in Directory.GetFiles(examples, "*.prototxt", SearchOption.AllDirectories))
        {
            string text = Outputs().Replace(File.ReadAllText(file), "4");
            text = Iterations().Replace(Samples().Replace(text, "4"), "3");
            Write(Path.GetRelativePath(TestData.RepositoryRoot, file), path => File.WriteAllText(path, text));
        }
        foreach (string file in Directory.GetFiles(examples, "*_solver.prototxt", SearchOption.AllDirectories))
        {
            SolverParameter solver = ProtoFiles.ReadSolver(file);
            string example = Path.GetRelativePath(TestData.RepositoryRoot, Path.GetDirectoryName(file)!);
            using Net net = Build(File.ReadAllText(Path.Combine(folder, example, "face_deploy.prototxt")), seed: 1);
            Write(
                $"{solver.SnapshotPrefix}_iter_{solver.MaxIter}.caffemodel",
                path => ProtoFiles.WriteNetBinary(path, net.ToProto()));
        }

        void Write(string name, Action<string> write)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            write(path);
        }
    }

    [GeneratedRegex(@"(?<=num_output: )\d+")]
    private static partial Regex Outputs();

    [GeneratedRegex(@"(?<=batch_size: )\d+")]
    private static partial Regex Samples();

    [GeneratedRegex(@"(?<=max_iter: )\d+")]
    private static partial Regex Iterations();
}
