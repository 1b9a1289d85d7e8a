using Atl.Devices;
using Atl.Layers;
using Atl.Proto;
using MarginType = Atl.Proto.MarginInnerProductParameter.Types.MarginType;

namespace Atl.Tests.Layers;

/// <summary>A margin inner product layer with inputs, outputs and gradients, run by itself.</summary>
internal sealed class MarginCase : IDisposable
{
    public const ulong Seed = 5;

    private readonly LayerContext _context = new(Device.Cpu, Seed);

    /// <summary>A layer of the given parameters on m samples of k features; inputs are still zeros.</summary>
    public MarginCase(MarginInnerProductParameter parameter, int m, int k, bool lambdaTop = true)
        : this(parameter, new Shape(m, k), new Shape(m), lambdaTop)
    {
    }

    public MarginCase(MarginInnerProductParameter parameter, Shape samples, Shape labels, bool lambdaTop = true)
    {
        X = new Blob(samples, "x");
        Label = new Blob(labels, "label");
        Tops = lambdaTop ? [Y, Lambda] : [Y];
        Layer = new MarginInnerProductLayer(
            new LayerParameter
            {
                Name = "fc",
                Type = "MarginInnerProduct",
                Phase = Phase.Train,
                MarginInnerProductParam = parameter
            }, _context);
        Layer.Initialize([X, Label], Tops);
    }

    public MarginInnerProductLayer Layer { get; }

    public Blob X { get; }

    public Blob Label { get; }

    public Blob Y { get; } = new();

    public Blob Lambda { get; } = new();

    public Blob W => Layer.Blobs[0];

    private IReadOnlyList<Blob> Tops { get; }

    /// <summary>The stream that the layer draws its replacements from, at its beginning.</summary>
    public RandomStream Draws => _context.CreateStream("fc", "triplet");

    public static MarginInnerProductParameter Parameter(int classes, MarginType type, float @base = 5,
        float lambdaMin = 0) => new()
        {
            NumOutput = (uint)classes,
            Type = type,
            Base = @base,
            LambdaMin = lambdaMin,
            WeightFiller = new FillerParameter { Type = "xavier" },
        };

    public static void Set(Tensor tensor, ReadOnlySpan<float> values) => values.CopyTo(tensor.AsWriteOnlySpan());

    public void SetLabels(params ReadOnlySpan<int> labels)
    {
        Span<float> values = Label.Data.AsWriteOnlySpan();
        for (int i = 0; i < values.Length; i++) values[i] = labels[i];
    }

    public void Forward() => Layer.Forward([X, Label], Tops);

    public void Reshape() => Layer.Reshape([X, Label], Tops);

    public void Backward(bool samples = true, bool labels = false) =>
        Layer.Backward(Tops, [samples, labels], [X, Label]);

    /// <summary>The naive reference on the present inputs, before the forward normalises W.</summary>
    public NaiveMargin Naive(double lambda) => new(
        (int)Label.Count, (int)Layer.Parameter.MarginInnerProductParam.NumOutput, W.Shape[1], Doubles(X.Data),
        [.. Doubles(Label.Data).Select(value => (int)value)], Doubles(W.Data),
        Layer.Parameter.MarginInnerProductParam.Type, lambda);

    public static double[] Doubles(Tensor tensor) =>
        Array.ConvertAll(tensor.AsReadOnlySpan().ToArray(), value => (double)value);

    public void Dispose() => Layer.Dispose();
}
