namespace Atl.Proto.Tests.Text;

/// <summary>Fields of other Caffes in text files: passed over where nothing depends on them, else explained.</summary>
public sealed class DialectTests
{
    [TestCase("default_forward_type: FLOAT16 layer { name: 'a' forward_math: FLOAT cudnn_math_override: -1 }",
        "layer { name: 'a' }", "NVIDIA/caffe")]
    [TestCase("engine: 'MKLDNN' layer { convolution_param { engine: MKL2017 num_output: 3 } engine: 'CAFFE' }",
    "layer { convolution_param { num_output: 3 } }",
        "intel/caffe")]
    [TestCase("layer { type: 'MultiBoxLoss' multibox_loss_param { loc_loss_type: SMOOTH_L1 num_classes: 21 } }",
    "layer { type: 'MultiBoxLoss' }",
        "weiliu89/caffe")]
    [TestCase("layer { data_param { source: 'x' cache: true } }", "layer { data_param { source: 'x' } }",
    "NVIDIA/caffe")]
    [TestCase("layer { type: 'AnnotatedData' transform_param { scale: 2 resize_param { prob: 1 interp_mode: AREA } } }",
        "layer { type: 'AnnotatedData' transform_param { scale: 2 } }", "weiliu89/caffe")]
    [TestCase("layer { transform_param { crop_h: 3 scale: 2 } type: 'AnnotatedData' }",
        "layer { transform_param { scale: 2 } type: 'AnnotatedData' }", "weiliu89/caffe")]
    public void WhatChangesNothingIsPassedOverWithANote(string text, string read, string origin)
    {
        List<string> notes = [];
        Assert.That(TextFormat.Parse<NetParameter>(text, "f", new TextFormatOptions { Note = notes.Add }),
            Is.EqualTo(TextFormat.Parse<NetParameter>(read)));
        Assert.That(notes, Is.Not.Empty.And.All.Contains(origin).And.All.EndsWith("(ignored)"));
    }

    [TestCase("layer { transform_param { resize_param { prob: 1 } } }",
        "f:1:27: 'resize_param' is a field of SSD's Caffe (weiliu89/caffe): ",
        "convert_imageset")]
    [TestCase("layer { type: 'Data' transform_param { resize_param { prob: 1 } } }",
    "f:1:40: 'resize_param' is a field of ", "convert_imageset")]
    [TestCase("layer { transform_param { resize_param { prob: 1 } } type: 'Data' }",
    "f:1:27: 'resize_param' is a field of ", "convert_imageset")]
    [TestCase("layer { type: 'AnnotatedData' } layer { transform_param { crop_h: 3 } }",
    "f:1:59: 'crop_h' is a field of ", "crop_size")]
    [TestCase("layer { pooling_param { torch_pooling: true } }", "f:1:25: 'torch_pooling' is a field of ",
    "round_mode: FLOOR")]
    [TestCase("layer { softmax_param { normalize_type: 'L2' } }",
    "f:1:25: 'normalize_type' is a field of happynear/caffe-windows: ", "softmax alone")]
    [TestCase("bn_stats_batch_size: 32", "f:1:1: 'bn_stats_batch_size' is a field of intel/caffe: ",
    "remove the field")]
    [TestCase("layer { transform_param { max_smooth: 6 } }",
    "f:1:27: 'max_smooth' is a field of twtygqyy/caffe-augmentation: ", "convert_imageset")]
    [TestCase("layer { batch_norm_param { scale_bias: true } }", "f:1:28: 'scale_bias' is a field of NVIDIA/caffe: ",
    "Scale layer")]
    [TestCase("layer { convolution_param { relu: true } }", "f:1:29: 'relu' is a field of intel/caffe: ", "ReLU")]
    [TestCase("layer { type: 'Parameter' parameter_param { blob_filler { type: 'gaussian' } } }",
        "f:1:45: 'blob_filler' is a field of happynear/caffe-windows: ", "inner_product_param { normalize: true }")]
    public void WhatChangesResultsIsExplained(string text, string start, string advice)
    {
        Assert.That(
            () => TextFormat.Parse<NetParameter>(text, "f"),
            Throws.TypeOf<PrototxtException>().With.Message.StartsWith(start).And.Message.Contains(advice));
        Assert.That(() => TextFormat.Parse<NetParameter>(text, "f",
            new TextFormatOptions { AllowUnknownFields = true }), Throws.Nothing);
    }

    [TestCase("layer { softmax_param { normalize_type: \"Softmax\" axis: 1 } }", "layer { softmax_param { axis: 1 } }",
        "happynear/caffe-windows")]
    [TestCase("layer { batch_norm_param { scale_bias: false eps: 1 } }", "layer { batch_norm_param { eps: 1 } }",
    "NVIDIA/caffe")]
    [TestCase("layer { convolution_param { relu: 0 negative_slope: 0.0 } }", "layer { convolution_param { } }",
    "intel/caffe")]
    [TestCase("bn_stats_batch_size: 0 name: 'n'", "name: 'n'", "intel/caffe")]
    [TestCase("layer { dropout_param { scale_train: true } }", "layer { dropout_param { } }", "R-FCN")]
    public void AValueThatAsksForNothingIsPassedOverWithANote(string text, string read, string origin)
    {
        List<string> notes = [];
        Assert.That(TextFormat.Parse<NetParameter>(text, "f", new TextFormatOptions { Note = notes.Add }),
            Is.EqualTo(TextFormat.Parse<NetParameter>(read)));
        Assert.That(notes, Is.Not.Empty.And.All.Contains(origin).And.All.EndsWith("changes nothing (ignored)"));
    }

    [Test]
    public void NeutralValuesAreThoseOfFieldsInTheTable() =>
        Assert.That(NeutralValues.Fields.Where(field =>
            DialectFields.Find(field.Message, field.Name) is not { IsHarmless: false }), Is.Empty);

    [Test]
    public void SsdsSolversAreRead() => Assert.That(
        TextFormat.Parse<SolverParameter>("base_lr: 0.5 eval_type: 'detection' ap_version: '11point' "
            + "show_per_class_result: true"),
        Is.EqualTo(new SolverParameter { BaseLr = 0.5f }));

    [Test]
    public void AnUnknownEngineIsStillAnError() =>
        Assert.That(() => TextFormat.Parse<NetParameter>("layer { relu_param { engine: CUDNM } }"),
            Throws.TypeOf<PrototxtException>().With.Message.Contains("'CUDNM' is not a value"));

    // A field that the schema has gained must leave the table, or it would never be reached there.
    [Test]
    public void TheTableHoldsNoFieldOfTheSchema() => Assert.That(DialectFields.Known.Where(field =>
        CaffeReflection.Descriptor.MessageTypes.Single(message => message.Name == field.Message)
        .FindFieldByName(field.Name) is not null), Is.Empty);
}
