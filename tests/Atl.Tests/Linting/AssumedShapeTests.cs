using Atl.Linting;
using Atl.TestSupport;

namespace Atl.Tests.Linting;

/// <summary>Data that is not here: its shape is derived from what the net asks for, and a net is never called wrong for
/// a shape that lint assumed.</summary>
public sealed class AssumedShapeTests : FolderFixture
{
    private const string Segmentation = """
        layer { name: 'data' type: 'Python' top: 'data' top: 'label' python_param { module: 'm' layer: 'L' } }
        layer { name: 'conv' type: 'Convolution' bottom: 'data' top: 'conv' convolution_param { num_output: 4 kernel_size: 3 pad: 100 } }
        layer { name: 'pool' type: 'Pooling' bottom: 'conv' top: 'pool' pooling_param { kernel_size: 2 stride: 2 } }
        layer { name: 'score' type: 'Convolution' bottom: 'pool' top: 'score' convolution_param { num_output: 5 kernel_size: 1 } }
        layer { name: 'up' type: 'Deconvolution' bottom: 'score' top: 'up' convolution_param { num_output: 5 kernel_size: 4 stride: 2 } }
        layer { name: 'cut' type: 'Crop' bottom: 'up' bottom: 'data' top: 'cut' crop_param { axis: 2 offset: 19 } }
        layer { name: 'loss' type: 'SoftmaxWithLoss' bottom: 'cut' bottom: 'label' top: 'loss' loss_param { ignore_label: 255 } }
        """;

    private const string Regions = """
        layer { name: 'data' type: 'Python' top: 'data' top: 'rois' top: 'labels' top: 'targets' top: 'inside' top: 'outside' }
        layer { name: 'conv' type: 'Convolution' bottom: 'data' top: 'conv' convolution_param { num_output: 4 kernel_size: 7 stride: 2 } }
        layer { name: 'roi' type: 'ROIPooling' bottom: 'conv' bottom: 'rois' top: 'roi' roi_pooling_param { pooled_w: 3 pooled_h: 3 } }
        layer { name: 'cls' type: 'InnerProduct' bottom: 'roi' top: 'cls' inner_product_param { num_output: 3 } }
        layer { name: 'box' type: 'InnerProduct' bottom: 'roi' top: 'box' inner_product_param { num_output: 12 } }
        layer { name: 'l1' type: 'SoftmaxWithLoss' bottom: 'cls' bottom: 'labels' top: 'l1' }
        layer { name: 'l2' type: 'SmoothL1Loss' bottom: 'box' bottom: 'targets' bottom: 'inside' bottom: 'outside' top: 'l2' }
        """;

    private const string Masks = """
        layer { name: 'data' type: 'DenseImageData' top: 'data' top: 'label' dense_image_data_param { source: 'absent' batch_size: 2 } }
        layer { name: 'conv' type: 'Convolution' bottom: 'data' top: 'conv' convolution_param { num_output: 4 kernel_size: 3 pad: 1 } }
        layer { name: 'p1' type: 'Pooling' bottom: 'conv' top: 'p1' top: 'm1' pooling_param { kernel_size: 2 stride: 2 } }
        layer { name: 'p2' type: 'Pooling' bottom: 'p1' top: 'p2' top: 'm2' pooling_param { kernel_size: 2 stride: 2 } }
        layer { name: 'p3' type: 'Pooling' bottom: 'p2' top: 'p3' top: 'm3' pooling_param { kernel_size: 2 stride: 2 } }
        layer { name: 'u3' type: 'Upsample' bottom: 'p3' bottom: 'm3' top: 'u3' upsample_param { upsample_h: 15 upsample_w: 25 } }
        layer { name: 'u2' type: 'Upsample' bottom: 'u3' bottom: 'm2' top: 'u2' upsample_param { scale: 2 } }
        layer { name: 'u1' type: 'Upsample' bottom: 'u2' bottom: 'm1' top: 'u1' upsample_param { scale: 2 } }
        layer { name: 'loss' type: 'SoftmaxWithLoss' bottom: 'u1' bottom: 'label' top: 'loss' }
        """;

    private const string Captions = """
        layer { name: 'data' type: 'HDF5Data' top: 'cont' top: 'words' top: 'target' hdf5_data_param { source: 'absent' batch_size: 6 } }
        layer { name: 'image' type: 'ImageData' top: 'image' top: 'none' transform_param { crop_size: 9 } image_data_param { source: 'absent' batch_size: 5 } }
        layer { name: 's' type: 'Silence' bottom: 'none' }
        layer { name: 'fc' type: 'InnerProduct' bottom: 'image' top: 'fc' inner_product_param { num_output: 7 } }
        layer { name: 'e' type: 'Embed' bottom: 'words' top: 'e' embed_param { input_dim: 20 num_output: 8 } }
        layer { name: 'l1' type: 'LSTM' bottom: 'e' bottom: 'cont' top: 'l1' recurrent_param { num_output: 4 } }
        layer { name: 'l2' type: 'LSTM' bottom: 'l1' bottom: 'cont' bottom: 'fc' top: 'l2' recurrent_param { num_output: 4 } }
        layer { name: 'p' type: 'InnerProduct' bottom: 'l2' top: 'p' inner_product_param { num_output: 20 axis: 2 } }
        layer { name: 'loss' type: 'SoftmaxWithLoss' bottom: 'p' bottom: 'target' top: 'loss' softmax_param { axis: 2 } }
        """;

    private const string Clips = """
        layer { name: 'data' type: 'Python' top: 'data' top: 'label' top: 'cont' }
        layer { name: 'fc' type: 'InnerProduct' bottom: 'data' top: 'fc' inner_product_param { num_output: 8 } }
        layer { name: 'r1' type: 'Reshape' bottom: 'fc' top: 'r1' reshape_param { shape { dim: 4 dim: 3 dim: 8 } } }
        layer { name: 'r2' type: 'Reshape' bottom: 'label' top: 'r2' reshape_param { shape { dim: 4 dim: 3 } } }
        layer { name: 'r3' type: 'Reshape' bottom: 'cont' top: 'r3' reshape_param { shape { dim: 4 dim: 3 } } }
        layer { name: 'l' type: 'LSTM' bottom: 'r1' bottom: 'r3' top: 'l' recurrent_param { num_output: 5 } }
        layer { name: 'p' type: 'InnerProduct' bottom: 'l' top: 'p' inner_product_param { num_output: 6 axis: 2 } }
        layer { name: 'loss' type: 'SoftmaxWithLoss' bottom: 'p' bottom: 'r2' top: 'loss' softmax_param { axis: 2 } }
        """;

    private const string Faces = """
        layer { name: 'data' type: 'HDF5Data' top: 'data' top: 'label' hdf5_data_param { source: 'absent' batch_size: 8 } }
        layer { name: 's' type: 'Slice' bottom: 'label' top: 'class' top: 'box' top: 'points' slice_param { slice_point: 1 slice_point: 5 } }
        layer { name: 'conv' type: 'Convolution' bottom: 'data' top: 'conv' convolution_param { num_output: 4 kernel_size: 3 } }
        layer { name: 'c' type: 'InnerProduct' bottom: 'conv' top: 'c' inner_product_param { num_output: 2 } }
        layer { name: 'b' type: 'InnerProduct' bottom: 'conv' top: 'b' inner_product_param { num_output: 4 } }
        layer { name: 'p' type: 'InnerProduct' bottom: 'conv' top: 'p' inner_product_param { num_output: 10 } }
        layer { name: 'lc' type: 'SoftmaxWithLoss' bottom: 'c' bottom: 'class' top: 'lc' }
        layer { name: 'lb' type: 'EuclideanLoss' bottom: 'b' bottom: 'box' top: 'lb' }
        layer { name: 'lp' type: 'EuclideanLoss' bottom: 'p' bottom: 'points' top: 'lp' }
        """;

    private static string Labelled(string tops, string layers) => $$"""
        layer { name: 'data' type: 'HDF5Data' {{tops}} hdf5_data_param { source: 'absent' batch_size: 4 } }
        layer { name: 'ip' type: 'InnerProduct' bottom: 'data' top: 'ip' inner_product_param { num_output: 10 } }
        {{layers}}
        """;

    private static string Annotated(string transform, string kernel) => $$"""
        layer { name: 'data' type: 'AnnotatedData' top: 'data' top: 'label' transform_param { {{transform}} } data_param { source: 'absent' batch_size: 2 } }
        layer { name: 'c' type: 'Convolution' bottom: 'data' top: 'c' convolution_param { num_output: 2 kernel_size: {{kernel}} } }
        """;

    private static IEnumerable<TestCaseData> GoodNets() =>
    [
        new TestCaseData(Segmentation, "'label' 1 1 256 256").SetName("Label maps"),
        new TestCaseData(Regions, "'rois' 1 5, 'labels' 1, 'targets' 1 12, 'inside' 1 12, 'outside' 1 12").SetName(
            "Regions"),
        new TestCaseData(Masks, "'data' 2 3 60 100, 'label' 2 1 60 100").SetName("Unpooled sizes"),
        new TestCaseData(Captions, "'cont' 6 5, 'words' 6 5, 'target' 6 5").SetName("Captions"),
        new TestCaseData(Clips, "'data' 12 3 256 256, 'label' 12, 'cont' 12").SetName("Clips of a fixed length"),
        new TestCaseData(Faces, "'label' 8 15").SetName("Class, box and points in one label"),
        new TestCaseData(Labelled("top: 'data' top: 'label'",
            "layer { name: 'l' type: 'EuclideanLoss' bottom: 'ip' bottom: 'label' top: 'l' }"),
            "'label' 4 10").SetName("Landmarks"),
        new TestCaseData(Labelled("top: 'label' top: 'data'",
            "layer { name: 'l' type: 'SigmoidCrossEntropyLoss' bottom: 'ip' bottom: 'label' top: 'l' }"),
            "'label' 4 10, 'data' 4").SetName("The label first"),
        new TestCaseData(Annotated("resize_param { prob: 1 resize_mode: WARP height: 600 width: 700 }", "590"),
            "'data' 2 3 600 700").SetName("resize_param"),
        new TestCaseData("""
            layer { name: 'd' type: 'Python' top: 'color' top: 'depth' top: 'label' }
            layer { name: 'c' type: 'Concat' bottom: 'color' bottom: 'depth' top: 'x' }
            layer { name: 'v' type: 'Convolution' bottom: 'x' top: 'v' convolution_param { num_output: 4 kernel_size: 1 } }
            layer { name: 'l' type: 'SoftmaxWithLoss' bottom: 'v' bottom: 'label' top: 'l' }
            """, "'color' 1 3 256 256, 'depth' 1 1 256 256, 'label' 1 1 256 256").SetName("Images that are joined"),
        new TestCaseData(Annotated("crop_h: 600 crop_w: 700", "590"), "'data' 2 3 600 700").SetName("crop_h"),
    ];

    [TestCaseSource(nameof(GoodNets))]
    public void AGoodNetIsBuilt(string text, string data)
    {
        LintedFile file = Check(text);
        Assert.That(file.Nets.Select(net => net.Status), Is.All.EqualTo(LintStatus.Built), file.Message);
        Assert.That(file.Notes, Has.Some.Contains(data));
    }

    [Test]
    public void EachPhaseHasItsOwnBatch()
    {
        LintedFile file = Check("""
            layer { name: 'd' type: 'HDF5Data' top: 'data' top: 'label' include { phase: TRAIN } hdf5_data_param { source: 'absent' batch_size: 4 } }
            layer { name: 'd' type: 'HDF5Data' top: 'data' top: 'label' include { phase: TEST } hdf5_data_param { source: 'absent' batch_size: 6 } }
            layer { name: 'ip' type: 'InnerProduct' bottom: 'data' top: 'ip' inner_product_param { num_output: 10 } }
            layer { name: 'l' type: 'EuclideanLoss' bottom: 'ip' bottom: 'label' top: 'l' }
            """);
        Assert.That(file.Status, Is.EqualTo(LintStatus.Built), file.Message);
        Assert.That(file.Notes, Has.Count.EqualTo(2));
        Assert.That(file.Notes[0], Does.Contain("net.prototxt:1:1").And.Contain("'label' 4 10"));
        Assert.That(file.Notes[1], Does.Contain("net.prototxt:2:1").And.Contain("'label' 6 10"));
    }

    [Test]
    public void WhatNothingTellsNeedsAShape()
    {
        const string Text = """
            layer { name: 'data' type: 'Data' top: 'data' top: 'label' data_param { source: 'absent' batch_size: 8 } }
            layer { name: 'r' type: 'Reshape' bottom: 'data' top: 'r' reshape_param { shape { dim: 8 dim: 12345 } } }
            """;
        LintedFile file = Check(Text);
        Assert.That(file.Status, Is.EqualTo(LintStatus.NeedsShape));
        Assert.That(file.Message,
            Does.Contain("assumed here: 'data' 8 3 256 256; give the shape that the net takes: -shapes data=8,C,H,W"));
        Assert.That(Check(Text, new() { ["data"] = new Shape(8, 5, 2469, 1) }).Status, Is.EqualTo(LintStatus.Built));
    }

    [TestCase("layer { name: 'c' type: 'Convolution' bottom: 'data' top: 'c' convolution_param { num_output: 3 } }",
        TestName = "No kernel")]
    [TestCase("layer { name: 'c' type: 'InnerProduct' bottom: 'data' top: 'c' inner_product_param { } }",
    TestName = "No num_output")]
    [TestCase("layer { name: 'c' type: 'ReLU' bottom: 'data' bottom: 'label' top: 'c' }",
    TestName = "Too many bottoms")]
    [TestCase("layer { name: 'c' type: 'ReLU' bottom: 'dta' top: 'c' }", TestName = "An unknown bottom")]
    [TestCase("layer { name: 'c' type: 'ReLU' bottom: 'data' top: 'c' param { } }", TestName = "Too many param")]
    public void WhatIsWrongWhateverTheDataIsAnError(string layer)
    {
        foreach (string type in new[] { "HDF5Data", "Data" })
        {
            string source = type == "Data" ? "data_param" : "hdf5_data_param";
            LintedFile file =
                Check($"layer {{ name: 'data' type: '{type}' top: 'data' top: 'label' {source} {{ source: 'absent' "
                    + $"batch_size: 8 }} }}\n{layer}");
            Assert.That(file.Status, Is.EqualTo(LintStatus.Error), file.Message);
        }
    }

    [Test]
    public void LabelsOfADatabaseAreOneNumberAnItem()
    {
        LintedFile file = Check("""
            layer { name: 'data' type: 'Data' top: 'data' top: 'label' data_param { source: 'absent' batch_size: 8 } }
            layer { name: 'ip' type: 'InnerProduct' bottom: 'data' top: 'ip' inner_product_param { num_output: 4 } }
            layer { name: 'l' type: 'EuclideanLoss' bottom: 'ip' bottom: 'label' top: 'l' }
            """);
        Assert.That(file.Status, Is.EqualTo(LintStatus.Error));
    }

    [Test]
    public void ANetThatNobodyTrainsNeedNotBeBuiltInTrain()
    {
        const string Text = """
            layer { name: 'i' type: 'Input' top: 'x' input_param { shape { dim: 5 dim: 6 } } }
            layer { name: 'r' type: 'Reshape' bottom: 'x' top: 'r' reshape_param { shape { dim: 1 dim: 5 dim: 6 } } include { phase: TEST } }
            layer { name: 'a' type: 'AbsVal' bottom: 'r' top: 'a' }

            """;
        LintedFile file = Check(Text);
        Assert.That((file.Status, file.Nets[0].Status), Is.EqualTo((LintStatus.Built, LintStatus.OtherPhase)),
            file.Message);
        Assert.That(Check(Text + "layer { name: 'l' type: 'EuclideanLoss' bottom: 'a' bottom: 'a' top: 'l' }").Status,
            Is.EqualTo(LintStatus.Error),
            "a loss is there to be trained");
    }

    private LintedFile Check(string text, Dictionary<string, Shape>? shapes = null)
    {
        File.WriteAllText(_folder["net.prototxt"], text);
        return new Linter(allowUnknownFields: false, shapes).Check(_folder["net.prototxt"]);
    }
}
