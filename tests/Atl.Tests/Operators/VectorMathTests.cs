using Atl.Devices;
using Atl.Operators;

namespace Atl.Tests.Operators;

/// <summary>The vector code of native/common/vector_math.h, by way of the elementwise operator, against double
/// precision.</summary>
public class VectorMathTests
{
    private static readonly object[] Functions =
    [
        new object[] { new ElementwiseSpec(ElementwiseFunction.Exp, 0, 1, 1), (Func<double, double>)Math.Exp, -110.0,
            95.0, 2.0 },
        new object[] { new ElementwiseSpec(ElementwiseFunction.Log, 0, 1, 1), (Func<double, double>)Math.Log, 1e-3, 1e4,
            2.0 },
        new object[] { new ElementwiseSpec(ElementwiseFunction.TanH, 0), (Func<double, double>)Math.Tanh, -10.0, 10.0,
            2.5 },
        new object[] { new ElementwiseSpec(ElementwiseFunction.Sigmoid, 0),
            (Func<double, double>)(x => 1 / (1 + Math.Exp(-x))), -80.0, 30.0, 2.5 },
    ];

    [TestCaseSource(nameof(Functions))]
    public void ErrorIsAFewUnitsInTheLastPlace(ElementwiseSpec spec, Func<double, double> exact, double low,
    double high, double allowed)
    {
        const int Count = 200_000;
        float[] inputs = new float[Count];
        for (int i = 0; i < Count; i++) inputs[i] = (float)(low + (high - low) * i / (Count - 1));
        float[] found = Apply(spec, inputs);
        double worst = 0;
        for (int i = 0; i < Count; i++)
        {
            double expected = exact(inputs[i]);
            if (float.IsInfinity((float)expected)) Assert.That(found[i], Is.EqualTo((float)expected));
            else worst = Math.Max(worst, Math.Abs(found[i] - expected) / UnitInTheLastPlace((float)Math.Abs(expected)));
        }
        Assert.That(worst, Is.LessThan(allowed));
    }

    [Test]
    public void LogReachesSubnormalNumbers()
    {
        float[] inputs = [1e-40f, float.Epsilon, 1e-38f];
        float[] found = Apply(new ElementwiseSpec(ElementwiseFunction.Log, 0, 1, 1), inputs);
        for (int i = 0; i < inputs.Length; i++) Assert.That(found[i], Is.EqualTo(Math.Log(inputs[i])).Within(1e-5));
    }

    [Test]
    public void SpecialValuesFollowIeee()
    {
        float[] inputs = [float.PositiveInfinity, float.NegativeInfinity, float.NaN, -0f, -1];
        Assert.Multiple(() =>
        {
            Assert.That(Apply(new ElementwiseSpec(ElementwiseFunction.Exp, 0, 1, 1), inputs)[..4],
                Is.EqualTo([float.PositiveInfinity, 0, float.NaN, 1]));
            Assert.That(Apply(new ElementwiseSpec(ElementwiseFunction.Log, 0, 1, 1), inputs),
                Is.EqualTo([float.PositiveInfinity, float.NaN, float.NaN, float.NegativeInfinity, float.NaN]));
            Assert.That(Apply(new ElementwiseSpec(ElementwiseFunction.TanH, 0), inputs)[..4],
                Is.EqualTo([1, -1, float.NaN, -0f]));
        });
    }

    private static double UnitInTheLastPlace(float value) => (double)MathF.BitIncrement(value) - value;

    private static float[] Apply(ElementwiseSpec spec, float[] inputs)
    {
        Tensor x = new(new Shape(inputs.Length)), y = new(x.Shape);
        inputs.CopyTo(x.AsWriteOnlySpan());
        using Elementwise function = Device.Cpu.Create(spec with { Count = inputs.Length });
        function.Forward(x, y);
        return y.AsReadOnlySpan().ToArray();
    }
}
