using System.Globalization;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Models;

/// <summary>Sessions of a net with inception modules: many at once, with other limits of threads each, give the bits of
/// one.</summary>
public sealed class GoogLeNetSessionTests
{
    private const int Sessions = 8, Runs = 3;

    // The number of threads of each session; null for all cores.
    private static readonly int?[] Limits = [1, 2, null, 3];

    [Test]
    public void EightSessionsGiveTheBitsOfOne() => Check(ModelNets.Parse(Small()), 48, 3);

    [Test]
    public void EightSessionsOfTheWholeNetGiveTheBitsOfOne() => Check(ProtoFiles.ReadNet(
        TestData.Require("prototxt", "BVLC+caffe", "models", "bvlc_googlenet", "deploy.prototxt")), 224, 2);

    private static void Check(NetParameter net, int side, int largestBatch)
    {
        using Model model = Model.Untrained(net);
        string output = model.Outputs.Single().Name;
        float[][] inputs = [.. Enumerable.Range(1, largestBatch)
            .Select(batch => ModelNets.Values(batch * 3 * side * side, batch))];
        float[][] right;
        using (Session alone = model.CreateSession()) right = [.. inputs.Select(input => Run(alone, input))];
        int wrong = 0;
        Parallel.For(0, Sessions, new ParallelOptions { MaxDegreeOfParallelism = Sessions }, worker =>
        {
            SessionOptions options = new() { Threads = Limits[worker % Limits.Length] };
            using Session session = model.CreateSession(options);
            for (int run = 0; run < Runs; run++)
            {
                int input = (worker + run) % inputs.Length;
                if (!Run(session, inputs[input]).AsSpan().SequenceEqual(right[input])) Interlocked.Increment(ref wrong);
            }
        });
        Assert.That(wrong, Is.Zero);
        Assert.That(right[0].Distinct().Count(), Is.GreaterThan(2), "the net's outputs differ");

        float[] Run(Session session, float[] values) =>
            session.Run("data", values, values.Length / (3 * side * side), 3, side, side)[output].ToArray();
    }

    // The stem, two modules and the end of GoogLeNet with fewer channels.
    private static string Small() => """
        name: 'inception'
        layer { name: 'data' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 3 dim: 48 dim: 48 } } }

        """ + Convolution("conv1", "data", 16, 7, stride: 2) + Pool("pool1", "conv1", 3, stride: 2) + """
        layer { name: 'norm1' type: 'LRN' bottom: 'pool1' top: 'norm1'
            lrn_param { local_size: 5 alpha: 0.0001 beta: 0.75 } }

        """ + Convolution("reduce2", "norm1", 16, 1) + Convolution("conv2", "reduce2", 24, 3) + Module("a", "conv2")
        + Module("b", "a") + """
        layer { name: 'pool5' type: 'Pooling' bottom: 'b' top: 'pool5'
            pooling_param { pool: AVE global_pooling: true } }
        layer { name: 'drop' type: 'Dropout' bottom: 'pool5' top: 'pool5' dropout_param { dropout_ratio: 0.4 } }
        layer { name: 'classifier' type: 'InnerProduct' bottom: 'pool5' top: 'classifier'
            inner_product_param { num_output: 20 weight_filler { type: 'xavier' } } }
        layer { name: 'prob' type: 'Softmax' bottom: 'classifier' top: 'prob' }
        """;

    private static string Module(string name, string bottom) =>
        Convolution($"{name}_1", bottom, 16, 1)
        + Convolution($"{name}_3_reduce", bottom, 12, 1) + Convolution($"{name}_3", $"{name}_3_reduce", 24, 3)
        + Convolution($"{name}_5_reduce", bottom, 4, 1) + Convolution($"{name}_5", $"{name}_5_reduce", 8, 5)
        + Pool($"{name}_pool", bottom, 3, stride: 1) + Convolution($"{name}_project", $"{name}_pool", 8, 1)
        + $"layer {{ name: '{name}' type: 'Concat' bottom: '{name}_1' bottom: '{name}_3' bottom: '{name}_5' "
        + $"bottom: '{name}_project' top: '{name}' }}\n";

    private static string Convolution(string name, string bottom, int channels, int kernel, int stride = 1) =>
        string.Create(CultureInfo.InvariantCulture, $$"""
            layer { name: '{{name}}' type: 'Convolution' bottom: '{{bottom}}' top: '{{name}}' convolution_param {
                num_output: {{channels}} kernel_size: {{kernel}} pad: {{kernel / 2}} stride: {{stride}}
                weight_filler { type: 'xavier' } } }
            layer { name: '{{name}}_relu' type: 'ReLU' bottom: '{{name}}' top: '{{name}}' }

            """);

    private static string Pool(string name, string bottom, int kernel, int stride) =>
        string.Create(CultureInfo.InvariantCulture, $$"""
            layer { name: '{{name}}' type: 'Pooling' bottom: '{{bottom}}' top: '{{name}}' pooling_param {
                pool: MAX kernel_size: {{kernel}} stride: {{stride}} pad: {{(stride == 1 ? 1 : 0)}} } }

            """);
}
