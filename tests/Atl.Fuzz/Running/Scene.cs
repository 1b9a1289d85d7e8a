using Atl.Data;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Fuzz.Running;

/// <summary>What commands need beside the damaged input: a net with weights, solvers, images, features.</summary>
internal static class Scene
{
    /// <summary>The folder, below the working folder.</summary>
    public const string Folder = "scene";

    /// <summary>A net of three 16 × 16 planes and two features.</summary>
    public const string Deploy = $"{Folder}/deploy.prototxt";

    /// <summary>Its weights.</summary>
    public const string Weights = $"{Folder}/good.caffemodel";

    /// <summary>A solver of a net of its own, which runs two iterations.</summary>
    public const string Solver = $"{Folder}/solver.prototxt";

    /// <summary>The folder of images, with one for each person.</summary>
    public const string Tree = $"{Folder}/tree";

    /// <summary>Features of the images, and their names beside them.</summary>
    public const string Features = $"{Folder}/features.npy";

    /// <summary>Who is on twice as many images, a word a line.</summary>
    public const string Labels = $"{Folder}/labels.txt";

    /// <summary>The side of images, in pixels.</summary>
    public const int Side = 16;

    private const int Columns = 4;

    /// <summary>The text of <see cref="Deploy"/>.</summary>
    public const string DeployText = """
        name: "small"
        layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 16 dim: 16 } } }
        layer {
          name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
          convolution_param { num_output: 2 kernel_size: 4 stride: 4 weight_filler { type: "xavier" } }
        }
        layer { name: "relu1" type: "PReLU" bottom: "conv1" top: "conv1" }
        layer {
          name: "fc5" type: "InnerProduct" bottom: "conv1" top: "fc5"
          inner_product_param { num_output: 2 weight_filler { type: "xavier" } }
        }

        """;

    /// <summary>The text of a net that is trained on numbers of its own.</summary>
    public const string TrainText = """
        name: "train"
        layer {
          name: "data" type: "DummyData" top: "data" top: "label"
          dummy_data_param {
            shape { dim: 4 dim: 3 } shape { dim: 4 }
            data_filler { type: "gaussian" std: 1 } data_filler { value: 1 }
          }
        }
        layer {
          name: "ip" type: "InnerProduct" bottom: "data" top: "ip" param { lr_mult: 1 decay_mult: 1 } param { lr_mult: 2 }
          inner_product_param { num_output: 3 weight_filler { type: "xavier" } bias_filler { type: "constant" } }
        }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" loss_weight: 1 }

        """;

    /// <summary>The text of <see cref="Solver"/>.</summary>
    public const string SolverText = """
        net: "scene/train.prototxt"
        test_iter: 1
        test_interval: 1
        base_lr: 0.1
        lr_policy: "step"
        gamma: 0.5
        stepsize: 10
        momentum: 0.9
        weight_decay: 0.0005
        display: 1
        max_iter: 2
        snapshot: 0
        snapshot_after_train: false
        random_seed: 1
        type: "SGD"

        """;

    /// <summary>Nets that read the case's files: by the name of their layer's source.</summary>
    private static readonly (string Name, string Data)[] DataNets =
    [
        ("hdf5", "type: 'HDF5Data' hdf5_data_param { source: 'scene/hdf5.txt' batch_size: 2 }"),
        ("lmdb", "type: 'Data' data_param { source: 'case/images' backend: LMDB batch_size: 2 }"),
        ("leveldb", "type: 'Data' data_param { source: 'case/images' backend: LEVELDB batch_size: 2 }"),
        ("list", "type: 'ImageData' image_data_param { source: 'case/list.txt' root_folder: 'scene/tree/' "
            + "batch_size: 2 "
            + "new_height: 8 new_width: 8 }"),
        ("mean", "type: 'ImageData' image_data_param { source: 'scene/list.txt' root_folder: 'scene/tree/' "
            + "batch_size: 2 } "
            + "transform_param { mean_file: 'case/mean.binaryproto' }"),
        ("windows", "type: 'WindowData' window_data_param { source: 'case/windows.txt' batch_size: 2 fg_threshold: "
            + "0.5 bg_threshold: 0.5 "
            + "fg_fraction: 0.5 } transform_param { crop_size: 8 }"),
    ];

    /// <summary>The images' paths below <see cref="Tree"/>: two of each of three people.</summary>
    public static IReadOnlyList<string> Images { get; } =
        [.. from person in (string[])["Ann", "Bo", "Cy"] from number in (int[])[1,
            2] select $"{person}/{person}_{number:D4}.png"];

    /// <summary>Makes what is not there yet below the working folder.</summary>
    public static void Prepare()
    {
        if (Directory.Exists(Folder)) return;
        string unfinished = Folder + ".new";
        if (Directory.Exists(unfinished)) Directory.Delete(unfinished, true);
        Directory.CreateDirectory(unfinished);
        File.WriteAllText(Path.Combine(unfinished, "deploy.prototxt"), DeployText);
        File.WriteAllText(Path.Combine(unfinished, "train.prototxt"), TrainText);
        File.WriteAllText(Path.Combine(unfinished, "solver.prototxt"), SolverText);
        using (Net net = BuildDeploy()) ProtoFiles.WriteNetBinary(Path.Combine(unfinished, "good.caffemodel"),
            net.ToProto());
        foreach ((int number, string name) in Images.Index())
        {
            string path = Path.Combine(unfinished, "tree", name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, Image(".png", number));
        }
        foreach ((string name, string data) in DataNets)
            File.WriteAllText(Path.Combine(unfinished, $"{name}.prototxt"),
                $"layer {{ name: 'in' top: 'data' top: 'label' {data} }}\n");
        File.WriteAllText(Path.Combine(unfinished, "hdf5.txt"), "case/data.h5\n");
        File.WriteAllLines(Path.Combine(unfinished, "list.txt"), Images.Select((name, i) => $"{name} {i / 2}"));
        using (Net net = Build(TrainText)) ProtoFiles.WriteNetBinary(Path.Combine(unfinished, "train.caffemodel"),
            net.ToProto());
        File.WriteAllLines(Path.Combine(unfinished, "labels.txt"),
            Enumerable.Range(0, 2 * Images.Count).Select(i => $"person{i / 2}"));
        DetectorModels.Write(Path.Combine(unfinished, "mtcnn"));
        WriteFeatures(Path.Combine(unfinished, "features.npy"));
        File.WriteAllLines(Path.Combine(unfinished, "features.txt"), Images.Select((name, i) => $"{name}\t{i / 2}"));
        Directory.Move(unfinished, Folder);
    }

    /// <summary>The net of <see cref="Deploy"/>, with weights.</summary>
    public static Net BuildDeploy() => Build(DeployText);

    /// <summary>A net of a text.</summary>
    public static Net Build(string text) =>
        new(TextFormat.Parse<NetParameter>(text), new NetOptions { Phase = Phase.Train, Seed = 1 });

    /// <summary>An encoded image, whose pixels depend on a number.</summary>
    public static byte[] Image(string ending, int number, int side = Side, int channels = 3)
    {
        using Mat image = new(side, side, MatType.CV_8UC(channels));
        byte[] pixels =
            [.. Enumerable.Range(0, side * side * channels).Select(i => (byte)((i * (number + 3)) ^ (i >> 3)))];
        System.Runtime.InteropServices.Marshal.Copy(pixels, 0, image.Data, pixels.Length);
        return image.ImEncode(ending);
    }

    private static void WriteFeatures(string path)
    {
        Tensor array = new(new Shape(Images.Count, Columns));
        Span<float> values = array.AsWriteOnlySpan();
        for (int i = 0; i < values.Length; i++) values[i] = FeatureValue(i / Columns, i % Columns);
        NpyFile.Write(path, array);
    }

    /// <summary>A value of an image's feature; images of one person differ little.</summary>
    public static float FeatureValue(int image, int column) =>
        MathF.Sin((7 * (image / 2)) + (3 * column)) + (0.2f * MathF.Sin((11 * image) + column));
}
