using Atl.Devices;
using Atl.Operators;

namespace Atl.Tests.Operators;

/// <summary>Operators that layers of other assemblies call refuse tensors of other sizes before native code has
/// them.</summary>
public sealed class TensorSizeTests
{
    private static IEnumerable<TestCaseData> Calls()
    {
        Tensor six = new(new Shape(2, 3)), seven = new(new Shape(7)), three = new(new Shape(3));
        foreach (Tensor tensor in (Tensor[])[six, seven, three]) tensor.Fill(1);
        yield return Case("Elementwise", new ElementwiseSpec(ElementwiseFunction.Power, 6, 1, 1),
            one => one.Forward(six, six), one => one.Forward(seven, six), one => one.Forward(six, seven),
            one => one.Backward(six, six, six, seven), one => one.Backward(six, six, seven, six));
        yield return Case("Elementwise by its input", new ElementwiseSpec(ElementwiseFunction.Abs, 6),
            one => one.Backward(six, six, six, six), one => one.Backward(seven, six, six, six));
        yield return Case("Elementwise by its output", new ElementwiseSpec(ElementwiseFunction.Sigmoid, 6),
            one => one.Backward(six, six, six, six), one => one.Backward(six, seven, six, six));
        yield return Case("Softmax", new SoftmaxSpec(six.Shape, 1),
            one => one.Forward(six, six), one => one.Forward(seven, six), one => one.Forward(six, three),
            one => one.Backward(seven, six, six), one => one.Backward(six, seven, six),
            one => one.Backward(six, six, seven));
        yield return Case("InnerProduct", new InnerProductSpec(2, 1, 3, false),
            one => one.Forward(six, three, null, new Tensor(new Shape(2))),
            one => one.Forward(seven, three, null, three),
            one => one.Forward(six, six, null, three), one => one.Forward(six, three, three, three),
            one => one.Forward(six, three, null, six), one => one.BackwardData(six, three, six),
            one => one.BackwardWeights(six, six, three, null));
        yield return Case("Convolution", new ConvolutionSpec(new ConvolutionGeometry(1, 1, 1, 1, new Shape(2, 3),
                new Shape(1, 1), new Shape(1, 1), new Shape(0, 0), new Shape(1, 1), 1), false, true),
            one => one.Forward(six, new Tensor(new Shape(1, 1, 1, 1)).Filled(), null, six),
            one => one.Forward(seven, three, null, six), one => one.Forward(six, three, null, six),
            one => one.BackwardData(six, three, six), one => one.BackwardWeights(six, seven, null, null));
        yield return Case("Eltwise", new EltwiseSpec(EltwiseOperation.Sum, 6, 2),
            one => one.Forward([six, six], [1, 1], new Tensor(six.Shape)),
            one => one.Forward([six, seven], [1, 1], six),
            one => one.Forward([six, six], [1, 1], seven),
            one => one.Backward([six, six], [1, 1], six, seven, [six, null]),
            one => one.Backward([six, six], [1, 1], six, six, [null, seven]));
    }

    [TestCaseSource(nameof(Calls))]
    public void ATensorOfAnotherSizeIsRefused(Action right, Action[] wrong)
    {
        right();
        foreach (Action call in wrong)
            Assert.That(() => call(), Throws.TypeOf<ShapeException>().With.Message.Contains("made for"));
    }

    [Test]
    public void AnotherNumberOfTensorsIsRefused()
    {
        using Eltwise sum = Device.Cpu.Create(new EltwiseSpec(EltwiseOperation.Sum, 1, 2));
        Tensor one = new(new Shape(1));
        one.Fill(1);
        Assert.That(() => sum.Forward([one], [1, 1], one), Throws.ArgumentException);
        Assert.That(() => sum.Forward([one, one], [1], one), Throws.ArgumentException);
        Assert.That(() => sum.Backward([one, one], [1, 1], one, one, [one]), Throws.ArgumentException);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void ABiasThatTheConvolutionWasNotMadeForIsRefused(bool bias)
    {
        Shape one = new(1);
        using Convolution convolution = Device.Cpu.Create(new ConvolutionSpec(
            new ConvolutionGeometry(1, 1, 1, 1, one, one, one, new Shape(0), one, 1), bias, false));
        Tensor tensor = new Tensor(one).Filled();
        Assert.That(() => convolution.Forward(tensor, tensor, bias ? null : tensor, tensor), Throws.ArgumentException);
    }

    private static TestCaseData Case<TOperator>(string name, OperatorSpec<TOperator> spec, Action<TOperator> right,
        params Action<TOperator>[] wrong)
        where TOperator : Operator
    {
        TOperator made = Device.Cpu.Create(spec);
        return new TestCaseData(() => right(made), wrong.Select(call => (Action)(() => call(made))).ToArray())
            .SetArgDisplayNames(name);
    }
}

file static class Filling
{
    public static Tensor Filled(this Tensor tensor)
    {
        tensor.Fill(1);
        return tensor;
    }
}
