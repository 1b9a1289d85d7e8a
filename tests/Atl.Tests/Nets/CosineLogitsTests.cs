using Atl.Layers;
using Atl.Linting;
using Atl.Solvers;
using Atl.TestSupport;
using Atl.Tests.Solvers;
using Microsoft.Extensions.Logging;

namespace Atl.Tests.Nets;

/// <summary>Margins of cosines over logits that are none: what the net's layers tell, and what its values do.</summary>
public sealed class CosineLogitsTests
{
    private const string Input = """
        layer { name: 'in' type: 'Input' top: 'data' top: 'label' input_param { shape { dim: 6 dim: 8 } shape { dim: 6 } } }
        layer { name: 'fc5' type: 'InnerProduct' bottom: 'data' top: 'fc5' inner_product_param { num_output: 4 weight_filler { type: 'xavier' } } }
        """;

    private const string Normalized = "layer { name: 'n' type: 'Normalize' bottom: 'fc5' top: 'n' }";
    private const string NoFeatures = "the features 'fc5' are not normalized (put a Normalize layer before 'fc6')";
    private const string NoWeights =
        "the weights of 'fc6' are not normalized (inner_product_param { normalize: true })";

    private static IEnumerable<TestCaseData> Chains()
    {
        foreach (string type in new[] { "CosinAddm", "CombinedMargin", "LabelSpecificAdd", "AdditiveMargin" })
        {
            yield return Chain(Normalized + Product("n") + Margin(type), null);
            yield return Chain(Normalized.Replace("Normalize", "L2Norm", StringComparison.Ordinal) + Product("n")
                + Margin(type), null);
            yield return Chain(Product("fc5") + Margin(type), NoFeatures);
            yield return Chain(Normalized + Product("n", weights: false) + Margin(type), NoWeights);
            yield return Chain(Product("fc5", weights: false) + Margin(type), $"{NoFeatures}, and {NoWeights}");
            yield return Chain(Normalized + Product("n", bias: true) + Margin(type),
                "'fc6' adds a bias (bias_term: false)");
        }
        yield return Chain(Normalized + "layer { name: 'f' type: 'Flatten' bottom: 'n' top: 'f' }" + Product("f")
            + Margin("CosinAddm"), null);
        yield return Chain(Normalized + Product("n") + Margin("AdditiveMargin") + Margin("CosinAddm", "m", "m2"), null);
        yield return Chain(Normalized + Product("n") + "layer { name: 's' type: 'Silence' bottom: 'fc6' }"
            + Margin("CosinAddm"), null);
        yield return Chain(Normalized + Product("n") + Margin("LabelSpecificRescale"), null);
        yield return Chain(Product("fc5", weights: false) + Margin("LabelSpecificRescale"), null);
        const string Scale =
            "layer { name: 's' type: 'Scale' bottom: 'fc6' top: 's' scale_param { filler { value: 30 } } }";
        yield return Chain(Normalized + Product("n") + Scale + Margin("CosinAddm", "s"),
            "'s' scales the logits (move it after the margin)");
        yield return Chain(Normalized + Product("n") + Scale + Margin("AdditiveMargin", "s"), null);
        yield return Chain(Product("fc5") + Scale + Margin("LabelSpecificAdd", "s"), NoFeatures);
        const string Power = "layer { name: 'p' type: 'Power' bottom: 'n' top: 'p' power_param { scale: 30 } }";
        yield return Chain(Normalized + Power + Product("p") + Margin("CosinAddm"),
            "'p' scales the features (move it after the margin)");
        yield return Chain(Normalized + Power + Product("p") + Margin("LabelSpecificAdd"), null);
        yield return Chain("layer { name: 'r' type: 'ReLU' bottom: 'fc5' top: 'fc5' }" + Product("fc5")
            + Margin("CosinAddm"), NoFeatures);
        // What computes features or logits is not known: nothing is said.
        yield return Chain(Product("data") + Margin("CosinAddm"), null);
        yield return Chain("layer { name: 'e' type: 'Eltwise' bottom: 'fc5' bottom: 'fc5' top: 'e' }" + Product("e")
            + Margin("CosinAddm"), null);
        yield return Chain(Margin("CosinAddm", "data"), null);

        static TestCaseData Chain(string layers, string? fault) => new(layers, fault);
    }

    [TestCaseSource(nameof(Chains))]
    public void TheGraphTellsWhatIsMissing(string layers, string? fault)
    {
        using Net net = NetText.Build(Input + layers);
        Assert.That(net.Layers.OfType<LabelLogitsLayer>().Last().CosineFault, Is.EqualTo(fault));
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["net.prototxt"], Input + layers);
        LintedFile linted = new Linter(allowUnknownFields: false).Check(folder["net.prototxt"]);
        Assert.That(linted.Status, Is.EqualTo(LintStatus.Built), linted.Message);
        string[] notes = [.. linted.Notes.Where(note => note.Contains("expects cosines", StringComparison.Ordinal))];
        if (fault is null) Assert.That(notes, Is.Empty);
        else Assert.That(notes.Single(),
            Does.StartWith($"{folder["net.prototxt"]}:").And.EndWith($": expects cosines, but {fault}"));
    }

    [Test]
    public void WithoutAMarginInThisPhaseNothingIsExpected()
    {
        using Net net = NetText.Build(Input + Product("fc5") + Margin("CosinAddm"), Proto.Phase.Test);
        Assert.That(((IDivergenceHint)net.FindLayer("m")!).DivergenceHint, Is.Null);
    }

    [TestCase("CosinAddm", 5.75f, true)]
    [TestCase("CombinedMargin", -1.5f, true)]
    [TestCase("CosinAddm", 1.0005f, false)]
    [TestCase("CosinAddm", float.NaN, false)]
    [TestCase("LabelSpecificRescale", 5.75f, false)]
    public void ALogitThatIsNoCosineIsToldOnceWithTheValue(string type, float logit, bool told)
    {
        LogCapture log = new();
        using Net net = NetText.Build(
            "layer { name: 'in' type: 'Input' top: 'x' top: 'label' input_param { shape { dim: 2 dim: 3 } shape { dim: "
            + "2 } } }"
            + Margin(type, "x"),
            logger: log);
        net.Inputs[1].Data.AsSpan()[0] = -1;
        net.Inputs[1].Data.AsSpan()[1] = 2;
        // The logits of others, and of a sample without a label, may be anything.
        net.Inputs[0].Data.Fill(9);
        net.Inputs[0].Data.AsSpan()[5] = logit;
        for (int i = 0; i < 5; i++) net.Forward();
        string[] warnings =
            [.. log.Lines.Where(entry => entry.Severity == LogLevel.Warning).Select(entry => entry.Line)];
        Assert.That(warnings, Has.Length.EqualTo(told ? 1 : 0));
        if (!told) return;
        Assert.That(warnings[0], Does.Contain(FormattableString.Invariant(
            $"layer 'm' ({type}): is given {logit} at the label of sample 1, no cosine: normalize the features (a Normalize layer)")));
    }

    [Test]
    public void AMarginOnScaledLogitsIsToldWhereTheGraphSaysThatTheyAreNoCosines([Values] bool normalized)
    {
        LogCapture log = new();
        using Net net = NetText.Build(Input + (normalized ? Normalized : "") + Product(normalized ? "n" : "fc5")
            + "layer { name: 's' type: 'Scale' bottom: 'fc6' top: 's' scale_param { filler { value: 1000 } } }"
                + Margin("AdditiveMargin", "s"),
            logger: log);
        net.Inputs[0].Data.Fill(1);
        net.Forward();
        Assert.That(log.Lines.Count(entry => entry.Line.Contains("no cosine", StringComparison.Ordinal)),
            Is.EqualTo(normalized ? 0 : 1));
    }

    [Test]
    public void ADivergedRunNamesTheNetBeforeTheRate()
    {
        using SolverRig rig = new("name: 'cosines' " + Input + Product("fc5", weights: false) + Margin("CosinAddm")
            + "layer { name: 'loss' type: 'SoftmaxWithLoss' bottom: 'm' bottom: 'label' top: 'loss' }");
        using Solver solver = rig.Create();
        solver.Net.FindLayer("fc5")!.Blobs[0].Data.AsSpan()[0] = float.PositiveInfinity;
        Assert.That(() => solver.Step(1), Throws.TypeOf<SolverException>().With.Message.EndsWith(
            $"; 'm' (CosinAddm) expects cosines, but "
                + $"{NoFeatures}, and {NoWeights}; parameters have run away: try a smaller base_lr or clip_gradients"));
    }

    [Test]
    public void NormFacesSecondBottomIsExplained() => Assert.That(
        () => NetText.Build(Input
            + "layer { name: 'w' type: 'Parameter' top: 'w' parameter_param { shape { dim: 3 dim: 4 } } } "
            + "layer { name: 'cos' type: 'InnerProduct' bottom: 'fc5' bottom: 'w' top: 'cos' inner_product_param { "
                + "num_output: 3 } }"),
        Throws.TypeOf<LayerException>().With.Message.Contains(
            "takes exactly 1 bottom blobs, found 2; the weights as a second bottom are "
            + "happynear/caffe-windows' (NormFace)").And.Message.Contains("inner_product_param { normalize: true }"));

    [TestCase("LabelSpecificHardMargin", "happynear/caffe-windows")]
    [TestCase("LabelSpecificAffine", "happynear/caffe-windows")]
    [TestCase("LabelSpecificStatistics", "happynear/caffe-windows")]
    [TestCase("LabelSpecificMargin", "happynear/caffe-windows")]
    [TestCase("AdaCosAddmScale", "xialuxi/arcface-caffe")]
    public void MarginLayersOfForksSayWhoseTheyAre(string type, string origin) => Assert.That(
        () => NetText.Build(Input + $"layer {{ name: 'm' type: '{type}' bottom: 'fc5' bottom: 'label' top: 'm' }}"),
        Throws.TypeOf<LayerException>().With.Message.Contains(
            $"unknown layer type '{type}': it is one of {origin} and not here"));

    private static string Product(string bottom, bool weights = true, bool bias = false) =>
        $"layer {{ name: 'fc6' type: 'InnerProduct' bottom: "
            + $"'{bottom}' top: 'fc6' inner_product_param {{ num_output: 3 bias_term: {(bias ? "true" : "false")} "
        + $"normalize: {(weights ? "true" : "false")} weight_filler {{ type: 'xavier' }} }} }} ";

    private static string Margin(string type, string bottom = "fc6", string top = "m") =>
        $"layer {{ name: '{top}' type: '{type}' bottom: '{bottom}' bottom: 'label' top: '{top}' }} ";
}
