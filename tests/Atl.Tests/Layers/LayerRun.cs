using Atl.Devices;
using Atl.Layers;
using Atl.Proto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Tests.Layers;

/// <summary>One layer outside a net, made from prototxt, with bottoms and tops of its own.</summary>
internal sealed class LayerRun : IDisposable
{
    public LayerRun(string prototxt, int tops, params Blob[] bottoms)
        : this(prototxt, tops, NullLogger.Instance, bottoms)
    {
    }

    public LayerRun(string prototxt, int tops, ILogger logger, params Blob[] bottoms)
    {
        LayerParameter parameter = TextFormat.Parse<LayerParameter>(prototxt, "test.prototxt");
        parameter.Name = "tested";
        Bottom = bottoms;
        for (int i = 0; i < tops; i++) Top.Add(new Blob(Shape.Scalar, $"top{i}"));
        Layer = LayerRegistry.Create(parameter, new LayerContext(Device.Cpu, seed: 7) { Logger = logger });
        try
        {
            Layer.Initialize(Bottom, Top);
        }
        catch
        {
            Layer.Dispose();
            throw;
        }
    }

    public Layer Layer { get; }

    public Blob[] Bottom { get; }

    public List<Blob> Top { get; } = [];

    /// <summary>A blob that holds the given values, or zeros where there are none.</summary>
    public static Blob Blob(Shape shape, params ReadOnlySpan<float> values)
    {
        Blob blob = new(shape, "bottom");
        if (values.Length > 0) values.CopyTo(blob.Data.AsWriteOnlySpan());
        return blob;
    }

    /// <summary>A blob of uniform values in [-1, 1).</summary>
    public static Blob Random(Shape shape, ulong seed = 1)
    {
        Blob blob = new(shape, "bottom");
        RandomStream stream = new(seed, "values");
        foreach (ref float value in blob.Data.AsWriteOnlySpan()) value = 2 * stream.NextSingle() - 1;
        return blob;
    }

    /// <summary>What the layer computes from its bottoms.</summary>
    public float[] Forward(int top = 0)
    {
        Layer.Reshape(Bottom, Top);
        Layer.Forward(Bottom, Top);
        return Values(Top[top].Data);
    }

    /// <summary>The gradient of a bottom for the tops' present diffs.</summary>
    public float[] Backward(int bottom = 0)
    {
        bool[] propagateDown = new bool[Bottom.Length];
        propagateDown[bottom] = true;
        Layer.Backward(Top, propagateDown, Bottom);
        return Values(Bottom[bottom].Diff);
    }

    /// <summary>Sets the diff of a top.</summary>
    public void SetTopDiff(int top, params ReadOnlySpan<float> values) =>
        values.CopyTo(Top[top].Diff.AsWriteOnlySpan());

    public static float[] Values(Tensor tensor) => tensor.AsReadOnlySpan().ToArray();

    public void Dispose() => Layer.Dispose();
}
