using Atl.Devices;
using Atl.Operators;
using static Atl.Tests.Operators.OperatorValues;

namespace Atl.Tests.Operators;

/// <summary>InnerProduct against its definition: few rows of weights, and so many that the product is cut into ranges
/// of them.</summary>
public class InnerProductTests
{
    [Test, Combinatorial]
    public void InnerProductIsItsDefinition(
        [Values(1, 3, 32, 513)] int samples, [Values(5, 700, 2100)] int outputs, [Values(1, 37)] int inputs,
        [Values] bool transpose)
    {
        InnerProductSpec spec = new(samples, outputs, inputs, transpose);
        Tensor x = Random(new Shape(samples, inputs), 1),
            w = Random(transpose ? new Shape(inputs, outputs) : new Shape(outputs, inputs), 2);
        Tensor b = Random(new Shape(outputs), 3), y = new(new Shape(samples, outputs)), dy = Random(y.Shape, 4),
            dx = new(x.Shape);
        Tensor dw = Random(w.Shape, 5), db = Random(b.Shape, 6);
        float[] px = Values(x), pw = Values(w), pb = Values(b), pdy = Values(dy);
        double[] expected = new double[samples * outputs], expectedDx = new double[px.Length];
        double[] expectedDw = [.. Values(dw).Select(v => (double)v)],
            expectedDb = [.. Values(db).Select(v => (double)v)];
        for (int i = 0; i < samples; i++)
            for (int j = 0; j < outputs; j++)
            {
                double sum = pb[j], gradient = pdy[i * outputs + j];
                expectedDb[j] += gradient;
                for (int k = 0; k < inputs; k++)
                {
                    int weight = transpose ? k * outputs + j : j * inputs + k;
                    sum += (double)px[i * inputs + k] * pw[weight];
                    expectedDx[i * inputs + k] += gradient * pw[weight];
                    expectedDw[weight] += gradient * px[i * inputs + k];
                }
                expected[i * outputs + j] = sum;
            }
        using InnerProduct made = Device.Cpu.Create(spec);
        made.Forward(x, w, b, y);
        made.BackwardData(dy, w, dx);
        made.BackwardWeights(x, dy, dw, db);
        Assert.Multiple(() =>
        {
            AssertClose(y, expected, "y");
            AssertClose(dx, expectedDx, "dx");
            AssertClose(dw, expectedDw, "dw");
            AssertClose(db, expectedDb, "db");
        });
        made.Forward(x, w, null, y);
        AssertClose(y, [.. expected.Select((value, i) => value - pb[i % outputs])], "y without bias");
    }
}
