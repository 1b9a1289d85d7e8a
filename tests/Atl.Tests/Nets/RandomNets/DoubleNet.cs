using Atl.Proto;

namespace Atl.Tests.Nets.RandomNets;

/// <summary>
/// A net evaluated in double precision as its prototxt reads: each layer makes new values, in place or not, and a
/// name means the value that was made last under it. It knows of no shared memory, so it cannot have its faults.
/// </summary>
internal sealed class DoubleNet
{
    // Closer than this to a place without a derivative, or larger than this, float and double may differ by more than
    // rounding.
    private const double Kink = 2e-4, Large = 30, Smallest = 0.05;

    private readonly Phase _phase;
    private readonly Func<string, int, double[]> _parameter;
    private readonly Func<LayerParameter, Shape, double[]> _mask;
    private readonly List<Action> _tape = [];

    /// <summary>Evaluates a net forward and backward.</summary>
    /// <param name="net">The net; its first layers are its inputs.</param>
    /// <param name="phase">TRAIN or TEST.</param>
    /// <param name="inputs">The values of the tops of Input layers.</param>
    /// <param name="parameter">The values of a layer's parameter.</param>
    /// <param name="mask">The factors of a Dropout layer.</param>
    public DoubleNet(
        NetParameter net, Phase phase, IReadOnlyDictionary<string, float[]> inputs,
        Func<string, int, double[]> parameter,
        Func<LayerParameter, Shape, double[]> mask)
    {
        (_phase, _parameter, _mask) = (phase, parameter, mask);
        foreach (LayerParameter layer in net.Layer) Run(layer, inputs);
        if (IsUnstable) return;
        foreach (Action back in Enumerable.Reverse(_tape)) back();
        IsUnstable |= ParameterDiffs.Values.Any(diff => diff.Any(value => !(Math.Abs(value) < 1e3)));
    }

    /// <summary>The values, by name.</summary>
    public Dictionary<string, DoubleBlob> Blobs { get; } = [];

    /// <summary>The gradients of parameters, by layer and place.</summary>
    public Dictionary<(string Layer, int Index), double[]> ParameterDiffs { get; } = [];

    /// <summary>The weighted sum of the losses.</summary>
    public double Loss { get; private set; }

    /// <summary>Whether a value lies where a comparison with float says nothing.</summary>
    public bool IsUnstable { get; private set; }

    private void Run(LayerParameter layer, IReadOnlyDictionary<string, float[]> inputs)
    {
        DoubleBlob[] bottom = new DoubleBlob[layer.Bottom.Count];
        for (int i = 0; i < bottom.Length; i++)
        {
            bottom[i] = Blobs[layer.Bottom[i]];
            if (layer.PropagateDown.Count > 0 && !layer.PropagateDown[i]) bottom[i] = bottom[i].Detached();
        }
        DoubleBlob[] top = Compute(layer, bottom, inputs);
        for (int i = 0; i < top.Length; i++)
        {
            Blobs[layer.Top[i]] = top[i];
            IsUnstable |= top[i].Data.Any(value => !(Math.Abs(value) < Large));
            double weight = layer.LossWeight.Count > 0 ? layer.LossWeight[i] : layer.Type == "EuclideanLoss" ? 1 : 0;
            if (weight == 0) continue;
            Loss += weight * top[i].Data.Sum();
            for (int j = 0; j < top[i].Diff.Length; j++) top[i].Diff[j] += weight;
        }
    }

    private DoubleBlob[] Compute(LayerParameter layer, DoubleBlob[] bottom, IReadOnlyDictionary<string, float[]> inputs)
    {
        switch (layer.Type)
        {
            case "Input":
                return [new DoubleBlob(Shape.From(layer.InputParam.Shape[0]),
                    [.. inputs[layer.Top[0]].Select(value => (double)value)])];
            case "DummyData":
                DoubleBlob filled = new(Shape.From(layer.DummyDataParam.Shape[0]));
                Array.Fill(filled.Data, layer.DummyDataParam.DataFiller[0].Value);
                return [filled];
            case "ReLU":
                double negative = layer.ReluParam?.NegativeSlope ?? 0;
                CheckKink(bottom[0].Data);
                return Map(bottom[0], x => x > 0 ? x : negative * x, x => x > 0 ? 1 : negative);
            case "ReLU6":
                CheckKink(bottom[0].Data);
                CheckKink(bottom[0].Data.Select(x => x - 6));
                return Map(bottom[0], x => Math.Clamp(x, 0, 6), x => x is > 0 and < 6 ? 1 : 0);
            case "TanH":
                return Map(bottom[0], Math.Tanh, x => 1 - Math.Tanh(x) * Math.Tanh(x));
            case "Sigmoid":
                return Map(bottom[0], Sigmoid, x => Sigmoid(x) * (1 - Sigmoid(x)));
            case "Swish":
                return Map(bottom[0], x => x * Sigmoid(x), x => Sigmoid(x) * (1 + x * (1 - Sigmoid(x))));
            case "BNLL":
                return Map(bottom[0], x => Math.Log(1 + Math.Exp(x)), Sigmoid);
            case "ELU":
                double alpha = layer.EluParam?.Alpha ?? 1;
                CheckKink(bottom[0].Data);
                return Map(bottom[0], x => x > 0 ? x : alpha * (Math.Exp(x) - 1), x => x > 0 ? 1 : alpha * Math.Exp(x));
            case "Exp":
                double rate = layer.ExpParam.Scale;
                return Map(bottom[0], x => Math.Exp(rate * x), x => rate * Math.Exp(rate * x));
            case "AbsVal":
                CheckKink(bottom[0].Data);
                return Map(bottom[0], Math.Abs, x => Math.Sign(x));
            case "Clip":
                double least = layer.ClipParam.Min, most = layer.ClipParam.Max;
                CheckKink(bottom[0].Data.Select(x => x - least).Concat(bottom[0].Data.Select(x => x - most)));
                return Map(bottom[0], x => Math.Clamp(x, least, most), x => x >= least && x <= most ? 1 : 0);
            case "Power":
                (double power, double scale, double shift) = (layer.PowerParam.Power, layer.PowerParam.Scale,
                    layer.PowerParam.Shift);
                return Map(bottom[0], x => Math.Pow(scale * x + shift, power),
                    x => power * scale * Math.Pow(scale * x + shift, power - 1));
            case "Dropout":
                double[] kept = _phase == Phase.Train ? _mask(layer, bottom[0].Shape)
                    : [.. Enumerable.Repeat(1.0, bottom[0].Data.Length)];
                return Linear([bottom[0]], bottom[0].Shape, (_, i) => (i, kept[i]));
            case "Split":
                return [.. layer.Top.SelectMany(_ => Linear(bottom, bottom[0].Shape, static (_, i) => (i, 1)))];
            case "Flatten":
                Shape whole = bottom[0].Shape;
                return Linear(bottom, new Shape(whole[0], checked((int)whole.CountFrom(1))), static (_, i) => (i, 1));
            case "Reshape":
                Shape wanted = new([.. layer.ReshapeParam.Shape.Dim.Select(dim => (int)dim)]);
                return Linear(bottom, wanted, static (_, i) => (i, 1));
            case "Concat":
                return Concat(bottom);
            case "Slice":
                return Slice(bottom[0], layer.Top.Count);
            case "Eltwise":
                return Eltwise(layer.EltwiseParam, bottom);
            case "PReLU":
                return PRelu(layer, bottom[0]);
            case "Scale":
            case "Bias":
                return Affine(layer, bottom);
            case "BatchNorm":
                return BatchNorm(layer, bottom[0]);
            case "MVN":
                return [Normalize(bottom[0], (int)bottom[0].Shape.CountFrom(1), static (row, i, size) =>
                    row * size + i)];
            case "Softmax":
                return Softmax(bottom[0]);
            case "InnerProduct":
                return InnerProduct(layer, bottom[0], (int)layer.InnerProductParam.NumOutput);
            case "Convolution":
                // With windows of one place each place is a row, its channels the columns.
                Shape image = bottom[0].Shape, rows = new((int)(image[0] * image.CountFrom(2)), image[1]);
                int channels = (int)layer.ConvolutionParam.NumOutput;
                DoubleBlob[] made = InnerProduct(layer, Transpose(bottom[0], rows, image[1]), channels);
                return [Transpose(made[0], image.With(1, channels), (int)image.CountFrom(2))];
            case "Reduction":
                return Reduction(layer.ReductionParam, bottom[0]);
            case "EuclideanLoss":
                return Euclidean(bottom[0], bottom[1]);
            default:
                throw new ArgumentException($"no plain evaluation of {layer.Type}");
        }
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    // What is exactly 0 is so in float, too.
    private void CheckKink(IEnumerable<double> values) =>
        IsUnstable |= values.Any(value => value != 0 && Math.Abs(value) < Kink);

    private DoubleBlob[] Map(DoubleBlob x, Func<double, double> f, Func<double, double> slope)
    {
        DoubleBlob y = new(x.Shape, [.. x.Data.Select(f)]);
        _tape.Add(() =>
        {
            for (int i = 0; i < y.Diff.Length; i++) x.Diff[i] += y.Diff[i] * slope(x.Data[i]);
        });
        return [y];
    }

    // y_i is the sum over the bottoms of factor·x_place, where `at` gives place and factor; a factor of 0 reads
    // nothing.
    private DoubleBlob[] Linear(DoubleBlob[] x, Shape shape, Func<int, int, (int Place, double Factor)> at)
    {
        DoubleBlob y = new(shape);
        void Each(Action<DoubleBlob, int, int, double> visit)
        {
            for (int b = 0; b < x.Length; b++)
            {
                for (int i = 0; i < y.Data.Length; i++)
                {
                    (int place, double factor) = at(b, i);
                    if (factor != 0) visit(x[b], i, place, factor);
                }
            }
        }
        Each((bottom, i, place, factor) => y.Data[i] += factor * bottom.Data[place]);
        _tape.Add(() => Each((bottom, i, place, factor) => bottom.Diff[place] += factor * y.Diff[i]));
        return [y];
    }

    private DoubleBlob[] Concat(DoubleBlob[] bottom)
    {
        Shape first = bottom[0].Shape;
        int inner = (int)first.CountFrom(2), channels = bottom.Sum(blob => blob.Shape[1]);
        return Linear(bottom, first.With(1, channels), (b, i) =>
        {
            int before = bottom.Take(b).Sum(blob => blob.Shape[1]), own = bottom[b].Shape[1];
            int n = i / (channels * inner), c = i / inner % channels - before;
            return c < 0 || c >= own ? (0, 0) : ((n * own + c) * inner + i % inner, 1);
        });
    }

    private DoubleBlob[] Slice(DoubleBlob x, int tops)
    {
        int channels = x.Shape[1], inner = (int)x.Shape.CountFrom(2), own = channels / tops;
        return [.. Enumerable.Range(0, tops).SelectMany(top => Linear([x], x.Shape.With(1, own), (_, i) =>
            (((i / (own * inner) * channels) + top * own + i / inner % own) * inner + i % inner, 1)))];
    }

    private DoubleBlob[] Eltwise(EltwiseParameter given, DoubleBlob[] x)
    {
        if (given.Operation == EltwiseParameter.Types.EltwiseOp.Sum)
            return Linear(x, x[0].Shape, (b, i) => (i, given.Coeff.Count > 0 ? given.Coeff[b] : 1));
        (DoubleBlob a, DoubleBlob c) = (x[0], x[1]);
        if (given.Operation == EltwiseParameter.Types.EltwiseOp.Prod) return Product(a, c);
        CheckKink(a.Data.Zip(c.Data, static (p, q) => p - q));
        DoubleBlob y = new(a.Shape, [.. a.Data.Zip(c.Data, Math.Max)]);
        _tape.Add(() =>
        {
            for (int i = 0; i < y.Diff.Length; i++) (a.Data[i] > c.Data[i] ? a : c).Diff[i] += y.Diff[i];
        });
        return [y];
    }

    private DoubleBlob[] Product(DoubleBlob a, DoubleBlob b)
    {
        DoubleBlob y = new(a.Shape, [.. a.Data.Zip(b.Data, static (p, q) => p * q)]);
        _tape.Add(() =>
        {
            for (int i = 0; i < y.Diff.Length; i++)
            {
                a.Diff[i] += y.Diff[i] * b.Data[i];
                b.Diff[i] += y.Diff[i] * a.Data[i];
            }
        });
        return [y];
    }

    private DoubleBlob Parameter(LayerParameter layer, int index)
    {
        double[] values = _parameter(layer.Name, index);
        DoubleBlob blob = new(new Shape(values.Length), values);
        ParameterDiffs[(layer.Name, index)] = blob.Diff;
        return blob;
    }

    private DoubleBlob[] PRelu(LayerParameter layer, DoubleBlob x)
    {
        CheckKink(x.Data);
        DoubleBlob slopes = Parameter(layer, 0), y = new(x.Shape);
        int inner = (int)x.Shape.CountFrom(2), channels = x.Shape[1];
        int Slope(int i) => slopes.Data.Length == 1 ? 0 : i / inner % channels;
        for (int i = 0; i < y.Data.Length; i++)
            y.Data[i] = x.Data[i] > 0 ? x.Data[i] : slopes.Data[Slope(i)] * x.Data[i];
        _tape.Add(() =>
        {
            for (int i = 0; i < y.Diff.Length; i++)
            {
                x.Diff[i] += y.Diff[i] * (x.Data[i] > 0 ? 1 : slopes.Data[Slope(i)]);
                if (x.Data[i] <= 0) slopes.Diff[Slope(i)] += y.Diff[i] * x.Data[i];
            }
        });
        return [y];
    }

    // Coefficients are those of channels, or as many as there are elements.
    private DoubleBlob[] Affine(LayerParameter layer, DoubleBlob[] bottom)
    {
        DoubleBlob x = bottom[0];
        int inner = (int)x.Shape.CountFrom(2), channels = x.Shape[1];
        DoubleBlob Spread(DoubleBlob coefficients) => Linear([coefficients], x.Shape, (_, i) =>
            (coefficients.Data.Length == x.Data.Length ? i : i / inner % channels, 1))[0];
        DoubleBlob first = Spread(bottom.Length > 1 ? bottom[1] : Parameter(layer, 0));
        if (layer.Type == "Bias") return Linear([x, first], x.Shape, static (_, i) => (i, 1));
        DoubleBlob[] y = Product(x, first);
        return layer.ScaleParam.BiasTerm
            ? Linear([y[0], Spread(Parameter(layer, bottom.Length > 1 ? 0 : 1))], x.Shape, static (_, i) => (i, 1))
            : y;
    }

    private DoubleBlob[] BatchNorm(LayerParameter layer, DoubleBlob x)
    {
        int n = x.Shape[0], channels = x.Shape[1], inner = (int)x.Shape.CountFrom(2);
        double[] mean = _parameter(layer.Name, 0), variance = _parameter(layer.Name, 1);
        for (int i = 0; i < 3; i++) Parameter(layer, i);
        double eps = (layer.BatchNormParam ?? new BatchNormParameter()).Eps;
        if (_phase == Phase.Train)
            return [Normalize(x, n * inner, (c, i, _) => (i / inner * channels + c) * inner + i % inner, eps)];
        double weight = _parameter(layer.Name, 2)[0];
        IsUnstable |= weight == 0;
        double Deviation(int i) => Math.Sqrt(variance[i / inner % channels] / weight + eps);
        DoubleBlob centred = Shifted(x, i => -mean[i / inner % channels] / weight);
        return Linear([centred], x.Shape, (_, i) => (i, 1 / Deviation(i)));
    }

    private DoubleBlob Shifted(DoubleBlob x, Func<int, double> by)
    {
        DoubleBlob y = new(x.Shape, [.. x.Data.Select((value, i) => value + by(i))]);
        _tape.Add(() =>
        {
            for (int i = 0; i < y.Diff.Length; i++) x.Diff[i] += y.Diff[i];
        });
        return y;
    }

    // Rows of `size` elements, the i-th of a row at place(row, i, size), to mean 0 and deviation 1.
    private DoubleBlob Normalize(DoubleBlob x, int size, Func<int, int, int, int> place, double eps = 0)
    {
        DoubleBlob y = new(x.Shape);
        int rows = x.Data.Length / size;
        double[] deviations = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            double[] values = [.. Enumerable.Range(0, size).Select(i => x.Data[place(row, i, size)])];
            double mean = values.Average(), variance = values.Average(value => (value - mean) * (value - mean));
            IsUnstable |= variance < Smallest;
            deviations[row] = Math.Sqrt(variance + eps);
            for (int i = 0; i < size; i++) y.Data[place(row, i, size)] = (values[i] - mean) / deviations[row];
        }
        _tape.Add(() =>
        {
            for (int row = 0; row < rows; row++)
            {
                int[] places = [.. Enumerable.Range(0, size).Select(i => place(row, i, size))];
                double mean = places.Average(i => y.Diff[i]), product = places.Average(i => y.Diff[i] * y.Data[i]);
                foreach (int i in places) x.Diff[i] += (y.Diff[i] - mean - y.Data[i] * product) / deviations[row];
            }
        });
        return y;
    }

    private DoubleBlob[] Softmax(DoubleBlob x)
    {
        int channels = x.Shape[1], inner = (int)x.Shape.CountFrom(2);
        DoubleBlob y = new(x.Shape);
        IEnumerable<int[]> rows = [.. Enumerable.Range(0, x.Shape[0] * inner)
            .Select(row => Enumerable.Range(0, channels).Select(c => (row / inner * channels + c) * inner + row % inner)
                .ToArray())];
        foreach (int[] row in rows)
        {
            double sum = row.Sum(i => Math.Exp(x.Data[i]));
            foreach (int i in row) y.Data[i] = Math.Exp(x.Data[i]) / sum;
        }
        _tape.Add(() =>
        {
            foreach (int[] row in rows)
            {
                double dot = row.Sum(i => y.Diff[i] * y.Data[i]);
                foreach (int i in row) x.Diff[i] += y.Data[i] * (y.Diff[i] - dot);
            }
        });
        return [y];
    }

    // The same elements with the columns, so many of them, of each sample's matrix as rows.
    private DoubleBlob Transpose(DoubleBlob x, Shape shape, int columns)
    {
        int samples = shape.NumAxes == 4 ? shape[0] : x.Shape[0], size = x.Data.Length / samples, rows = size / columns;
        return Linear([x], shape, (_, i) => (i / size * size + i % columns * rows + i % size / columns, 1))[0];
    }

    private DoubleBlob[] InnerProduct(LayerParameter layer, DoubleBlob x, int outputs)
    {
        int rows = x.Shape[0], inputs = (int)x.Shape.CountFrom(1);
        DoubleBlob weights = Parameter(layer, 0), bias = Parameter(layer, 1), y = new(new Shape(rows, outputs));
        for (int i = 0; i < y.Data.Length; i++)
        {
            y.Data[i] = bias.Data[i % outputs];
            for (int k = 0; k < inputs; k++)
                y.Data[i] += x.Data[i / outputs * inputs + k] * weights.Data[i % outputs * inputs + k];
        }
        _tape.Add(() =>
        {
            for (int i = 0; i < y.Data.Length; i++)
            {
                bias.Diff[i % outputs] += y.Diff[i];
                for (int k = 0; k < inputs; k++)
                {
                    weights.Diff[i % outputs * inputs + k] += y.Diff[i] * x.Data[i / outputs * inputs + k];
                    x.Diff[i / outputs * inputs + k] += y.Diff[i] * weights.Data[i % outputs * inputs + k];
                }
            }
        });
        return [y];
    }

    private DoubleBlob[] Reduction(ReductionParameter given, DoubleBlob x)
    {
        DoubleBlob y = new(Shape.Scalar);
        bool squares = given.Operation == ReductionParameter.Types.ReductionOp.Sumsq;
        double share = given.Operation == ReductionParameter.Types.ReductionOp.Mean ? 1.0 / x.Data.Length : 1;
        y.Data[0] = given.Coeff * share * x.Data.Sum(v => squares ? v * v : v);
        _tape.Add(() =>
        {
            for (int i = 0; i < x.Diff.Length; i++)
                x.Diff[i] += given.Coeff * share * (squares ? 2 * x.Data[i] : 1) * y.Diff[0];
        });
        return [y];
    }

    private DoubleBlob[] Euclidean(DoubleBlob a, DoubleBlob b)
    {
        DoubleBlob y = new(Shape.Scalar);
        int n = a.Shape[0];
        y.Data[0] = a.Data.Zip(b.Data, static (p, q) => (p - q) * (p - q)).Sum() / (2 * n);
        _tape.Add(() =>
        {
            for (int i = 0; i < a.Diff.Length; i++)
            {
                double diff = (a.Data[i] - b.Data[i]) / n * y.Diff[0];
                a.Diff[i] += diff;
                b.Diff[i] -= diff;
            }
        });
        return [y];
    }
}
