using Atl.Devices;
using Atl.Layers;
using Atl.Proto;
using Atl.Tests.Devices.Cuda;

namespace Atl.Tests.Layers;

public class BNLayerTests
{
    private const string Fillers =
        """slope_filler { type: "constant" value: 2 } bias_filler { type: "constant" value: 1 }""";

    // Mean 2, variance 1: the values become -1 and 1, and 2x + 1 of them.
    [Test]
    public void PspNetsScalesAndShiftsAndKeepsRunningStatistics()
    {
        using LayerRun run = Make($"momentum: 0.75 {Fillers}", 1, 3);
        Assert.That(run.Forward(), Is.EqualTo(new float[] { -1, 3 }).Within(1e-4f));
        Assert.That(run.Layer.Blobs.Select(blob => LayerRun.Values(blob.Data)[0]),
            Is.EqualTo([2, 1, 0.25f * 2, 0.25f * 1]).Within(1e-5f));
        run.Forward();
        Assert.That(LayerRun.Values(run.Layer.Blobs[2].Data), Is.EqualTo([0.75f * 0.5f + 0.5f]).Within(1e-5f));
        Assert.That(run.Layer.Params.Select(param => param.LrMult), Is.EqualTo(new float[] { 1, 1, 0, 0 }));
        Assert.That(run.Layer.Parameter.Param, Is.Empty);
    }

    [Test]
    public void RunningStatisticsAreThoseOfDoublePrecisionOnBothDevices([Values] bool onAGpu)
    {
        const int Samples = 3, Channels = 5, Places = 7;
        const float Momentum = 0.9f;
        NetParameter message = TextFormat.Parse<NetParameter>($$"""
            layer { name: "in" type: "Input" top: "x"
              input_param { shape { dim: {{Samples}} dim: {{Channels}} dim: {{Places}} } } }
            layer { name: "bn" type: "BN" bottom: "x" top: "y" bn_param { momentum: {{Momentum}} } }
            """, "net.prototxt");
        using Net net = new(message, new NetOptions
        {
            Phase = Phase.Train,
            Device = onAGpu ? Gpu.Device() : Device.Cpu,
        });
        RandomStream random = new(1, "values");
        double[] mean = new double[Channels], variance = new double[Channels];
        for (int batch = 0; batch < 20; batch++)
        {
            float[] x = new float[Samples * Channels * Places];
            for (int i = 0; i < x.Length; i++) x[i] = 0.1f * batch + random.NextSingle();
            x.CopyTo(net.Inputs[0].Data.AsWriteOnlySpan());
            net.Forward();
            for (int c = 0; c < Channels; c++)
            {
                double[] values = [.. x.Where((_, i) => i / Places % Channels == c).Select(value => (double)value)];
                double average = values.Average();
                mean[c] = Momentum * mean[c] + (1 - Momentum) * average;
                variance[c] = Momentum * variance[c]
                    + (1 - Momentum) * values.Average(value => (value - average) * (value - average));
            }
        }
        Assert.That(LayerRun.Values(net.Layers[1].Blobs[2].Data),
            Is.EqualTo(mean.Select(value => (float)value)).Within(1e-5f));
        Assert.That(LayerRun.Values(net.Layers[1].Blobs[3].Data),
            Is.EqualTo(variance.Select(value => (float)value)).Within(1e-6f));
    }

    // As Caffe stores them: the layer's message itself stays as it was given.
    [Test]
    public void StoredWeightsSayWhatNoSolverUpdates()
    {
        NetParameter message = TextFormat.Parse<NetParameter>("""
            layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }
            layer { name: "bn" type: "BN" bottom: "x" top: "y"
              param { name: "slope" lr_mult: 2 } bn_param { frozen: true } }
            """, "net.prototxt");
        using Net net = new(message, new NetOptions());
        LayerParameter stored = net.ToProto().Layer[1];
        Assert.That(stored.Param.Select(param => (param.Name, param.LrMult, param.DecayMult)),
            Is.EqualTo(new[] { ("slope", 0f, 0f), ("", 0f, 0f), ("", 0f, 0f), ("", 0f, 0f) }));
        Assert.That(net.Layers[1].Parameter.Param.Select(param => param.LrMult), Is.EqualTo(new float[] { 2 }));
    }

    [TestCase("", "phase: TEST")]
    [TestCase("frozen: true", "")]
    public void InTestsAndFrozenTheRunningStatisticsCount(string given, string more)
    {
        using LayerRun run = Make($"{given} {Fillers}", more, 1, 3);
        run.Layer.Blobs[2].Data.Fill(-1);
        run.Layer.Blobs[3].Data.Fill(4);
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 2 * 1 + 1, 2 * 2 + 1 }).Within(1e-4f));
        Assert.That(LayerRun.Values(run.Layer.Blobs[2].Data), Is.EqualTo(new float[] { -1 }));
        Assert.That(run.Layer.ParamPropagateDown(0), Is.EqualTo(given.Length == 0));
    }

    [TestCase("", -1f, 3f)]
    [TestCase("bn_mode: INFERENCE", 2 * 1f + 1, 2 * 3f + 1)]
    public void SegNetsHasScaleAndShiftAlone(string mode, float first, float second)
    {
        using LayerRun run =
            Make($$"""scale_filler { type: "constant" value: 2 } shift_filler { type: "constant" value: 1 } {{mode}}""",
                "phase: TEST", 1, 3);
        Assert.That(run.Forward(), Is.EqualTo([first, second]).Within(1e-4f));
        Assert.That(run.Layer.Blobs.Select(blob => blob.Shape),
            Is.EqualTo([new Shape(1, 1, 1, 1), new Shape(1, 1, 1, 1)]));
    }

    [TestCase("dim: 1 dim: 1")]
    [TestCase("dim: 1 dim: 1 dim: 1 dim: 1")]
    public void ParametersOfEitherShapeAreTaken(string shape)
    {
        using LayerRun run = Make("",
            $"phase: TEST "
                + $"{string.Concat(new[] { 2, 1, -1, 4 }.Select(value => $"blobs {{ shape {{ {shape} }} data: "
                + $"{value} }}"))}", 1, 3);
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 2 * 1 + 1, 2 * 2 + 1 }).Within(1e-4f));
    }

    [TestCase("bn_mode: LEARN eps: 0.1", "those of one")]
    [TestCase("momentum: 2", "momentum")]
    [TestCase("eps: 0", "eps")]
    public void WhatDoesNotFitIsRefused(string given, string problem) =>
        Assert.That(() => Make(given, 1, 3), Throws.TypeOf<LayerException>().With.Message.Contains(problem));

    private static LayerRun Make(string given, params float[] values) => Make(given, "", values);

    private static LayerRun Make(string given, string more, params float[] values) =>
        new($"type: 'BN' bn_param {{ {given} }} {more}", tops: 1,
            LayerRun.Blob(new Shape(values.Length, 1, 1, 1), values));
}
