using Atl.Fillers;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Fillers;

public class FillerTests
{
    private static float[] Fill(FillerParameter parameter, params int[] dims)
    {
        Tensor tensor = new(new Shape(dims));
        Filler.Fill(parameter, tensor, new RandomStream(3));
        return tensor.AsReadOnlySpan().ToArray();
    }

    private static double Variance(float[] values) =>
        values.Average(v => (double)v * v) - Math.Pow(values.Average(v => (double)v), 2);

    [Test]
    [CaffeBehaviour(CaffeBehaviour.Fillers)]
    public void ConstantDefaultsToZero() => Assert.That(Fill(new FillerParameter(), 4, 5), Is.All.Zero);

    [Test]
    [CaffeBehaviour(CaffeBehaviour.Fillers)]
    public void UniformStaysInItsRange()
    {
        float[] values = Fill(new FillerParameter { Type = "uniform", Min = -2, Max = 3 }, 100, 100);
        Assert.That(values, Is.All.InRange(-2f, 3f));
        Assert.That(values.Average(), Is.EqualTo(0.5).Within(0.05));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.Fillers)]
    public void GaussianHasMeanAndStandardDeviation()
    {
        float[] values = Fill(new FillerParameter { Type = "gaussian", Mean = 1, Std = 0.1f }, 100, 100);
        Assert.That(values.Average(), Is.EqualTo(1).Within(0.005));
        Assert.That(Variance(values), Is.EqualTo(0.01).Within(0.0005));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.SparseFiller)]
    public void SparseLeavesSoManyWeightsForEachOutputOnAverage()
    {
        float[] values = Fill(new FillerParameter { Type = "gaussian", Sparse = 15 }, 100, 1000);
        Assert.That(values.Count(v => v != 0) / 1000.0, Is.EqualTo(15).Within(1));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.Fillers)]
    public void PositiveUnitBallRowsSumToOne()
    {
        float[] values = Fill(new FillerParameter { Type = "positive_unitball" }, 6, 50);
        Assert.That(values, Is.All.InRange(0f, 1f));
        for (int row = 0; row < 6; row++) Assert.That(values.Skip(row * 50).Take(50).Sum(), Is.EqualTo(1).Within(1e-5));
    }

    [TestCase(FillerParameter.Types.VarianceNorm.FanIn, 1.0 / 450)]
    [TestCase(FillerParameter.Types.VarianceNorm.FanOut, 1.0 / 900)]
    [TestCase(FillerParameter.Types.VarianceNorm.Average, 1.0 / 675)]
    [CaffeBehaviour(CaffeBehaviour.VarianceNorm)]
    public void XavierAndMsraVarianceFollowsTheFan(FillerParameter.Types.VarianceNorm norm, double oneOverFan)
    {
        float[] xavier = Fill(new FillerParameter { Type = "xavier", VarianceNorm = norm }, 100, 50, 3, 3);
        float[] msra = Fill(new FillerParameter { Type = "msra", VarianceNorm = norm }, 100, 50, 3, 3);
        Assert.That(Variance(xavier), Is.EqualTo(oneOverFan).Within(oneOverFan * 0.05));
        Assert.That(xavier.Max(), Is.LessThanOrEqualTo(Math.Sqrt(3 * oneOverFan) * 1.0001));
        Assert.That(Variance(msra), Is.EqualTo(2 * oneOverFan).Within(oneOverFan * 0.1));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.Fillers)]
    public void BilinearIsTheInterpolationKernel() => Assert.That(
        Fill(new FillerParameter { Type = "bilinear" }, 1, 1, 4, 4).Take(8),
        Is.EqualTo([0.0625f, 0.1875f, 0.1875f, 0.0625f, 0.1875f, 0.5625f, 0.5625f, 0.1875f]).Within(1e-6f));

    [Test]
    public void ATensorOfSeveralPartsIsFilledInOneRow()
    {
        const int Rows = 3, Columns = (1 << 24) / 2 + 1;
        using Blob blob = new(new Shape(Rows, Columns));
        Filler.Fill(new FillerParameter { Type = "uniform", Min = 2, Max = 3 }, blob.Data, new RandomStream(5));
        ReadOnlySpan<float> values = blob.Data.AsReadOnlySpan();
        foreach (int place in new[] { 0, (1 << 24) - 1, 1 << 24, values.Length - 1 })
            Assert.That(values[place], Is.EqualTo(2 + new RandomStream(5) { Position = (ulong)place }.NextSingle()),
                $"value {place}");
        Filler.Fill(new FillerParameter { Type = "positive_unitball" }, blob.Data, new RandomStream(5));
        values = blob.Data.AsReadOnlySpan();
        for (int row = 0; row < Rows; row++)
        {
            double sum = 0;
            foreach (float value in values.Slice(row * Columns, Columns)) sum += value;
            Assert.That(sum, Is.EqualTo(1).Within(1e-3));
        }
    }

    [Test]
    public void AnUnknownTypeNamesTheNearest() => Assert.That(
        () => Fill(new FillerParameter { Type = "xaver" }, 2, 2),
        Throws.TypeOf<FillerException>().With.Message.Contains("unknown filler type 'xaver', did you mean 'xavier'?"));

    [Test]
    public void SparseIsForGaussianOnly() => Assert.That(
        () => Fill(new FillerParameter { Type = "uniform", Sparse = 3 }, 2, 2), Throws.TypeOf<FillerException>());

    [Test]
    public void BilinearNeedsASquareKernel() => Assert.That(
        () => Fill(new FillerParameter { Type = "bilinear" }, 1, 1, 4, 3),
        Throws.TypeOf<FillerException>().With.Message.Contains("square"));
}
