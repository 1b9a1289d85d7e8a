using Atl.TestSupport;

namespace Atl.Proto.Tests.Upgrade;

/// <summary>V0 layers in, current layers out.</summary>
public sealed class V0UpgradeTests
{
    [TestCase("conv", "Convolution",
        "convolution_param { num_output: 2 bias_term: false kernel_size: 5 pad: 1 stride: 3 group: "
        + "2 weight_filler { type: 'xavier' } bias_filler { value: 1 } }",
        "num_output: 2 biasterm: false kernelsize: 5 pad: 1 stride: 3 group: 2 weight_filler { type: 'xavier' } "
            + "bias_filler { value: 1 }")]
    [TestCase("innerproduct", "InnerProduct",
    "inner_product_param { num_output: 2 bias_term: true weight_filler { std: 2 } bias_filler { } }",
        "num_output: 2 biasterm: true weight_filler { std: 2 } bias_filler { }")]
    [TestCase("pool", "Pooling", "pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 1 }",
    "pool: AVE kernelsize: 3 stride: 2 pad: 1")]
    [TestCase("lrn", "LRN", "lrn_param { local_size: 3 alpha: 0.1 beta: 0.5 k: 2 }",
    "local_size: 3 alpha: 0.1 beta: 0.5 k: 2")]
    [TestCase("dropout", "Dropout", "dropout_param { dropout_ratio: 0.3 }", "dropout_ratio: 0.3")]
    [TestCase("concat", "Concat", "concat_param { axis: 0 }", "concat_dim: 0")]
    [TestCase("data", "Data", "data_param { source: 's' batch_size: 8 rand_skip: 3 } transform_param { scale: 0.5 "
        + "mean_file: 'm' crop_size: 227 mirror: true }",
        "source: 's' batchsize: 8 rand_skip: 3 scale: 0.5 meanfile: 'm' cropsize: 227 mirror: true")]
    [TestCase("images", "ImageData",
    "image_data_param { source: 's' batch_size: 8 rand_skip: 3 shuffle: true new_height: 32 new_width: 33 }",
        "source: 's' batchsize: 8 rand_skip: 3 shuffle_images: true new_height: 32 new_width: 33")]
    [TestCase("hdf5_data", "HDF5Data", "hdf5_data_param { source: 's' batch_size: 8 }", "source: 's' batchsize: 8")]
    [TestCase("hdf5_output", "HDF5Output", "hdf5_output_param { file_name: 'f' }",
    "hdf5_output_param { file_name: 'f' }")]
    [TestCase("infogain_loss", "InfogainLoss", "infogain_loss_param { source: 's' }", "source: 's'")]
    [TestCase("window_data", "WindowData",
        "window_data_param { source: 's' batch_size: 8 fg_threshold: 0.6 bg_threshold: 0.4 fg_fraction: 0.3 "
            + "context_pad: 16 crop_mode: 'square' }",
        "source: 's' batchsize: 8 det_fg_threshold: 0.6 det_bg_threshold: 0.4 det_fg_fraction: 0.3 det_context_pad: "
            + "16 det_crop_mode: 'square'")]
    [TestCase("softmax_loss", "SoftmaxWithLoss", "", "")]
    [TestCase("relu", "ReLU", "", "")]
    [TestCase("accuracy", "Accuracy", "", "")]
    [CaffeBehaviour(CaffeBehaviour.V0Nets)]
    public void MovesFlatFields(string v0Type, string type, string parameters, string flat)
    {
        NetParameter net =
            Upgraded($"layers {{ layer {{ name: 'l' type: '{v0Type}' {flat} blobs {{ data: 1 }} blobs_lr: 1 blobs_lr: "
            + "2 weight_decay: 1 weight_decay: 0 } bottom: 'a' top: 'b' }");
        NetParameter expected = TextFormat.Parse<NetParameter>(
            $"layer {{ name: 'l' type: '{type}' bottom: 'a' top: 'b' {parameters} blobs {{ data: 1 }} param {{ "
                + "lr_mult: "
                + "1 decay_mult: 1 } param { lr_mult: 2 decay_mult: 0 } }");
        Assert.That(net, Is.EqualTo(expected));
    }

    [Test]
    public void FoldsPaddingIntoItsReader()
    {
        NetParameter net = Upgraded(
            """
            input: 'data' input_dim: [1, 3, 9, 9]
            layers { layer { name: 'pad1' type: 'padding' pad: 2 } bottom: 'data' top: 'padded' }
            layers { layer { name: 'conv1' type: 'conv' kernelsize: 5 num_output: 4 } bottom: 'padded' top: 'conv1' }
            layers { layer { name: 'pad2' type: 'padding' pad: 1 } bottom: 'conv1' top: 'padded' }
            layers { layer { name: 'pool1' type: 'pool' kernelsize: 3 } bottom: 'padded' top: 'pool1' }
            """);
        Assert.That(net, Is.EqualTo(TextFormat.Parse<NetParameter>(
            """
            layer { name: 'input' type: 'Input' top: 'data' input_param { shape { dim: [1, 3, 9, 9] } } }
            layer { name: 'conv1' type: 'Convolution' bottom: 'data' top: 'conv1' convolution_param { kernel_size: 5 num_output: 4 pad: 2 } }
            layer { name: 'pool1' type: 'Pooling' bottom: 'conv1' top: 'pool1' pooling_param { kernel_size: 3 pad: 1 } }
            """)));
    }

    [TestCase("layers { layer { name: 'p' type: 'padding' } bottom: 'a' top: 'b' }\nlayers { layer { name: 'r' "
        + "type: 'relu' } bottom: 'b' top: 'c' }",
        "n:2:1: layer 'r' reads the padding layer 'p', expected only conv and pool to do so")]
    [TestCase("layers { layer { name: 'p' type: 'padding' } bottom: 'a' bottom: 'b' top: 'c' }",
        "n:1:1: a padding layer 'p' with 2 bottoms and 1 tops, expected one of each")]
    [TestCase("layers { layer { name: 'q' type: 'quack' } }",
    "n:1:10: layer 'q' has the V0 type 'quack', expected a V0 type")]
    [TestCase("layers { layer { name: 'i' type: 'images' new_height: -1 } }",
    "n:1:10: layer 'i': new_height -1, expected 0 or more")]
    public void Refuses(string text, string message)
    {
        NetParameter net = TextFormat.Parse<NetParameter>(text, "n");
        Assert.That(() => NetUpgrade.Apply(net), Throws.TypeOf<AtlException>().With.Message.StartsWith(message));
    }

    [Test]
    public void LeavesOutFieldsOfOtherTypesWithANote()
    {
        List<string> notes = [];
        NetParameter net =
            TextFormat.Parse<NetParameter>("layers {\n layer { name: 'r' type: 'relu' kernelsize: 3 } }", "n");
        NetUpgrade.Apply(net, notes.Add);
        Assert.That(net, Is.EqualTo(TextFormat.Parse<NetParameter>("layer { name: 'r' type: 'ReLU' }")));
        Assert.That(notes[0],
            Is.EqualTo("n:2:2: layer 'r': 'kernelsize' has no effect in a layer of V0 type 'relu' and is dropped"));
        Assert.That(SourceMap.Find(net.Layer[0])!.Value.ToString(), Is.EqualTo("n:1:1"));
    }

    private static NetParameter Upgraded(string text)
    {
        NetParameter net = TextFormat.Parse<NetParameter>(text);
        NetUpgrade.Apply(net);
        return net;
    }
}
