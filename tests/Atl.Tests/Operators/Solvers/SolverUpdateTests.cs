using Atl.Devices;
using Atl.Devices.Cpu;
using Atl.Operators;
using Atl.TestSupport;

namespace Atl.Tests.Operators;

internal class SolverUpdateTests
{
    private const float Momentum = 0.9f, Momentum2 = 0.99f, Delta = 1e-4f;

    // 300 fits one thread and no vector exactly; 70,001 is shared between threads.
    [Test]
    [CaffeBehaviour(CaffeBehaviour.SolverRules)]
    [CaffeBehaviour(CaffeBehaviour.Regularization)]
    public void EachRuleIsThePublishedFormula(
        [Values] SolverRule rule, [Values] Regularization regularization, [Values(0, 1, 300, 70_001)] int count)
    {
        SolverStep step = new(0.7f, 0.25f, regularization, 0.3f, 0.05f);
        float[][] start = [.. Enumerable.Range(0, 4).Select(k => Values(count, (ulong)k, nonNegative: k > 1
            && rule > SolverRule.Nesterov))];
        Tensor[] arrays = [.. start.Select(values => Make(values))];
        SolverUpdateSpec spec = new(rule, count, Momentum, Momentum2, Delta);
        using SolverUpdate update = Device.Cpu.Create(spec);
        update.Update(step, arrays[0], arrays[1], arrays[2], spec.HasSecondHistory ? arrays[3] : null);
        double[][] expected = [.. start.Select(values => Array.ConvertAll(values, value => (double)value))];
        for (int i = 0; i < count; i++) Reference(rule, step, expected, i);
        for (int k = 0; k < 4; k++)
            Assert.That(arrays[k].AsReadOnlySpan().ToArray(), Is.EqualTo(expected[k]).Within(2e-6), $"array {k}");
    }

    [Test]
    public void TheNumberOfThreadsDoesNotShow()
    {
        const int Count = 100_003;
        int threads = CpuDevice.Threads;
        List<float[]> weights = [];
        List<double> sums = [];
        try
        {
            foreach (int n in (int[])[1, 2, 3])
            {
                CpuDevice.Threads = n;
                Tensor w = Make(Values(Count, 0)), diff = Make(Values(Count, 1)), h = Make(Values(Count, 2, true)),
                    k = Make(Values(Count, 3, true));
                using SolverUpdate update =
                    Device.Cpu.Create(new SolverUpdateSpec(SolverRule.Adam, Count, Momentum, Momentum2, Delta));
                using SumOfSquares squares = Device.Cpu.Create(new SumOfSquaresSpec(Count));
                sums.Add(squares.Compute([diff]));
                update.Update(new SolverStep(1, 1, Regularization.L2, 0.1f, 0.1f), w, diff, h, k);
                weights.Add(w.AsReadOnlySpan().ToArray());
            }
        }
        finally
        {
            CpuDevice.Threads = threads;
        }
        Assert.Multiple(() =>
        {
            Assert.That(weights[1], Is.EqualTo(weights[0]));
            Assert.That(weights[2], Is.EqualTo(weights[0]));
            Assert.That(sums, Is.All.EqualTo(sums[0]));
        });
    }

    [Test]
    public void WeightsInBlocksAreUpdatedWhereTheyLie()
    {
        Shape shape = new(4, 16, 3, 3);
        float[] values = Values((int)shape.Count, 0), gradient = Values((int)shape.Count, 1);
        Tensor w = new(shape), diff = new(shape), history = new(shape);
        values.CopyTo(w.AsWriteOnlySpan());
        gradient.CopyTo(diff.AsWriteOnlySpan());
        w.ReadWrite(Device.Cpu, Layout.Blocked16);
        using SolverUpdate update = Device.Cpu.Create(new SolverUpdateSpec(SolverRule.Sgd, shape.Count, Momentum,
            0, 0));
        update.Update(new SolverStep(1, 1, Regularization.None, 0, 0.5f), w, diff, history, null);
        Assert.That(w.Layout, Is.EqualTo(Layout.Blocked16));
        Assert.That(w.AsReadOnlySpan().ToArray(), Is.EqualTo(values.Zip(gradient, (v, g) => v - 0.5f * g))
            .Within(1e-6f));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(32_768)]
    [TestCase(100_003)]
    public void SumOfSquaresIsTheSum(int count)
    {
        float[] values = Values(count, 5);
        using SumOfSquares squares = Device.Cpu.Create(new SumOfSquaresSpec(count));
        Assert.That(squares.Compute([Make(values)]), Is.EqualTo(values.Sum(v => (double)v * v)).Within(1e-9).Percent);
    }

    [Test]
    public void ATensorOfAnotherSizeIsRefused()
    {
        using SolverUpdate update = Device.Cpu.Create(new SolverUpdateSpec(SolverRule.Adam, 3, 0, 0, 0));
        Tensor three = Make([1, 2, 3]);
        Assert.That(() => update.Update(default, Make([1, 2]), three, three, three),
            Throws.TypeOf<ShapeException>().With.Message.Contains("3 elements"));
        Assert.That(() => update.Update(default, three, three, three, null), Throws.TypeOf<ShapeException>());
    }

    // The formulas of Caffe's solvers, in double precision: arrays are weights, diff, history, second history.
    private static void Reference(SolverRule rule, SolverStep step, double[][] a, int i)
    {
        double w = a[0][i], g = a[1][i] * step.ClipScale * step.MeanScale, r = step.Rate;
        g += step.Regularization switch
        {
            Regularization.L2 => step.Decay * w,
            Regularization.L1 => step.Decay * Math.Sign(w),
            _ => 0,
        };
        double h = a[2][i], k = a[3][i], off;
        switch (rule)
        {
            case SolverRule.Sgd:
                off = h = r * g + Momentum * h;
                break;
            case SolverRule.Nesterov:
                double old = h;
                h = r * g + Momentum * h;
                off = (1 + Momentum) * h - Momentum * old;
                break;
            case SolverRule.AdaGrad:
                h += g * g;
                off = r * g / (Math.Sqrt(h) + Delta);
                break;
            case SolverRule.RmsProp:
                h = (1 - Momentum2) * g * g + Momentum2 * h;
                off = r * g / (Math.Sqrt(h) + Delta);
                break;
            case SolverRule.AdaDelta:
                h = (1 - Momentum) * g * g + Momentum * h;
                double s = g * Math.Sqrt((Delta + k) / (Delta + h));
                k = (1 - Momentum) * s * s + Momentum * k;
                off = r * s;
                break;
            default:
                h = (1 - Momentum) * g + Momentum * h;
                k = (1 - Momentum2) * g * g + Momentum2 * k;
                off = r * h / (Math.Sqrt(k) + Delta);
                break;
        }
        (a[0][i], a[1][i], a[2][i], a[3][i]) = (w - off, off, h, k);
    }

    private static float[] Values(int count, ulong seed, bool nonNegative = false)
    {
        RandomStream stream = new(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = nonNegative ? stream.NextSingle() : stream.NextSingle() * 2 - 1;
        return values;
    }

    private static Tensor Make(float[] values)
    {
        Tensor tensor = new(new Shape(values.Length));
        values.CopyTo(tensor.AsWriteOnlySpan());
        return tensor;
    }
}
