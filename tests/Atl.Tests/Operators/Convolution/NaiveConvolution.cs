using Atl.Operators;

namespace Atl.Tests.Operators;

/// <summary>The definition of a convolution, one product after the other in double.</summary>
internal sealed class NaiveConvolution(ConvolutionGeometry geometry)
{
    private readonly int[] _output = [.. Enumerable.Range(0, geometry.Input.NumAxes)
        .Select(i => (int)((geometry.Input[i] + 2 * geometry.Pad[i] - geometry.Window(i)) / geometry.Stride[i] + 1))];

    public Shape InputShape => new([(int)geometry.Images, geometry.InputChannels, .. geometry.Input.Dims]);

    public Shape OutputShape => new([(int)geometry.Images, geometry.OutputChannels, .. _output]);

    public double[] Forward(float[] x, float[] w, float[]? bias)
    {
        double[] y = new double[OutputShape.Count];
        Each((i, j, k) => y[j] += (double)x[i] * w[k]);
        if (bias is not null)
            for (int j = 0; j < y.Length; j++) y[j] += bias[Channel(j)];
        return y;
    }

    public double[] BackwardData(float[] dy, float[] w)
    {
        double[] dx = new double[InputShape.Count];
        Each((i, j, k) => dx[i] += (double)dy[j] * w[k]);
        return dx;
    }

    public double[] BackwardWeights(float[] x, float[] dy)
    {
        double[] dw = new double[geometry.WeightShape.Count];
        Each((i, j, k) => dw[k] += (double)x[i] * dy[j]);
        return dw;
    }

    public double[] BackwardBias(float[] dy)
    {
        double[] db = new double[geometry.OutputChannels];
        for (int j = 0; j < dy.Length; j++) db[Channel(j)] += dy[j];
        return db;
    }

    private int Channel(int outputIndex) =>
        outputIndex / _output.Aggregate(1, (a, b) => a * b) % geometry.OutputChannels;

    // Calls body(index of x, index of y, index of w) for every product.
    private void Each(Action<int, int, int> body)
    {
        int axes = _output.Length, outputs = geometry.OutputChannels / geometry.Groups,
            inputs = geometry.InputChannels / geometry.Groups;
        int pixels = _output.Aggregate(1, (a, b) => a * b), taps = (int)geometry.Kernel.Count,
            image = (int)geometry.Input.Count;
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                int at = 0, step = 1, p = pixel, t = tap;
                bool inside = true;
                for (int axis = axes - 1; axis >= 0; axis--)
                {
                    int position = p % _output[axis] * geometry.Stride[axis]
                        + t % geometry.Kernel[axis] * geometry.Dilation[axis] - geometry.Pad[axis];
                    inside &= position >= 0 && position < geometry.Input[axis];
                    at += position * step;
                    step *= geometry.Input[axis];
                    p /= _output[axis];
                    t /= geometry.Kernel[axis];
                }
                if (!inside) continue;
                for (int n = 0; n < geometry.Images; n++)
                    for (int o = 0; o < geometry.OutputChannels; o++)
                        for (int c = 0; c < inputs; c++)
                            body(
                                (n * geometry.InputChannels + o / outputs * inputs + c) * image + at,
                                (n * geometry.OutputChannels + o) * pixels + pixel,
                                (o * inputs + c) * taps + tap);
            }
        }
    }
}
