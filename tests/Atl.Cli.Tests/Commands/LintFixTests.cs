using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Commands;

/// <summary>Every field that lint calls deprecated is gone from the file that <c>-fix</c> writes.</summary>
public sealed class LintFixTests : FolderFixture
{
    private const string Input =
        "layer { name: 'i' type: 'Input' top: 'x' top: 'y' input_param { shape { dim: 2 dim: 4 dim: 6 dim: 6 } } }\n";
    private const string V1 =
        "input: 'x' input_shape { dim: 1 dim: 3 }\nlayers { name: 'l' type: INNER_PRODUCT bottom: 'x' top: 'l' FIELD "
        + "inner_product_param { num_output: 2 } }";
    private const string Extents =
        "layer { name: 'd' type: 'DummyData' top: 'd' dummy_data_param { num: 1 channels: 2 height: 3 width: 4 } }";

    private static readonly Dictionary<string, string> Files = new()
    {
        ["NetParameter.layers"] = V1.Replace("FIELD", ""),
        ["NetParameter.input"] = "input: 'x' input_shape { dim: 1 }",
        ["NetParameter.input_shape"] = "input: 'x' input_shape { dim: 1 }",
        ["NetParameter.input_dim"] = "input: 'x' input_dim: 1 input_dim: 2 input_dim: 3 input_dim: 4",
        ["NetParameter.mem_param"] = Input + "mem_param { optimize_train: true }",
        ["SolverParameter.solver_type"] = "net: 'absent' base_lr: 0.1 lr_policy: 'fixed' solver_type: NESTEROV",
        ["V1LayerParameter.layer"] =
            "input: 'x' input_shape { dim: 1 }\nlayers { layer { name: 'r' type: 'relu' } bottom: 'x' top: 'r' }",
        ["V1LayerParameter.blobs_lr"] = V1.Replace("FIELD", "blobs_lr: 1 blobs_lr: 2"),
        ["V1LayerParameter.weight_decay"] = V1.Replace("FIELD", "weight_decay: 1"),
        ["V1LayerParameter.param"] = V1.Replace("FIELD", "param: 'w'"),
        ["V1LayerParameter.blob_share_mode"] = V1.Replace("FIELD", "blob_share_mode: STRICT"),
        ["ConcatParameter.concat_dim"] = Input
            + "layer { name: 'c' type: 'Concat' bottom: 'x' bottom: 'y' top: 'c' concat_param { concat_dim: 2 } }",
        ["SliceParameter.slice_dim"] = Input
            + "layer { name: 's' type: 'Slice' bottom: 'x' top: 'a' top: 'b' slice_param { slice_dim: 1 } }",
        ["LossParameter.normalize"] = Input
            + "layer { name: 'l' type: 'SigmoidCrossEntropyLoss' bottom: 'x' bottom: 'y' top: 'l' loss_param { "
            + "normalize: false } }",
        ["PoolingParameter.ceil_mode"] = Input
            + "layer { name: 'p' type: 'Pooling' bottom: 'x' top: 'p' pooling_param { kernel_size: 3 stride: 2 "
            + "ceil_mode: false } }",
        ["DummyDataParameter.num"] = Extents,
        ["DummyDataParameter.channels"] = Extents,
        ["DummyDataParameter.height"] = Extents,
        ["DummyDataParameter.width"] = Extents,
    };

    // Where data layers had the fields of transform_param once; in layers of the current format they are without
    // effect.
    private static IEnumerable<(string Field, string Text)> Transforms() =>
        from layer in new[] { ("Data", "data_param"), ("ImageData", "image_data_param"),
            ("WindowData", "window_data_param") }
        from field in new[] { ("scale", "0.5"), ("mean_file", "'absent'"), ("crop_size", "6"), ("mirror", "true") }
        select ($"{layer.Item1}Parameter.{field.Item1}",
            $"layer {{ name: 'd' type: '{layer.Item1}' top: 'd' {layer.Item2} {{ source: 'absent' batch_size: 2 "
                + $"{field.Item1}: {field.Item2} }} }}");

    [Test]
    public void NothingDeprecatedIsLeft()
    {
        Dictionary<string, string> files =
            Files.Concat(Transforms().Select(transform => KeyValuePair.Create(transform.Field, transform.Text)))
            .ToDictionary(entry => entry.Key, entry => entry.Value);
        Assert.That(files.Keys, Is.EquivalentTo(DeprecatedFields.Known.Select(known =>
            $"{known.Message.Name}.{known.Message.FindFieldByNumber(known.Field).Name}")),
            "each deprecated field has a file");
        Directory.CreateDirectory(_folder["old"]);
        foreach ((string field,
            string text) in files) File.WriteAllText(_folder[Path.Combine("old", $"{field}.prototxt")], text);
        ProgramResult fix = AtlProgram.Run(_folder.FullName, "lint", "old", "-fix");
        Assert.That(fix.ExitCode, Is.Zero, fix.Output + fix.Errors);
        Directory.CreateDirectory(_folder["new"]);
        foreach ((string field, _) in files)
        {
            string name = field[(field.IndexOf('.', StringComparison.Ordinal) + 1)..];
            Assert.That(fix.Output, Does.Match($@"old/{field}\.prototxt:\d+:\d+: deprecated: \w+\.{name}\b"));
            File.Move(_folder[Path.Combine("old", $"{field}.upgraded.prototxt")],
                _folder[Path.Combine("new", $"{field}.prototxt")]);
        }
        ProgramResult again = AtlProgram.Run(_folder.FullName, "lint", "new");
        Assert.That(again.ExitCode, Is.Zero, again.Output + again.Errors);
        Assert.That(again.Output, Does.Not.Contain("deprecated"));
    }

    [Test]
    public void TheNewFormsMeanTheSame()
    {
        File.WriteAllText(_folder["net.prototxt"], Files["SliceParameter.slice_dim"] + """

            layer { name: 'c' type: 'Concat' bottom: 'a' bottom: 'b' top: 'c' concat_param { concat_dim: 2 } }
            layer { name: 'p' type: 'Pooling' bottom: 'c' top: 'p' pooling_param { kernel_size: 3 stride: 2 ceil_mode: false } }
            layer { name: 'l' type: 'SoftmaxWithLoss' bottom: 'p' bottom: 'y' top: 'l' loss_param { normalize: true } include { stage: 'never' } }
            """);
        Assert.That(AtlProgram.Run(_folder.FullName, "lint", "net.prototxt", "-fix").ExitCode, Is.Zero);
        string written = File.ReadAllText(_folder["net.upgraded.prototxt"]);
        foreach (string line in new[] { "axis: 1", "axis: 2", "round_mode: FLOOR", "normalization: VALID" })
            Assert.That(written, Does.Contain(line));
        Assert.That(AtlProgram.Run(_folder.FullName, "summary", "net.upgraded.prototxt", "-json").Output,
            Is.EqualTo(AtlProgram.Run(_folder.FullName, "summary", "net.prototxt", "-json").Output));
    }
}
