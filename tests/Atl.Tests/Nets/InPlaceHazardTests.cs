using System.Globalization;
using Atl.Devices;
using Atl.Proto;
using Atl.Tests.Devices.Cuda;

namespace Atl.Tests.Nets;

/// <summary>
/// Layers in place above a layer whose gradient needs what they overwrite. The net is h = s·x, r = f(h), q = g(r) in
/// place, L = Σ q² / 2, so that dL/ds = x·f′(x)·g′(r)·q where s = 1.
/// </summary>
public class InPlaceHazardTests
{
    private static readonly float[] X = [2, -3, 0.5f, -0.25f, 7, -1];

    private static readonly Function[] Producers =
    [
        new("type: 'ReLU'", x => Math.Max(x, 0), x => x > 0 ? 1 : 0),
        new("type: 'ReLU' relu_param { negative_slope: 0.5 }", x => x > 0 ? x : x / 2, x => x > 0 ? 1 : 0.5),
        new("type: 'ReLU' relu_param { negative_slope: -0.5 }", x => x > 0 ? x : -x / 2, x => x > 0 ? 1 : -0.5),
        new("type: 'ReLU6'", x => Math.Clamp(x, 0, 6), x => x is > 0 and < 6 ? 1 : 0),
        new("type: 'TanH'", Math.Tanh, x => 1 / (Math.Cosh(x) * Math.Cosh(x))),
        new("type: 'Sigmoid'", Sigmoid, x => Sigmoid(x) * Sigmoid(-x)),
        new("type: 'ELU'", x => x > 0 ? x : Math.Exp(x) - 1, x => x > 0 ? 1 : Math.Exp(x)),
        new("type: 'Exp' exp_param { scale: 0.5 }", x => Math.Exp(x / 2), x => Math.Exp(x / 2) / 2),
        new("type: 'BNLL'", x => Math.Log(1 + Math.Exp(x)), Sigmoid),
        new("type: 'AbsVal'", Math.Abs, x => Math.Sign(x)),
        new("type: 'Clip' clip_param { min: -2 max: 1 }", x => Math.Clamp(x, -2, 1), x => x is >= -2 and <= 1 ? 1 : 0),
        new("type: 'Swish'", x => x * Sigmoid(x), x => Sigmoid(x) + x * Sigmoid(x) * Sigmoid(-x)),
        new("type: 'Power' power_param { power: 2 shift: 1 }", x => (x + 1) * (x + 1), x => 2 * (x + 1)),
        new("type: 'PReLU'", x => x > 0 ? x : x / 4, x => x > 0 ? 1 : 0.25),
        new("type: 'PReLU' prelu_param { filler { value: -0.5 } }", x => x > 0 ? x : -x / 2, x => x > 0 ? 1 : -0.5),
    ];

    private static readonly Function[] Consumers =
    [
        new("type: 'Power' power_param { shift: -3 }", r => r - 3, _ => 1),
        new("type: 'Power' power_param { scale: -2 }", r => -2 * r, _ => -2),
        new("type: 'Power' power_param { power: 2 shift: 0.5 }", r => (r + 0.5) * (r + 0.5), r => 2 * (r + 0.5)),
        new("type: 'Sigmoid'", Sigmoid, r => Sigmoid(r) * Sigmoid(-r)),
        new("type: 'Bias' bias_param { filler { value: 1.5 } }", r => r + 1.5, _ => 1),
        new("type: 'Scale' scale_param { filler { value: -0.75 } }", r => -0.75 * r, _ => -0.75),
        new("type: 'Dropout' dropout_param { dropout_ratio: 0 }", r => r, _ => 1),
        new("type: 'PReLU' prelu_param { filler { value: 0.5 } }", r => r > 0 ? r : r / 2, r => r > 0 ? 1 : 0.5),
    ];

    private static IEnumerable<TestCaseData> Cases =>
        from producer in Producers
        from device in new[] { "cpu", "gpu" }
        from inPlace in new[] { false, true }
        select new TestCaseData(producer.Layer, device, inPlace);

    [TestCaseSource(nameof(Cases))]
    public void AGradientIsThatOfTopsOfTheirOwn(string layer, string device, bool inPlace)
    {
        Function f = Array.Find(Producers, producer => producer.Layer == layer)!;
        foreach (Function g in Consumers)
        {
            string r = inPlace ? "h" : "r";
            using Net net = Build($"""
                layer {Layer("f", f.Layer, "h", r)}
                layer {Layer("g", g.Layer, r, r)}
                """, r, device);
            double[] expected = [.. X.Select(x => x * f.Slope(x) * g.Slope(f.Value(x)) * g.Value(f.Value(x)))];
            AssertScaleGradient(net, expected, $"{f.Layer} then {g.Layer}");
            AssertScaleGradient(net, expected, $"{f.Layer} then {g.Layer}, again");
        }
    }

    [Test]
    public void ChainsInPlaceOfAnyLengthAreRight([Values("cpu", "gpu")] string device)
    {
        // h = x, then tanh, sigmoid, −2·, (· + ½)²: each needs what the next one overwrites.
        using Net net = Build("""
            layer { name: 'a' type: 'TanH' bottom: 'h' top: 'h' }
            layer { name: 'b' type: 'Sigmoid' bottom: 'h' top: 'h' }
            layer { name: 'c' type: 'Power' bottom: 'h' top: 'h' power_param { scale: -2 } }
            layer { name: 'd' type: 'Power' bottom: 'h' top: 'h' power_param { power: 2 shift: 0.5 } }
            """, "h", device, keepAll: true);
        double[] expected = [.. X.Select(x =>
        {
            double a = Math.Tanh(x), b = Sigmoid(a), d = (0.5 - 2 * b) * (0.5 - 2 * b);
            return x * (1 - a * a) * b * (1 - b) * -2 * 2 * (0.5 - 2 * b) * d;
        })];
        AssertScaleGradient(net, expected, "a chain");
        Assert.That(net.Blobs.Select(blob => blob.Name), Is.Unique);
        Assert.That(net.FindBlob("h")!.Data.AsReadOnlySpan()[0],
            Is.EqualTo(Math.Pow(0.5 - 2 * Sigmoid(Math.Tanh(2)), 2)).Within(1e-5));
    }

    // What needs more than its own element: the same net with tops of their own is the measure.
    private static readonly string[] Wide =
    [
        "type: 'Softmax'", "type: 'MVN' mvn_param { across_channels: true }", "type: 'BatchNorm'",
        "type: 'LRN' lrn_param { local_size: 3 }",
        "type: 'Scale' scale_param { bias_term: true }", "type: 'BN'", "type: 'Dropout'",
    ];

    [Test]
    public void LayersOverManyElementsAreRightToo([ValueSource(nameof(Wide))] string layer,
    [Values("cpu", "gpu")] string device)
    {
        foreach (Function g in Consumers)
        {
            string reshaped = "layer { name: 'i' type: 'Reshape' bottom: 'h' top: 'i' reshape_param { shape { dim: "
                + "1 dim: 3 dim: 2 dim: 1 } } }";
            using Net inPlace =
                Build($"{reshaped}\nlayer {Layer("f", layer, "i", "r")}\nlayer {Layer("g", g.Layer, "r", "r")}", "r",
                    device),
                own = Build($"{reshaped}\nlayer {Layer("f", layer, "i", "r")}\nlayer {Layer("g", g.Layer, "r", "q")}",
                    "q", device);
            AssertScaleGradient(inPlace, [.. ScaleGradient(own).Select(value => (double)value)],
                $"{layer} then {g.Layer}");
        }
    }

    [Test]
    public void ASumInPlaceLeavesWhatTheLayerBelowNeeds([Values("cpu", "gpu")] string device)
    {
        // r = tanh x, q = r + 2x in place, L = Σ q² / 2.
        using Net net = Build("""
            layer { name: 'f' type: 'TanH' bottom: 'h' top: 'r' }
            layer { name: 'g' type: 'Eltwise' bottom: 'r' bottom: 'h' top: 'r' eltwise_param { coeff: 1 coeff: 2 } }
            """, "r", device);
        AssertScaleGradient(net, [.. X.Select(x => x * (Math.Tanh(x) + 2 * x) * (1 - Math.Tanh(x) * Math.Tanh(x) + 2))],
            "a sum in place");
    }

    [Test]
    public void AConstantThatALayerInPlaceChangesIsTheSameAtEachForward()
    {
        using Net net = NetText.Build("""
            layer { name: 'd' type: 'DummyData' top: 'd' dummy_data_param { shape { dim: 2 } data_filler { value: 3 } } }
            layer { name: 'p' type: 'Power' bottom: 'd' top: 'd' power_param { scale: 2 } }
            """, Phase.Test);
        for (int i = 0; i < 3; i++)
        {
            net.Forward();
            Assert.That(net.Outputs[0].Data.AsReadOnlySpan().ToArray(), Is.All.EqualTo(6));
        }
    }

    [Test]
    public void ALossThatIsReadKeepsItsOwnWeight([Values(false, true)] bool inPlace)
    {
        // l = x²/2 and m = l/2 with weight 3, so L = 2.5·l and dL/ds = 2.5·x².
        string m = inPlace ? "l" : "m";
        using Net net = NetText.Build($$"""
            layer { name: 'x' type: 'Input' top: 'x' top: 't' input_param { shape { dim: 1 dim: 1 } } }
            layer { name: 's' type: 'Scale' bottom: 'x' top: 'h' }
            layer { name: 'l' type: 'EuclideanLoss' bottom: 'h' bottom: 't' top: 'l' }
            layer { name: 'm' type: 'Power' bottom: 'l' top: '{{m}}' power_param { scale: 0.5 } loss_weight: 3 }
            """);
        net.Inputs[0].Data.Fill(2);
        for (int i = 0; i < 2; i++)
        {
            net.ClearParameterDiffs();
            Assert.That(net.Forward(), Is.EqualTo(5).Within(1e-5));
            net.Backward();
            Assert.That(net.FindLayer("s")!.Blobs[0].Diff.AsReadOnlySpan()[0], Is.EqualTo(10).Within(1e-5));
        }
    }

    [Test]
    public void OrdinaryNetsInPlaceKeepNothingMore([Values] Phase phase)
    {
        using Net net = NetText.Build("""
            layer { name: 'x' type: 'Input' top: 'x' top: 't' input_param { shape { dim: 2 dim: 3 dim: 8 dim: 8 } shape { dim: 2 } } }
            layer { name: 'c1' type: 'Convolution' bottom: 'x' top: 'c1' convolution_param { num_output: 4 kernel_size: 3 pad: 1 } }
            layer { name: 'b1' type: 'BatchNorm' bottom: 'c1' top: 'c1' }
            layer { name: 's1' type: 'Scale' bottom: 'c1' top: 'c1' scale_param { bias_term: true } }
            layer { name: 'r1' type: 'ReLU' bottom: 'c1' top: 'c1' }
            layer { name: 'c2' type: 'Convolution' bottom: 'c1' top: 'c2' convolution_param { num_output: 4 kernel_size: 3 pad: 1 } }
            layer { name: 'r2' type: 'PReLU' bottom: 'c2' top: 'c2' }
            layer { name: 'e' type: 'Eltwise' bottom: 'c1' bottom: 'c2' top: 'e' }
            layer { name: 'r3' type: 'ReLU' bottom: 'e' top: 'e' }
            layer { name: 'p' type: 'Pooling' bottom: 'e' top: 'p' pooling_param { kernel_size: 2 stride: 2 } }
            layer { name: 'r4' type: 'ReLU' bottom: 'p' top: 'p' }
            layer { name: 'f' type: 'Flatten' bottom: 'p' top: 'f' }
            layer { name: 'ip' type: 'InnerProduct' bottom: 'f' top: 'ip' inner_product_param { num_output: 5 } }
            layer { name: 'r5' type: 'ReLU' bottom: 'ip' top: 'ip' }
            layer { name: 'd5' type: 'Dropout' bottom: 'ip' top: 'ip' }
            layer { name: 'l' type: 'SoftmaxWithLoss' bottom: 'ip' bottom: 't' top: 'l' }
            """, phase, keepAll: phase == Phase.Train);
        // ReLU reads its output, of which Dropout leaves what it needs.
        Assert.That(net.Hazards.Select(hazard => net.Layers[hazard.Node].Name), Is.Empty);
    }

    [Test]
    public void DropoutLeavesReluWhatItNeedsAndALayerAboveItDoesNot([Values("",
    "relu_param { negative_slope: 0.5 }")] string slope)
    {
        string Net(string r, string q) => $"""
            layer {Layer("f", $"type: 'ReLU' {slope}", "h", r)}
            layer {Layer("d", "type: 'Dropout'", r, r == "h" ? r : "d")}
            layer {Layer("g", "type: 'Bias' bias_param { filler { value: -3 } }", r == "h" ? r : "d", q)}
            """;
        using Net inPlace = Build(Net("h", "h"), "h", "cpu"), own = Build(Net("r", "q"), "q", "cpu");
        AssertScaleGradient(inPlace, [.. ScaleGradient(own).Select(value => (double)value)],
            "ReLU, Dropout and Bias in place");
        Assert.That(inPlace.Hazards.Select(hazard => inPlace.Layers[hazard.Node].Name), Is.EqualTo(["g"]));
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static string Layer(string name, string layer, string bottom, string top) =>
        $"{{ name: '{name}' {layer} bottom: '{bottom}' top: '{top}' }}";

    private static Net Build(string layers, string top, string device, bool keepAll = false)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $$"""
            layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: 1 dim: {{X.Length}} } } }
            layer { name: 's' type: 'Scale' bottom: 'x' top: 'h' }
            {{layers}}
            layer { name: 'l' type: 'Reduction' bottom: '{{top}}' top: 'l' loss_weight: 0.5 reduction_param { operation: SUMSQ } }
            """);
        NetParameter parameter = TextFormat.Parse<NetParameter>(text, "net.prototxt");
        return new Net(parameter, new NetOptions
        {
            Phase = Phase.Train,
            Device = device == "gpu" ? Gpu.Device()
            : Device.Cpu,
            KeepAll = keepAll,
            Seed = 1
        });
    }

    private static float[] ScaleGradient(Net net)
    {
        X.CopyTo(net.Inputs[0].Data.AsWriteOnlySpan());
        net.ClearParameterDiffs();
        net.Forward();
        net.Backward();
        return net.FindLayer("s")!.Blobs[0].Diff.AsReadOnlySpan().ToArray();
    }

    private static void AssertScaleGradient(Net net, double[] expected, string what)
    {
        float[] found = ScaleGradient(net);
        double largest = Math.Max(1, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
            Assert.That(found[i], Is.EqualTo(expected[i]).Within(2e-5 * largest),
                $"{what}: element {i} of {string.Join(", ", found)}");
    }

    private sealed record Function(string Layer, Func<double, double> Value, Func<double, double> Slope);
}
