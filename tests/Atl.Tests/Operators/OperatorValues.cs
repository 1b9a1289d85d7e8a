using Atl.Devices;

namespace Atl.Tests.Operators;

/// <summary>What tests of operators are fed with and held to.</summary>
internal static class OperatorValues
{
    /// <summary>Uniform in [-1, 1), in memory of the layout where the shape fits it.</summary>
    public static Tensor Random(Shape shape, ulong seed, Layout layout = Layout.Plain)
    {
        Tensor tensor = new(shape);
        RandomStream stream = new(seed, "values");
        foreach (ref float value in tensor.AsWriteOnlySpan()) value = 2 * stream.NextSingle() - 1;
        if (tensor.Accepts(layout)) tensor.ReadWrite(Device.Cpu, layout);
        return tensor;
    }

    /// <summary>A copy, in plain order.</summary>
    public static float[] Values(Tensor tensor) => tensor.AsReadOnlySpan().ToArray();

    /// <summary>
    /// Nothing is further from its place in <paramref name="expected"/> than <paramref name="tolerance"/> times the
    /// largest number there (or 1).
    /// </summary>
    public static void AssertClose(Tensor found, double[] expected, string what, double tolerance = 1e-5)
    {
        double bound = tolerance * Math.Max(1, expected.Max(Math.Abs)), worst = 0;
        float[] values = Values(found);
        for (int i = 0; i < expected.Length; i++)
            worst = Math.Max(worst, double.IsNaN(values[i]) ? double.PositiveInfinity
                : Math.Abs(values[i] - expected[i]));
        Assert.That(worst, Is.LessThanOrEqualTo(bound), what);
    }
}
