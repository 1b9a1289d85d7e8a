using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Atl.Fuzz.Mutation;
using Atl.Fuzz.Running;
using Atl.Nets;
using Atl.Proto;

namespace Atl.Fuzz.Formats;

/// <summary>Nets and solvers as text.</summary>
internal static partial class TextFormats
{
    // What a run may cost, so that a large net, which is nobody's fault, is not built.
    private const long MostCost = 20_000_000;
    private const int MostIterations = 4;

    private static readonly string[] LayerTypes =
    [
        "Convolution", "Deconvolution", "InnerProduct", "Pooling", "LRN", "Eltwise", "Concat", "Slice", "Reshape",
        "Flatten", "Permute", "Tile", "Crop", "Im2col", "SPP", "BatchNorm", "Scale", "Bias", "PReLU", "Dropout",
        "Softmax", "SoftmaxWithLoss", "Accuracy", "ArgMax", "Embed", "LSTM", "RNN", "MVN", "Normalize", "Reduction",
        "MarginInnerProduct", "TripletLoss", "CenterLoss", "DummyData", "Input", "MemoryData", "Data", "HDF5Data",
        "ImageData", "WindowData", "ROIPooling", "PriorBox", "Upsample", "Interp", "Split", "Silence", "Power",
    ];

    /// <summary>The formats.</summary>
    public static IEnumerable<FuzzFormat> All =>
    [
        new("net")
        {
            Seeds = _ => [.. Nets().Select((text, i) => Text($"net{i}.prototxt", text))],
            Mutators =
            [
                new MessageMutator<NetParameter>(), new MessageMutator<NetParameter>(),
                    new MessageMutator<NetParameter>(),
                new TextMutator(LayerTypes),
                new PrototxtMutator(NetParameter.Descriptor),
            ],
            Run = RunNet,
            Shallow = Syntax(),
        },
        new("solver")
        {
            Seeds = _ => [.. Solvers().Select((text, i) => Text($"solver{i}.prototxt", text))],
            Mutators =
            [
                new MessageMutator<SolverParameter>(), new MessageMutator<SolverParameter>(),
                    new MessageMutator<SolverParameter>(),
                new TextMutator("fixed", "step", "exp", "inv", "multistep", "poly", "sigmoid", "Adam", "RMSProp",
                    "AdaDelta"),
                new PrototxtMutator(SolverParameter.Descriptor),
            ],
            Run = RunSolver,
            Shallow = Syntax(),
            Elsewhere = WhatSolversLeadTo(),
        },
    ];

    private static FuzzInput Text(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    private static IEnumerable<string> Nets() =>
    [
        Scene.DeployText,
        Scene.TrainText,
        .. Layers().Select(layer => $$"""
            layer {
              name: "in" type: "Input" top: "data" top: "label"
              input_param { shape { dim: 2 dim: 4 dim: 6 dim: 6 } shape { dim: 2 } }
            }
            {{layer}}

            """),
        "input: \"data\" input_dim: 1 input_dim: 3 input_dim: 4 input_dim: 4\n"
            + "layers { name: \"relu\" type: RELU bottom: \"data\" top: \"relu\" }\n",
    ];

    // The layers whose shapes are computed from fields.
    private static IEnumerable<string> Layers() =>
    [
        "layer { name: 'l' type: 'Convolution' bottom: 'data' top: 'l' convolution_param { num_output: 4 kernel_h: 3 "
            + "kernel_w: 2 "
            + "pad: 1 stride: 2 dilation: 1 group: 2 } }",
        "layer { name: 'l' type: 'Deconvolution' bottom: 'data' top: 'l' convolution_param { num_output: 2 "
            + "kernel_size: 3 stride: 2 } }",
        "layer { name: 'l' type: 'Pooling' bottom: 'data' top: 'l' pooling_param { pool: MAX kernel_size: 3 stride: "
            + "2 pad: 1 } }",
        "layer { name: 'l' type: 'SPP' bottom: 'data' top: 'l' spp_param { pyramid_height: 2 pool: MAX } }",
        "layer { name: 'l' type: 'LRN' bottom: 'data' top: 'l' lrn_param { local_size: 3 norm_region: WITHIN_CHANNEL "
            + "} }",
        "layer { name: 'l' type: 'Im2col' bottom: 'data' top: 'l' convolution_param { kernel_size: 3 } }",
        "layer { name: 's' type: 'Slice' bottom: 'data' top: 'a' top: 'b' slice_param { axis: 1 slice_point: 1 } }\n"
            + "layer { name: 'l' type: 'Concat' bottom: 'a' bottom: 'b' top: 'l' concat_param { axis: 1 } }",
        "layer { name: 'l' type: 'Eltwise' bottom: 'data' bottom: 'data' top: 'l' eltwise_param { operation: SUM "
            + "coeff: 1 coeff: -1 } }",
        "layer { name: 'l' type: 'Reshape' bottom: 'data' top: 'l' reshape_param { shape { dim: 0 dim: -1 } axis: 0 "
            + "num_axes: -1 } }",
        "layer { name: 'l' type: 'Flatten' bottom: 'data' top: 'l' flatten_param { axis: 1 end_axis: -1 } }",
        "layer { name: 'l' type: 'Tile' bottom: 'data' top: 'l' tile_param { axis: 1 tiles: 2 } }",
        "layer { name: 'l' type: 'Reduction' bottom: 'data' top: 'l' reduction_param { operation: SUM axis: 1 coeff: "
            + "2 } }",
        "layer { name: 'l' type: 'Embed' bottom: 'label' top: 'l' embed_param { num_output: 3 input_dim: 4 } }",
        "layer { name: 'b' type: 'BatchNorm' bottom: 'data' top: 'b' batch_norm_param { eps: 1e-4 } }\n"
            + "layer { name: 'l' type: 'Scale' bottom: 'b' top: 'l' scale_param { bias_term: true axis: 1 num_axes: "
            + "1 } }",
        "layer { name: 'p' type: 'Pooling' bottom: 'data' top: 'p' pooling_param { pool: AVE global_pooling: true } }\n"
            + "layer { name: 'l' type: 'MVN' bottom: 'data' top: 'l' mvn_param { across_channels: true } }",
        "layer { name: 'f' type: 'InnerProduct' bottom: 'data' top: 'f' inner_product_param { num_output: 3 axis: 1 "
            + "transpose: true } }\n"
            + "layer { name: 'm' type: 'MarginInnerProduct' bottom: 'f' bottom: 'label' top: 'm' "
            + "margin_inner_product_param "
            + "{ num_output: 3 type: QUADRUPLE base: 1000 gamma: 0.12 power: 1 lambda_min: 5 } }\n"
            + "layer { name: 'l' type: 'SoftmaxWithLoss' bottom: 'm' bottom: 'label' top: 'l' }\n"
            + "layer { name: 'acc' type: 'Accuracy' bottom: 'm' bottom: 'label' top: 'acc' accuracy_param { top_k: 2 "
            + "} }",
        "layer { name: 'c' type: 'Crop' bottom: 'data' bottom: 'data' top: 'c' crop_param { axis: 2 offset: 0 } }\n"
            + "layer { name: 'l' type: 'ArgMax' bottom: 'c' top: 'l' argmax_param { top_k: 2 axis: 1 } }",
        "layer { name: 'd' type: 'DummyData' top: 'x' top: 'c' dummy_data_param { shape { dim: 3 dim: 2 dim: 4 } "
            + "shape { dim: 3 dim: 2 } } }\n"
            + "layer { name: 'l' type: 'LSTM' bottom: 'x' bottom: 'c' top: 'l' recurrent_param { num_output: 2 } }",
        "layer { name: 'w' type: 'MemoryData' top: 'x' top: 'y' memory_data_param { batch_size: 2 channels: 1 "
            + "height: 3 width: 3 } "
            + "include { phase: TRAIN } }",
        "layer { name: 'l' type: 'Python' bottom: 'data' top: 'l' include { phase: TRAIN not_stage: 'x' } }",
    ];

    private static IEnumerable<string> Solvers() =>
    [
        Scene.SolverText,
        Scene.SolverText.Replace("\"step\"", "\"multistep\"", StringComparison.Ordinal)
            + "stepvalue: 1\nstepvalue: 2\n",
        Scene.SolverText.Replace("\"step\"", "\"inv\"", StringComparison.Ordinal)
            .Replace("\"SGD\"", "\"Adam\"", StringComparison.Ordinal)
            + "power: 0.75\nmomentum2: 0.999\ndelta: 1e-8\nclip_gradients: 5\niter_size: 2\n",
        Scene.SolverText.Replace("net: \"scene/train.prototxt\"", "net_param { " + Scene.TrainText + " }",
            StringComparison.Ordinal)
            .Replace("type: \"SGD\"", "solver_type: NESTEROV", StringComparison.Ordinal),
    ];

    private static void RunNet(FuzzCase fuzzCase)
    {
        fuzzCase.Atl("lint", fuzzCase.File);
        ProgramRun summary = fuzzCase.Atl("summary", fuzzCase.File, "-json");
        if (summary.ExitCode == 0
            && Costs().Matches(summary.Text).Sum(match => Number(match.Groups[1].Value)) < MostCost)
            fuzzCase.Atl("run", "-model", fuzzCase.File, "-out", $"{FuzzCase.OutputFolder}/blobs", "-diffs");
    }

    // A whole number that is too large for the type is too large to be run.
    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static void RunSolver(FuzzCase fuzzCase)
    {
        fuzzCase.Atl("lint", fuzzCase.File);
        fuzzCase.AtlOneOf(["upgrade_solver_proto_text", fuzzCase.File, $"{FuzzCase.OutputFolder}/new.prototxt"]);
        if (IsShort(fuzzCase.File)) fuzzCase.Atl("train", "-solver", fuzzCase.File);
    }

    // Whether training ends soon, as it is asked to.
    private static bool IsShort(string file)
    {
        try
        {
            SolverParameter solver = ProtoFiles.ReadSolver(file);
            return solver.MaxIter <= MostIterations && solver.IterSize <= MostIterations
                && solver.TestIter.All(iterations => iterations <= MostIterations) && !solver.HasTrainNet
                && solver.TestNet.Count == 0
                    && (solver.NetParam is { } net ? IsSmall(net) : solver.Net == "scene/train.prototxt")
                && solver.SnapshotPrefix is "";
        }
        catch (AtlException)
        {
            return true;
        }
    }

    // One that cannot be built is small enough to be tried.
    private static bool IsSmall(NetParameter parameter)
    {
        try
        {
            using Net net = new(parameter, new NetOptions { Phase = Phase.Train, ShapesOnly = true, KeepAll = true });
            NetSummary summary = NetSummary.Of(net);
            return (double)summary.ParameterCount + summary.MultiplyAdds + summary.ActivationBytes < MostCost;
        }
        catch (Exception e) when (e is AtlException or OverflowException or ArgumentException)
        {
            return true;
        }
    }

    // What is wrong with a text itself has a place, and no layer.
    [GeneratedRegex(@"\.prototxt:\d+:\d+: (?!layer )")]
    private static partial Regex Syntax();

    [GeneratedRegex("the loss of iteration|no such file, expected weights|expected weights as")]
    private static partial Regex WhatSolversLeadTo();

    [GeneratedRegex("\"(?:parameter_count|multiply_adds|activation_bytes)\": *([0-9]+)")]
    private static partial Regex Costs();
}
