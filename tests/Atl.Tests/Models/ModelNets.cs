using System.Text;
using Atl.Nets;
using Atl.Proto;

namespace Atl.Tests.Models;

/// <summary>A small face net and its weights, for the tests of models and sessions.</summary>
internal static class ModelNets
{
    public const string Face = """
        name: 'face'
        layer { name: 'data' type: 'Input' top: 'data' input_param { shape { dim: 2 dim: 3 dim: 12 dim: 10 } } }
        layer { name: 'conv1' type: 'Convolution' bottom: 'data' top: 'conv1'
            convolution_param { num_output: 8 kernel_size: 3 pad: 1 weight_filler { type: 'xavier' } } }
        layer { name: 'relu1' type: 'PReLU' bottom: 'conv1' top: 'conv1' }
        layer { name: 'conv2' type: 'Convolution' bottom: 'conv1' top: 'conv2'
            convolution_param { num_output: 16 kernel_size: 3 stride: 2 weight_filler { type: 'xavier' } } }
        layer { name: 'relu2' type: 'ReLU' bottom: 'conv2' top: 'conv2' }
        layer { name: 'fc5' type: 'InnerProduct' bottom: 'conv2' top: 'fc5'
            inner_product_param { num_output: 7 weight_filler { type: 'xavier' } } }
        """;

    public const string AnySize = """
        name: 'any'
        layer { name: 'data' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } } }
        layer { name: 'conv' type: 'Convolution' bottom: 'data' top: 'conv'
            convolution_param { num_output: 2 kernel_size: 3 weight_filler { type: 'xavier' } } }
        layer { name: 'prob' type: 'Softmax' bottom: 'conv' top: 'prob' }
        """;

    /// <summary>Two time steps of one sequence.</summary>
    public const string Sequence = """
        name: 'sequence'
        layer { name: 'x' type: 'Input' top: 'x' top: 'cont'
            input_param { shape { dim: 2 dim: 1 dim: 3 } shape { dim: 2 dim: 1 } } }
        layer { name: 'hidden' type: 'LSTM' bottom: 'x' bottom: 'cont' top: 'hidden'
            recurrent_param { num_output: 2 weight_filler { type: 'uniform' min: -1 max: 1 } } }
        layer { name: 'out' type: 'TanH' bottom: 'hidden' top: 'out' }
        """;

    public static NetParameter Parse(string text)
    {
        NetParameter net = TextFormat.Parse<NetParameter>(text, "net.prototxt");
        NetUpgrade.Apply(net);
        return net;
    }

    public static NetParameter Weights(string text, ulong seed = 5)
    {
        using Net net = new(Parse(text), new NetOptions { Phase = Phase.Test, Seed = seed });
        return net.ToProto();
    }

    public static Model Make(string text, ModelOptions? options = null) =>
        new(Parse(text), [new WeightsFile("face.caffemodel", Weights(text))], options);

    public static float[] Values(int count, int seed = 1)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    public static MemoryStream Utf8(string text) => new(Encoding.UTF8.GetBytes(text));
}
