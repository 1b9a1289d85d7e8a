using Atl.Layers;
using Atl.Proto;

namespace Atl.Tests.Layers;

/// <summary>The margins on labels' logits against the formulas in double and numbers worked by hand.</summary>
public class LabelLogitsLayerTests
{
    private static IEnumerable<TestCaseData> Rules()
    {
        yield return Case("LabelSpecificAdd", "label_specific_add_param { bias: -0.35 }", s => s > 0.35 ? s - 0.35 : s);
        yield return Case("LabelSpecificRescale", "label_specific_rescale_param { positive_weight: 0.5 }",
            s => 0.5 * s);
        yield return Case("LabelSpecificRescale",
            "label_specific_rescale_param { positive_weight: 0.5 for_ip: true bias_fix: true }", s =>
            s > 0 ? 0.5 * s + 0.5 : s);
        yield return Case("LabelSpecificRescale",
            "label_specific_rescale_param { positive_weight: 2 power_on_positive: true }", s => Math.Sign(s) * s * s);
        yield return Case("CosinAddm", "", s => s > Math.Cos(Math.PI - 0.5) ? Math.Cos(Math.Acos(s) + 0.5)
            : s - 0.5 * Math.Sin(0.5));
        yield return Case("CosinAddm", "cosin_add_m_param { m: 0.3 edge: EASY }", s => s > 0
            ? Math.Cos(Math.Acos(s) + 0.3) : s);
        yield return Case("CombinedMargin", "", s => Math.Cos(Math.Min(Math.PI, 4 * Math.Acos(s) + 0.5)) - 0.35);
        yield return Case("CombinedMargin", "combined_margin_param { m1: 1 m2: 0.4 m3: 0.1 edge: LINEAR }",
            s => (Math.Acos(s) + 0.4 > Math.PI ? s - 0.4 * Math.Sin(0.4) : Math.Cos(Math.Acos(s) + 0.4)) - 0.1);
        yield return Case("CombinedMargin", "combined_margin_param { m1: 3 m2: 0 m3: 0 edge: FOLDED }", s =>
        {
            double k = Math.Floor(3 * Math.Acos(s) / Math.PI);
            return Math.Pow(-1, k) * Math.Cos(3 * Math.Acos(s)) - 2 * k;
        });
        yield return Case("AdditiveMargin", "", s => s - 0.35);

        static TestCaseData Case(string type, string parameters, Func<double, double> rule) =>
            new TestCaseData($"type: \"{type}\" {parameters}", rule).SetName($"LabelLogits({type} {parameters})");
    }

    [TestCaseSource(nameof(Rules))]
    public void OnlyTheLabelsLogitChanges(string layer, Func<double, double> rule)
    {
        const int Samples = 41, Classes = 7;
        Blob logits = LayerRun.Random(new Shape(Samples, Classes)), labels = new(new Shape(Samples));
        for (int i = 0; i < Samples; i++)
        {
            labels.Data.AsSpan()[i] = i % Classes;
            // Every cosine from -0.98 to 0.98 is somebody's.
            logits.Data.AsSpan()[i * Classes + i % Classes] = -0.98f + 1.96f * i / (Samples - 1) + 1e-3f;
        }
        float[] before = LayerRun.Values(logits.Data);
        using LayerRun run = new(layer, 1, logits, labels);
        float[] after = run.Forward();
        for (int i = 0; i < after.Length; i++)
            Assert.That(after[i], Is.EqualTo(i % Classes == i / Classes % Classes ? rule(before[i]) : before[i])
                .Within(2e-6),
                $"logit {i % Classes} of sample {i / Classes}");
    }

    // The bank of other logits in SV-X-softmax: the label's new one is cos(pi/3 + 0.5) = 0.0236.
    [Test]
    public void HardLogitsAreRaised()
    {
        using LayerRun run = new("type: 'CosinAddm' cosin_add_m_param { t: 1.2 }", 1,
            LayerRun.Blob(new Shape(1, 3), 0.5f, 0.1f, 0.01f),
            LayerRun.Blob(new Shape(1), 0));
        Assert.That(run.Forward(), Is.EqualTo([0.02359f, 1.2f * 0.1f + 0.2f, 0.01f]).Within(1e-5));
    }

    [Test]
    public void TheOthersAreRescaled()
    {
        using LayerRun run = new(
            "type: 'LabelSpecificRescale' label_specific_rescale_param { positive_weight: 2 negative_weight: 3 }", 1,
            LayerRun.Blob(new Shape(2, 2), 1, 2, 3, 4), LayerRun.Blob(new Shape(2), 1, 0));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 3, 4, 6, 12 }));
        run.SetTopDiff(0, 1, 1, 1, 1);
        Assert.That(run.Backward(), Is.EqualTo(new float[] { 3, 2, 2, 3 }));
    }

    [Test]
    public void ThePublishedSlopeIsAtMostTwo()
    {
        using LayerRun run = new("type: 'CombinedMargin' combined_margin_param { m1: 1 m2: 0.5 m3: 0 }", 1,
            LayerRun.Blob(new Shape(1, 2), 0.999f, 0),
            LayerRun.Blob(new Shape(1), 0));
        run.Forward();
        run.SetTopDiff(0, 1, 1);
        Assert.That(run.Backward(), Is.EqualTo(new float[] { 2, 1 }));
    }

    // -0.1 + (1 + 0.5 t)^-1 - 1 for t = 2, 3: -0.6, -0.7; the bound is -0.65. The second top says which.
    [Test]
    public void TheBiasIsAnnealedAndItsCountIsKept()
    {
        using LayerRun run = new(
            "type: 'LabelSpecificAdd' label_specific_add_param { bias_base: -0.1 bias_gamma: 0.5 bias_power: -1 "
                + "bias_min: -0.65 iteration: 2 }", 2,
            LayerRun.Blob(new Shape(1, 1), 1), LayerRun.Blob(new Shape(1), 0));
        Assert.That(run.Forward(), Is.EqualTo([0.4f]).Within(1e-6));
        LayerState state = new();
        run.Layer.SaveState(state);
        Assert.That(run.Forward(1), Is.EqualTo([-0.65f]).Within(1e-6));
        run.Layer.LoadState(state);
        Assert.That(run.Forward(), Is.EqualTo([0.35f]).Within(1e-6));
        ((ICountingLayer)run.Layer).ResumeAfter(0);
        Assert.That(run.Forward(1), Is.EqualTo([-0.6f]).Within(1e-6));
    }

    [Test]
    public void TheWeightIsAnnealedInTraining()
    {
        using LayerRun run = new(
            "type: 'LabelSpecificRescale' label_specific_rescale_param { positive_weight_base: 8 gamma: 1 power: 2 "
                + "positive_weight_min: 1 }", 2,
            LayerRun.Blob(new Shape(1, 1), 1), LayerRun.Blob(new Shape(1), 0));
        Assert.That((float[])[.. run.Forward(1), .. run.Forward(1), .. run.Forward(1)],
            Is.EqualTo([2f, 1f, 1f]).Within(1e-6));
    }

    [TestCase("", 1f)]
    [TestCase("transform_test: true", 0.65f)]
    public void InTestsTheMarginIsAskedOnlyWhenWanted(string field, float expected)
    {
        using LayerRun run = new(
            $"type: 'LabelSpecificAdd' phase: TEST label_specific_add_param {{ bias: -0.35 {field} }}", 1,
            LayerRun.Blob(new Shape(1, 1), 1),
                LayerRun.Blob(new Shape(1), 0));
        Assert.That(run.Forward(), Is.EqualTo([expected]).Within(1e-6));
    }

    [TestCase("type: 'LabelSpecificAdd' label_specific_add_param { bias: -0.35 }", 5f,
        "the label of sample 1 is 5, expected 0..2")]
    [TestCase("type: 'AdditiveMargin'", -2f, "the label of sample 1 is -2, expected 0..2")]
    public void ALabelOutOfRangeIsRefused(string layer, float label, string message)
    {
        using LayerRun run = new(layer, 1, LayerRun.Random(new Shape(2, 3)), LayerRun.Blob(new Shape(2), 0, label));
        Assert.That(() => run.Forward(), Throws.TypeOf<LayerException>().With.Message.Contains(message));
    }

    [TestCase("type: 'CombinedMargin' combined_margin_param { m1: 2 edge: LINEAR }",
        "edge LINEAR requires m1 1, found 2")]
    [TestCase("type: 'CosinAddm' cosin_add_m_param { m: 4 }", "m must be an angle in [0, pi], found 4")]
    [TestCase("type: 'CosinAddm' cosin_add_m_param { t: 0 }", "t must be positive, found 0")]
    public void WhatDoesNotFitIsRefused(string layer, string message) => Assert.That(
        () => new LayerRun(layer, 1, LayerRun.Random(new Shape(2, 3)), new Blob(new Shape(2))),
        Throws.TypeOf<LayerException>().With.Message.Contains(message));
}
